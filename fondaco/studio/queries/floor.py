"""What stands where: lists for the fulfilment centre and the studio. The floors see orders, not sellers' money."""

from __future__ import annotations

import re

from django.db.models import Count, QuerySet

from fondaco.kit.errors import Invalid, NotFound
from fondaco.sellers.access import Caller
from fondaco.sellers.queries import as_id
from fondaco.sellers.rules import Role
from fondaco.studio.models import GuideEntry, ImagingOrder
from fondaco.studio.rules.marked import N_
from fondaco.studio.rules.states import OrderState, Where

FC = (Role.FC_ASSOCIATE, Role.OPERATOR)
STUDIO = (Role.PHOTOGRAPHER, Role.RETOUCHER, Role.OPERATOR)
SHOOTING = (Role.PHOTOGRAPHER, Role.OPERATOR)
RETOUCHING = (Role.RETOUCHER, Role.OPERATOR)
FLOOR = (Role.FC_ASSOCIATE, Role.PHOTOGRAPHER, Role.RETOUCHER, Role.SUPPORT, Role.OPERATOR)

_LABEL = re.compile(r"FI[0-9A-HJ-NP-Z]{10}")


class UnknownLabel(NotFound):
    CODE = "imaging_unknown_label"
    WORDS = N_("No imaging order has the label %(label)s.")
    FIX = N_("Scan the transfer label, which begins with FI, not the product's own barcode.")


def order_by_label(label: str) -> ImagingOrder:
    """The order whose transfer label this is, however it was scanned or typed. Raises UnknownLabel."""
    code = re.sub(r"[\s-]", "", label).upper()[:40]
    found = None
    if _LABEL.fullmatch(code):
        found = ImagingOrder.objects.filter(label=code).select_related("product", "offer", "seller").first()
    if found is None:
        raise UnknownLabel(label=code or "–")
    return found


class NotWanted(Invalid):
    CODE = "imaging_code_not_wanted"
    WORDS = N_("No order on the pick list asks for the code %(scanned)s.")
    FIX = N_("Put the unit back, or read the list once more: SKU, ASIN or barcode must be one that stands there.")
    CLAUSE = "IMG-SVC-01"


def codes_of(order: ImagingOrder) -> set[str]:
    """Everything that may be scanned for an order's unit: SKU, ASIN, barcode of the package, transfer label."""
    gtin = str(order.product.attributes.get("gtin") or "")
    return {order.offer.sku.upper(), order.product.asin, order.label, *([gtin] if gtin else [])}


def as_code(scanned: str) -> str:
    """A code as it is compared: in capitals; a barcode of 8 to 13 digits as the 14 that it stands for."""
    code = scanned.strip().upper()
    return code.zfill(14) if code.isascii() and code.isdigit() and len(code) in (8, 12, 13) else code


def wanting(caller: Caller, scanned: str) -> ImagingOrder:
    """The oldest order on the pick list that asks for what was scanned. Raises NotWanted."""
    codes = {as_code(scanned), scanned.strip().upper()}
    for order in to_pick(caller).iterator(chunk_size=200):
        if codes_of(order) & codes:
            return order
    raise NotWanted(scanned=scanned.strip()[:40])


def floor_order(caller: Caller, order_id: str) -> ImagingOrder:
    """One order, for the floors and support. Raises NotFound."""
    caller.require_role(*FLOOR)
    rows = ImagingOrder.objects.select_related("product", "offer", "seller", "guide", "product__main_picture")
    order = rows.filter(pk=as_id(order_id)).first()
    if order is None:
        raise NotFound(what="order")
    return order


def to_pick(caller: Caller) -> QuerySet[ImagingOrder]:
    """Units to take off their shelves, the oldest order first."""
    return _at(caller, FC, Where.SHELF).filter(state=OrderState.ORDER_PLACED.value)


def picked(caller: Caller) -> QuerySet[ImagingOrder]:
    """Units that wait at the dock."""
    return _at(caller, FC, Where.PICKED)


def to_check_in(caller: Caller) -> QuerySet[ImagingOrder]:
    """Units on their way back."""
    return _at(caller, FC, Where.TO_FC)


def missing(caller: Caller) -> QuerySet[ImagingOrder]:
    """Units that could not be located."""
    return _at(caller, FC, Where.MISSING)


def arriving(caller: Caller) -> QuerySet[ImagingOrder]:
    """Units on their way to the studio."""
    return _at(caller, STUDIO, Where.TO_STUDIO)


def in_studio(caller: Caller) -> QuerySet[ImagingOrder]:
    """Units in the studio whose order is being photographed, the longest waiting first."""
    caller.require_role(*STUDIO)
    rows = _rows().filter(state=OrderState.RECEIVED_AT_STUDIO.value)
    return rows.annotate(shots_count=Count("shots")).order_by("received_at", "id")


def to_send_back(caller: Caller) -> QuerySet[ImagingOrder]:
    """Units in the studio whose order has ended."""
    return _at(caller, STUDIO, Where.STUDIO).exclude(state=OrderState.RECEIVED_AT_STUDIO.value)


def to_retouch(caller: Caller) -> QuerySet[ImagingOrder]:
    """Sets that wait for the retoucher, the one with the nearest estimate first."""
    caller.require_role(*STUDIO)
    rows = _rows().filter(state=OrderState.IMAGING_COMPLETE.value, release_at=None)
    return rows.annotate(shots_count=Count("shots")).order_by("eta_at", "id")


def guide_for(product_type: str) -> GuideEntry | None:
    """The style guide's newest edition for a product type; None where the guide is silent (IMG-SVC-25)."""
    newest = GuideEntry.objects.filter(product_type=product_type).order_by("-edition").first()
    return newest if newest and newest.text else None


def _at(caller: Caller, roles: tuple[Role, ...], where: Where) -> QuerySet[ImagingOrder]:
    caller.require_role(*roles)
    return _rows().filter(where=where.value).order_by("placed_at", "id")


def _rows() -> QuerySet[ImagingOrder]:
    return ImagingOrder.objects.select_related("product", "offer", "seller", "product__main_picture")

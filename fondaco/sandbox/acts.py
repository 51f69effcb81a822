"""What the rest of the world does: buyers buy, cancel, send back and write, carriers scan. Each is run by the runner."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_noop as N_

from fondaco.catalogue.models import Offer
from fondaco.engine import clock
from fondaco.fulfilment.carriers import simulator
from fondaco.fulfilment.models import Label, SimulatedParcel
from fondaco.fulfilment.operations import tracking
from fondaco.fulfilment.rules.labels import ScanCode
from fondaco.kit import chance
from fondaco.kit.errors import Invalid, NotFound, Refusal
from fondaco.messaging import operations as messaging
from fondaco.messaging.operations import About
from fondaco.messaging.rules.words import Subject
from fondaco.orders import operations as orders
from fondaco.orders.models import Order, OrderUnit, Parcel
from fondaco.orders.rules.states import ScanKind
from fondaco.returns.models import Return
from fondaco.returns.operations.request import Wanted, request_return
from fondaco.sellers.access import Caller, caller_for
from fondaco.sellers.models import Address, Person, SellerAccount

BUYERS = ("prime-buyer", "buyer")


class NothingSent(Refusal):
    CODE = "nothing_sent"
    WORDS = N_("The order %(number)s has no parcel.")
    FIX = N_("Buy a label or confirm the shipment first.")


class UnknownScan(Invalid):
    CODE = "unknown_scan"
    WORDS = N_("There is no scan called %(kind)s.")


@dataclass(frozen=True, slots=True)
class Wish:
    """So many of a seller's SKU, at a speed (empty: the cheapest)."""

    sku: str
    quantity: int = 1
    speed: str = ""


def buyer_of(key: str) -> Caller:
    """One of the two buyers. Raises NotFound."""
    person = Person.objects.filter(email_folded=f"{key}@fondaco.example").first() if key in BUYERS else None
    if person is None:
        raise NotFound(what="buyer")
    return caller_for(person)


def place_order(*, seller_id: str, wishes: list[Wish], buyer: str) -> list[Order]:
    """A buyer buys and pays; one order. Raises NotFound and what buying refuses."""
    caller = buyer_of(buyer)
    seller = SellerAccount.objects.filter(number=seller_id).first()
    lines = []
    for wish in wishes:
        offer = Offer.objects.filter(seller=seller, sku=wish.sku).first() if seller else None
        if offer is None:
            raise NotFound(what="listing")
        lines.append(orders.Line(offer.pk, wish.quantity, speed=wish.speed))
    address = (
        Address.objects.filter(person=caller.require_person(), removed_at=None).order_by("created_at", "id").first()
    )
    assert address is not None
    return orders.place_order(caller, lines=lines, address=address.postal, request_key=f"sandbox:{chance.token_hex(8)}")


def order_of(number: str) -> Order:
    """Raises NotFound."""
    found = Order.objects.filter(number=number).first()
    if found is None:
        raise NotFound(what="order")
    return found


def cancel(number: str) -> Order:
    """The buyer cancels. Raises NotFound, NotCancellable."""
    order = order_of(number)
    orders.cancel_order(caller_for(order.buyer), number=number, reason="buyer_changed_mind")
    return order_of(number)


def scan(tracking_number: str, *, kind: str, place: str = "") -> None:
    """The carrier scans a parcel now. One with a label of ours also has every scan before that one.

    Raises NotFound, UnknownScan.
    """
    simulated = SimulatedParcel.objects.filter(tracking_number=tracking_number).first()
    if simulated is not None:
        _scan_simulated(simulated, kind)
        return
    parcel = Parcel.objects.filter(tracking_number=tracking_number).order_by("confirmed_at", "id").last()
    if parcel is None:
        raise NotFound(what="parcel")
    if kind not in set(ScanKind):
        raise UnknownScan(kind=kind[:40])
    key = f"sandbox:{kind}:{clock.now().isoformat()}"
    orders.record_scan(parcel=parcel, kind=kind, key=key, place=place)


def _scan_simulated(parcel: SimulatedParcel, kind: str) -> None:
    code = {"in_transit": "departed"}.get(kind, kind)
    if code not in set(ScanCode):
        raise UnknownScan(kind=kind[:40])
    if code == ScanCode.LOST:
        simulator.lose(str(parcel.pk))
    elif code == ScanCode.DELAYED:
        simulator.delay(str(parcel.pk), days=1)
    else:
        simulator.scan_now(str(parcel.pk), code=ScanCode(code))
    label = Label.objects.filter(tracking_number=parcel.tracking_number).first()
    if label is not None:
        tracking.look_at_tracking(label_id=label.pk)


def deliver(number: str) -> Order:
    """Every parcel of the order is handed over. Raises NotFound, NothingSent."""
    order = order_of(number)
    parcels = list(order.parcels.filter(delivered_at__isnull=True).order_by("confirmed_at", "id"))
    if not parcels and not order.parcels.exists():
        raise NothingSent(number=number)
    for parcel in parcels:
        if SimulatedParcel.objects.filter(tracking_number=parcel.tracking_number).exists():
            scan(parcel.tracking_number, kind="delivered")
        else:
            for kind in ("accepted", "in_transit", "out_for_delivery", "delivered"):
                orders.record_scan(parcel=parcel, kind=kind, key=f"sandbox:{kind}")
    return order_of(number)


def send_back(number: str, *, reason: str, comment: str) -> list[Return]:
    """The buyer asks to return everything of an order. Raises NotFound and what asking refuses."""
    order = order_of(number)
    units = OrderUnit.objects.filter(item__order=order).order_by("item__position", "number")
    wanted = [Wanted(unit.pk, reason, comment) for unit in units]
    return request_return(
        caller_for(order.buyer), order_number=number, wanted=wanted, request_key=f"sandbox:{chance.token_hex(8)}"
    )


def write(number: str, *, text: str, subject: str) -> str:
    """The buyer writes about an order; the conversation's number. Raises NotFound and what writing refuses."""
    order = order_of(number)
    made = messaging.begin(
        caller_for(order.buyer),
        about=About(order=number),
        subject=Subject(subject),
        text=text,
        request_key=f"sandbox:{chance.token_hex(8)}",
        confirmed=True,
    )
    return str(made.number)


def shown(order: Order) -> dict[str, Any]:
    """An order as the control API tells it."""
    return {
        "number": order.number,
        "status": str(order.status),
        "buyer": order.buyer.email.partition("@")[0],
        "seller_id": order.seller.number,
        "placed_at": order.placed_at,
        "is_prime": order.has_prime,
        "items": [
            {"id": str(item.pk), "sku": item.sku, "title": item.title, "quantity": item.quantity}
            for item in order.items.order_by("position")
        ],
        "parcels": [
            {
                "carrier": parcel.carrier,
                "tracking_number": parcel.tracking_number,
                "shipped_at": parcel.shipped_at,
                "delivered_at": parcel.delivered_at,
            }
            for parcel in order.parcels.order_by("confirmed_at", "id")
        ],
    }


def shown_return(row: Return) -> dict[str, Any]:
    """A return as the control API tells it."""
    row.refresh_from_db()
    label = Label.objects.filter(pk=row.label_id).first() if row.label_id else None
    return {
        "number": row.number,
        "order": row.order.number,
        "acceptance": str(row.acceptance),
        "tracking_number": label.tracking_number if label else "",
        "delivered_at": row.delivered_at,
    }

"""The fulfilment centre's verbs: pick, dispatch, cannot locate, check in. By scan or keyboard, which are the same."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from fondaco import history
from fondaco.engine import clock
from fondaco.kit.errors import Invalid, Refusal
from fondaco.sellers.access import Caller
from fondaco.sellers.rules import Role
from fondaco.studio import locks
from fondaco.studio.models import ImagingOrder
from fondaco.studio.operations import exits, unit
from fondaco.studio.queries.floor import as_code, codes_of, order_by_label
from fondaco.studio.rules.marked import N_
from fondaco.studio.rules.states import Exit, Leg, OrderState, UnitElsewhere, Where

FC = (Role.FC_ASSOCIATE, Role.OPERATOR)


class WrongProduct(Invalid):
    CODE = "imaging_wrong_product"
    WORDS = N_("This is the code %(scanned)s. The order asks for %(sku)s (%(asin)s).")
    FIX = N_("Put the unit back and take the one whose SKU, ASIN or barcode is asked for.")
    CLAUSE = "IMG-SVC-01"


class OrderEnded(Refusal):
    CODE = "imaging_order_ended"
    WORDS = N_("This order has ended: %(state)s. Nothing is picked for it.")
    FIX = N_("Leave the unit in its place, or check it in if it is in your hand.")


class NotReleased(Refusal):
    CODE = "imaging_not_released"
    WORDS = N_("The studio has not released this unit: its order is still being photographed.")
    FIX = N_("Bring it back to the studio, or let the studio finish the order first.")


class NothingScanned(Invalid):
    CODE = "imaging_nothing_scanned"
    WORDS = N_("Scan a label or type its code.")


def pick(caller: Caller, *, label: str, scanned: str) -> ImagingOrder:
    """Take the unit off its shelf. `scanned` is the product's own code (SKU, ASIN or barcode) or the transfer label:
    what is in the hand must be what was ordered. Raises WrongProduct, OrderEnded, UnitElsewhere, NotFound."""
    caller.require_role(*FC)
    found = order_by_label(label)
    at = clock.now()
    with transaction.atomic():
        order = locks.order(found.pk)
        if not scanned.strip():
            raise NothingScanned
        if not {as_code(scanned), scanned.strip().upper()} & codes_of(order):
            raise WrongProduct(scanned=scanned[:40], sku=order.offer.sku, asin=order.product.asin)
        if order.where == Where.PICKED:
            return order
        if order.state != OrderState.ORDER_PLACED:
            raise OrderEnded(state=order.state)
        unit.go(order, Leg.PICKED, by=caller.person, at=at)
        _told(caller, order, "imaging.picked", at)
    return order


def dispatch(caller: Caller, *, labels: Sequence[str]) -> list[ImagingOrder]:
    """Send picked units to the studio; those on the way already stay so. All or none. Raises as `pick`."""
    caller.require_role(*FC)
    found = [order_by_label(label) for label in labels]
    if not found:
        raise NothingScanned
    at = clock.now()
    with transaction.atomic():
        orders = locks.orders(order.pk for order in found)
        for order in orders:
            if order.where == Where.TO_STUDIO:
                continue
            if order.state != OrderState.ORDER_PLACED:
                raise OrderEnded(state=order.state)
            unit.go(order, Leg.DISPATCHED, by=caller.person, at=at)
            _told(caller, order, "imaging.dispatched", at)
    return orders


def cannot_locate(caller: Caller, *, label: str) -> ImagingOrder:
    """No unit is where it should be: the order ends, unbilled, and its seller is told (IMG-SVC-37).

    The unit is looked for: `found` puts it back on sale, `give_up` makes it a loss.
    """
    caller.require_role(*FC)
    found = order_by_label(label)
    at = clock.now()
    with transaction.atomic():
        order = locks.order(found.pk)
        if order.where == Where.MISSING:
            return order
        unit.go(order, Leg.NOT_LOCATED, by=caller.person, at=at)
        if order.state == OrderState.ORDER_PLACED:
            exits.not_photographed(order, Exit.NOT_LOCATED, by=caller, at=at)
    return order


def found_again(caller: Caller, *, label: str) -> ImagingOrder:
    """A unit that could not be located was found: it is on sale again."""
    return _end_search(caller, label=label, leg=Leg.FOUND)


def give_up(caller: Caller, *, label: str) -> ImagingOrder:
    """A unit that could not be located is lost: it leaves the stock and is reimbursed as a loss (Q-12)."""
    return _end_search(caller, label=label, leg=Leg.GIVEN_UP)


def _end_search(caller: Caller, *, label: str, leg: Leg) -> ImagingOrder:
    caller.require_role(*FC)
    found = order_by_label(label)
    at = clock.now()
    with transaction.atomic():
        order = locks.order(found.pk)
        if order.movements.filter(leg=leg.value).exists():
            return order
        unit.go(order, leg, by=caller.person, at=at)
        if leg is Leg.GIVEN_UP:
            exits.settle_harm(order, is_loss=True, by=caller, at=at)
        else:
            _told(caller, order, "imaging.unit_found", at)
    return order


def check_in(caller: Caller, *, label: str) -> ImagingOrder:
    """The unit is back on its shelf and on sale (IMG-SVC-01). Again, it does nothing.

    Also for one of a cancelled order that never left. Raises NotReleased, UnitElsewhere, NotFound.
    """
    caller.require_role(*FC)
    found = order_by_label(label)
    at = clock.now()
    with transaction.atomic():
        order = locks.order(found.pk)
        if order.where == Where.BACK:
            return order
        if order.state in (OrderState.ORDER_PLACED, OrderState.RECEIVED_AT_STUDIO):
            raise NotReleased if order.where == Where.STUDIO else UnitElsewhere(where=order.where)
        if order.where == Where.MISSING:
            unit.go(order, Leg.FOUND, by=caller.person, at=at)
        else:
            if order.where in (Where.TO_STUDIO, Where.STUDIO):
                unit.catch_up(order, before=Leg.SENT_BACK, by=caller.person, at=at)
                unit.go(order, Leg.SENT_BACK, by=caller.person, at=at, unscanned=True)
            unit.go(order, Leg.CHECKED_IN, by=caller.person, at=at)
        _told(caller, order, "imaging.checked_in", at)
    return order


def _told(caller: Caller, order: ImagingOrder, verb: str, at: object) -> None:
    history.record(actor=caller, verb=verb, subject=order, about={"label": order.label}, clause="IMG-SVC-01", at=at)  # type: ignore[arg-type]

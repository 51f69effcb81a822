"""Cancelling what has not been sent: units back on the shelf, the sale taken back, the money to the card."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_noop as N_

from fondaco import history
from fondaco.catalogue import locks as catalogue_locks
from fondaco.catalogue.operations import stock
from fondaco.catalogue.rules.stock import MovementKind, movement
from fondaco.engine import clock
from fondaco.kit.errors import NotFound, Refusal
from fondaco.kit.money import Money
from fondaco.ledger import operations as ledger
from fondaco.ledger.rules import AccountKind, PostingKind
from fondaco.orders import delivery, hooks, locks
from fondaco.orders.mail import tell_buyer_cancelled
from fondaco.orders.models import Order, OrderItem, OrderUnit
from fondaco.orders.models.order import as_ids
from fondaco.orders.operations.payback import pay_back
from fondaco.orders.operations.place import cause_of
from fondaco.orders.queries.access import order_for
from fondaco.orders.rules.states import UnitState, order_status
from fondaco.sellers.access import Caller
from fondaco.sellers.rules import Capability, Role


class CancelReason(StrEnum):
    """Why an order is cancelled. Only the seller's own reasons count against the seller (B-PRIME-03)."""

    BUYER_CHANGED_MIND = "buyer_changed_mind"
    BUYER_WRONG_ADDRESS = "buyer_wrong_address"
    NO_STOCK = "no_stock"
    PRICING_ERROR = "pricing_error"
    CANNOT_SHIP = "cannot_ship"
    MARKETPLACE = "marketplace"


BUYERS_REASONS = (CancelReason.BUYER_CHANGED_MIND, CancelReason.BUYER_WRONG_ADDRESS)
SELLERS_REASONS = (CancelReason.NO_STOCK, CancelReason.PRICING_ERROR, CancelReason.CANNOT_SHIP)


class NotCancellable(Refusal):
    CODE = "order_not_cancellable"
    WORDS = N_("This cannot be cancelled any more: it is on its way, or was cancelled before.")
    FIX = N_("Wait for the parcel, then send it back.")


class WrongReason(Refusal):
    CODE = "cancel_reason_wrong"
    WORDS = N_("Choose why the order is cancelled.")


def cancel_order(
    caller: Caller, *, number: str, reason: str, units: Iterable[OrderUnit | UUID | str] | None = None, note: str = ""
) -> Order:
    """Cancel these units, or all that have not been sent. For the buyer, the seller, customer service, the operator.

    A unit is cancelled once, so the request may come twice. Raises NotFound, Denied, WrongReason, NotCancellable.
    """
    found = order_for(caller, number)
    side = _side(caller, found)
    _require_reason(side, reason)
    at = clock.now()
    with transaction.atomic():
        order = locks.order(found.pk)
        items = {item.pk: item for item in order.items.select_related("offer").order_by("position")}
        wanted = _units(order, units)
        if not wanted:
            raise NotCancellable
        amount = _amount(order, items, wanted)
        OrderUnit.objects.filter(pk__in=[u.pk for u in wanted]).update(state=UnitState.CANCELLED.value)
        summarise(order, at)
        _back_to_shelf(order, items, wanted, at)
        _take_back(order, wanted, amount, at)
        if order.status == "cancelled":
            delivery.provider().release(checkout_id=order.checkout_id, order_id=order.pk, at=at)
        hooks.cancelled(order, wanted, at=at)
        about = {"side": side, "reason_code": reason, "units": len(wanted), "amount": str(amount)}
        history.record(actor=caller, verb=f"order.cancelled_by_{side}", subject=order, about=about, why=note, at=at)
        titles = [f"{n} × {items[pk].title}" for pk, n in Counter(u.item_id for u in wanted).items()]
        tell_buyer_cancelled(order, titles, amount, key=f"cancelled:{wanted[0].pk}")
    return order


def _side(caller: Caller, order: Order) -> str:
    if caller.person is not None and order.buyer_id == caller.person.pk:
        return "buyer"
    if caller.role_in(order.seller) is not None:
        caller.require(Capability.HANDLE_ORDERS, seller=order.seller)
        return "seller"
    caller.require_role(Role.CUSTOMER_SERVICE, Role.OPERATOR)
    return "staff"


def _require_reason(side: str, reason: str) -> None:
    allowed: Sequence[str] = {"buyer": BUYERS_REASONS, "seller": (*SELLERS_REASONS, *BUYERS_REASONS)}.get(
        side, tuple(CancelReason)
    )
    if reason not in allowed:
        raise WrongReason(options=[str(r) for r in allowed])


def _units(order: Order, given: Iterable[Any] | None) -> list[OrderUnit]:
    units = OrderUnit.objects.filter(item__order=order).order_by("item__position", "number")
    if given is None:
        return list(units.filter(state=UnitState.ORDERED.value))
    ids = as_ids(given)
    found = list(units.filter(pk__in=ids))
    if len(found) != len(set(ids)):
        raise NotFound(what="unit")
    if any(unit.state != UnitState.ORDERED for unit in found):
        raise NotCancellable
    return found


def _amount(order: Order, items: dict[UUID, OrderItem], wanted: Sequence[OrderUnit]) -> Money:
    """Price and tax of these units; an item's shipping when its last living unit goes."""
    total = sum(items[unit.item_id].price_minor + items[unit.item_id].tax_minor for unit in wanted)
    gone = {unit.pk for unit in wanted}
    for item_id in {unit.item_id for unit in wanted}:
        living = OrderUnit.objects.filter(item_id=item_id).exclude(state=UnitState.CANCELLED.value)
        if not living.exclude(pk__in=gone).exists():
            total += items[item_id].shipping_minor
    return Money(total, order.currency)


def summarise(order: Order, at: datetime) -> None:
    """The order's status as its units leave it. The order is locked."""
    states = OrderUnit.objects.filter(item__order=order).values_list("state", flat=True)
    order.status, order.updated_at = order_status(states).value, at
    order.save(update_fields=["status", "updated_at"])


def _back_to_shelf(order: Order, items: dict[UUID, OrderItem], wanted: Sequence[OrderUnit], at: datetime) -> None:
    offers = {o.pk: o for o in catalogue_locks.offers({items[u.item_id].offer_id for u in wanted})}
    for item_id, n in Counter(unit.item_id for unit in wanted).items():
        first = min(str(unit.pk) for unit in wanted if unit.item_id == item_id)
        stock.move(
            offers[items[item_id].offer_id],
            movement(MovementKind.RELEASE, units=n),
            cause=f"cancelled:{order.number}",
            key=f"cancelled:{first}",
            at=at,
        )


def _take_back(order: Order, wanted: Sequence[OrderUnit], amount: Money, at: datetime) -> None:
    """Out of the proceeds, or, where they were paid out, as a debt of the seller; then to the buyer's card."""
    if not amount:
        return
    key = f"cancel:{min(str(unit.pk) for unit in wanted)}"
    posting = ledger.charge_seller(
        seller=order.seller,
        amount=amount,
        cause=cause_of(order),
        reason="order_cancelled",
        key=key,
        kind=PostingKind.REFUND,
        to=AccountKind.BUYER_PAYMENTS,
        policy_version=order.policy_version,
        at=at,
    )
    pay_back(order=order, amount=amount, key=key, reason="order_cancelled", posting_id=posting.pk, at=at)

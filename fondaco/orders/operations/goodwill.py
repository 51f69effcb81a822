"""Money back for goods that stay with the buyer: the seller's own decision, within what was paid."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_noop as N_

from fondaco.kit.errors import Invalid, NotFound, Refusal
from fondaco.kit.money import Money
from fondaco.ledger.rules import NotAPositiveAmount
from fondaco.orders import locks
from fondaco.orders.models import Order, OrderItem, OrderUnit
from fondaco.orders.operations.refund import OrderMoney, RefundAbovePaid, RefundCurrency, money_of, record_refund
from fondaco.orders.rules.states import UnitState
from fondaco.sellers.access import Caller
from fondaco.sellers.queries import as_id
from fondaco.sellers.rules import Capability


class RefundReason(StrEnum):
    """Why a seller gives money back."""

    ADJUSTMENT = "seller_adjustment"
    DIFFERENT_ITEM = "seller_different_item"
    PRICE_ERROR = "seller_price_error"
    UNDELIVERABLE = "seller_undeliverable"
    REFUSED = "seller_refused_delivery"
    NO_INVENTORY = "seller_no_inventory"
    COULD_NOT_SHIP = "seller_could_not_ship"
    CARRIER_CREDIT = "seller_carrier_credit"
    CUSTOMER_RETURN = "seller_customer_return"
    CUSTOMER_CANCEL = "seller_customer_cancel"
    ADDRESS_INCORRECT = "seller_address_incorrect"
    ABANDONED = "seller_abandoned"
    EXCHANGE = "seller_exchange"


class NotSentYet(Refusal):
    CODE = "refund_before_shipment"
    WORDS = N_("These units have not been sent: they are cancelled, not refunded.")
    FIX = N_("Cancel what has not been sent.")


class RefundReasonUnknown(Invalid):
    CODE = "refund_reason_unknown"
    WORDS = N_("There is no such reason for a refund.")


def refund_item(
    caller: Caller,
    *,
    order: Order,
    item_id: str | UUID,
    amount: Money,
    reason: str,
    key: str,
    at: datetime | None = None,
) -> Money:
    """Refund part or all of an item's units that were sent, without a return; what went back.

    Unit by unit, each within what was paid for it (PRIME-37), out of the seller's proceeds. The same `key` again changes nothing.
    Raises Denied, NotFound, NotSentYet, RefundReasonUnknown, RefundCurrency, NotAPositiveAmount, RefundAbovePaid.
    """
    caller.require(Capability.HANDLE_RETURNS, seller=order.seller)
    if reason not in set(RefundReason):
        raise RefundReasonUnknown
    with transaction.atomic():
        held = locks.order(order.pk)
        item = OrderItem.objects.filter(order=held, pk=as_id(item_id)).first()
        if item is None:
            raise NotFound(what="order item")
        money = money_of(held)
        done = sum(row.amount_minor for row in money.paybacks if row.key.startswith(f"{key}:"))
        if done:
            return Money(done, held.currency)
        if amount.currency != held.currency:
            raise RefundCurrency(paid=held.currency, given=amount.currency)
        if amount.minor <= 0:
            raise NotAPositiveAmount
        units = sent_units(item)
        if not units:
            raise NotSentYet
        if amount.minor > (most := _most(money, units)):
            raise RefundAbovePaid(left=Money(most, held.currency))
        _spread(held, units, money, amount.minor, key=key, reason=reason, at=at, actor=caller)
    return amount


def refundable_without_return(order: Order) -> list[tuple[OrderItem, Money]]:
    """The items of which something was sent, and what can still go back for each."""
    money = money_of(order)
    found = []
    for item in sorted(money.items.values(), key=lambda i: i.position):
        if units := sent_units(item):
            found.append((item, Money(_most(money, units), order.currency)))
    return found


def sent_units(item: OrderItem) -> list[OrderUnit]:
    """Units that left the seller, in their order."""
    waiting = [UnitState.CANCELLED.value, UnitState.ORDERED.value]
    return list(OrderUnit.objects.filter(item=item).exclude(state__in=waiting).order_by("number"))


def _most(money: OrderMoney, units: list[OrderUnit]) -> int:
    return min(money.left().minor, sum(money.left(unit).minor for unit in units))


def _spread(order: Order, units: list[OrderUnit], money: OrderMoney, minor: int, *, key: str, **about: Any) -> None:
    for unit in units:
        part = min(minor, money.left(unit).minor)
        if part:
            amount = Money(part, order.currency)
            record_refund(order=order, unit=unit, amount=amount, key=f"{key}:{unit.number}", **about)
            minor -= part

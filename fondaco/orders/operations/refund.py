"""The one door through which money goes back to a buyer, whoever decided it: a return, customer service, a claim.

It books the ledger and the card together, and holds every refund to what was paid: for the unit, and for the order.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet, Sum
from django.utils.translation import gettext_noop as N_

from fondaco.engine import clock
from fondaco.engine.slots import prepared
from fondaco.kit.errors import Invalid, Refusal
from fondaco.kit.money import Money
from fondaco.ledger import operations as ledger
from fondaco.ledger.models import Posting
from fondaco.ledger.rules import AccountKind, Cause, Line, NotAPositiveAmount, PostingKind
from fondaco.orders import hooks, locks
from fondaco.orders.models import Order, OrderItem, OrderUnit, PayBack
from fondaco.orders.operations.payback import write_payback


class RefundAbovePaid(Refusal):
    CODE = "refund_above_paid"
    WORDS = N_("More would go back than was paid: %(left)s can still be refunded.")
    FIX = N_("Lower the amount.")
    CLAUSE = "PRIME-37"


class RefundCurrency(Invalid):
    CODE = "refund_in_another_currency"
    WORDS = N_("This order was paid in %(paid)s; nothing can be refunded in %(given)s.")
    CLAUSE = "Q-26"


@dataclass(frozen=True, slots=True)
class OrderMoney:
    """What was paid for an order and what went back, read at once. Under the order's lock it stays true."""

    currency: str
    items: Mapping[UUID, OrderItem]
    paybacks: Sequence[PayBack]

    def left(self, unit: OrderUnit | None = None) -> Money:
        """How much can still go back for the order, or for one of its units: never below zero."""
        left = sum(item.total_minor for item in self.items.values()) - sum(row.amount_minor for row in self.paybacks)
        if unit is not None:
            left = min(left, paid_for(self.items[unit.item_id], unit.number) - self.back_for(unit))
        return Money(max(0, left), self.currency)

    def back_for(self, unit: OrderUnit) -> int:
        """What went back for this unit already, in minor units."""
        return sum(row.amount_minor for row in self.paybacks if row.unit_id == unit.pk)

    def made_with(self, key: str) -> PayBack | None:
        """What was given back under this key: a key is made of the row that is its cause, so it is of one order."""
        return next((row for row in self.paybacks if row.key == key), None)


def money_of(order: Order) -> OrderMoney:
    """In two queries."""
    items = {item.pk: item for item in _items.all(order.pk)}
    return OrderMoney(order.currency, items, _paybacks.all(order.pk))


@prepared
def _items(order: Any) -> QuerySet[OrderItem]:
    return OrderItem.objects.filter(order=order)


@prepared
def _paybacks(order: Any) -> QuerySet[PayBack]:
    return PayBack.objects.filter(order=order)


@dataclass(frozen=True, slots=True)
class Refunded:
    """What was booked, and the row that moves the card."""

    posting: Posting
    payback: PayBack


def record_refund(
    *,
    order: Order,
    amount: Money,
    key: str,
    reason: str,
    unit: OrderUnit | None = None,
    charge_seller: bool = True,
    cause: Cause | None = None,
    clause: str = "",
    policy_version: str = "",
    at: datetime | None = None,
    actor: Any = None,
    money: OrderMoney | None = None,
) -> Refunded:
    """Refund a buyer, once for each `key`, in the transaction of its cause.

    `unit`: what it is for, if it is for one unit; then that unit's refunds stay within what was paid for it. With
    `charge_seller` it comes out of the seller's proceeds, or becomes a debt (PRIME-23); without, the marketplace bears
    it. `cause` is what the ledger names (default: the order). `money`: the order's, from a caller that read it in this very
    transaction under the order's lock, and `order` is what that lock gave; nothing is read twice then. Raises RefundAbovePaid, RefundCurrency,
    NotAPositiveAmount, KeyReused.
    """
    moment = at or clock.now()
    # A caller that holds the lock has its own transaction, and nothing here is written before all is checked.
    with nullcontext() if money else transaction.atomic():
        held = order if money else locks.order(order.pk)
        known = money or money_of(held)
        if earlier := known.made_with(key):
            assert earlier.posting_id is not None
            return Refunded(Posting.objects.get(pk=earlier.posting_id), earlier)
        if amount.currency != held.currency:
            raise RefundCurrency(paid=held.currency, given=amount.currency)
        if amount.minor <= 0:
            raise NotAPositiveAmount
        left = known.left(unit)
        if amount.minor > left.minor:
            raise RefundAbovePaid(left=left)
        posting = _book(
            order, amount, key, reason, charge_seller, cause or _cause(order), clause, policy_version, moment, actor
        )
        row = write_payback(
            order=held, amount=amount, key=key, reason=reason, posting_id=posting.pk, unit=unit, at=moment
        )
        if charge_seller:
            hooks.refunded(held, at=moment)
    return Refunded(posting, row)


def refundable(order: Order, unit: OrderUnit | None = None) -> Money:
    """How much can still go back for the order, or for one of its units: never below zero."""
    return money_of(order).left(unit)


def refunded_for(unit: OrderUnit) -> int:
    """What went back for this unit already, in minor units."""
    return PayBack.objects.filter(unit=unit).aggregate(sum=Sum("amount_minor"))["sum"] or 0


def paid_for(item: OrderItem, number: int) -> int:
    """What was paid for the item's unit of that number, in minor units: price, tax, and its share of the shipping (the
    last unit has the odd cents)."""
    each = item.shipping_minor // item.quantity
    shipping = each if number < item.quantity else item.shipping_minor - each * (item.quantity - 1)
    return item.price_minor + item.tax_minor + shipping


def _cause(order: Order) -> Cause:
    return Cause("orders.order", str(order.pk), order.number)


def _book(
    order: Order,
    amount: Money,
    key: str,
    reason: str,
    charge_seller: bool,
    cause: Cause,
    clause: str,
    policy_version: str,
    at: datetime,
    actor: Any,
) -> Posting:
    shared: dict[str, Any] = {
        "cause": cause,
        "reason": reason,
        "key": f"refund:{key}",
        "clause": clause,
        "policy_version": policy_version,
        "at": at,
        "kind": PostingKind.REFUND,
    }
    if charge_seller:
        return ledger.charge_seller(
            seller=order.seller, amount=amount, to=AccountKind.BUYER_REFUNDS, actor=actor, **shared
        )
    lines = [Line(AccountKind.REIMBURSEMENTS, -amount), Line(AccountKind.BUYER_REFUNDS, amount)]
    return ledger.post(lines=lines, **shared)

"""The one door through which money goes back to a buyer, whoever decided it: a return, customer service, a claim.

It books the ledger and the card together, and holds every refund to what was paid: for the unit, and for the order.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext_noop as N_

from fondaco.engine import clock
from fondaco.kit.errors import Invalid, Refusal
from fondaco.kit.money import Money
from fondaco.ledger import operations as ledger
from fondaco.ledger.models import Posting
from fondaco.ledger.rules import AccountKind, Cause, Line, NotAPositiveAmount, PostingKind
from fondaco.orders import locks
from fondaco.orders.models import Order, OrderItem, OrderUnit, PayBack
from fondaco.orders.operations.payback import pay_back


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
) -> Refunded:
    """Refund a buyer, once for each `key`, in the transaction of its cause.

    `unit`: what it is for, if it is for one unit; then that unit's refunds stay within what was paid for it. With
    `charge_seller` it comes out of the seller's proceeds, or becomes a debt (PRIME-23); without, the marketplace bears
    it. `cause` is what the ledger names (default: the order). Raises RefundAbovePaid, RefundCurrency,
    NotAPositiveAmount, KeyReused.
    """
    moment = at or clock.now()
    with transaction.atomic():
        held = locks.order(order.pk)
        if earlier := PayBack.objects.filter(key=key).first():
            assert earlier.posting_id is not None
            return Refunded(Posting.objects.get(pk=earlier.posting_id), earlier)
        if amount.currency != held.currency:
            raise RefundCurrency(paid=held.currency, given=amount.currency)
        if amount.minor <= 0:
            raise NotAPositiveAmount
        left = refundable(held, unit)
        if amount.minor > left.minor:
            raise RefundAbovePaid(left=left)
        posting = _book(
            order, amount, key, reason, charge_seller, cause or _cause(order), clause, policy_version, moment, actor
        )
        row = pay_back(order=held, amount=amount, key=key, reason=reason, posting_id=posting.pk, unit=unit, at=moment)
    return Refunded(posting, row)


def refundable(order: Order, unit: OrderUnit | None = None) -> Money:
    """How much can still go back for the order, or for one of its units: never below zero."""
    items = {item.pk: item for item in OrderItem.objects.filter(order=order)}
    left = sum(item.total_minor for item in items.values()) - _back(order)
    if unit is not None:
        left = min(left, paid_for(items[unit.item_id], unit.number) - _back(order, unit.pk))
    return Money(max(0, left), order.currency)


def refunded_for(unit: OrderUnit) -> int:
    """What went back for this unit already, in minor units."""
    return PayBack.objects.filter(unit=unit).aggregate(sum=Sum("amount_minor"))["sum"] or 0


def paid_for(item: OrderItem, number: int) -> int:
    """What was paid for the item's unit of that number, in minor units: price, tax, and its share of the shipping (the
    last unit has the odd cents)."""
    each = item.shipping_minor // item.quantity
    shipping = each if number < item.quantity else item.shipping_minor - each * (item.quantity - 1)
    return item.price_minor + item.tax_minor + shipping


def _back(order: Order, unit_id: UUID | None = None) -> int:
    rows = PayBack.objects.filter(order=order)
    if unit_id:
        rows = rows.filter(unit=unit_id)
    return rows.aggregate(sum=Sum("amount_minor"))["sum"] or 0


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

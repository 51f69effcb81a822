"""Money that goes back to the card that paid: a row with its cause, then the gateway by a task, once."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from fondaco.engine import clock, rows
from fondaco.kit.errors import Refusal
from fondaco.kit.money import Money
from fondaco.orders import locks, nudges
from fondaco.orders.models import Order, OrderUnit, PayBack
from fondaco.sellers.cards import gateway


class MoreThanPaid(Refusal):
    CODE = "payback_more_than_paid"
    WORDS = "More would go back than was paid for this order."


def pay_back(
    *,
    order: Order,
    amount: Money,
    key: str,
    reason: str,
    posting_id: UUID | None = None,
    unit: OrderUnit | None = None,
    at: datetime | None = None,
) -> PayBack:
    """Give this much of an order back to the buyer's card. Call it in the transaction of its cause.

    The ledger is the caller's (`record_refund` does both): this only moves the card. `unit`: what it is for. The same
    `key` answers the same. Raises MoreThanPaid: what went back over an order never exceeds what was paid for it.
    """
    with transaction.atomic():
        locks.order(order.pk)
        if earlier := PayBack.objects.filter(key=key).first():
            return earlier
        back = sum(PayBack.objects.filter(order=order).values_list("amount_minor", flat=True))
        paid = sum(item.total_minor for item in order.items.all())
        if amount.currency != order.currency or amount.minor <= 0 or back + amount.minor > paid:
            raise MoreThanPaid(paid=paid, back=back, asked=amount.minor)
        return write_payback(
            order=order, amount=amount, key=key, reason=reason, posting_id=posting_id, unit=unit, at=at or clock.now()
        )


def write_payback(
    *,
    order: Order,
    amount: Money,
    key: str,
    reason: str,
    posting_id: UUID | None,
    unit: OrderUnit | None,
    at: datetime,
) -> PayBack:
    """The row alone, with its nudge: the caller holds the order's lock and has asked what is left."""
    row = PayBack(
        order=order,
        amount_minor=amount.minor,
        currency=amount.currency,
        key=key,
        reason=reason,
        posting_id=posting_id,
        unit=unit,
        made_at=at,
    )
    rows.insert(row)
    nudges.pay_back(row.pk)
    return row


def give_back(*, payback_id: UUID) -> None:
    """Tell the gateway, with the row's key: told again, it gives back once."""
    row = PayBack.objects.select_related("order__checkout").get(pk=payback_id)
    if row.done_at:
        return
    checkout = row.order.checkout
    gateway().give_back(
        token=checkout.card_token,
        amount_minor=row.amount_minor,
        currency=row.currency,
        key=f"payback:{row.pk}",
        of_key=checkout.card_key,
    )
    PayBack.objects.filter(pk=row.pk, done_at=None).update(done_at=clock.now())


def undone(*, limit: int = 500) -> list[UUID]:
    """What a sweep nudges: money that is still to go back."""
    return list(PayBack.objects.filter(done_at=None).order_by("made_at").values_list("pk", flat=True)[:limit])

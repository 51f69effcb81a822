"""The referral fee on handmade sales, in the transaction of the sale, and its way back with the money (B-HAND-12).

Only handmade products bear one: no policy names a referral fee for other sellers.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet, Sum

from fondaco import policy
from fondaco.engine.slots import prepared
from fondaco.kit.money import Money
from fondaco.ledger import operations as ledger
from fondaco.ledger.models import Entry, Posting
from fondaco.ledger.rules import AccountKind, Cause
from fondaco.makers.handmade import is_type
from fondaco.makers.rules.fee import Rate, Sold, fee_on
from fondaco.orders.models import Order, OrderItem, OrderUnit
from fondaco.orders.rules.states import UnitState

REASON, BACK = "referral_fee", "referral_fee_returned"
CLAUSE = "B-HAND-12"


def charge(order: Order, *, at: datetime) -> None:
    """The fee of a new order, as policy stood when it was placed. Nothing for orders without handmade items."""
    rate, version = _rate(order)
    amount = Money(fee_on(_sold(order), rate), order.currency)
    if amount.minor <= 0:
        return
    ledger.charge_seller(
        seller=order.seller,
        amount=amount,
        cause=_cause(order),
        reason=REASON,
        key=f"referral:{order.pk}",
        clause=CLAUSE,
        policy_version=version,
        at=at,
    )


def give_back(order: Order, *, at: datetime) -> None:
    """After units were cancelled or money went back out of the seller's proceeds: the fee of what is left stays.

    Counted from all that happened to the order so far, so it may be called at any time. The order is locked.
    """
    charged = _posting.first(f"referral:{order.pk}")
    if charged is None:
        return
    rate, _version = _rate(order)
    back = Posting.objects.filter(cause_kind="orders.order", cause_id=str(order.pk), reason=BACK)
    kept = _fee_in(charged) - sum(_fee_in(row) for row in back)
    amount = kept - fee_on(_sold(order), rate)
    if amount <= 0:
        return
    ledger.credit_seller(
        seller=order.seller,
        amount=Money(amount, order.currency),
        cause=_cause(order),
        reason=BACK,
        key=f"referral-back:{order.pk}:{back.count() + 1}",
        clause=CLAUSE,
        policy_version=charged.policy_version,
        source=AccountKind.MARKETPLACE_FEES,
        at=at,
    )


@prepared
def _posting(key: Any) -> QuerySet[Posting]:
    return Posting.objects.filter(key=key)


def _rate(order: Order) -> tuple[Rate, str]:
    found = policy.value("handmade.referral_fee", order.store, at=order.placed_at)
    least = found.value.get("minimum")
    in_currency = least is not None and least.currency == order.currency
    return Rate(found.value["rate"], least.minor if in_currency else 0, tuple(found.value["base"])), found.version


def _sold(order: Order) -> list[Sold]:
    """Each handmade item with what is not cancelled of it, and what was given back of that at the seller's cost."""
    items = _items.all(order.pk)
    handmade = [i for i in items if is_type(i.product_type)]
    if not handmade:
        return []
    units = list(OrderUnit.objects.filter(item__in=items).values_list("pk", "item_id", "state"))
    living = {pk: item for pk, item, state in units if state != UnitState.CANCELLED}
    refunds = _refunds(order)
    paid = {i.pk: _paid(i, sum(1 for item in living.values() if item == i.pk)) for i in items}
    whole = sum(paid.values())
    loose = sum(amount for unit, amount in refunds if unit is None)
    found = []
    for item in handmade:
        count = sum(1 for each in living.values() if each == item.pk)
        own = sum(amount for unit, amount in refunds if unit is not None and living.get(unit) == item.pk)
        found.append(
            Sold(
                price_minor=item.price_minor * count,
                shipping_minor=item.shipping_minor if count else 0,
                quantity=count,
                paid_minor=paid[item.pk],
                refunded_minor=min(paid[item.pk], own + (loose * paid[item.pk] // whole if whole else 0)),
            )
        )
    return found


@prepared
def _items(order: Any) -> QuerySet[OrderItem]:
    return OrderItem.objects.filter(order=order).order_by("position")


def _paid(item: OrderItem, count: int) -> int:
    return (item.price_minor + item.tax_minor) * count + (item.shipping_minor if count else 0)


def _refunds(order: Order) -> list[tuple[UUID | None, int]]:
    """Unit (or None) and amount of each refund that the seller bore; what was cancelled is counted by its units."""
    rows = list(order.paybacks.exclude(reason="order_cancelled").exclude(posting_id=None))
    borne = set(
        Entry.objects.filter(posting_id__in=[r.posting_id for r in rows], seller__isnull=False).values_list(
            "posting_id", flat=True
        )
    )
    return [(row.unit_id, row.amount_minor) for row in rows if row.posting_id in borne]


def _fee_in(posting: Posting) -> int:
    """What a posting moved between the seller and the fees, without its sign."""
    moved = Entry.objects.filter(posting=posting, seller__isnull=False).aggregate(sum=Sum("amount_minor"))["sum"] or 0
    return abs(int(moved))


def _cause(order: Order) -> Cause:
    return Cause("orders.order", str(order.pk), order.number)


def on_cancelled(order: Order, units: Sequence[OrderUnit], *, at: datetime) -> None:
    """The hook of `orders.hooks.on_cancelled`."""
    give_back(order, at=at)

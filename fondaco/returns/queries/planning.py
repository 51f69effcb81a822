"""The one plan of a refund, with its facts gathered: previewed by pages, expected by the buyer, carried out by operations."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from fondaco.engine.slots import prepared
from fondaco.orders import operations as orders
from fondaco.orders.operations.refund import OrderMoney
from fondaco.returns.facts import Asked, refund_facts
from fondaco.returns.locks import Held
from fondaco.returns.models import ReturnPhoto, ReturnUnit
from fondaco.returns.rules.refund import RefundFacts, RefundPlan, plan_refund
from fondaco.returns.terms import Terms, terms_for


@dataclass(frozen=True, slots=True)
class Planned:
    """A plan with the facts and the terms it was made from, and the order's money as it was then."""

    plan: RefundPlan
    facts: RefundFacts
    terms: Terms
    money: OrderMoney

    @property
    def minor(self) -> int:
        return self.plan.refund_minor


def plan_for(
    held: Held,
    row: ReturnUnit,
    *,
    deduct_pct: int,
    now: datetime,
    terms: Terms | None = None,
    grade: str | None = None,
    has_photo: bool | None = None,
    with_shipping: bool = False,
    at: datetime | None = None,
) -> Planned:
    """The one plan: pages preview it, the buyer's expectation is it, the operation carries it out. Writes nothing."""
    known = terms or terms_for(held.row.store, placed_at=held.order.placed_at, requested_at=held.row.requested_at)
    money = orders.money_of(held.order)
    wanted = row.price_minor + row.tax_minor + (row.shipping_minor if with_shipping else 0)
    asked = Asked(
        deduct_pct=deduct_pct,
        has_photo=_photo.first(row.pk) is not None if has_photo is None else has_photo,
        # What went back for this unit, or for the whole order so far that this unit cannot have all of it any more.
        refunded_before_minor=max(money.back_for(row.unit), wanted - money.left().minor, 0),
        received_at=at,
        with_shipping=with_shipping,
        grade=grade,
    )
    facts = refund_facts(held.row, row, units=len(held.units), asked=asked, now=now)
    return Planned(plan_refund(facts, known.refund), facts, known, money)


@prepared
def _photo(unit: Any) -> QuerySet[ReturnPhoto, tuple[Any]]:
    return ReturnPhoto.objects.filter(unit=unit).values_list("pk")[:1]

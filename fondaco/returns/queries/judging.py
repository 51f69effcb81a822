"""What each unit's request would be answered: before it is sent, and by the operation that sends it. Writes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q

from fondaco.kit.calendar import end_of_day, local_date
from fondaco.kit.text import paragraphs
from fondaco.orders.models import Order, OrderItem, OrderUnit
from fondaco.orders.rules.states import UnitState
from fondaco.returns import refusals
from fondaco.returns.models import HazmatClearing, ReturnUnit
from fondaco.returns.rules.authorise import ReturnDecision, ReturnFacts, decide_return
from fondaco.returns.rules.reasons import read_reason
from fondaco.returns.rules.refund import split_label
from fondaco.returns.rules.window import Milestones, Window, days_for, window_of
from fondaco.returns.terms import Terms

COMMENT_LIMIT = 1000


@dataclass(frozen=True, slots=True)
class Wanted:
    """One unit that somebody wants to return, and why. `reason` is a key or number of Table C."""

    unit: UUID | str
    reason: str | int
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Judged:
    """One unit with everything that was decided about it. `window` is None until it was delivered."""

    unit: OrderUnit
    item: OrderItem
    reason: str
    comment: str
    window: Window | None
    decision: ReturnDecision
    shipping_minor: int


def judge(order: Order, wanted: Sequence[Wanted], *, terms: Terms, zone: str, now: datetime) -> list[Judged]:
    """What each unit's request would be answered; writes nothing. Also what the chooser shows before it is sent."""
    ids = [_as_id(w.unit) for w in wanted]
    if len(set(ids)) != len(ids):
        raise refusals.UnitChosenTwice
    units = {
        u.pk: u
        for u in OrderUnit.objects.filter(pk__in=ids, item__order=order).select_related("item__product", "parcel")
    }
    if len(units) != len(ids):
        raise refusals.UnitNotInOrder
    _refuse_taken(units.values())
    until = cleared_until({u.item.product_id for u in units.values()}, order.placed_at, ZoneInfo(zone))
    return [
        _judge(order, units[pk], w, terms=terms, zone=zone, now=now, until=until)
        for pk, w in zip(ids, wanted, strict=True)
    ]


def window_for(order: Order, unit: OrderUnit, *, terms: Terms, zone: str, extended_to: Any = None) -> Window | None:
    """The days on which this unit's return may be asked for; None until it was delivered."""
    item = unit.item
    parcel = unit.parcel
    where = ZoneInfo(zone)
    delivered = parcel.delivered_at if parcel and unit.state == UnitState.DELIVERED else None
    return window_of(
        Milestones(
            ordered=order.placed_at,
            shipped=parcel.shipped_at if parcel else None,
            delivered=delivered,
            estimated_delivery=end_of_day(item.promised_date, where),
        ),
        start=terms.window_start,
        days=days_for(categories=item.categories, default=terms.window_default, by_category=terms.window_by_category),
        zone=zone,
        categories=item.categories,
        extensions=terms.extensions,
        extended_to=extended_to,
    )


def cleared_until(products: Iterable[UUID], placed_at: datetime, zone: ZoneInfo) -> dict[UUID, Any]:
    """Until when a dispute that was won keeps the window open, by product (Q-33): decision + days, end of day there."""
    found: dict[UUID, Any] = {}
    for row in HazmatClearing.objects.filter(product__in=list(products), decided_at__gt=placed_at):
        day = local_date(row.decided_at, zone) + timedelta(days=row.extension_days)
        found[row.product_id] = max(day, found.get(row.product_id, day))
    return found


def kinds_of(item: OrderItem) -> frozenset[str]:
    """The kinds that policy speaks of when it exempts goods: categories, and what follows from the order."""
    kinds = set(item.categories)
    if item.customisation:
        kinds |= {"custom", "customised"}
    if item.product.hazmat_class != "none":
        kinds.add("dangerous_goods")
    return frozenset(kinds)


def _judge(
    order: Order,
    unit: OrderUnit,
    wanted: Wanted,
    *,
    terms: Terms,
    zone: str,
    now: datetime,
    until: dict[UUID, Any],
) -> Judged:
    item = unit.item
    reason = read_reason(wanted.reason, terms.keys)
    window = window_for(order, unit, terms=terms, zone=zone, extended_to=until.get(item.product_id))
    decision = decide_return(
        ReturnFacts(
            reason=reason,
            requested_on=local_date(now, ZoneInfo(zone)),
            window=window,
            categories=frozenset(item.categories),
            hazmat_class=item.product.hazmat_class,
            hazmat_exception=item.asin in terms.blocked_exceptions,
            is_prime=item.is_prime,
            not_returnable=bool(terms.not_returnable & kinds_of(item)),
            personalised=bool(item.customisation),
        ),
        blocked_classes=terms.blocked_classes,
        free=terms.refund.free_categories,
        buyer_paid=terms.refund.buyer_paid,
        auto_authorise=terms.auto_authorise,
    )
    shares = split_label(item.shipping_minor, item.quantity)
    comment = paragraphs(wanted.comment, limit=COMMENT_LIMIT)
    return Judged(unit, item, reason, comment, window, decision, shares[min(unit.number, item.quantity) - 1])


def _refuse_taken(units: Iterable[OrderUnit]) -> None:
    by_id = {u.pk: u for u in units}
    taken = (
        ReturnUnit.objects.filter(Q(is_live=True), unit__in=list(by_id))
        .select_related("parcel")
        .order_by("number")
        .first()
    )
    if taken:
        raise refusals.UnitInReturn(title=by_id[taken.unit_id].item.title, number=taken.parcel.number)


def _as_id(given: UUID | str) -> UUID:
    try:
        return given if isinstance(given, UUID) else UUID(str(given))
    except ValueError:
        raise refusals.UnitNotInOrder from None

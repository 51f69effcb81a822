"""What the buyer can expect, before and after asking: the one plan, on facts as they are known now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from fondaco.fulfilment.carriers.port import CarrierSilent, RateRequest, carriers
from fondaco.fulfilment.operations.labels import return_label_price
from fondaco.fulfilment.rules.labels import Purpose
from fondaco.kit.calendar import local_date
from fondaco.orders import operations as orders
from fondaco.orders.models import Order, OrderUnit
from fondaco.orders.operations.refund import refunded_for
from fondaco.returns.locks import held_of
from fondaco.returns.models import Return, ReturnUnit
from fondaco.returns.queries.judging import Judged, Wanted, judge, window_for
from fondaco.returns.queries.package import package_for
from fondaco.returns.queries.planning import Planned, plan_for
from fondaco.returns.rules.authorise import Answer
from fondaco.returns.rules.refund import RefundFacts, RefundPlan, UnitFacts, plan_refund
from fondaco.returns.rules.window import Window
from fondaco.returns.terms import Terms, terms_for


@dataclass(frozen=True, slots=True)
class Expected:
    """What a request would be answered, and what it would bring. `label_minor` is None while no carrier can say."""

    judged: tuple[Judged, ...]
    plan: RefundPlan | None
    label_minor: int | None
    terms: Terms


def expect(order: Order, wanted: Sequence[Wanted], *, now: datetime) -> Expected:
    """The answer to a request that was not sent yet; writes nothing. Raises what `judge` refuses."""
    zone = zone_of(order)
    terms = terms_for(order.store, placed_at=order.placed_at, requested_at=now)
    judged = tuple(judge(order, wanted, terms=terms, zone=zone, now=now))
    price = _label_price(order, judged, now)
    today = local_date(now, ZoneInfo(zone))
    left = orders.refundable(order).minor
    units = [
        UnitFacts(
            reason=j.reason,
            price_minor=j.item.price_minor,
            tax_minor=j.item.tax_minor,
            categories=frozenset(j.item.categories),
            unit=str(j.unit.pk),
            refunded_before_minor=max(refunded_for(j.unit), j.item.price_minor + j.item.tax_minor - left, 0),
            window=j.window,
        )
        for j in judged
        if j.window is not None and j.decision.answer is not Answer.BLOCKED
    ]
    plan = None
    if units:
        facts = RefundFacts(order.currency, units[0].window or Window(today, today), today, units, price or 0)
        plan = plan_refund(facts, terms.refund)
    return Expected(judged, plan, price, terms)


def zone_of(order: Order) -> str:
    """The zone of the return address: days are counted there (Q-21, Q-23)."""
    address = order.seller.return_address or order.seller.ship_from
    return address.time_zone if address else order.seller.time_zone


def window_now(order: Order, unit: OrderUnit, *, terms: Terms, extended_to: object = None) -> Window | None:
    """The window of a unit that was not asked for yet."""
    return window_for(order, unit, terms=terms, zone=zone_of(order), extended_to=extended_to)


def planned(row: Return, unit: ReturnUnit, *, now: datetime, deduct_pct: int = 0, grade: str | None = None) -> Planned:
    """The plan of one unit of a return as it stands: what the seller previews and the buyer expects."""
    return plan_for(held_of(row), unit, deduct_pct=deduct_pct, now=now, grade=grade)


def _label_price(order: Order, judged: Sequence[Judged], now: datetime) -> int | None:
    """What the prepaid label of these units in one parcel would cost."""
    address = order.seller.return_address or order.seller.ship_from
    if address is None or not judged:
        return None
    package = package_for([j.unit for j in judged], order.store, now)
    request = RateRequest(Purpose.RETURN, order.postal, address.postal, package, now, order.currency)
    try:
        rates = carriers().rates(request)
    except CarrierSilent:
        return None
    if not rates:
        return None
    return return_label_price(package, rates[0].price, store=order.store, at=now)[0].minor

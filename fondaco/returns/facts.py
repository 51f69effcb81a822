"""From rows to what the rules ask for, and facts as JSON: as they are stored beside each refund."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from fondaco.kit.calendar import local_date
from fondaco.returns.models import Return, ReturnUnit
from fondaco.returns.rules import life
from fondaco.returns.rules.refund import Grade, RefundFacts, RefundPlan, UnitFacts, split_label
from fondaco.returns.rules.window import Window


def parcel_of(row: Return, units: Sequence[ReturnUnit], refunded: Mapping[Any, Any] | set[Any]) -> life.Parcel:
    """The return as the rules see it. `refunded`: ids of the units that have a refund."""
    return life.Parcel(
        acceptance=life.Acceptance(row.acceptance),
        scanned_at=row.scanned_at,
        delivered_at=row.delivered_at,
        units=tuple(
            life.Unit(
                number=unit.number,
                reason=unit.reason,
                place=life.Place(unit.place),
                checked_in_at=unit.checked_in_at,
                arrived_at=unit.arrived_at,
                missing_at=unit.missing_at,
                grade=Grade(unit.grade) if unit.grade else None,
                refunded=unit.pk in refunded,
                dropped=unit.dropped_at is not None,
            )
            for unit in units
        ),
    )


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of a plan for one unit: a percentage, and how things stand beside the row itself.

    `received_at` None: as if it arrived now, for the buyer's expectation.
    """

    deduct_pct: int = 0
    has_photo: bool = False
    refunded_before_minor: int = 0
    received_at: datetime | None = None
    with_shipping: bool = False
    grade: str | None = None


def refund_facts(row: Return, unit: ReturnUnit, *, units: int, asked: Asked, now: datetime) -> RefundFacts:
    """The facts of one unit with its own share of the label: the whole parcel's plan is the sum of such (Q-29)."""
    zone = ZoneInfo(row.zone)
    grade = unit.grade if asked.grade is None else asked.grade
    facts = UnitFacts(
        reason=unit.reason,
        price_minor=unit.price_minor,
        tax_minor=unit.tax_minor,
        categories=frozenset(unit.categories),
        grade=Grade(grade) if grade else None,
        photo=asked.has_photo,
        deduct_pct=asked.deduct_pct,
        unit=str(unit.number),
        shipping_minor=unit.shipping_minor if asked.with_shipping else 0,
        refunded_before_minor=asked.refunded_before_minor,
    )
    return RefundFacts(
        currency=row.currency,
        window=Window(unit.first_day, unit.last_day),
        received_on=local_date(asked.received_at or unit.arrived_at or now, zone),
        units=(facts,),
        label_minor=split_label(row.label_minor, units)[unit.number - 1],
        accepted_on=row.accepted_on,
    )


def as_json(facts: RefundFacts) -> dict[str, Any]:
    """The facts of one unit as they are stored."""
    unit = facts.units[0]
    return {
        "currency": facts.currency,
        "first_day": facts.window.first_day.isoformat(),
        "last_day": facts.window.last_day.isoformat(),
        "received_on": facts.received_on.isoformat(),
        "accepted_on": facts.accepted_on.isoformat() if facts.accepted_on else None,
        "label_minor": facts.label_minor,
        "reason": str(unit.reason),
        "price_minor": unit.price_minor,
        "tax_minor": unit.tax_minor,
        "shipping_minor": unit.shipping_minor,
        "refunded_before_minor": unit.refunded_before_minor,
        "categories": sorted(unit.categories),
        "grade": str(unit.grade) if unit.grade else None,
        "photo": unit.photo,
        "deduct_pct": unit.deduct_pct,
        "unit": unit.unit,
    }


def from_json(kept: Mapping[str, Any]) -> RefundFacts:
    """The facts again, as `as_json` wrote them."""
    unit = UnitFacts(
        reason=kept["reason"],
        price_minor=kept["price_minor"],
        tax_minor=kept["tax_minor"],
        shipping_minor=kept["shipping_minor"],
        refunded_before_minor=kept["refunded_before_minor"],
        categories=frozenset(kept["categories"]),
        grade=Grade(kept["grade"]) if kept["grade"] else None,
        photo=kept["photo"],
        deduct_pct=kept["deduct_pct"],
        unit=kept["unit"],
    )
    return RefundFacts(
        currency=kept["currency"],
        window=Window(date.fromisoformat(kept["first_day"]), date.fromisoformat(kept["last_day"])),
        received_on=date.fromisoformat(kept["received_on"]),
        units=(unit,),
        label_minor=kept["label_minor"],
        accepted_on=date.fromisoformat(kept["accepted_on"]) if kept["accepted_on"] else None,
    )


def plan_as_json(plan: RefundPlan) -> dict[str, Any]:
    """What is kept of a plan: enough to draw it again without the rule."""
    unit = plan.units[0]
    return {
        "refund_minor": unit.refund_minor,
        "payer": str(unit.payer),
        "cap_pct": unit.cap.pct,
        "cap_clause": unit.cap.clause,
        "lateness": str(unit.lateness),
        "components": [[c.kind, c.minor, c.clause] for c in unit.components],
    }

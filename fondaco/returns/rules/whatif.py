"""What a past refund would have been under other numbers: the same facts, another policy.

The percentage that the seller took stays, cut to what the other policy allows. A higher cap changes nothing by itself:
nobody knows whether the seller would have used it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from fondaco.returns.rules.refund import RefundFacts, RefundPlan, RefundPolicy, highest_cap, plan_refund
from fondaco.returns.rules.window import lateness


@dataclass(frozen=True, slots=True)
class Replan:
    """The other plan, and which part of it moved: `deduction`, `label`, both, or nothing."""

    plan: RefundPlan
    why: str


def replan(facts: RefundFacts, *, before: RefundPlan, other: RefundPolicy) -> Replan:
    """The plan of one unit's stored facts under `other`."""
    unit = facts.units[0]
    late = lateness(
        of=facts.window,
        received_on=facts.received_on,
        accepted_on=facts.accepted_on,
        late_after_days=other.late_after_days,
        grace_days=other.exception_grace_days,
    )
    cap = highest_cap(unit, late, other).pct
    if unit.deduct_pct >= max(1, other.photo_required_from_pct) and not (unit.photo and unit.grade is not None):
        cap = min(cap, max(0, other.photo_required_from_pct - 1))
    plan = plan_refund(replace(facts, units=(replace(unit, deduct_pct=min(unit.deduct_pct, cap)),)), other)
    moved = [kind for kind in ("deduction", "label") if _sum(before, kind) != _sum(plan, kind)]
    return Replan(plan, "+".join(moved))


def _sum(plan: RefundPlan, kind: str) -> int:
    return sum(c.minor for u in plan.units for c in u.components if c.kind == kind)

"""Trials, notices of missed targets, exemptions and the way back: what follows from what was measured.

Sources: B-PRIME-02, B-PRIME-05, B-PRIME-12. Days are calendar days on the ship-from clock. Facts in, decision out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from fondaco.fulfilment.rules.metrics import Code, Measure, Rate, Target, basis


class TrialState(StrEnum):
    """One try. `ended`: the seller left, or eligibility was taken, before it was judged."""

    RUNNING = "running"
    PASSED = "passed"
    FAILED = "failed"
    ENDED = "ended"


class NoticeKind(StrEnum):
    """Why a seller was written to."""

    METRICS = "metrics"
    SIZE = "size"


class Step(StrEnum):
    """What follows from missed targets. `exempt`: a notice that begins a time in which nothing more follows."""

    NOTHING = "nothing"
    NOTICE = "notice"
    EXEMPT = "exempt"
    INELIGIBLE = "ineligible"


class PlanState(StrEnum):
    """A seller's plan of action."""

    FILED = "filed"
    ACCEPTED = "accepted"
    DECLINED = "declined"


@dataclass(frozen=True, slots=True)
class TrialMeasured:
    """What was sent since the trial began."""

    packages: int
    on_time_delivery: Rate
    valid_tracking: Rate
    cancellations: Rate


def trial_measures(found: TrialMeasured, targets: Mapping[str, Any], *, version: str) -> tuple[Measure, ...]:
    """Each figure beside policy `prime.trial.targets`."""
    clause = "B-PRIME-02"
    return (
        Measure(Code.PACKAGES, Rate(found.packages, found.packages), Target(version, least=targets["min_packages"]), clause),
        Measure(
            Code.ON_TIME_DELIVERY,
            found.on_time_delivery,
            Target(version, least=basis(targets["on_time_delivery_min"])),
            clause,
        ),
        Measure(
            Code.VALID_TRACKING, found.valid_tracking, Target(version, least=basis(targets["valid_tracking_min"])), clause
        ),
        Measure(
            Code.CANCELLATIONS, found.cancellations, Target(version, most=basis(targets["cancellations_max"])), clause
        ),
    )  # fmt: skip


def is_passed(measures: Iterable[Measure]) -> bool:
    """Every target is met; what could not be measured is not met."""
    return all(measure.met is True for measure in measures)


def judged_on(ends: date, *, events: Iterable[date], freeze_days: int) -> date:
    """The day on which a trial is judged: its last, or, within the freeze before a major event, the event's first day."""
    day = ends
    for event in sorted(events):
        if event - timedelta(days=freeze_days) <= day < event:
            day = event
    return day


def may_try(begun: Iterable[date], *, today: date, most_per_year: int | None) -> bool:
    """Whether the calendar year has room for another trial."""
    return most_per_year is None or sum(day.year == today.year for day in begun) < most_per_year


@dataclass(frozen=True, slots=True)
class Told:
    """An earlier notice of one kind."""

    day: date
    exempt_until: date | None = None


def after_evaluation(
    *,
    missed: Sequence[Code],
    told: Sequence[Told],
    today: date,
    consequences: Mapping[str, Any],
    notices: Mapping[str, Any],
    enforced: bool,
) -> Step:
    """What today's figures lead to. Without an exemption in policy (before 2025-06-29) ineligibility follows at once.

    Otherwise each notice is one step: a warning; the exemption at the notice that policy names; then ineligibility.
    """
    if not enforced or not missed:
        return Step.NOTHING
    exempt_at = consequences.get("exemption_at_notice")
    if exempt_at is None:
        return Step.INELIGIBLE
    kept = [t for t in told if t.day > today - timedelta(days=notices["forgotten_after_days"])]
    if any(t.exempt_until and t.exempt_until >= today for t in kept):
        return Step.NOTHING
    if any(t.day > today - timedelta(days=notices["days_between"]) for t in kept):
        return Step.NOTHING
    number = len(kept) + 1
    if number < exempt_at:
        return Step.NOTICE
    return Step.EXEMPT if number == exempt_at else Step.INELIGIBLE


def after_size_error(*, earlier: int, consequences: Mapping[str, Any]) -> Step:
    """A product that was said to be smaller than it is: the second time can block (B-PRIME-05)."""
    return Step.INELIGIBLE if earlier and consequences["repeated_size_error_blocks"] else Step.NOTICE


def may_appeal(*, told: date, today: date, days: int | None) -> bool:
    """Whether a plan of action is still taken; without days in policy, always."""
    return days is None or today <= told + timedelta(days=days)

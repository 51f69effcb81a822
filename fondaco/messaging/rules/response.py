"""The response clock: until when a seller answers, and how often that came too late (B-PHOTO-02)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction

WINDOWS_DAYS = (7, 30, 90)


@dataclass(frozen=True, slots=True)
class Asked:
    """A buyer's message that wants an answer. `excused_at`: marked "no response needed"."""

    asked_at: datetime
    due_at: datetime
    answered_at: datetime | None = None
    excused_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class LateRate:
    """Over one window: messages that count, and those of them answered late or not at all in time."""

    days: int
    counted: int
    late: int

    @property
    def share(self) -> Fraction | None:
        """Late of counted; None where nothing counts."""
        return Fraction(self.late, self.counted) if self.counted else None


def is_late(asked: Asked, *, at: datetime) -> bool:
    """Answered after the last moment, or not yet although it has passed."""
    return (asked.answered_at or at) > asked.due_at


def counts(asked: Asked, *, at: datetime) -> bool:
    """Whether it is settled: answered, or overdue. One that can still be answered in time does not count yet."""
    return asked.excused_at is None and (asked.answered_at is not None or at > asked.due_at)


def late_rates(asked: Iterable[Asked], *, at: datetime) -> tuple[LateRate, ...]:
    """The late-response rate over the last 7, 30 and 90 days, by the time of the buyer's message."""
    settled = [a for a in asked if counts(a, at=at)]
    return tuple(_over(settled, days=days, at=at) for days in WINDOWS_DAYS)


def _over(settled: list[Asked], *, days: int, at: datetime) -> LateRate:
    within = [a for a in settled if at - timedelta(days=days) < a.asked_at <= at]
    return LateRate(days, len(within), sum(is_late(a, at=at) for a in within))

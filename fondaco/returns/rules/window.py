"""The return window, and what a late request or a late parcel means (PRIME-31, 32, 38, 42; Q-23)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Window:
    """The days on which a return may be requested; `last_day` is included, to its end at the return address."""

    first_day: date
    last_day: date

    def holds(self, day: date) -> bool:
        return self.first_day <= day <= self.last_day


class Lateness(StrEnum):
    """How a received item stands to its window."""

    IN_TIME = "in_time"  # no late fee
    ACCEPTED = "accepted"  # an exception within the grace days: as if in time
    LATE = "late"  # a late fee is allowed


def window(*, delivered_at: datetime, days: int, zone: str, extended_to: date | None = None) -> Window:
    """`days` calendar days after delivery, counted where the item goes back to; an extension never shortens it."""
    first = delivered_at.astimezone(ZoneInfo(zone)).date()
    last = first + timedelta(days=days)
    return Window(first, max(last, extended_to) if extended_to else last)


def lateness(
    *, of: Window, received_on: date, accepted_on: date | None, late_after_days: int, grace_days: int
) -> Lateness:
    """Q-23. Days are calendar days at the return address; day 15 exactly is still in time."""
    if accepted_on is not None and accepted_on <= of.last_day + timedelta(days=grace_days):
        return Lateness.ACCEPTED
    if received_on > of.last_day + timedelta(days=late_after_days):
        return Lateness.LATE
    return Lateness.IN_TIME

"""The return window, and what a late request or a late parcel means (PRIME-31, 32, 38, 42; Q-23)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
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


def days_for(*, categories: Collection[str], default: int, by_category: Mapping[str, int]) -> int:
    """How long the window is (B-PRIME-14): the longest of the categories that have a number of their own."""
    own = [by_category[c] for c in categories if c in by_category]
    return max(own) if own else default


@dataclass(frozen=True, slots=True)
class Milestones:
    """The moments that may start a window or place an order in a holiday extension; None while they lie ahead."""

    ordered: datetime
    shipped: datetime | None = None
    delivered: datetime | None = None
    estimated_delivery: datetime | None = None


@dataclass(frozen=True, slots=True)
class Extension:
    """One row of `return.holiday_extensions`: whoever's day lies in it may return until `until` (B-PRIME-15)."""

    first: date
    last: date
    until: date
    basis: str  # ordered | shipped | delivered
    categories: frozenset[str] = frozenset()

    def holds(self, milestones: Milestones, *, zone: ZoneInfo, categories: Collection[str]) -> bool:
        moment = getattr(milestones, self.basis)
        if moment is None or (self.categories and self.categories.isdisjoint(categories)):
            return False
        return self.first <= moment.astimezone(zone).date() <= self.last


def window_of(
    milestones: Milestones,
    *,
    start: str,
    days: int,
    zone: str,
    categories: Collection[str] = (),
    extensions: Iterable[Extension] = (),
    extended_to: date | None = None,
) -> Window | None:
    """The window of one unit; None until it is delivered, whatever starts the count (PRIME-41).

    `start` is policy `return.window_start`; a start that is not known falls back to delivery. `extended_to` comes
    from a hazmat dispute that was won (Q-33).
    """
    if milestones.delivered is None:
        return None
    where = ZoneInfo(zone)
    until = [e.until for e in extensions if e.holds(milestones, zone=where, categories=categories)]
    if extended_to:
        until.append(extended_to)
    begins = getattr(milestones, start, None) or milestones.delivered
    counted = window(delivered_at=begins, days=days, zone=zone, extended_to=max(until, default=None))
    first = min(counted.first_day, milestones.delivered.astimezone(where).date())
    return Window(first, counted.last_day)


def lateness(
    *, of: Window, received_on: date, accepted_on: date | None, late_after_days: int, grace_days: int
) -> Lateness:
    """Q-23. Days are calendar days at the return address; day 15 exactly is still in time."""
    if accepted_on is not None and accepted_on <= of.last_day + timedelta(days=grace_days):
        return Lateness.ACCEPTED
    if received_on > of.last_day + timedelta(days=late_after_days):
        return Lateness.LATE
    return Lateness.IN_TIME

"""Days: business days, ends of days in a time zone, and years that start on 29 February.

A day is a `date` in some place's own time; an instant is an aware `datetime`. Nothing here knows what
time it is now.
"""

from __future__ import annotations

import calendar as _months
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from fondaco.kit.errors import Invalid

MONDAY_TO_FRIDAY = frozenset(range(5))

# A calendar in which nothing is a business day for this long is a mistake in policy, not a long holiday.
_LONGEST_CLOSURE_DAYS = 366


class TimeSkipped(Invalid):
    CODE = "time_skipped"
    WORDS = "%(given)s does not exist in %(zone)s: the clocks were put forward over it."
    FIX = "Give a time before or after the change, or one with its offset from UTC."
    CLAUSE = "Q-21"


class UnknownZone(Invalid):
    """A time zone name that the zone database does not hold."""

    CODE = "unknown_time_zone"
    WORDS = "There is no time zone called %(name)s."


class NoBusinessDays(Invalid):
    """The calendar leaves no day to do business on."""

    CODE = "no_business_days"
    WORDS = "This calendar has no business day within a year."


@dataclass(frozen=True)
class BusinessCalendar:
    """Which days count (Q-21): weekdays (Monday is 0) less public holidays and extra days off.

    `country` and `subdivision` name the public holidays (`US`, `DE` and `BY`); empty means none.
    `closed` adds days off, `open` makes a public holiday count after all.
    """

    weekdays: frozenset[int] = MONDAY_TO_FRIDAY
    country: str = ""
    subdivision: str = ""
    closed: frozenset[date] = field(default_factory=frozenset)
    open: frozenset[date] = field(default_factory=frozenset)

    @classmethod
    def of(cls, value: Mapping[str, Any]) -> BusinessCalendar:
        """From the record that policy `calendar.business` holds; its days are ISO text."""
        return cls(
            weekdays=weekday_numbers(value["weekdays"]),
            country=value.get("country") or "",
            subdivision=value.get("subdivision") or "",
            closed=days_from(value.get("closed")),
            open=days_from(value.get("open")),
        )

    def is_business_day(self, day: date) -> bool:
        """Whether the day counts. `closed` beats `open` beats public holidays."""
        if day in self.closed or day.weekday() not in self.weekdays:
            return False
        return day in self.open or day not in public_holidays(self.country, self.subdivision, day.year)

    def add(self, day: date, business_days: int) -> date:
        """The n-th business day after `day`; `day` itself is day 0 even on a weekend (Q-21).

        Wednesday 23 November 2022 plus 2 is Monday 28 November (Thanksgiving does not count).
        With n = 0 the answer is `day` if it counts, else the next day that does.
        """
        if business_days < 0:
            raise ValueError("business days are counted forward")
        if business_days == 0:
            return day if self.is_business_day(day) else self.add(day, 1)
        following = self.after(day)
        for _ in range(business_days - 1):
            next(following)
        return next(following)

    def after(self, day: date) -> Iterator[date]:
        """The business days after `day`, in order and without end."""
        quiet = 0
        while quiet < _LONGEST_CLOSURE_DAYS:
            day += timedelta(days=1)
            quiet += 1
            if self.is_business_day(day):
                quiet = 0
                yield day
        raise NoBusinessDays()

    def count(self, start: date, end: date) -> int:
        """How many business days lie after `start`, up to and including `end`; 0 when `end` is not later."""
        days = (start + timedelta(days=n) for n in range(1, (end - start).days + 1))
        return sum(self.is_business_day(day) for day in days)

    def holiday_names(self, year: int) -> dict[date, str]:
        """The public holidays of the year that take a business day away, with their English names."""
        named = public_holidays(self.country, self.subdivision, year)
        return {day: named[day] for day in sorted(named) if day.weekday() in self.weekdays and day not in self.open}


@lru_cache(maxsize=512)
def public_holidays(country: str, subdivision: str, year: int) -> dict[date, str]:
    """Public holidays of one year, by date. Read only. An empty or unknown country has none."""
    if not country:
        return {}
    import holidays

    try:
        found = holidays.country_holidays(country, subdiv=subdivision or None, years=year, language="en_US")
    except NotImplementedError:
        return {}
    return {day: name for day, name in found.items() if day.year == year}


def days_from(given: Iterable[str] | None) -> frozenset[date]:
    """Days from ISO text, as policy keeps them."""
    return frozenset(date.fromisoformat(day) for day in given or ())


def zone(name: str) -> ZoneInfo:
    """The time zone of that IANA name. Refuses what the zone database does not hold."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise UnknownZone(name=name[:64]) from None


def local_date(at: datetime, where: tzinfo) -> date:
    """The calendar day on which an instant falls in that zone."""
    return _aware(at).astimezone(where).date()


def start_of_day(day: date, where: tzinfo) -> datetime:
    """The first instant of the local day, in UTC; where midnight is skipped by a clock change, the first after it."""
    return to_utc(datetime.combine(day, time.min), where)


def end_of_day(day: date, where: tzinfo) -> datetime:
    """The last whole second of the local day, in UTC: a day has 23, 24 or 25 hours."""
    return start_of_day(day + timedelta(days=1), where) - timedelta(seconds=1)


def to_utc(wall: datetime, where: tzinfo) -> datetime:
    """A naive wall-clock time in that zone as an instant in UTC.

    A time that a clock change skips becomes the first instant after the gap; of a time that happens
    twice, the first is meant.
    """
    if wall.tzinfo is not None:
        raise ValueError("a wall-clock time is naive")
    early = wall.replace(tzinfo=where, fold=0)
    instant = early.astimezone(UTC)
    if instant.astimezone(where).replace(tzinfo=None) == wall:
        return instant
    # In a gap the two folds take the offsets before and after it; their difference is the gap's length,
    # and the gap ends where the wall time read with the later offset would begin to be true.
    after = wall.replace(tzinfo=where, fold=1).astimezone(UTC)
    return _first_instant_after_gap(after, instant, where)


def instant_of(wall: datetime, where: tzinfo) -> datetime:
    """What somebody gave as a moment, in UTC: an aware one as it is, a naive one read in that zone.

    Raises TimeSkipped for one that a clock change skips: nobody can have meant it.
    """
    if wall.tzinfo is not None:
        return wall.astimezone(UTC)
    instant = to_utc(wall, where)
    if instant.astimezone(where).replace(tzinfo=None) != wall:
        raise TimeSkipped(given=wall.isoformat(sep=" ", timespec="minutes"), zone=str(where))
    return instant


def _first_instant_after_gap(low: datetime, high: datetime, where: tzinfo) -> datetime:
    """The moment the offset changes between two instants, to the second."""
    before = low.astimezone(where).utcoffset()
    while high - low > timedelta(seconds=1):
        middle = low + timedelta(seconds=(high - low).total_seconds() // 2)
        if middle.astimezone(where).utcoffset() == before:
            low = middle
        else:
            high = middle
    return high


def add_calendar_days(at: datetime, days: int, where: tzinfo) -> datetime:
    """The end of the local day that many days after the day of `at`; the day of `at` is day 0 (Q-06)."""
    return end_of_day(local_date(at, where) + timedelta(days=days), where)


def add_years(day: date, years: int) -> date:
    """The same day of another year; 29 February becomes 28 February where there is none (Q-13)."""
    year = day.year + years
    return date(year, day.month, min(day.day, _months.monthrange(year, day.month)[1]))


def next_business_day(day: date, calendar: BusinessCalendar) -> date:
    """`day` if it counts, else the next that does (B-PRIME-27)."""
    return calendar.add(day, 0)


def weekday_numbers(names: Collection[str]) -> frozenset[int]:
    """`{"mon", "fri"}` as `{0, 4}`; names are the first three letters in English."""
    order = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
    return frozenset(order.index(name) for name in names)


def _aware(at: datetime) -> datetime:
    if at.tzinfo is None or at.utcoffset() is None:
        raise ValueError("an instant carries its time zone")
    return at

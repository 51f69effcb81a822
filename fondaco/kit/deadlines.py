"""Due times: when something must have happened, by which rule, and how that was counted.

Every function is pure: amounts come from policy as arguments, together with the version they came from,
and the start comes from the row. One list of what is due can therefore hold deadlines of every domain.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from fondaco.kit.calendar import (
    BusinessCalendar,
    add_calendar_days,
    add_years,
    end_of_day,
    local_date,
    start_of_day,
)


class Due(StrEnum):
    """What is due."""

    IMAGE_DISPLAY = "image_display"
    STUDIO_PUBLICATION = "studio_publication"
    REFUND = "refund"
    LICENCE_END = "licence_end"
    LICENCE_NOTICE = "licence_notice"
    PR_SUBMISSION = "pr_submission"
    MESSAGE_RESPONSE = "message_response"
    FEED_STUCK = "feed_stuck"


@dataclass(frozen=True, slots=True)
class Deadline:
    """`due_at` is aware UTC and is the last moment in time, not the first one too late.

    `basis` says how it was counted, as JSON values: the start, the amount and unit, the zone, days skipped.
    """

    kind: str
    due_at: datetime
    clause: str
    policy_version: str = ""
    basis: Mapping[str, Any] = field(default_factory=dict)

    def is_over(self, at: datetime) -> bool:
        """Whether the last moment has passed."""
        return at > self.due_at

    def left(self, at: datetime) -> timedelta:
        """Time left, negative once it is over."""
        return self.due_at - at


def in_hours(kind: str, *, since: datetime, hours: int, clause: str, policy_version: str = "") -> Deadline:
    """That many hours of 3,600 seconds after an instant, whatever the clocks do."""
    due_at = since.astimezone(UTC) + timedelta(hours=hours)
    return Deadline(kind, due_at, clause, policy_version, _basis(since, hours, "hours"))


def in_calendar_days(
    kind: str, *, since: datetime, days: int, zone: ZoneInfo, clause: str, policy_version: str = ""
) -> Deadline:
    """The end of the local day that many days later; the day of `since` is day 0."""
    basis = _basis(since, days, "calendar_days", zone) | {"day_0": local_date(since, zone).isoformat()}
    return Deadline(kind, add_calendar_days(since, days, zone), clause, policy_version, basis)


def image_display(*, submitted_at: datetime, hours: int, policy_version: str = "") -> Deadline:
    """The latest moment a submitted picture may take to appear (IMG-03, Q-16): a ceiling, not a wait."""
    return in_hours(Due.IMAGE_DISPLAY, since=submitted_at, hours=hours, clause="IMG-03", policy_version=policy_version)


def studio_publication(*, received_at: datetime, days: int, zone: ZoneInfo, policy_version: str = "") -> Deadline:
    """The estimated publication of studio pictures (IMG-SVC-36, Q-06), in the store's zone.

    Received on 1 March with 15 days: 16 March.
    """
    return in_calendar_days(
        Due.STUDIO_PUBLICATION,
        since=received_at,
        days=days,
        zone=zone,
        clause="IMG-SVC-36",
        policy_version=policy_version,
    )


def refund(
    *,
    arrived_at: datetime,
    business_days: int,
    calendar: BusinessCalendar,
    zone: ZoneInfo,
    policy_version: str = "",
) -> Deadline:
    """When a returned unit must be refunded (PRIME-36, Q-21).

    `zone` is that of the return address, `arrived_at` the earlier of the carrier's "delivered" and the
    warehouse's check-in. The day of arrival is day 0, also on a weekend.
    """
    arrived = local_date(arrived_at, zone)
    due = calendar.add(arrived, business_days)
    basis = _basis(arrived_at, business_days, "business_days", zone) | {
        "day_0": arrived.isoformat(),
        "due_day": due.isoformat(),
        "skipped": [day.isoformat() for day in _skipped(arrived, due, calendar)],
    }
    return Deadline(Due.REFUND, end_of_day(due, zone), "PRIME-36", policy_version, basis)


def licence_end(
    *,
    published_on: date,
    agreed_end: date | None,
    years: int,
    zone: ZoneInfo,
    policy_version: str = "",
) -> Deadline:
    """The end of the day on which pictures of a model are deleted (IMG-SVC-44, Q-13).

    The recorded end of the licence if there is one, else publication plus `years`; 29 February becomes 28.
    """
    ends = agreed_end or add_years(published_on, years)
    basis = {
        "published_on": published_on.isoformat(),
        "agreed_end": agreed_end.isoformat() if agreed_end else None,
        "years": None if agreed_end else years,
        "zone": zone.key,
        "ends_on": ends.isoformat(),
    }
    return Deadline(Due.LICENCE_END, end_of_day(ends, zone), "IMG-SVC-44", policy_version, basis)


def licence_notice(
    *, ends_on: date, known_at: datetime, notice_days: int, zone: ZoneInfo, policy_version: str = ""
) -> Deadline:
    """When the seller must have been told of the deletion (IMG-SVC-45, Q-13).

    The start of the day that many days ahead; at once when the end became known later than that.
    """
    ahead = start_of_day(ends_on - timedelta(days=notice_days), zone)
    basis = {
        "ends_on": ends_on.isoformat(),
        "notice_days": notice_days,
        "known_at": known_at.astimezone(UTC).isoformat(),
        "at_once": known_at > ahead,
        "zone": zone.key,
    }
    due_at = max(ahead, known_at.astimezone(UTC))
    return Deadline(Due.LICENCE_NOTICE, due_at, "IMG-SVC-45", policy_version, basis)


def pr_submission(*, issue_on: date, lead_days: int, zone: ZoneInfo, policy_version: str = "") -> Deadline:
    """The last moment a press draft counts as two weeks ahead (HAND-25, Q-47), in the store's zone."""
    last = issue_on - timedelta(days=lead_days)
    basis = {"issue_on": issue_on.isoformat(), "lead_days": lead_days, "zone": zone.key, "last_day": last.isoformat()}
    return Deadline(Due.PR_SUBMISSION, end_of_day(last, zone), "HAND-25", policy_version, basis)


def message_response(*, received_at: datetime, hours: int, policy_version: str = "") -> Deadline:
    """When a buyer's message must have an answer (B-PHOTO-02); weekends and holidays count."""
    return in_hours(
        Due.MESSAGE_RESPONSE, since=received_at, hours=hours, clause="B-PHOTO-02", policy_version=policy_version
    )


def feed_stuck(
    *,
    submitted_at: datetime,
    size_bytes: int,
    large_from_bytes: int,
    small_hours: int,
    large_hours: int,
    policy_version: str = "",
) -> Deadline:
    """When an unfinished inventory file counts as stuck (B-IMG-13): later for files over the limit."""
    large = size_bytes > large_from_bytes
    found = in_hours(
        Due.FEED_STUCK,
        since=submitted_at,
        hours=large_hours if large else small_hours,
        clause="B-IMG-13",
        policy_version=policy_version,
    )
    size = {"size_bytes": size_bytes, "large": large}
    return Deadline(found.kind, found.due_at, found.clause, found.policy_version, {**found.basis, **size})


def _skipped(start: date, end: date, calendar: BusinessCalendar) -> list[date]:
    days = (start + timedelta(days=n) for n in range(1, (end - start).days))
    return [day for day in days if not calendar.is_business_day(day)]


def _basis(since: datetime, amount: int, unit: str, zone: ZoneInfo | None = None) -> dict[str, Any]:
    basis: dict[str, Any] = {"since": since.astimezone(UTC).isoformat(), "amount": amount, "unit": unit}
    return basis | {"zone": zone.key} if zone else basis

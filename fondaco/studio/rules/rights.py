"""What may be done with a studio picture, and until when (IMG-SVC-39…45, Q-11, Q-13)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from fondaco.kit.calendar import start_of_day
from fondaco.kit.deadlines import licence_end, licence_notice

OWNER = "marketplace"


@dataclass(frozen=True, slots=True)
class Licence:
    """`ends_on`: the day on which the picture is deleted, None for one without a model. `delete_at` is that day's
    beginning in the store's zone; `notice_at` when the seller must be told."""

    has_model: bool
    offsite: bool
    ends_on: date | None = None
    delete_at: datetime | None = None
    notice_at: datetime | None = None


def licence(
    *,
    has_model: bool,
    published_at: datetime,
    agreed_end: date | None,
    years: int,
    notice_days: int,
    offsite_use: Mapping[str, bool],
    zone: ZoneInfo,
) -> Licence:
    """The rights of one picture at publication."""
    if not has_model:
        return Licence(False, bool(offsite_use["without_model"]))
    published_on = published_at.astimezone(zone).date()
    end = licence_end(published_on=published_on, agreed_end=agreed_end, years=years, zone=zone)
    ends_on = date.fromisoformat(str(end.basis["ends_on"]))
    notice = licence_notice(ends_on=ends_on, known_at=published_at, notice_days=notice_days, zone=zone)
    return Licence(
        True,
        bool(offsite_use["with_model"]),
        ends_on,
        start_of_day(ends_on, zone),
        notice.due_at,
    )


def caches_until(delete_at: datetime | None) -> datetime | None:
    """The last moment at which a browser or proxy may still hold the picture."""
    return delete_at - timedelta(seconds=1) if delete_at else None

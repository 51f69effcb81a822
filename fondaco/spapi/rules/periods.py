"""How often a schedule makes its report."""

from __future__ import annotations

from calendar import monthrange
from datetime import datetime, timedelta

PERIODS: dict[str, timedelta | None] = {
    "PT5M": timedelta(minutes=5),
    "PT15M": timedelta(minutes=15),
    "PT30M": timedelta(minutes=30),
    "PT1H": timedelta(hours=1),
    "PT2H": timedelta(hours=2),
    "PT4H": timedelta(hours=4),
    "PT8H": timedelta(hours=8),
    "PT12H": timedelta(hours=12),
    "P1D": timedelta(days=1),
    "P2D": timedelta(days=2),
    "P3D": timedelta(days=3),
    "PT84H": timedelta(hours=84),
    "P7D": timedelta(days=7),
    "P14D": timedelta(days=14),
    "P15D": timedelta(days=15),
    "P18D": timedelta(days=18),
    "P30D": timedelta(days=30),
    "P1M": None,
}


def after(at: datetime, period: str) -> datetime:
    """The moment one period later; a month ends on the month's last day at the latest."""
    step = PERIODS[period]
    if step is not None:
        return at + step
    year, month = divmod(at.year * 12 + at.month, 12)
    month += 1
    return at.replace(year=year, month=month, day=min(at.day, monthrange(year, month)[1]))


def next_after(at: datetime, *, period: str, now: datetime) -> datetime:
    """The first moment of the schedule that lies after `now`: what was missed is not made up for one by one."""
    while at <= now:
        at = after(at, period)
    return at

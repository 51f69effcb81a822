"""What time it is, for everyone.

Views, tasks and operations ask here once, at their edge, and pass the answer on; rules never ask. In a demo
store the operator can move the clock (JOURNEYS: "a clock that only the operator can set"); elsewhere it is the
machine's, and moving it is refused.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import OperationalError, ProgrammingError, connection

from fondaco.kit.errors import Refusal

if TYPE_CHECKING:
    from fondaco.engine.models import DemoClock

_RECHECK_S = 1.0
_cached: tuple[float, timedelta] | None = None


class ClockIsReal(Refusal):
    CODE = "clock_is_real"
    STATUS = 403
    WORDS = "Only a demo store has a clock that can be set."
    FIX = "Start the store with FONDACO_DEMO=1 to move its clock."


def now() -> datetime:
    """The current time, aware, UTC, to the microsecond."""
    real = datetime.now(UTC)
    return real + offset() if _movable() else real


def offset() -> timedelta:
    """How far the store's clock is ahead of (or, negative, behind) the machine's."""
    global _cached
    if not _movable():
        return timedelta(0)
    if _cached is None or time.monotonic() - _cached[0] > _RECHECK_S:
        row = _row()
        _cached = (time.monotonic(), timedelta(microseconds=row.offset_us) if row else timedelta(0))
    return _cached[1]


def set_to(*, at: datetime) -> None:
    """Let the store's clock read `at` (aware) now and run on from there. Raises ClockIsReal outside a demo."""
    if not _movable():
        raise ClockIsReal
    _store(at.astimezone(UTC) - datetime.now(UTC))


def reset() -> None:
    """Let the store's clock agree with the machine's again."""
    if not _movable():
        raise ClockIsReal
    _store(timedelta(0))


def forget() -> None:
    """Drop what this process remembers, so that the next reader asks the database."""
    global _cached
    _cached = None


def _movable() -> bool:
    return bool(settings.DEMO or settings.TESTING)


def _row() -> DemoClock | None:
    """The stored offset. None also before the first migration, which asks for the time by its checks."""
    from fondaco.engine.models import DemoClock

    try:
        return DemoClock.objects.filter(pk=1).first()
    except (OperationalError, ProgrammingError):
        if DemoClock._meta.db_table in connection.introspection.table_names():
            raise
        return None


def _store(ahead: timedelta) -> None:
    from fondaco.engine.models import DemoClock

    DemoClock.objects.update_or_create(pk=1, defaults={"offset_us": int(ahead / timedelta(microseconds=1))})
    forget()

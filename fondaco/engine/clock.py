"""What time it is, for everyone.

Views, tasks and operations ask here once, at their edge, and pass the answer on; rules never ask. In a demo
store the operator can move the clock (JOURNEYS: "a clock that only the operator can set"), and in a sandbox it stands still
until it is moved; elsewhere it is the machine's, and moving it is refused.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import OperationalError, ProgrammingError, connection

from fondaco.kit.errors import Refusal

if TYPE_CHECKING:
    from fondaco.engine.models import DemoClock

_RECHECK_S = 1.0


@dataclass(frozen=True, slots=True)
class _Set:
    """How the clock is set: so far ahead of the machine's, or standing at a moment."""

    ahead: timedelta = timedelta(0)
    standing_at: datetime | None = None


_cached: tuple[float, _Set] | None = None


class ClockIsReal(Refusal):
    CODE = "clock_is_real"
    STATUS = 403
    WORDS = "Only a demo store has a clock that can be set."
    FIX = "Start the store with FONDACO_DEMO=1 to move its clock."


def now() -> datetime:
    """The current time, aware, UTC, to the microsecond."""
    if not _movable():
        return datetime.now(UTC)
    is_set = _read()
    return is_set.standing_at or datetime.now(UTC) + is_set.ahead


def offset() -> timedelta:
    """How far the store's clock is ahead of (or, negative, behind) the machine's."""
    if not _movable():
        return timedelta(0)
    is_set = _read()
    return is_set.standing_at - datetime.now(UTC) if is_set.standing_at else is_set.ahead


def stands() -> bool:
    """Whether time passes only when the clock is set."""
    return _movable() and _read().standing_at is not None


def set_to(*, at: datetime) -> None:
    """Let the store's clock read `at` (aware) now and run on from there, or, where it stands, stand there.

    Raises ClockIsReal outside a demo.
    """
    if not _movable():
        raise ClockIsReal
    _store(_Set(standing_at=at.astimezone(UTC)) if stands() else _Set(ahead=at.astimezone(UTC) - datetime.now(UTC)))


def stand(*, at: datetime) -> None:
    """Let the store's clock stand at `at` (aware) until it is set again. Raises ClockIsReal outside a demo."""
    if not _movable():
        raise ClockIsReal
    _store(_Set(standing_at=at.astimezone(UTC)))


def run() -> None:
    """Let a clock that stands run on from where it stands. Raises ClockIsReal outside a demo."""
    if not _movable():
        raise ClockIsReal
    _store(_Set(ahead=offset()))


def reset() -> None:
    """Let the store's clock agree with the machine's again."""
    if not _movable():
        raise ClockIsReal
    _store(_Set())


@contextmanager
def for_a_moment(*, at: datetime) -> Iterator[None]:
    """The store's clock reads `at` within the block, and afterwards as if nothing had been. Raises ClockIsReal."""
    if not _movable():
        raise ClockIsReal
    before = _read()
    set_to(at=at)
    try:
        yield
    finally:
        _store(before)


def forget() -> None:
    """Drop what this process remembers, so that the next reader asks the database."""
    global _cached
    _cached = None


def _movable() -> bool:
    return bool(settings.DEMO or settings.TESTING)


def _read() -> _Set:
    global _cached
    if _cached is None or time.monotonic() - _cached[0] > _RECHECK_S:
        row = _row()
        is_set = _Set(timedelta(microseconds=row.offset_us), row.standing_at) if row else _Set()
        _cached = (time.monotonic(), is_set)
    return _cached[1]


def _row() -> DemoClock | None:
    """The stored setting. None also before the first migrations, which ask for the time by their checks."""
    from fondaco.engine.models import DemoClock

    try:
        return DemoClock.objects.filter(pk=1).first()
    except (OperationalError, ProgrammingError):
        table = DemoClock._meta.db_table
        with connection.cursor() as cursor:
            is_there = table in connection.introspection.table_names(cursor)
            columns = (
                [c.name for c in connection.introspection.get_table_description(cursor, table)] if is_there else []
            )
        if "standing_at" in columns:
            raise
        return None


def _store(is_set: _Set) -> None:
    from fondaco.engine.models import DemoClock

    kept = {"offset_us": int(is_set.ahead / timedelta(microseconds=1)), "standing_at": is_set.standing_at}
    DemoClock.objects.update_or_create(pk=1, defaults=kept)
    forget()

"""The usage plan: a token bucket for each seller, application and operation.

In memory where one process serves (SQLite); one statement on an unlogged row where several do.
"""

from __future__ import annotations

import threading
import time

from django.conf import settings
from django.db import connection

from fondaco.spapi.rules import buckets
from fondaco.spapi.rules.buckets import Rate, Taken

MOST_IN_MEMORY = 50_000
_full: dict[str, float] = {}
_lock = threading.Lock()


def take(key: str, rate: Rate) -> Taken:
    """Take one token of the bucket `key`. `FONDACO_SPAPI_LIMITS` 0 lifts the limits; 10 makes them ten times as wide."""
    width = float(getattr(settings, "FONDACO_SPAPI_LIMITS", 1.0))
    if width <= 0:
        return Taken(True, 0.0)
    wide = Rate(rate.per_s * width, max(1, int(rate.burst * width)))
    if connection.vendor == "postgresql":
        return _in_database(key, wide)
    now = time.monotonic()
    with _lock:
        if len(_full) > MOST_IN_MEMORY:
            for old in [k for k, at in _full.items() if at < now]:
                del _full[old]
        taken = buckets.take(rate=wide, full_at=_full.get(key, 0.0), now=now)
        _full[key] = taken.full_at
    return taken


def forget() -> None:
    """Every bucket is full again; for tests."""
    _full.clear()


def _in_database(key: str, rate: Rate) -> Taken:
    step = 1.0 / rate.per_s
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO spapi_allowance AS a (key, full_at)
            VALUES (%(key)s, extract(epoch FROM clock_timestamp()) + %(step)s)
            ON CONFLICT (key) DO UPDATE
            SET full_at = greatest(a.full_at, extract(epoch FROM clock_timestamp())) + %(step)s
            WHERE greatest(a.full_at, extract(epoch FROM clock_timestamp())) + %(step)s
                  - extract(epoch FROM clock_timestamp()) <= %(reach)s
            RETURNING full_at
            """,
            {"key": key, "step": step, "reach": step * rate.burst + 1e-6},
        )
        row = cursor.fetchone()
    return Taken(True, row[0]) if row else Taken(False, 0.0, step)

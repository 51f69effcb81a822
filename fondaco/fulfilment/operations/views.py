"""Counting what product pages promised to members (B-PRIME-06), without a write while a page renders.

A view is one entry in memory; every few seconds a thread adds what came together to the day's counts. A process that is
killed loses those seconds: it is a measurement, not money. Neither person, address nor session is kept, and counts
older than the year's longest look back are forgotten.
"""

from __future__ import annotations

import atexit
import threading
from collections import Counter
from datetime import date, datetime, timedelta
from uuid import UUID

import structlog
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.db.models import F

from fondaco.catalogue.models import Offer
from fondaco.fulfilment.models import PromiseView

EVERY_S = 5.0
MOST_HELD = 2_000  # different counts, not views
MOST_DAYS = 99
KEPT_DAYS = 100

type Key = tuple[UUID, date, str, int]

_held: Counter[Key] = Counter()
_lock = threading.Lock()
_timer: threading.Timer | None = None
_log = structlog.get_logger(__name__)


def note(offer_id: UUID, *, day: date, region: str, days: int) -> None:
    """One page view. Touches no database. With too many different counts waiting, new ones are left out."""
    key = (offer_id, day, region[:12], min(max(days, 0), MOST_DAYS))
    with _lock:
        if key in _held or len(_held) < MOST_HELD:
            _held[key] += 1
    if not settings.TESTING:
        _wake()


def write_down() -> int:
    """Add what came together to the counts; how many views that was. What cannot be written stays for the next time."""
    with _lock:
        taken = dict(_held)
        _held.clear()
    if not taken:
        return 0
    try:
        with transaction.atomic():
            _add(taken)
    except DatabaseError:
        with _lock:
            _held.update(taken)
        raise
    return sum(taken.values())


def forget_old(*, at: datetime) -> None:
    """Counts that nothing looks back at any more."""
    PromiseView.objects.filter(day__lt=at.date() - timedelta(days=KEPT_DAYS)).delete()


def _add(taken: dict[Key, int]) -> None:
    there = set(Offer.objects.filter(pk__in={key[0] for key in taken}).values_list("pk", flat=True))
    keys = sorted(key for key in taken if key[0] in there)  # one order for all processes
    rows = [PromiseView(offer_id=o, day=day, region=region, days=days) for o, day, region, days in keys]
    PromiseView.objects.bulk_create(rows, ignore_conflicts=True)
    for key in keys:
        offer_id, day, region, days = key
        found = PromiseView.objects.filter(offer_id=offer_id, day=day, region=region, days=days)
        found.update(views=F("views") + taken[key])


def _wake() -> None:
    global _timer
    with _lock:
        if _timer is not None:
            return
        _timer = threading.Timer(EVERY_S, _turn)
        _timer.daemon = True
    _timer.start()


def _turn() -> None:
    global _timer
    with _lock:
        _timer = None
    try:
        write_down()
    except DatabaseError as problem:
        _log.warning("promise_views_not_written", problem=str(problem))
    finally:
        connection.close()


def _at_exit() -> None:
    if _held and not settings.TESTING:
        _turn()


atexit.register(_at_exit)

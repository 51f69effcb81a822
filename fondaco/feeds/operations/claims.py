"""Who works on which chunk: claims with a lease, counted attempts, and at most so many runs a seller.

A claim costs more round trips than the work on a small chunk, so a worker claims a few at a time. Only fresh chunks are
taken together: one over which a worker died is taken alone, so that it cannot draw its neighbours into its fate.
"""

from __future__ import annotations

import random
from datetime import datetime, timedelta

from django.db.models import F, Q, QuerySet

from fondaco.engine import clock, holders
from fondaco.feeds.models import Batch, Chunk
from fondaco.feeds.rules import RUNNERS_PER_SELLER, BatchState, ChunkState

LEASE = timedelta(minutes=2)
TOGETHER = 4
_TRIES = 3


def claim(batch: Batch) -> Chunk | None:
    """One chunk for this worker; None as for `claim_some`."""
    found = claim_some(batch, most=1)
    return found[0] if found else None


def claim_some(batch: Batch, *, most: int = TOGETHER) -> list[Chunk]:
    """The next chunks for this worker: those that wait, or whose worker died. None when there are none, when parents
    are still being made, or when the seller has enough workers already."""
    at = clock.now()
    if _runs_of(batch, at) >= RUNNERS_PER_SELLER:
        return []
    for _ in range(_TRIES):
        if found := _take(batch, at, fresh=True, most=most) or _take(batch, at, fresh=False, most=1):
            return found
        if not _claimable(batch, at).exists():
            return []
    return []  # others were faster each time


def _runs_of(batch: Batch, at: datetime) -> int:
    """How many claims of the seller are being worked off: chunks that were claimed together have the same lease."""
    busy = Chunk.objects.filter(seller_id=batch.seller_id, state=ChunkState.RUNNING.value, lease_until__gt=at)
    return busy.values("lease_until").distinct().count()


def _claimable(batch: Batch, at: datetime) -> QuerySet[Chunk]:
    """Chunks that nobody holds, of the phase that comes first; none once the batch was cancelled."""
    ready = Q(state=ChunkState.WAITING.value) & (Q(lease_until__isnull=True) | Q(lease_until__lte=at))
    left = Q(state=ChunkState.RUNNING.value, lease_until__lte=at)
    rows = Chunk.objects.filter(ready | left, batch=batch, batch__state=BatchState.IN_PROGRESS.value)
    first = Chunk.objects.filter(batch=batch, state__in=[ChunkState.WAITING.value, ChunkState.RUNNING.value])
    return rows.filter(phase__lte=first.order_by("phase").values("phase")[:1])


def _take(batch: Batch, at: datetime, *, fresh: bool, most: int) -> list[Chunk]:
    """Claims and reads back what it got: the lease, to the microsecond, and the holder name this very claim."""
    lease = at + LEASE + timedelta(microseconds=random.randrange(1_000_000))
    rows = _claimable(batch, at)
    rows = rows.filter(attempts=0) if fresh else rows.filter(attempts__gt=0)
    wanted = rows.order_by("attempts", "number").values("pk")[:most]
    still_free = Q(state=ChunkState.WAITING.value) | Q(state=ChunkState.RUNNING.value, lease_until__lte=at)
    claimed = {"state": ChunkState.RUNNING.value, "lease_until": lease, "holder": holders.me()}
    if not Chunk.objects.filter(still_free, pk__in=wanted).update(attempts=F("attempts") + 1, **claimed):
        return []
    found = list(Chunk.objects.filter(batch=batch, **claimed).order_by("number"))
    for chunk in found:
        chunk.batch = batch
    return found

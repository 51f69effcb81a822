"""Finding batches that are due and not done: losing every task loses no batch."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Q

from fondaco.engine import clock
from fondaco.feeds import nudges
from fondaco.feeds.models import Batch, Chunk
from fondaco.feeds.rules import OPEN_STATES, BatchState, ChunkState

QUIET_FOR = timedelta(seconds=20)
_MOST = 500


def nudge_open_batches() -> int:
    """Nudges what an open batch is waiting for; returns how many batches were open."""
    at = clock.now()
    open_batches = Batch.objects.filter(state__in=[s.value for s in OPEN_STATES]).order_by("submitted_at")[:_MOST]
    for batch in open_batches:
        if batch.state == BatchState.REQUEST_SUBMITTED:
            if batch.claimed_until is None and at - batch.submitted_at < QUIET_FOR:
                continue
            nudges.plan(batch.pk)
        else:
            _nudge_running(batch)
    return len(open_batches)


def _nudge_running(batch: Batch) -> None:
    at = clock.now()
    still_open = Chunk.objects.filter(batch=batch, state__in=[ChunkState.WAITING.value, ChunkState.RUNNING.value])
    left = Q(state=ChunkState.RUNNING.value, lease_until__lte=at) | Q(state=ChunkState.WAITING.value)
    if still_open.filter(left).exists():
        nudges.run(batch.pk)
    elif not still_open.exists():
        nudges.finish(batch.pk)

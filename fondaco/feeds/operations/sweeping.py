"""Finding batches that are due and not done: losing every task loses no batch."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Q

from fondaco.catalogue.models import ListingImage
from fondaco.catalogue.rules import states
from fondaco.engine import clock, holders
from fondaco.feeds import nudges
from fondaco.feeds.models import Batch, Chunk, RowIssue
from fondaco.feeds.operations import finishing
from fondaco.feeds.picture_faults import STILL_TRYING
from fondaco.feeds.rules import OPEN_STATES, BatchState, ChunkState

QUIET_FOR = timedelta(seconds=20)
_MOST = 500


def nudge_open_batches() -> int:
    """Nudges what an open batch is waiting for; returns how many batches were open."""
    at = clock.now()
    open_batches = list(Batch.objects.filter(state__in=[s.value for s in OPEN_STATES]).order_by("submitted_at")[:_MOST])
    for batch in open_batches:
        _free_of_the_dead(batch)
        if batch.state == BatchState.REQUEST_SUBMITTED:
            if batch.claimed_until is None and at - batch.submitted_at < QUIET_FOR:
                continue
            nudges.plan(batch.pk)
        else:
            _nudge_running(batch)
    return len(open_batches)


def settle_late_pictures() -> int:
    """Reports that named pictures as still on their way, one of which has arrived or been given up since."""
    waiting = [s.value for s in states.WAITING]
    told = RowIssue.objects.filter(fault=STILL_TRYING).values_list("batch_id", flat=True).distinct()
    late = 0
    for batch_id in list(told[:_MOST]):
        named = RowIssue.objects.filter(batch_id=batch_id, fault=STILL_TRYING).count()
        if ListingImage.objects.filter(batch_id=batch_id, state__in=waiting).count() < named:
            finishing.settle_late(batch_id)
            late += 1
    return late


def _free_of_the_dead(batch: Batch) -> None:
    """Ends the claims of processes that have surely ended, instead of waiting until they run out."""
    at = clock.now()
    if batch.state == BatchState.REQUEST_SUBMITTED and batch.claimed_until and holders.is_gone(batch.holder):
        mine = Batch.objects.filter(pk=batch.pk, attempts=batch.attempts, state=batch.state)
        mine.update(claimed_until=at, holder="")
    running = Chunk.objects.filter(batch=batch, state=ChunkState.RUNNING.value, lease_until__gt=at)
    for pk, attempts, holder in running.values_list("pk", "attempts", "holder"):
        if holders.is_gone(holder):
            Chunk.objects.filter(pk=pk, attempts=attempts, state=ChunkState.RUNNING.value).update(lease_until=at)


def _nudge_running(batch: Batch) -> None:
    at = clock.now()
    still_open = Chunk.objects.filter(batch=batch, state__in=[ChunkState.WAITING.value, ChunkState.RUNNING.value])
    left = Q(state=ChunkState.RUNNING.value, lease_until__lte=at) | Q(state=ChunkState.WAITING.value)
    if still_open.filter(left).exists():
        nudges.run(batch.pk)
    elif not still_open.exists():
        nudges.finish(batch.pk)

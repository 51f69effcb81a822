"""Closing a batch: when rows and pictures are settled, the pictures' faults join the issues and the counts are final."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Q

from fondaco import history
from fondaco.catalogue.models import ListingImage, Offer
from fondaco.catalogue.rules import states
from fondaco.engine import clock
from fondaco.feeds import hooks, nudges, picture_faults
from fondaco.feeds.columns import VARIANT_COLUMN
from fondaco.feeds.errors import Issue
from fondaco.feeds.models import Batch, Chunk, RowIssue
from fondaco.feeds.operations import issues
from fondaco.feeds.picture_faults import FETCH, FINDING, PICTURE_KEYS
from fondaco.feeds.queries import chunk_sums
from fondaco.feeds.rules import BatchState, ChunkState

LOOKS_AGAIN_AFTER = timedelta(seconds=2)
PATIENCE = timedelta(minutes=10)
"""How long a report waits for hosts that ask to come back later. Their pictures are tried until they are due, and the
report is brought up to date when they are settled (`settle_late`)."""

_AT_ONCE = 500


def finish_batch(batch_id: UUID) -> None:
    """Close the batch if everything in it is settled; otherwise look again soon. Safe to call at any time."""
    at = clock.now()
    batch = Batch.objects.filter(pk=batch_id, state=BatchState.IN_PROGRESS.value).first()
    if batch is None or Chunk.objects.filter(batch=batch, state__in=["WAITING", "RUNNING"]).exists():
        return
    if batch.rows_done_at is None:
        Batch.objects.filter(pk=batch_id, rows_done_at__isnull=True).update(rows_done_at=at)
        batch.rows_done_at = at
    waiting = _waiting(batch)
    if waiting.exists() and at - batch.rows_done_at < PATIENCE:
        _look_again(batch, at)
        return
    with transaction.atomic():
        held = (
            Batch.objects.select_for_update(no_key=True).filter(pk=batch_id, state=BatchState.IN_PROGRESS.value).first()
        )
        if held is not None:
            close(held, state=BatchState.DONE, at=at)


def close(batch: Batch, *, state: BatchState, at: datetime) -> None:
    """Make a locked batch DONE, FATAL or CANCELLED: last issues, final counts, one event."""
    early = _records_without_chunk(batch)
    if state == BatchState.CANCELLED:
        issues.write(batch, [Issue(0, "", "batch-cancelled")])
    if state != BatchState.FATAL:
        _tell_of_pictures(batch)
        _tell_of_attributes(batch)
    sums = chunk_sums(batch)
    found = Counter(dict(RowIssue.objects.filter(batch=batch).values_list("type").annotate(n=Count("id"))))
    batch.processed = sums["processed"] + early
    batch.successful = max(0, batch.processed - _failed_records(batch))
    batch.errors, batch.warnings = found["error"] + found["fatal"], found["warning"]
    for name in ("created", "changed", "same", "deleted"):
        setattr(batch, name, sums[name])
    batch.images = ListingImage.objects.filter(batch_id=batch.pk).count()
    batch.state, batch.finished_at, batch.claimed_until = state.value, at, None
    batch.save()
    about = {
        "batch": batch.number,
        "processed": batch.processed,
        "successful": batch.successful,
        "created": batch.created,
        "changed": batch.changed,
    }
    if state != BatchState.CANCELLED:
        verb = "feed.done" if state == BatchState.DONE else "feed.refused"
        history.record(actor=None, verb=verb, subject=batch, about=about, clause="B-IMG-12", at=at)
    hooks.finished(batch)


def settle_late(batch_id: UUID) -> None:
    """Bring the report of a batch that is done up to date with pictures that were still on their way then."""
    with transaction.atomic():
        batch = Batch.objects.select_for_update(no_key=True).filter(pk=batch_id, state=BatchState.DONE.value).first()
        if batch is None:
            return
        about_pictures = Q(fault__startswith=FETCH) | Q(fault__startswith=FINDING) | Q(fault__in=PICTURE_KEYS)
        RowIssue.objects.filter(about_pictures, batch=batch, chunk__isnull=True).delete()
        _tell_of_pictures(batch)
        found = Counter(dict(RowIssue.objects.filter(batch=batch).values_list("type").annotate(n=Count("id"))))
        batch.errors, batch.warnings = found["error"], found["warning"]
        batch.successful = max(0, batch.processed - _failed_records(batch))
        batch.save(update_fields=["errors", "warnings", "successful"])


def _look_again(batch: Batch, at: datetime) -> None:
    """One look each two seconds, however many tasks ask for it."""
    due = Q(claimed_until__isnull=True) | Q(claimed_until__lte=at)
    with transaction.atomic():
        if Batch.objects.filter(due, pk=batch.pk).update(claimed_until=at + LOOKS_AGAIN_AFTER):
            nudges.finish(batch.pk, after=LOOKS_AGAIN_AFTER)


def _waiting(batch: Batch) -> Any:
    return ListingImage.objects.filter(batch_id=batch.pk, state__in=[s.value for s in states.WAITING])


# --- counts -----------------------------------------------------------------------------------------------------------


def _records_without_chunk(batch: Batch) -> int:
    """Records that never reached a chunk: too long, or JSON messages outside the schema."""
    rows = RowIssue.objects.filter(batch=batch, chunk__isnull=True, record__gt=0, type="error")
    return rows.values("record").distinct().count()


def _failed_records(batch: Batch) -> int:
    """Records with an error; a chunk that was given up counts with all of its records."""
    rows = RowIssue.objects.filter(batch=batch, type="error", record__gt=0)
    apart = rows.values("record").distinct().count()
    given_up = Chunk.objects.filter(batch=batch, state=ChunkState.FAILED.value).values_list("records", flat=True)
    return apart + sum(records - 1 for records in given_up)


# --- last issues ------------------------------------------------------------------------------------------------------


def _tell_of_pictures(batch: Batch) -> None:
    """Every picture that was rejected or could not be fetched, and those that are still on their way."""
    told: list[RowIssue] = []
    wanted = [s.value for s in (*states.WAITING, states.ImageState.REJECTED)]
    images = ListingImage.objects.filter(batch_id=batch.pk, state__in=wanted).order_by("batch_record", "id")
    skus = _skus(batch)
    for image in images.iterator(chunk_size=_AT_ONCE):
        told += picture_faults.rows_of(
            batch, image, skus.get(image.product_id, ""), column=VARIANT_COLUMN.get(image.variant, "")
        )
        if len(told) >= _AT_ONCE:
            RowIssue.objects.bulk_create(told)
            told = []
    RowIssue.objects.bulk_create(told)


def _skus(batch: Batch) -> dict[UUID, str]:
    wanted = [s.value for s in (*states.WAITING, states.ImageState.REJECTED)]
    products = ListingImage.objects.filter(batch_id=batch.pk, state__in=wanted).values("product_id")
    found = Offer.objects.filter(seller_id=batch.seller_id, product_id__in=products)
    return dict(found.order_by("-id").values_list("product_id", "sku"))


def _tell_of_attributes(batch: Batch) -> None:
    """How many records of a type leave out what it should state: one line a type and attribute, not one a record."""
    counted: Counter[tuple[str, str]] = Counter()
    for lacking in Chunk.objects.filter(batch=batch).exclude(lacking=[]).values_list("lacking", flat=True):
        counted.update({(kind, name): count for kind, name, count in lacking})
    issues.write(
        batch,
        [
            Issue(0, "", "attribute-missing", column=name, args={"type": kind, "count": count})
            for (kind, name), count in sorted(counted.items())
        ],
    )

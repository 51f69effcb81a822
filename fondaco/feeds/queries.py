"""Reads of feeds. Each takes the caller; a batch of another seller is not found."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from fondaco.catalogue.models import ListingImage
from fondaco.catalogue.rules import states
from fondaco.engine import clock
from fondaco.feeds import context, rules
from fondaco.feeds.errors import CATALOGUE
from fondaco.feeds.models import Batch, Chunk, RowIssue
from fondaco.feeds.rules import BatchState, ChunkState, Progress, StageProgress
from fondaco.kit.errors import NotFound
from fondaco.sellers.access import Caller
from fondaco.sellers.models import SellerAccount
from fondaco.sellers.queries import sellers_for

COUNTED = ("processed", "failed", "created", "changed", "same", "deleted", "images")


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a batch stands now: its stages and counts, and whether support should look at it."""

    batch: Batch
    stages: tuple[StageProgress, ...]
    processed: int
    successful: int
    created: int
    changed: int
    same: int
    deleted: int
    images_total: int
    images_settled: int
    is_stuck: bool

    @property
    def with_errors(self) -> int:
        return self.processed - self.successful


def batch_for(caller: Caller, number: str) -> Batch:
    """A batch by its ID, seller loaded. Raises NotFound."""
    found = Batch.objects.filter(number=number[:12], seller__in=sellers_for(caller)).select_related(
        "seller", "retry_of"
    )
    batch = found.first()
    if batch is None:
        raise NotFound(what="batch")
    return batch


def batches_of(caller: Caller, seller: SellerAccount) -> list[Batch]:
    """The latest uploads of a seller account, newest first, as many as policy says (B-IMG-13)."""
    limit = context.history_length(store=seller.store, at=clock.now())
    rows = Batch.objects.filter(seller=seller, seller__in=sellers_for(caller))
    return list(rows.order_by("-submitted_at", "-id")[:limit])


def owns_batch(*, seller: SellerAccount, number: str) -> bool:
    """Whether the seller sent a batch with this ID: a case that names one must name the seller's own (Q-20)."""
    return Batch.objects.filter(seller=seller, number=number.strip()[:12]).exists()


def issues_of(batch: Batch, *, type: str = "", code: str = "", sku: str = "") -> QuerySet[RowIssue]:
    """What was wrong, in the order of the file; optionally of one type, one code or one SKU."""
    rows = RowIssue.objects.filter(batch=batch)
    if type:
        rows = rows.filter(type=type)
    if code:
        rows = rows.filter(code=code)
    if sku:
        rows = rows.filter(sku=sku)
    return rows.order_by("record", "id")


def issue_counts(batch: Batch) -> list[dict[str, Any]]:
    """How often each fault was found: `code`, `fault`, `type`, `count`; the most frequent first."""
    rows = RowIssue.objects.filter(batch=batch).values("code", "fault", "type").annotate(count=Count("id"))
    found = [dict(row) for row in rows]
    return sorted(found, key=lambda row: (row["type"] == "warning", -row["count"], row["code"]))


def standing(batch: Batch, *, at: datetime) -> Standing:
    """Stages and counts of a batch, live while it is open."""
    sums = chunk_sums(batch)
    total, settled, fetched, decided = _images(batch)
    done = batch.state == BatchState.DONE
    checked = Chunk.objects.filter(batch=batch, state=ChunkState.DONE.value).aggregate(n=Sum("records"))["n"] or 0
    progress = Progress(
        state=BatchState(batch.state),
        is_planned=batch.planned_at is not None,
        rows_total=batch.records,
        rows_checked=batch.records if done else checked,
        rows_written=batch.records if done else checked,
        images_total=total,
        images_fetched=fetched,
        images_inspected=settled,
        images_published=decided,
    )
    over = not batch.is_open
    return Standing(
        batch=batch,
        stages=tuple(rules.stages(progress=progress)),
        processed=batch.processed if over else sums["processed"],
        successful=batch.successful if over else sums["processed"] - sums["failed"],
        created=sums["created"],
        changed=sums["changed"],
        same=sums["same"],
        deleted=sums["deleted"],
        images_total=total,
        images_settled=settled,
        is_stuck=rules.is_stuck(
            state=BatchState(batch.state),
            size_bytes=batch.size_bytes,
            submitted_at=batch.submitted_at,
            at=at,
            limits=context.stuck_limits(store=batch.store, at=batch.submitted_at),
        ),
    )


def chunk_sums(batch: Batch) -> dict[str, int]:
    """The counts of the chunks together."""
    sums = Chunk.objects.filter(batch=batch).aggregate(**{name: Sum(name) for name in COUNTED})
    return {name: value or 0 for name, value in sums.items()}


def _images(batch: Batch) -> tuple[int, int, int, int]:
    """Pictures of the batch: all, with a verdict, fetched, and decided by a gallery (or out of the running)."""
    waiting = [s.value for s in states.WAITING]
    found = ListingImage.objects.filter(batch_id=batch.pk).aggregate(
        total=Count("id"),
        settled=Count("id", filter=~Q(state__in=waiting)),
        fetched=Count("id", filter=Q(picture__isnull=False) | ~Q(state__in=waiting)),
        decided=Count("id", filter=~Q(state__in=[*waiting, states.ImageState.ELIGIBLE.value])),
    )
    return found["total"], found["settled"], found["fetched"], found["decided"]


def known_codes() -> list[str]:
    """Codes of the catalogue of feeds, for filters."""
    return sorted({f.code for f in CATALOGUE.values()})

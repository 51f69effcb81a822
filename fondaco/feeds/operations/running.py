"""Working off chunks: claim, check, write, and the chunk's state in the same transaction.

A worker takes one chunk after the other for some seconds and then makes room. A chunk is claimed by counting an
attempt and setting a lease; the worker commits only while its attempt is still the latest, so a worker that was slow
or thought dead cannot write a second time.
"""

from __future__ import annotations

import hashlib
import json
import logging
import time
from dataclasses import dataclass
from datetime import timedelta
from typing import IO
from uuid import UUID

from django.db import IntegrityError, OperationalError, transaction
from django.db.models import Min

from fondaco.engine import clock, files, stopping
from fondaco.feeds import failed, nudges, rules
from fondaco.feeds.check import Checked, Checker
from fondaco.feeds.context import context_for
from fondaco.feeds.errors import Issue
from fondaco.feeds.load import apply as load
from fondaco.feeds.load.apply import Applied, Job
from fondaco.feeds.load.families import write_parents
from fondaco.feeds.load.insert import Terms
from fondaco.feeds.load.state import present_outcome
from fondaco.feeds.load.wanted import Shape
from fondaco.feeds.models import Batch, Chunk
from fondaco.feeds.operations import issues
from fondaco.feeds.operations.claims import claim_some
from fondaco.feeds.rules import RUNNERS_PER_SELLER, BatchState, ChunkState
from fondaco.feeds.table import Layout, Rows

log = logging.getLogger("fondaco.feeds")

WORKS_FOR_S = 15.0
TRIES_IN_A_ROW = 6


class LostClaim(Exception):
    """Another worker has taken the chunk over, or the batch was cancelled: nothing of this try is written."""


@dataclass(slots=True, kw_only=True)
class _Bench:
    """What a worker has at hand while it works on one batch."""

    batch: Batch
    layout: Layout
    checker: Checker
    job: Job
    source: IO[bytes]
    parents: frozenset[int]
    key: bytes
    has_earlier: bool


def run_chunks(batch_id: UUID, *, works_for_s: float = WORKS_FOR_S) -> int:
    """Work off chunks of a batch until none is left or the time is over; returns how many were done."""
    batch = (
        Batch.objects.select_related("seller", "person").filter(pk=batch_id, state=BatchState.IN_PROGRESS.value).first()
    )
    if batch is None:
        return 0
    done, phase, until = 0, -1, time.monotonic() + works_for_s
    with files.open_file("documents", batch.table) as source:
        bench = _bench(batch, source)
        while (in_time := time.monotonic() < until and not stopping.is_asked()) and (claimed := claim_some(batch)):
            if phase == 0 < claimed[0].phase:
                _call_others(batch)
            phase = claimed[0].phase
            for chunk in claimed:
                _work(bench, chunk)
            done += len(claimed)
    _go_on(batch, in_time=in_time)
    return done


def _bench(batch: Batch, source: IO[bytes]) -> _Bench:
    layout = Layout.from_json(batch.layout)
    shape = Shape.of(layout.places)
    context = context_for(store=batch.store, encoding=batch.encoding, at=batch.submitted_at)
    terms = Terms(
        seller_id=str(batch.seller_id),
        store=batch.store,
        currency=context.currency,
        cause=f"batch {batch.number}",
        at=clock.now(),
    )
    job = Job(
        seller=batch.seller, batch_id=batch.pk, shape=shape, terms=terms, refetch=batch.refetch, actor=batch.person
    )
    parents = failed.parents_of(batch)
    key = repr((rules.RULES_VERSION, sorted(layout.places.items()), layout.settings, context)).encode()
    return _Bench(
        batch=batch,
        layout=layout,
        checker=Checker(layout=layout, context=context),
        job=job,
        source=source,
        parents=parents,
        key=hashlib.blake2b(key).digest(),
        has_earlier=Chunk.objects.filter(seller_id=batch.seller_id).exclude(outcome="").exclude(batch=batch).exists(),
    )


def _go_on(batch: Batch, *, in_time: bool) -> None:
    """The time is over: another turn, behind what others have queued meanwhile. Nothing left: see whether the batch is
    done, and let the seller's next one have the place. Nothing to be had, because others hold it: they go on."""
    still_open = Chunk.objects.filter(batch=batch, state__in=[ChunkState.WAITING.value, ChunkState.RUNNING.value])
    with transaction.atomic():
        if not still_open.exists():
            nudges.finish(batch.pk)
            waiting = Batch.objects.filter(seller_id=batch.seller_id, state=BatchState.IN_PROGRESS.value)
            for other in waiting.exclude(pk=batch.pk).filter(chunks__state=ChunkState.WAITING.value).distinct():
                nudges.run(other.pk)
        elif not in_time:
            nudges.run(batch.pk)
        elif not still_open.filter(state=ChunkState.RUNNING.value).exists():
            # All that is left waits for its next try, or could be claimed only now.
            until = still_open.aggregate(soonest=Min("lease_until"))["soonest"]
            pause = max(until - clock.now(), timedelta(0)) if until else timedelta(0)
            nudges.run(batch.pk, after=pause + timedelta(milliseconds=200))


def _call_others(batch: Batch) -> None:
    """The parents are made: now there is work for several."""
    with transaction.atomic():
        for _ in range(RUNNERS_PER_SELLER - 1):
            nudges.run(batch.pk)


# --- one chunk --------------------------------------------------------------------------------------------------------


def _work(bench: _Bench, chunk: Chunk) -> None:
    """Does a chunk; what goes wrong on our side puts it back, and in the end aside with an issue."""
    if chunk.attempts > 1 and not rules.picks_up_again(attempts=chunk.attempts):
        _put_aside(bench.batch, chunk)
        return
    try:
        _until_it_fits(bench, chunk)
    except LostClaim:
        log.info("chunk %s of %s was taken over", chunk.number, bench.batch.number)
    except Exception:
        log.exception("chunk %s of batch %s failed", chunk.number, bench.batch.number)
        if not rules.picks_up_again(attempts=chunk.attempts + 1):
            _put_aside(bench.batch, chunk)
        else:
            again_at = clock.now() + timedelta(seconds=2**chunk.attempts)
            Chunk.objects.filter(pk=chunk.pk, attempts=chunk.attempts, state=ChunkState.RUNNING.value).update(
                state=ChunkState.WAITING.value, lease_until=again_at
            )


def _until_it_fits(bench: _Bench, chunk: Chunk) -> None:
    """Another transaction may take a SKU or an ASIN at the same moment, or lock in another order; then the chunk is
    simply done again, and finds the other's rows."""
    for attempt in range(TRIES_IN_A_ROW):
        try:
            do_chunk(bench, chunk)
            return
        except IntegrityError:
            if attempt == TRIES_IN_A_ROW - 1:
                raise
        except OperationalError as error:
            if "deadlock" not in str(error) or attempt == TRIES_IN_A_ROW - 1:
                raise


def do_chunk(bench: _Bench, chunk: Chunk) -> None:
    """One try at a chunk, all of it or nothing."""
    digest = "" if chunk.phase == 0 else _digest(bench, chunk)
    with transaction.atomic():
        load.prepare_connection()
        if digest and (before := _says_so_still(bench, chunk, digest)) is not None:
            _same_again(chunk, before, digest)
            return
        checked = _checked(bench, chunk)
        applied = _parents(bench, checked) if chunk.phase == 0 else load.apply(job=bench.job, checked=checked)
        issues.write(bench.batch, [*checked.issues, *applied.issues], chunk=chunk)
        _mark_done(chunk, checked, applied, digest)


def _checked(bench: _Bench, chunk: Chunk) -> Checked:
    parts = list(failed.read_chunk(bench.source, chunk, bench.layout))
    rows = parts[0] if len(parts) == 1 else _together(parts)
    skip = bench.parents if chunk.phase == 1 else frozenset()
    return bench.checker.check(rows, again=[(a, b) for a, b in chunk.again], skip=skip)


def _together(parts: list[Rows]) -> Rows:
    return Rows(
        cells=[cells for part in parts for cells in part.cells],
        numbers=[number for part in parts for number in part.numbers],
        plain=all(part.plain for part in parts),
        issues=[issue for part in parts for issue in part.issues],
        clears=any(part.clears for part in parts),
    )


def _parents(bench: _Bench, checked: Checked) -> Applied:
    created, changed, same = write_parents(
        seller=bench.job.seller, checked=checked, shape=bench.job.shape, terms=bench.job.terms, actor=bench.job.actor
    )
    return Applied(created=created, changed=changed, same=same)


def _mark_done(chunk: Chunk, checked: Checked, applied: Applied, digest: str) -> None:
    lacking = [[kind, name, count] for (kind, name), count in sorted(checked.lacking.items())]
    plain = not checked.issues and applied.outcome
    values = {
        "processed": checked.processed,
        "failed": checked.failed + applied.failed,
        "created": applied.created,
        "changed": applied.changed,
        "same": applied.same,
        "deleted": applied.deleted,
        "images": applied.images,
        "lacking": lacking,
        "digest": digest if plain else "",
        "outcome": applied.outcome if plain else "",
    }
    _close(chunk, values)


def _close(chunk: Chunk, values: dict[str, object]) -> None:
    """The fence: only the holder of the latest claim gets through, and only while the batch is open."""
    mine = Chunk.objects.filter(pk=chunk.pk, attempts=chunk.attempts, state=ChunkState.RUNNING.value)
    if not mine.update(state=ChunkState.DONE.value, lease_until=None, **values):
        raise LostClaim


# --- the same bytes again ---------------------------------------------------------------------------------------------


def _digest(bench: _Bench, chunk: Chunk) -> str:
    """A name for the chunk's bytes under these columns, rules and terms."""
    bench.source.seek(chunk.offset)
    hashed = hashlib.blake2b(bench.source.read(chunk.length), digest_size=24)
    hashed.update(bench.key)
    hashed.update(json.dumps(chunk.again).encode())
    return hashed.hexdigest()


def _says_so_still(bench: _Bench, chunk: Chunk, digest: str) -> Chunk | None:
    """An earlier chunk of the same bytes after which the listings were as they are now.

    The check of the rows would come to the same end, so only the listings need to be asked.
    """
    if not bench.has_earlier or bench.batch.refetch:
        return None
    earlier = Chunk.objects.filter(seller_id=bench.batch.seller_id, digest=digest, state=ChunkState.DONE.value)
    before = earlier.exclude(outcome="").order_by("-pk").first()
    if before is None:
        return None
    bench.source.seek(chunk.offset)
    skus = skus_of(bench.source.read(chunk.length), bench.layout)
    now = present_outcome(seller_id=bench.batch.seller_id, skus=skus, shape=bench.job.shape)
    return before if now == before.outcome else None


def skus_of(raw: bytes, layout: Layout) -> list[str]:
    """The SKUs of sound records, as the check would read them."""
    place = layout.places["sku"]
    if b'"' in raw or not raw.isascii():
        rows = failed.table.read_rows(raw=raw, first_record=1, width=layout.width)
        return [row[place].strip(" \u00a0\u3000\ufeff\u200b") for row in rows.cells]
    lines = raw.decode("ascii").split("\n")
    return [line.split("\t", place + 1)[place].strip(" \r") for line in lines if line.strip()]


def _same_again(chunk: Chunk, before: Chunk, digest: str) -> None:
    values = {
        "processed": before.processed,
        "same": before.processed,
        "lacking": before.lacking,
        "digest": digest,
        "outcome": before.outcome,
    }
    _close(chunk, values)


# --- our own faults ---------------------------------------------------------------------------------------------------


def _put_aside(batch: Batch, chunk: Chunk) -> None:
    """Gives a chunk up after several tries; the rest of the batch goes on."""
    last = chunk.first_record + max(chunk.records, 1) - 1
    with transaction.atomic():
        mine = Chunk.objects.filter(pk=chunk.pk, attempts=chunk.attempts, state=ChunkState.RUNNING.value)
        if mine.update(state=ChunkState.FAILED.value, processed=chunk.records, failed=chunk.records, lease_until=None):
            facts = {"first": chunk.first_record, "last": last}
            issues.write(batch, [Issue(chunk.first_record, "", "rows-internal", args=facts)], chunk=chunk)

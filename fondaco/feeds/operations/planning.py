"""Reading a file once: what it is, in which letters, what its columns are, and how to cut it into chunks."""

from __future__ import annotations

import logging
import tempfile
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, BinaryIO, cast
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q

from fondaco.engine import clock, files, holders
from fondaco.feeds import encoding, json_feed, nudges, sniff, table
from fondaco.feeds.columns import ATTRIBUTE, COLUMNS, OWN_ATTRIBUTE_COLUMNS
from fondaco.feeds.context import attribute_names
from fondaco.feeds.errors import ErrorType, Issue, fault, quoted
from fondaco.feeds.models import Batch, Chunk
from fondaco.feeds.operations import finishing, issues
from fondaco.feeds.plan import Plan, header_lines
from fondaco.feeds.plan import plan as plan_table
from fondaco.feeds.rules import ROWS_PER_CHUNK, RUNNERS_PER_SELLER, BatchState, Kind
from fondaco.feeds.table import Layout

log = logging.getLogger("fondaco.feeds")

CLAIM_HOLDS = timedelta(minutes=10)
MOST_ATTEMPTS = 6
HEAD_BYTES = 64 * 1024


@dataclass(slots=True, kw_only=True)
class Prepared:
    """A file that is ready to be worked off: `table` is the sha-256 of UTF-8 lines in the document store."""

    table: str = ""
    encoding: str = ""
    layout: Layout | None = None
    plan: Plan | None = None
    feed_header: dict[str, Any] = field(default_factory=dict)
    issues: list[Issue] = field(default_factory=list)

    @property
    def is_fatal(self) -> bool:
        return any(fault(i.fault).type is ErrorType.FATAL for i in self.issues)


def plan_batch(batch_id: UUID) -> None:
    """Plan a batch that was just submitted. Planning again after a kill begins anew; a planned batch is left alone."""
    token = _claim(batch_id)
    if token is None:
        return
    batch = Batch.objects.select_related("seller").get(pk=batch_id)
    if token > MOST_ATTEMPTS:
        _write(batch, token, Prepared(issues=[Issue(0, "", "file-internal")]))
        return
    _write(batch, token, prepare(batch))


def _claim(batch_id: UUID) -> int | None:
    """Counts the attempt; None when the batch is planned already or another worker is at it."""
    at = clock.now()
    free = Q(claimed_until__isnull=True) | Q(claimed_until__lte=at)
    rows = Batch.objects.filter(free, pk=batch_id, state=BatchState.REQUEST_SUBMITTED.value)
    if not rows.update(attempts=F("attempts") + 1, claimed_until=at + CLAIM_HOLDS, holder=holders.me()):
        return None
    return Batch.objects.values_list("attempts", flat=True).get(pk=batch_id)


def prepare(batch: Batch) -> Prepared:
    """Everything that is known about a file before its rows. Faults of the file are issues, not exceptions."""
    if not batch.seller.is_active:
        return Prepared(issues=[Issue(0, "", "seller-not-active", args={"status": batch.seller.status})])
    with files.open_file("documents", batch.file) as opened:
        source = cast(BinaryIO, opened)
        head = source.read(HEAD_BYTES)
        if not head.strip(b"\0 \r\n\t\xef\xbb\xbf\xff\xfe"):
            return Prepared(issues=[Issue(0, "", "file-empty")])
        if batch.kind == Kind.JSON_LISTINGS:
            return _json(batch, source)
        if what := sniff.looks_like(head=head):
            return Prepared(issues=[Issue(0, "", "file-not-text", args={"looks_like": what})])
        return _table(batch, source, head)


# --- tables -----------------------------------------------------------------------------------------------------------


def _table(batch: Batch, source: BinaryIO, head: bytes) -> Prepared:
    found = _encoding(batch, source, head)
    if not found.is_sure:
        known = found.name in encoding.NAMES
        key = "file-encoding-unknown" if known else "file-encoding-unsupported"
        return Prepared(issues=[Issue(0, "", key, args={"guess": found.title, "encoding": found.title})])
    if found.name == encoding.UTF8 and not _old_mac(head):
        return _planned(source, found, table_name=batch.file, start=found.bom_bytes)
    with tempfile.TemporaryFile() as spool:
        try:
            for block in encoding.text_blocks(file=source, encoding=found.name, bom_bytes=found.bom_bytes):
                unified = block.replace("\r\n", "\n").replace("\r", "\n") if "\r" in block else block
                spool.write(unified.encode("utf-8", "surrogateescape"))
        except encoding.Undecodable as broken:
            facts = {"encoding": found.title, "offset": broken.offset}
            return Prepared(issues=[Issue(0, "", "file-encoding-broken", args=facts)])
        spool.seek(0)
        sha256, _ = files.put_file("documents", spool)
        return _planned(cast(BinaryIO, spool), found, table_name=sha256, start=0)


def _encoding(batch: Batch, source: BinaryIO, head: bytes) -> encoding.Detected:
    """What was declared with the upload or in line 1, unless a byte order mark says otherwise; else what it looks like."""
    detected = encoding.detect(file=source)
    declared = batch.declared_encoding or _declared_in_line_one(head)
    if not declared or detected.bom_bytes or (detected.name == declared and detected.is_sure):
        return detected
    return encoding.Detected(name=declared, confidence=1.0)


def _declared_in_line_one(head: bytes) -> str:
    first = head.split(b"\n", 1)[0].decode("latin-1")
    settings, _ = table.read_settings(cells=first.split("\t"))
    return encoding.canonical(settings.encoding) or ""


def _old_mac(head: bytes) -> bool:
    return b"\r" in head and b"\n" not in head


def _planned(source: BinaryIO, found: encoding.Detected, *, table_name: str, start: int) -> Prepared:
    lines, offset = header_lines(file=source, start=start)
    layout = table.read_layout(lines=lines, attributes=attribute_names())
    prepared = Prepared(table=table_name, encoding=found.name, layout=layout, issues=list(layout.issues))
    if prepared.is_fatal:
        return prepared
    prepared.plan = plan_table(file=source, start=offset, layout=layout)
    prepared.issues += prepared.plan.issues
    if not prepared.plan.records:
        prepared.issues.append(Issue(0, "", "file-no-records"))
    return prepared


# --- JSON -------------------------------------------------------------------------------------------------------------


def _json(batch: Batch, source: BinaryIO) -> Prepared:
    """The messages as a table; from there on a JSON feed is an inventory file."""
    own = attribute_names() - set(OWN_ATTRIBUTE_COLUMNS.values())
    keys = tuple(c.key for c in COLUMNS) + tuple(ATTRIBUTE + name for name in sorted(own))
    reading = json_feed.Reading()
    with tempfile.TemporaryFile() as spool:
        spool.write(("JSON\n" + "\t".join(k.removeprefix(ATTRIBUTE) for k in keys) + "\n").encode())
        try:
            for cells in json_feed.rows(file=source, reading=reading, attributes=own):
                spool.write(json_feed.table_line(cells=cells, keys=keys).encode())
        except json_feed.Unreadable as broken:
            facts = {"reason": broken.reason, "offset": broken.offset}
            return Prepared(issues=[Issue(0, "", "json-unreadable", args=facts)])
        wrong = (
            [reading.fatal]
            if reading.fatal
            else json_feed.header_issues(reading=reading, seller_id=batch.seller.number)
        )
        if wrong:
            return Prepared(issues=wrong)
        spool.seek(0)
        sha256, _ = files.put_file("documents", spool)
        sure = encoding.Detected(name=encoding.UTF8, confidence=1.0)
        prepared = _planned(cast(BinaryIO, spool), sure, table_name=sha256, start=0)
    prepared.issues = [i for i in prepared.issues if i.fault != "file-no-records"] + reading.issues
    prepared.feed_header = {
        "issueLocale": quoted(reading.header.issue_locale),
        "includedData": [quoted(name) for name in reading.header.included_data[:20]],
    }
    return prepared


# --- writing it down --------------------------------------------------------------------------------------------------


def _write(batch: Batch, token: int, prepared: Prepared) -> None:
    """Chunks, issues and the new state in one transaction, if the claim still holds."""
    at = clock.now()
    with transaction.atomic():
        held = Batch.objects.select_for_update(no_key=True).filter(
            pk=batch.pk, attempts=token, state=BatchState.REQUEST_SUBMITTED.value
        )
        batch = held.select_related("seller").first()  # type: ignore[assignment]
        if batch is None:
            return
        issues.write(batch, prepared.issues)
        batch.encoding, batch.claimed_until, batch.planned_at = prepared.encoding, None, at
        if prepared.is_fatal or prepared.plan is None or prepared.layout is None:
            finishing.close(batch, state=BatchState.FATAL, at=at)
            return
        chunks = _chunks(batch, prepared.plan)
        Chunk.objects.bulk_create(chunks, batch_size=500)
        batch.table, batch.layout, batch.feed_header = prepared.table, prepared.layout.as_json(), prepared.feed_header
        batch.refetch = batch.refetch or prepared.layout.settings.refetch
        batch.records, batch.chunks_planned = prepared.plan.records, len(chunks)
        batch.state = BatchState.IN_PROGRESS.value
        batch.save()
        if chunks:
            for _ in range(min(RUNNERS_PER_SELLER, len(chunks))):
                nudges.run(batch.pk)
        else:
            nudges.finish(batch.pk)


def _chunks(batch: Batch, plan: Plan) -> list[Chunk]:
    made: list[Chunk] = []
    for at in range(0, len(plan.parents), ROWS_PER_CHUNK):
        some = plan.parents[at : at + ROWS_PER_CHUNK]
        spans = [[s.offset, s.length, s.first_record] for s in some]
        again = [pair for s in some for pair in plan.again_in(s)]
        made.append(Chunk(batch=batch, seller_id=batch.seller_id, number=len(made), phase=0, spans=spans, again=again))
    for span in plan.chunks:
        made.append(
            Chunk(
                batch=batch,
                seller_id=batch.seller_id,
                number=len(made),
                offset=span.offset,
                length=span.length,
                first_record=span.first_record,
                records=span.records,
                again=plan.again_in(span),
            )
        )
    return made

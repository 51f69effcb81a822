"""The failed records of a batch as a file again: to be mended and sent, or to be retried as they are."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO, BinaryIO, cast

from fondaco.engine import files
from fondaco.feeds import plan, table
from fondaco.feeds.columns import ATTRIBUTE
from fondaco.feeds.json_feed import table_line
from fondaco.feeds.models import Batch, Chunk, RowIssue
from fondaco.feeds.rules import ChunkState
from fondaco.feeds.table import Layout
from fondaco.feeds.template import BOM


def pieces(batch: Batch) -> Iterator[tuple[bytes, int]]:
    """The file in pieces, each with how many records it holds; the first is the header and holds none.

    A record failed when an error was reported for it; warnings do not count.
    """
    layout = Layout.from_json(batch.layout)
    keys = _keys(layout)
    with files.open_file("documents", batch.table) as source:
        lines, _ = plan.header_lines(file=cast(BinaryIO, source), start=0)
        yield (
            (BOM + lines[0].lstrip(BOM) + "\n" + "\t".join(k.removeprefix(ATTRIBUTE) for k in keys) + "\n").encode(),
            0,
        )
        for chunk in Chunk.objects.filter(batch=batch).order_by("number").iterator():
            wanted = _failed_in(batch, chunk)
            if wanted is None or wanted:
                text, count = _records(source, chunk, layout, keys, wanted)
                if count:
                    yield text.encode("utf-8", "surrogateescape"), count


def _keys(layout: Layout) -> tuple[str, ...]:
    by_place = sorted(layout.places.items(), key=lambda item: item[1])
    return tuple(key for key, _ in by_place)


def _failed_in(batch: Batch, chunk: Chunk) -> set[int] | None:
    """Numbers of the failed records of a chunk; None stands for all of them."""
    if chunk.state == ChunkState.FAILED:
        return None
    issues = RowIssue.objects.filter(batch=batch, type="error", record__gt=0)
    if "message-id" not in batch.layout["places"] and chunk.phase == 1:
        issues = issues.filter(record__gte=chunk.first_record, record__lt=chunk.first_record + chunk.records)
    return set(issues.values_list("record", flat=True))


def _records(
    source: IO[bytes], chunk: Chunk, layout: Layout, keys: tuple[str, ...], wanted: set[int] | None
) -> tuple[str, int]:
    out: list[str] = []
    skip = parents_of(chunk.batch) if chunk.phase == 1 else frozenset()
    for rows in read_chunk(source, chunk, layout):
        for number, row in zip(rows.numbers, rows.cells, strict=True):
            if number in skip:
                continue
            cells = {key: row[place] for key, place in layout.places.items()}
            named = int(cells["message-id"]) if cells.get("message-id", "").isdecimal() else number
            if wanted is None or named in wanted:
                out.append(table_line(cells=cells, keys=keys, keep_bytes=True))
    return "".join(out), len(out)


def parents_of(batch: Batch) -> frozenset[int]:
    """Records that are worked off in phase 0."""
    spans = Chunk.objects.filter(batch=batch, phase=0).values_list("spans", flat=True)
    return frozenset(record for some in spans for _offset, _length, record in some)


def read_chunk(source: IO[bytes], chunk: Chunk, layout: Layout) -> Iterator[table.Rows]:
    """The records of a chunk, read from the batch's table: one block, or one a span for parents."""
    spans = chunk.spans or [[chunk.offset, chunk.length, chunk.first_record]]
    for offset, length, first in spans:
        source.seek(offset)
        yield table.read_rows(raw=source.read(length), first_record=first, width=layout.width)

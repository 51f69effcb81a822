"""Cuts a file into chunks that a worker can read again from disk by offset and length.

Works on UTF-8 bytes in constant memory: a tab, a line feed and a quotation mark are one byte each there and never part
of another letter. Finds in the same pass what no chunk can see alone: SKUs that stand twice, parents of variations
(which must exist before their children), and records too long to be true.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO

import numpy as np

from fondaco.feeds.errors import Issue
from fondaco.feeds.rules import ROWS_PER_CHUNK
from fondaco.feeds.table import MAX_QUOTED_LINES, MAX_RECORD_CHARS, Layout, lines_of_record, split_record

BLOCK_BYTES = 2 << 20
MAX_RECORD_BYTES = 4 * MAX_RECORD_CHARS


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Bytes of the file: `offset`, `length`, the number of the first record in it, and how many records (blank ones
    count, so that record 1 is always line 3)."""

    offset: int
    length: int
    first_record: int
    records: int


@dataclass(slots=True, kw_only=True)
class Plan:
    """How the file is worked off. `again` are (record, first record with the same SKU), ascending; `parents` are the
    records to be worked off before all others."""

    chunks: list[Span] = field(default_factory=list)
    parents: list[Span] = field(default_factory=list)
    records: int = 0
    issues: list[Issue] = field(default_factory=list)
    again: tuple[np.ndarray, np.ndarray] = field(default_factory=lambda: (np.empty(0, int), np.empty(0, int)))

    def again_in(self, span: Span) -> list[tuple[int, int]]:
        """The records of `span` whose SKU stands earlier in the file, with the record where it stands."""
        records, firsts = self.again
        low, high = np.searchsorted(records, (span.first_record, span.first_record + span.records))
        return list(zip(records[low:high].tolist(), firsts[low:high].tolist(), strict=True))


def header_lines(*, file: BinaryIO, start: int = 0) -> tuple[list[str], int]:
    """The first two lines as text, and the offset at which the records begin. Lines are cut at `MAX_RECORD_BYTES`."""
    file.seek(start)
    head = file.read(2 * MAX_RECORD_BYTES)
    lines: list[str] = []
    at = 0
    for _ in range(2):
        end = head.find(b"\n", at)
        lines.append(head[at : end if end >= 0 else len(head)].decode("utf-8", "surrogateescape").removesuffix("\r"))
        at = end + 1 if end >= 0 else len(head)
    return lines, start + at


def plan(*, file: BinaryIO, start: int, layout: Layout, rows_per_chunk: int = ROWS_PER_CHUNK) -> Plan:
    """Reads `file` (UTF-8, line feeds) from offset `start` to its end and plans its chunks."""
    return _Planner(layout, rows_per_chunk).run(file, start)


class _Planner:
    def __init__(self, layout: Layout, rows_per_chunk: int) -> None:
        self.plan = Plan()
        self.per_chunk = rows_per_chunk
        self.sku_at = layout.places["sku"]
        self.parentage_at = layout.places.get("parentage", -1)
        self.hashes = array("q")
        self.open: list[int] = [0, 0, 0]  # offset, length, records of the chunk being filled

    def run(self, file: BinaryIO, start: int) -> Plan:
        offset = start
        self.open = [start, 0, 0]
        for data in self._blocks(file, start):
            if data is None:  # a record too long to be kept
                self._close()
                self.plan.records += 1
                self.hashes.append(0)
                facts = {"limit": MAX_RECORD_CHARS}
                self.plan.issues.append(Issue(self.plan.records, "", "row-too-long", args=facts))
                offset = self._resume_at
                self.open = [offset, 0, 0]
                continue
            self._block(data, offset)
            offset += len(data)
        self._close()
        self.plan.again = _again(self.hashes)
        return self.plan

    def _blocks(self, file: BinaryIO, start: int) -> Iterator[bytes | None]:
        """Whole records, some mebibytes at a time; None stands for one that is too long (`_resume_at` follows it)."""
        file.seek(start)
        rest, position = b"", start
        while True:
            block = file.read(BLOCK_BYTES)
            data = rest + block
            if not block:
                if data:
                    yield data
                return
            cut = self._cut(data)
            if cut:
                yield data[:cut]
                rest, position = data[cut:], position + cut
            elif b"\n" not in data and len(data) > MAX_RECORD_BYTES:
                position += len(data)
                rest, position = _skip_line(file, position)
                self._resume_at = position
                yield None
            else:
                rest = data

    def _cut(self, data: bytes) -> int:
        """Where the last whole record of `data` ends (0: none). Leaves room for a quoted field to go on."""
        cut = data.rfind(b"\n") + 1
        if b'"' not in data:
            return cut
        back = cut
        for _ in range(MAX_QUOTED_LINES):
            back = data.rfind(b"\n", 0, max(0, back - 1)) + 1
            if back <= 0:
                break
        return back if back > 0 else (cut if len(data) > 2 * MAX_RECORD_BYTES + BLOCK_BYTES else 0)

    def _block(self, data: bytes, offset: int) -> None:
        lines = data.split(b"\n")
        if not lines[-1]:
            lines.pop()
        if b'"' in data:
            lines = _joined(data)
        self._remember(lines, offset, quoted=b'"' in data)
        if max(map(len, lines), default=0) > MAX_RECORD_BYTES:
            self._fill_around_long(lines, offset)
        else:
            self._fill(lines)

    def _remember(self, lines: list[bytes], offset: int, *, quoted: bool) -> None:
        at = self.sku_at
        try:
            skus = [line.split(b"\t", at + 1)[at] for line in lines]
        except IndexError:
            skus = [_cell(line, at) for line in lines]
        if quoted:
            skus = [_cell(line, at) if b'"' in line else sku for line, sku in zip(lines, skus, strict=True)]
        self.hashes.extend(map(hash, map(bytes.strip, skus)))
        if self.parentage_at >= 0:
            self._remember_parents(lines, offset)

    def _remember_parents(self, lines: list[bytes], offset: int) -> None:
        record = self.plan.records + self.open[2]
        for line in lines:
            record += 1
            if _cell(line, self.parentage_at).strip().lower() == b"parent" and len(line) <= MAX_RECORD_BYTES:
                self.plan.parents.append(Span(offset=offset, length=len(line), first_record=record, records=1))
            offset += len(line) + 1

    def _fill(self, lines: Sequence[bytes]) -> None:
        at = 0
        while at < len(lines):
            taken = lines[at : at + self.per_chunk - self.open[2]]
            self.open[1] += sum(map(len, taken)) + len(taken)
            self.open[2] += len(taken)
            at += len(taken)
            if self.open[2] >= self.per_chunk:
                self._close()

    def _fill_around_long(self, lines: Sequence[bytes], offset: int) -> None:
        for line in lines:
            if len(line) <= MAX_RECORD_BYTES:
                self._fill([line])
            else:
                self._close()
                self.plan.records += 1
                facts = {"limit": MAX_RECORD_CHARS}
                self.plan.issues.append(Issue(self.plan.records, "", "row-too-long", args=facts))
                self.open = [offset + len(line) + 1, 0, 0]
            offset += len(line) + 1

    def _close(self) -> None:
        offset, length, records = self.open
        if records:
            span = Span(offset=offset, length=length, first_record=self.plan.records + 1, records=records)
            self.plan.chunks.append(span)
            self.plan.records += records
        self.open = [offset + length, 0, 0]


def _skip_line(file: BinaryIO, position: int) -> tuple[bytes, int]:
    """Reads on to the end of the line; what was read beyond it, and the offset where that begins."""
    while block := file.read(BLOCK_BYTES):
        end = block.find(b"\n")
        if end >= 0:
            return block[end + 1 :], position + end + 1
        position += len(block)
    return b"", position


def _joined(data: bytes) -> list[bytes]:
    """The lines of `data`, those of one record joined. Latin-1 gives every byte one letter, so lengths stay true."""
    text = data.decode("latin-1").split("\n")
    if not text[-1]:
        text.pop()
    made: list[bytes] = []
    at = 0
    while at < len(text):
        taken = lines_of_record(text, at) if '"' in text[at] else 1
        made.append("\n".join(text[at : at + taken]).encode("latin-1"))
        at += taken
    return made


def _cell(line: bytes, at: int) -> bytes:
    if b'"' in line:
        cells = split_record(line.decode("latin-1").removesuffix("\r"))[0]
        return cells[at].encode("latin-1") if at < len(cells) else b""
    parts = line.split(b"\t", at + 1)
    return parts[at] if at < len(parts) else b""


def _again(hashes: array[int]) -> tuple[np.ndarray, np.ndarray]:
    """Records (ascending) whose SKU stands earlier, and where. By 64-bit hash: of a million SKUs two that differ
    share one with a probability of 3 in 100 million."""
    values = np.frombuffer(hashes, dtype=np.int64) if len(hashes) else np.empty(0, np.int64)
    order = np.argsort(values, kind="stable")
    ranked = values[order]
    same = np.zeros(len(ranked), bool)
    same[1:] = (ranked[1:] == ranked[:-1]) & (ranked[1:] != 0)
    if not same.any():
        return np.empty(0, np.int64), np.empty(0, np.int64)
    first = np.maximum.accumulate(np.where(same, 0, np.arange(len(ranked))))
    records, firsts = order[same] + 1, order[first[same]] + 1
    by_record = np.argsort(records)
    return records[by_record], firsts[by_record]

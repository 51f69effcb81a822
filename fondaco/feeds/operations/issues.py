"""Writing issues of a batch."""

from __future__ import annotations

from collections.abc import Iterable

from fondaco.feeds.errors import CATALOGUE, Issue
from fondaco.feeds.models import Batch, Chunk, RowIssue

_AT_ONCE = 500


def write(batch: Batch, issues: Iterable[Issue], *, chunk: Chunk | None = None) -> int:
    """Writes issues of the catalogue of feeds; returns how many."""
    rows = [row_of(batch, issue, chunk) for issue in issues]
    RowIssue.objects.bulk_create(rows, batch_size=_AT_ONCE)
    return len(rows)


def row_of(batch: Batch, issue: Issue, chunk: Chunk | None = None) -> RowIssue:
    entry = CATALOGUE[issue.fault]
    return RowIssue(
        batch=batch,
        chunk=chunk,
        record=issue.record,
        sku=storable(issue.sku)[:80],
        fault=issue.fault,
        code=entry.code,
        type=entry.type.value,
        attribute=storable(issue.column)[:80],
        args={name: storable(value) if isinstance(value, str) else value for name, value in issue.args.items()},
        sent=storable(issue.sent)[:200],
    )


def storable(value: str) -> str:
    """Text that both databases keep: what is half a letter or NUL becomes the sign for that."""
    if value.isascii() and "\0" not in value:
        return value
    return "".join("\ufffd" if c == "\0" or "\ud800" <= c <= "\udfff" else c for c in value)

"""Processing reports: the tab-delimited one of the seller portal (B-IMG-12) and the JSON one of version 2."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from fondaco.kit.csv_safety import tab_line

HEADINGS = ("original-record-number", "sku", "error-code", "error-type", "error-message")
TITLE = "Feed Processing Summary:"
PROCESSED = "Number of records processed"
SUCCESSFUL = "Number of records successful"


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """`processed` records of which `successful` had no error; `errors` and `warnings` count issues."""

    processed: int
    successful: int
    errors: int = 0
    warnings: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One issue as it is reported: words are translated already. `record` 0 is the whole file."""

    record: int
    sku: str
    code: str
    type: str
    message: str
    attribute: str = ""


def tab_delimited(*, counts: Counts, lines: Iterable[Line]) -> Iterator[str]:
    """The report, a line at a time, each ending in CRLF (spreadsheets on Windows open it with a double click)."""
    yield f"{TITLE}\r\n"
    yield f"\t{PROCESSED}\t\t{counts.processed}\r\n"
    yield f"\t{SUCCESSFUL}\t\t{counts.successful}\r\n"
    yield "\r\n"
    yield "\t".join(HEADINGS) + "\r\n"
    for line in lines:
        yield tab_line((line.record, line.sku, line.code, line.type, line.message)) + "\r\n"


_SEVERITY = {"fatal": "ERROR", "error": "ERROR", "warning": "WARNING"}


def json_report(
    *,
    seller_id: str,
    feed_id: str,
    counts: Counts,
    lines: Iterable[Line],
    items: Iterable[dict[str, Any]] | None = None,
) -> Iterator[str]:
    """The processing report of a JSON feed (schema version 2), piece by piece. `items` only when the feed's header
    asked for included data."""
    header = {"sellerId": seller_id, "version": "2.0", "feedId": feed_id}
    yield '{"header":' + _json(header) + ',"issues":['
    comma = ""
    for line in lines:
        yield comma + _json(issue_of(line))
        comma = ","
    summary: dict[str, Any] = {
        "errors": counts.errors,
        "warnings": counts.warnings,
        "messagesProcessed": counts.processed,
        "messagesAccepted": counts.successful,
        "messagesInvalid": counts.processed - counts.successful,
    }
    yield '],"summary":' + _json(summary)
    if items is not None:
        yield ',"items":['
        comma = ""
        for item in items:
            yield comma + _json(item)
            comma = ","
        yield "]"
    yield "}"


def issue_of(line: Line) -> dict[str, Any]:
    """One issue as the published schema writes it."""
    issue: dict[str, Any] = {"code": line.code, "severity": _SEVERITY[line.type], "message": line.message or line.code}
    if line.record:
        issue["messageId"] = line.record
    if line.sku:
        issue["sku"] = line.sku
    if line.attribute:
        issue["attributeName"] = line.attribute
    return issue


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))

"""The columns of the dataset, and a report as one row of them.

A row has what `fondaco inspect --json` prints, flat: the measures are columns under their own names, and so a new
measure of the pipeline becomes a new column by itself.
"""

from __future__ import annotations

import hashlib
import json
import types
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Union, get_args, get_origin, get_type_hints

import pyarrow as pa

from fondaco.images.pipeline.findings import CATALOGUE
from fondaco.images.pipeline.inspect import Report
from fondaco.images.pipeline.measure import Measures
from fondaco.kit.findings import Finding, Severity

FINDING = pa.struct(
    [
        ("code", pa.string()),
        ("severity", pa.string()),
        ("clause", pa.string()),
        ("measured", pa.string()),  # JSON: a number, a word or a list, by the kind of finding
        ("limit", pa.string()),
        ("region", pa.list_(pa.int32())),  # x, y, w, h in pixels of the upright picture
    ]
)
_ABOUT = [
    ("path", pa.string()),
    ("sha256", pa.string()),
    ("format", pa.string()),
    ("width", pa.int32()),
    ("height", pa.int32()),
    ("frames", pa.int32()),
    ("bytes", pa.int64()),
    ("colour", pa.string()),
    ("profile", pa.string()),
    ("verdict", pa.string()),
    ("codes", pa.list_(pa.string())),  # of every finding
    ("stops", pa.list_(pa.string())),  # of those alone that bar the picture
    ("findings", pa.list_(FINDING)),
    ("error", pa.string()),  # why nothing could be judged: such a row is tried again by the next run
    ("stamp", pa.string()),  # size and time of change (or ETag) as listed: tells a changed file
]


@dataclass(frozen=True, slots=True)
class Failed:
    """A picture about which nothing can be said; `why` is for people."""

    why: str


def _column(hint: Any) -> pa.DataType:
    """The column of a measure's annotation: optional ones alike, tuples as lists of their elements."""
    if get_origin(hint) in (Union, types.UnionType):
        return _column(next(part for part in get_args(hint) if part is not type(None)))
    if get_origin(hint) is tuple:
        return pa.list_(_column(get_args(hint)[0]))
    return {bool: pa.bool_(), int: pa.int64(), float: pa.float64(), str: pa.string()}[hint]


def _measures() -> list[tuple[str, pa.DataType]]:
    groups = get_type_hints(Measures)
    return [
        (f"{name}_{key}", _column(hint))
        for name, group in groups.items()
        if isinstance(group, type)  # what the optional models saw is no column
        for key, hint in get_type_hints(group).items()
    ]


MEASURES = _measures()
SCHEMA = pa.schema([*_ABOUT, *MEASURES])
ROW = pa.struct(list(SCHEMA))


def fingerprint() -> str:
    """Changes with the columns: rows of different columns do not stand in one dataset."""
    columns = [f"{field.name} {field.type}" for field in SCHEMA]
    return hashlib.sha256("\n".join(columns).encode()).hexdigest()[:12]


def row_of(report: Report | Failed, *, path: str, stamp: str, profile: str) -> dict[str, Any]:
    """One row; `path` and `stamp` are those of the listing."""
    if isinstance(report, Failed):
        nothing: dict[str, Any] = {"codes": [], "stops": [], "findings": [], "error": report.why}
        return {"path": path, "profile": profile, "verdict": "unreadable", "stamp": stamp, **nothing}
    return {
        "path": path,
        "sha256": report.sha256 or None,
        "format": report.format or None,
        "width": report.width,
        "height": report.height,
        "frames": report.frames,
        "bytes": report.bytes,
        "colour": report.colour,
        "profile": report.profile,
        "verdict": report.verdict,
        "codes": list(report.codes()),
        "stops": [finding.code for finding in report.findings if _stops(finding)],
        "findings": [_finding(finding) for finding in report.findings],
        "error": None,
        "stamp": stamp,
        **report.measures,
    }


def _stops(finding: Finding) -> bool:
    return finding.severity in (Severity.ERROR, Severity.FATAL) and not CATALOGUE[finding.code].flag


def _finding(finding: Finding) -> Mapping[str, Any]:
    return {
        "code": finding.code,
        "severity": str(finding.severity),
        "clause": finding.clause,
        "measured": json.dumps(finding.measured, ensure_ascii=False),
        "limit": json.dumps(finding.limit, ensure_ascii=False),
        "region": list(finding.region) if finding.region else None,
    }


def table_of(rows: Sequence[Mapping[str, Any]]) -> pa.Table:
    """Rows of `row_of` under SCHEMA."""
    return pa.Table.from_pylist(list(rows), schema=SCHEMA)

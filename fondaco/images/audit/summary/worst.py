"""The worst offenders: rejected pictures with the most reasons, of many kinds: two for the same reasons, one of those
that look alike."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from fondaco.images.audit.dataset import Dataset
from fondaco.images.pipeline.findings import CATALOGUE

from .alike import Groups

MOST = 24
ALIKE = 2
CANDIDATES = 2_000


@dataclass(frozen=True, slots=True)
class Offender:
    """`width` and `height` of the upright picture. `regions`: (title, x, y, w, h) in its pixels, drawn on it."""

    path: str
    stamp: str
    width: int
    height: int
    verdict: str
    reasons: tuple[str, ...]
    regions: tuple[tuple[str, int, int, int, int], ...]


def choose(dataset: Dataset, groups: Groups) -> list[Offender]:
    """At most MOST, the worst first."""
    weights = dataset.read(["path", "codes", "stops"], where=pc.field("verdict") == "rejected")
    if not weights.num_rows:
        return []
    weight = 100 * _lengths(weights["stops"]) + _lengths(weights["codes"])
    order = np.lexsort((np.arange(len(weight)), -weight))[:CANDIDATES]
    candidates = weights.take(order)
    some = list(_varied(candidates.to_pylist(), groups.of(candidates["path"])))[:MOST]
    rows = dataset.read(_COLUMNS, where=pc.field("path").isin(pa.array(some))).to_pylist()
    found = {row["path"]: _offender(row) for row in rows}
    return [found[path] for path in some]


_COLUMNS = ["path", "stamp", "width", "height", "verdict", "findings"]


def _lengths(lists: pa.ChunkedArray) -> Any:
    return pc.list_value_length(lists).to_numpy().astype(np.int64)


def _varied(rows: Iterable[dict[str, Any]], group: Mapping[str, int]) -> Iterator[str]:
    """Paths: first those unlike what was shown before, in looks and in findings; then the others."""
    looks: set[int] = set()
    kinds: Counter[tuple[str, ...]] = Counter()
    later = []
    for row in rows:
        kind, look = tuple(sorted(row["codes"])), group.get(row["path"], 0)
        if look in looks or kinds[kind] == ALIKE:
            later.append(row["path"])
            continue
        kinds[kind] += 1
        looks.update({look} - {0})
        yield row["path"]
    yield from later


def _offender(row: dict[str, Any]) -> Offender:
    known = [finding for finding in row["findings"] if finding["code"] in CATALOGUE]
    grave = sorted(known, key=lambda finding: finding["severity"] not in ("fatal", "error"))
    width, height = row["width"] or 0, row["height"] or 0
    regions = ((CATALOGUE[f["code"]].title, *f["region"]) for f in grave if f["region"])
    return Offender(
        path=row["path"],
        stamp=row["stamp"],
        width=width,
        height=height,
        verdict=row["verdict"],
        reasons=tuple(dict.fromkeys(CATALOGUE[finding["code"]].title for finding in grave)),
        regions=tuple(region for region in regions if tuple(region[1:]) != (0, 0, width, height)),
    )

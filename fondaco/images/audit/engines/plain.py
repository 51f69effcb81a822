"""A loop. One core; what the others are measured against."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pyarrow as pa

from fondaco.images.audit.look import Look
from fondaco.images.audit.rows import table_of

from . import CHUNK


@dataclass(frozen=True, slots=True)
class PlainEngine:
    batch: int = 500
    leaves_hard: bool = False

    def run(self, look: Look, items: pa.Table) -> Iterator[pa.Table]:
        for start in range(0, items.num_rows, CHUNK):
            part = items.slice(start, CHUNK).to_pydict()
            yield table_of(look.rows(part["path"], part["location"], part["stamp"]))

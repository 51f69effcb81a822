"""One Daft plan, on this machine or on a Ray cluster.

The plan carries names, not pictures: reading and decoding happen in our function. (Daft's own download costs 0.7 ms a
file against 0.03 for an open, its own decoder three times ours.)
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

os.environ.setdefault("DAFT_ANALYTICS_ENABLED", "0")  # both call home unless told otherwise, read on import
os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
os.environ.setdefault("DAFT_PROGRESS_BAR", "0")

import daft
import pyarrow as pa

from fondaco.images.audit.errors import AuditRefused
from fondaco.images.audit.look import Look
from fondaco.images.audit.rows import ROW, SCHEMA

from . import CHUNK

MOST_THREADS = 4
"""Decoders let other threads run, our Python between them does not: beyond this many cores processes are ahead."""


@dataclass(frozen=True, slots=True)
class NativeEngine:
    """All cores of this machine."""

    batch: int = 500
    processes: bool = (os.cpu_count() or 1) > MOST_THREADS

    @property
    def leaves_hard(self) -> bool:
        """Daft's processes crash the interpreter on its way out, in one run of twenty (0.7.26; threads: 0 of 65)."""
        return self.processes

    def run(self, look: Look, items: pa.Table) -> Iterator[pa.Table]:
        _on_this_machine()
        yield from _rows(daft.from_arrow(items), look, use_process=self.processes)


@cache
def _on_this_machine() -> None:
    """Once a process: a runner cannot be set again, not even to the same one."""
    daft.set_runner_native()


class RayEngine:
    """The workers of the cluster at `address`: `local` (this machine), `auto`, HOST:PORT or `ray://HOST:PORT`."""

    def __init__(self, address: str) -> None:
        import ray

        try:
            ray.init(address=address, ignore_reinit_error=True, log_to_driver=False, logging_level="ERROR")
        except (ConnectionError, ValueError, TimeoutError, RuntimeError) as error:
            raise AuditRefused(f"no Ray cluster answers at {address}: {error}") from error
        daft.set_runner_ray(noop_if_initialized=True)
        self.cores = int(ray.cluster_resources().get("CPU", 1))
        self.batch = max(1_000, 250 * self.cores)
        self.leaves_hard = False

    def run(self, look: Look, items: pa.Table) -> Iterator[pa.Table]:
        pieces = min(4 * self.cores, -(-items.num_rows // CHUNK))
        yield from _rows(daft.from_arrow(items).into_partitions(pieces), look, use_process=False)


def _rows(items: daft.DataFrame, look: Look, *, use_process: bool) -> Iterator[pa.Table]:
    plan = items.select(_inspected(look, use_process)(daft.col("path"), daft.col("location"), daft.col("stamp")))
    for batch in plan.to_arrow_iter():
        yield pa.Table.from_batches([batch]).cast(SCHEMA)


def _inspected(look: Look, use_process: bool) -> Any:
    def inspected(paths: daft.Series, locations: daft.Series, stamps: daft.Series) -> pa.Array:
        return pa.array(look.rows(paths.to_pylist(), locations.to_pylist(), stamps.to_pylist()), type=ROW)

    return daft.func.batch(
        return_dtype=daft.DataType.from_arrow_type(ROW), unnest=True, batch_size=CHUNK, use_process=use_process
    )(inspected)

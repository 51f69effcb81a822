"""An audit from beginning to end: list, compare with what is done, inspect the rest in batches."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import batched
from typing import Any, Protocol

import pyarrow as pa
import pyarrow.compute as pc

from fondaco.images.develop import INSPECTOR_VERSION
from fondaco.images.pipeline.profiles import load_profile

from .dataset import Dataset
from .engines import Engine
from .errors import AuditRefused
from .look import Look
from .rows import fingerprint
from .sources.model import Item, Source

LAYOUT = 1
LISTING = pa.schema([("number", pa.int64()), ("path", pa.string()), ("location", pa.binary()), ("stamp", pa.string())])


class Progress(Protocol):
    """Told what happens; draws it or not."""

    def listed(self, count: int) -> None:
        """So many pictures found so far."""

    def begin(self, *, done: int, pending: int) -> None:
        """So many need nothing, so many are to be inspected now."""

    def advance(self, count: int) -> None:
        """So many more are inspected."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """`listed` pictures in the source; of these `inspected` now and `left` for a later run. `dropped`: rows whose
    picture is gone, changed or could not be read before."""

    listed: int
    inspected: int
    left: int
    dropped: int
    seconds: float


def settings_of(source: Source, *, profile: str, mode: str, on: date) -> dict[str, Any]:
    """What must stay the same while rows are added to one dataset."""
    return {
        "layout": LAYOUT,
        "source": source.name,
        "profile": profile,
        "profile_valid_from": load_profile(profile, on=on).valid_from.isoformat(),
        "mode": mode,
        "inspector": INSPECTOR_VERSION,
        "columns": fingerprint(),
    }


def run(
    dataset: Dataset,
    source: Source,
    engine: Engine,
    look: Look,
    *,
    batch: int,
    limit: int | None = None,
    progress: Progress,
) -> Outcome:
    """Brings `dataset` up to what `source` holds now, at most `limit` pictures in this run. Raises AuditRefused."""
    began = time.monotonic()
    listing = _listing(source.items(), progress)
    done = dataset.done()
    if not listing.num_rows and done.num_rows:
        raise AuditRefused(
            f"{source.name} is empty, but {done.num_rows} pictures of it are audited: is it mounted? "
            "Remove the results or choose another --out if it is meant to be empty"
        )
    pending = _pending(listing, done)
    now = pending.slice(0, limit)
    dropped = dataset.drop(_outdated(listing, done, now))
    progress.begin(done=listing.num_rows - pending.num_rows, pending=now.num_rows)
    for start in range(0, now.num_rows, batch):
        _one_batch(dataset, engine, look, now.slice(start, batch), progress)
    return Outcome(listing.num_rows, now.num_rows, pending.num_rows - now.num_rows, dropped, time.monotonic() - began)


def _one_batch(dataset: Dataset, engine: Engine, look: Look, items: pa.Table, progress: Progress) -> None:
    began = time.monotonic()
    pieces = []
    for piece in engine.run(look, items.drop_columns("number")):
        pieces.append(piece)
        progress.advance(piece.num_rows)
    dataset.append(pa.concat_tables(pieces), seconds=time.monotonic() - began)


def _listing(items: Iterable[Item], progress: Progress) -> pa.Table:
    """As columns: a million names take 150 MB so, and a gigabyte as objects."""
    pieces = []
    count = 0
    for some in batched(items, 10_000):  # `strict` came with Python 3.13
        pieces.append(_columns(some, count))
        count += len(some)
        progress.listed(count)
    return pa.Table.from_batches(pieces, schema=LISTING)


def _columns(items: tuple[Item, ...], first: int) -> pa.RecordBatch:
    return pa.record_batch(
        [
            range(first, first + len(items)),
            [item.path for item in items],
            [item.location for item in items],
            [item.stamp for item in items],
        ],
        schema=LISTING,
    )


def _pending(listing: pa.Table, done: pa.Table) -> pa.Table:
    """What is listed and has no sound row with the same stamp, in the order of the listing."""
    sound = done.filter(pc.is_null(done["error"])).select(["path", "stamp"])
    left = listing.join(sound, ["path", "stamp"], join_type="left anti", use_threads=False)
    return left.select(LISTING.names).sort_by("number")


def _outdated(listing: pa.Table, done: pa.Table, now: pa.Table) -> pa.Table:
    """Rows (path, part) of pictures that are inspected again now, and of those that are no longer there."""
    keys = done.select(["path", "part"])
    again = keys.join(now.select(["path"]), "path", join_type="left semi", use_threads=False)
    gone = keys.join(listing.select(["path"]), "path", join_type="left anti", use_threads=False)
    return pa.concat_tables([again.select(["path", "part"]), gone.select(["path", "part"])])

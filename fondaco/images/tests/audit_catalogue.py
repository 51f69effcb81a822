"""Small folders of pictures for the audit's tests, and its parts put together the short way."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pyarrow.parquet as pq
import simplejpeg

from fondaco.images.audit import job, sources
from fondaco.images.audit.dataset import Dataset
from fondaco.images.audit.engines.plain import PlainEngine
from fondaco.images.audit.look import Look

ON = date(2026, 11, 22)


def jpeg(seed: int = 0, *, side: int = 240, ground: int = 255) -> bytes:
    """A patterned box on a plain ground; each seed looks different."""
    dice = np.random.default_rng(seed)
    image = np.full((side, side, 3), ground, np.uint8)
    tiles = dice.integers(0, 200, (5, 5, 3)).astype(np.uint8)
    pattern = cv2.resize(tiles, (side - 24, side - 24), interpolation=cv2.INTER_NEAREST)
    image[12:-12, 12:-12] = pattern
    return simplejpeg.encode_jpeg(image, quality=92)


def fill(folder: Path, count: int, **how: int) -> Path:
    """`count` pictures 000.jpg, 001.jpg, … in folders of ten."""
    for n in range(count):
        where = folder / f"{n // 10:02d}"
        where.mkdir(parents=True, exist_ok=True)
        (where / f"{n:03d}.jpg").write_bytes(jpeg(n, **how))
    return folder


class Silent:
    """Progress that only remembers."""

    inspected = 0

    def listed(self, count: int) -> None: ...

    def begin(self, *, done: int, pending: int) -> None: ...

    def advance(self, count: int) -> None:
        self.inspected += count


def audit(address: Path | str, out: Path, *, batch: int = 10, limit: int | None = None, **how: str) -> job.Outcome:
    """One run with the plain engine."""
    profile, mode = how.get("profile", "listing-main"), how.get("mode", "half")
    source = sources.open_source(str(address), skip=out.resolve())
    look = Look(source.reader, profile, ON, mode)
    with Dataset.opened(out, job.settings_of(source, profile=profile, mode=mode, on=ON)) as dataset:
        return job.run(dataset, source, PlainEngine(), look, batch=batch, limit=limit, progress=Silent())


def rows(out: Path) -> dict[str, dict[str, Any]]:
    """Rows by path; fails when a path stands there twice."""
    found: dict[str, dict[str, Any]] = {}
    for row in _all(out):
        assert row["path"] not in found, row["path"]
        found[row["path"]] = row
    return found


def _all(out: Path) -> Iterator[dict[str, Any]]:
    for part in sorted((out / "pictures").glob("part-*.parquet")):
        yield from pq.read_table(part).to_pylist()

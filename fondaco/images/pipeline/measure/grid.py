"""Regular grids in the pixels: mosaics (nearest-neighbour enlargement) and the blocks of strong compression."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from fondaco.images.pipeline.arrays import Array

from .tiles import SIDE, Tiles

PERIODS = tuple(range(2, 17))


@dataclass(frozen=True, slots=True)
class Grid:
    """`share` of all change between neighbours that sits on one phase of `period` pixels (clean ≤ 0.05, mosaic
    ≥ 0.6). `blocks`: the same for the 8 × 8 grid of JPEG at its own phase."""

    share: float
    period: int
    blocks: float


def grid(tiles: Tiles) -> Grid:
    """The weaker of the two axes counts: stripes change along one axis only."""
    grey = tiles.grey.astype(np.int16)
    across = np.abs(np.diff(grey, axis=2)).sum(axis=1)
    down = np.abs(np.diff(grey, axis=1)).sum(axis=2)
    shares = [min(_on_one_phase(across, q), _on_one_phase(down, q)) for q in PERIODS]
    best = int(np.argmax(shares))
    left, top = np.array(tiles.corners).T
    blocks = min(_on_jpeg_phase(across, left), _on_jpeg_phase(down, top))
    return Grid(max(0.0, shares[best]), PERIODS[best], max(0.0, blocks))


def _on_one_phase(change: Array, period: int) -> float:
    """Median over the windows; `change` is windows × positions. The largest change of each phase is left out: a
    single edge in an empty window has no period."""
    whole = change.shape[1] // period * period
    folded = change[:, :whole].reshape(len(change), -1, period)
    phases = folded.sum(axis=1) - folded.max(axis=1)
    top, total = phases.max(axis=1), phases.sum(axis=1) + 1
    return float(np.median((top / total - 1 / period) / (1 - 1 / period)))


def _on_jpeg_phase(change: Array, start: Array) -> float:
    """How much of the change sits between pixels 7 and 8, 15 and 16, ... of the whole picture."""
    position = np.arange(SIDE - 1)[None] + start[:, None]
    on_seam = position % 8 == 7
    share = (change * on_seam).sum(axis=1) / (change.sum(axis=1) + 1)
    return float(np.median((share - 1 / 8) / (7 / 8)))

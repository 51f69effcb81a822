"""Regular grids in the pixels: mosaics (nearest-neighbour enlargement) and the blocks of strong compression."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from fondaco.images.pipeline.arrays import Array
from fondaco.images.pipeline.native import cv2

from .tiles import SIDE, Tiles

PERIODS = tuple(range(2, 17))
DOUBT = 0.1
CLEAR = 0.06  # of the share across: no grid, whatever the other axis shows
PLACES = 5  # a window with fewer places of change has edges, not a grid


@dataclass(frozen=True, slots=True)
class Grid:
    """`share` of all change between neighbours that sits on one phase of `period` pixels (clean photographs
    ≤ 0.09, mosaics ≥ 0.24). `blocks`: the same for the 8 × 8 grid of JPEG at its own phase."""

    share: float
    period: int
    blocks: float

    @property
    def doubtful(self) -> bool:
        """More than two windows should say so."""
        return self.share > DOUBT or self.blocks > DOUBT


NONE = Grid(0.0, 0, 0.0)


def _folds() -> tuple[Array, Array]:
    """One matrix that folds positions onto all phases of all periods: positions × phases; where each begins."""
    columns = [np.arange(SIDE - 1) % q == phase for q in PERIODS for phase in range(q)]
    starts = np.cumsum([0, *PERIODS[:-1]])
    return np.stack(columns, axis=1).astype(np.float32), starts


_FOLDS, _STARTS = _folds()
_EVEN = 1 / np.array(PERIODS, np.float32)


def grid(tiles: Tiles) -> Grid | None:
    """The weaker of the two axes counts: stripes change along one axis only. None when too little changes.

    Hardly any picture has a grid across; only such a one is looked at downwards too."""
    across = _across(tiles.grey)
    busy = _places(across) >= PLACES
    if busy.sum() < 2:
        return None
    shares, blocks = _judged(across[busy], tiles, busy, 0)
    if shares.max() < CLEAR and blocks < CLEAR:
        return Grid(*_best(shares), blocks)
    down = _down(tiles.grey)
    busy &= _places(down) >= PLACES
    if busy.sum() < 2:
        return None
    shares, blocks = _judged(across[busy], tiles, busy, 0)
    other, other_blocks = _judged(down[busy], tiles, busy, 1)
    return Grid(*_best(np.minimum(shares, other)), min(blocks, other_blocks))


def _judged(change: Array, tiles: Tiles, busy: Array, axis: int) -> tuple[Array, float]:
    """The share on one phase for every period, and on JPEG's own grid: medians over the windows."""
    start = np.array([corner[axis] for corner, counts in zip(tiles.corners, busy, strict=True) if counts])
    return _median(_on_one_phase(change)), max(0.0, _on_jpeg_phase(change, start))


def _best(shares: Array) -> tuple[float, int]:
    best = int(shares.argmax())
    return max(0.0, float(shares[best])), PERIODS[best]


def _median(values: Array) -> Array:
    """Along the first axis; a tenth of the time of NumPy's own for these few."""
    ordered, count = np.sort(values, axis=0), len(values)
    return (ordered[count // 2] + ordered[(count - 1) // 2]) / 2


def _across(grey: Array) -> Array:
    """Windows × 127: change between neighbours, summed downwards."""
    tall = grey.reshape(-1, SIDE)
    change = cv2.absdiff(tall[:, 1:], tall[:, :-1])
    sums = [cv2.reduce(change[i : i + SIDE], 0, cv2.REDUCE_SUM, dtype=cv2.CV_32F) for i in range(0, len(tall), SIDE)]
    return np.concatenate(sums)


def _down(grey: Array) -> Array:
    """Windows × 127: change between neighbours one below the other, summed across."""
    tall = grey.reshape(-1, SIDE)
    rows = cv2.reduce(cv2.absdiff(tall[1:], tall[:-1]), 1, cv2.REDUCE_SUM, dtype=cv2.CV_32F)[:, 0]
    return np.append(rows, 0).reshape(len(grey), SIDE)[:, :-1]  # the last of each is the seam to the next window


def _places(change: Array) -> Array:
    return (change > change.mean(axis=1, keepdims=True)).sum(axis=1)


def _on_one_phase(change: Array) -> Array:
    """Windows × periods: the largest phase's share beyond an even spread, 0 to 1."""
    phases = change @ _FOLDS
    top = np.maximum.reduceat(phases, _STARTS, axis=1)
    total = change.sum(axis=1, keepdims=True) + 1
    return (top / total - _EVEN) / (1 - _EVEN)


def _on_jpeg_phase(change: Array, start: Array) -> float:
    """How much of the change sits between pixels 7 and 8, 15 and 16, ... of the whole picture."""
    position = np.arange(SIDE - 1)[None] + start[:, None]
    share = (change * (position % 8 == 7)).sum(axis=1) / (change.sum(axis=1) + 1)
    return float(_median((share - 1 / 8) / (7 / 8)))

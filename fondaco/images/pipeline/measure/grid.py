"""Regular grids in the pixels: mosaics (nearest-neighbour enlargement) and the blocks of strong compression."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from fondaco.images.pipeline.arrays import Array
from fondaco.images.pipeline.native import cv2

from .tiles import SIDE, Tiles

PERIODS = tuple(range(2, 17))
PLACES = 5  # a window with fewer places of change has edges, not a grid


@dataclass(frozen=True, slots=True)
class Grid:
    """`share` of all change between neighbours that sits on one phase of `period` pixels (clean ≤ 0.05, mosaic
    ≥ 0.6). `blocks`: the same for the 8 × 8 grid of JPEG at its own phase."""

    share: float
    period: int
    blocks: float


NONE = Grid(0.0, 0, 0.0)


def _folds() -> tuple[Array, Array]:
    """One matrix that folds positions onto all phases of all periods: positions × phases; where each begins."""
    columns = [np.arange(SIDE - 1) % q == phase for q in PERIODS for phase in range(q)]
    starts = np.cumsum([0, *PERIODS[:-1]])
    return np.stack(columns, axis=1).astype(np.float32), starts


_FOLDS, _STARTS = _folds()
_EVEN = 1 / np.array(PERIODS, np.float32)


def grid(tiles: Tiles) -> Grid | None:
    """The weaker of the two axes counts: stripes change along one axis only. None when too little changes."""
    across, down = _change(tiles.grey)
    busy = (_places(across) >= PLACES) & (_places(down) >= PLACES)
    if busy.sum() < 2:
        return None
    across, down = across[busy], down[busy]
    shares = np.minimum(np.median(_on_one_phase(across), axis=0), np.median(_on_one_phase(down), axis=0))
    best = int(np.argmax(shares))
    left, top = np.array(tiles.corners)[busy].T
    blocks = min(_on_jpeg_phase(across, left), _on_jpeg_phase(down, top))
    return Grid(max(0.0, float(shares[best])), PERIODS[best], max(0.0, blocks))


def _change(grey: Array) -> tuple[Array, Array]:
    """Windows × 127 each: change between neighbours, summed along the other axis."""
    count = len(grey)
    tall = grey.reshape(-1, SIDE)
    sideways = cv2.absdiff(tall[:, 1:], tall[:, :-1])
    across = np.concatenate(
        [cv2.reduce(sideways[i * SIDE : (i + 1) * SIDE], 0, cv2.REDUCE_SUM, dtype=cv2.CV_32F) for i in range(count)]
    )
    rows = cv2.reduce(cv2.absdiff(tall[1:], tall[:-1]), 1, cv2.REDUCE_SUM, dtype=cv2.CV_32F)[:, 0]
    down = np.append(rows, 0).reshape(count, SIDE)[:, :-1]  # the last of each is the seam to the next window
    return across, down


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
    return float(np.median((share - 1 / 8) / (7 / 8)))

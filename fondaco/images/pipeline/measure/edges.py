"""Camera shake: edges across one direction are wide, edges along it are sharp.

The width of an edge follows from how much one more, known blur lowers its gradient (Zhuo and Sim, "Defocus map
estimation from a single image", 2011): for a step blurred by s the ratio is sqrt(s² + 1) / s.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from fondaco.images.pipeline.arrays import Array
from fondaco.images.pipeline.native import cv2

from .tiles import SIDE, Tiles

DIRECTIONS = 8
MARGIN = 4  # window borders make edges of their own
LEAST = 40.0  # gradient of an edge worth measuring, in units of a 3 × 3 Sobel
ENOUGH = 60  # pixels of a direction
SHADING = 6.0  # sigma beyond which it is no edge but shading
WIDTH = 3.2  # length of a shake over the sigma its edges show


@dataclass(frozen=True, slots=True)
class Shake:
    """`sharp` and `wide`: sigma in pixels of the level of the sharpest direction and of the one across it.
    `degrees`: direction of the smear, 0 = horizontal, counted clockwise."""

    sharp: float
    wide: float
    degrees: float


NONE = Shake(0.0, 0.0, 0.0)


def shake(tiles: Tiles) -> Shake:
    """Zeros when too few directions have edges."""
    ratios, directions = _edges(tiles.grey)
    widths = np.full(DIRECTIONS, np.nan)
    for i in range(DIRECTIONS):
        of_one = ratios[directions == i]
        if len(of_one) >= ENOUGH:
            width = _sigma(_quantile(of_one, 0.9))
            widths[i] = width if width < SHADING else np.nan
    if np.isnan(widths).all():
        return NONE
    best = int(np.nanargmin(widths))
    across = [widths[(best + step) % DIRECTIONS] for step in (3, 4, 5)]
    seen = [width for width in across if not np.isnan(width)]
    if not seen:
        return NONE
    smear = ((best + DIRECTIONS / 2) % DIRECTIONS) * 180.0 / DIRECTIONS
    return Shake(float(widths[best]), float(min(seen)), smear)


def _edges(grey: Array) -> tuple[Array, Array]:
    """For every strong edge pixel: gradient before over after one more blur of sigma 1, and direction 0-7."""
    tall = grey.reshape(-1, SIDE).astype(np.float32)
    soft = cv2.GaussianBlur(tall, (5, 5), 1.0)
    gx, gy = cv2.Sobel(tall, cv2.CV_32F, 1, 0), cv2.Sobel(tall, cv2.CV_32F, 0, 1)
    before = _inner(cv2.magnitude(gx, gy))
    after = _inner(cv2.magnitude(cv2.Sobel(soft, cv2.CV_32F, 1, 0), cv2.Sobel(soft, cv2.CV_32F, 0, 1)))
    floor = max(
        LEAST, 0.12 * float(np.partition(after[::7], int(0.995 * len(after[::7])))[int(0.995 * len(after[::7]))])
    )
    strong = np.flatnonzero(after > floor)
    angle = np.arctan2(_inner(gy)[strong], _inner(gx)[strong])
    directions = np.rint(angle * (DIRECTIONS / np.pi)).astype(int) % DIRECTIONS
    return before[strong] / after[strong], directions


def _quantile(values: Array, share: float) -> float:
    """Cheaper than a sort."""
    place = int(share * len(values))
    return float(np.partition(values, place)[place])


def _inner(tall: Array) -> Array:
    """Without the seams between the stacked windows, flat."""
    return tall.reshape(-1, SIDE, SIDE)[:, MARGIN:-MARGIN, MARGIN:-MARGIN].ravel()


def _sigma(ratio: float) -> float:
    return 1.0 / np.sqrt(max(ratio**2 - 1.0, 0.01))

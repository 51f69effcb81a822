"""Where sharpness is judged: a few small windows at the decoded size, on the strongest edges of the product.

A spectrum or an edge width says something only where there is an edge. Windows are looked for on the small
level, so that the large one is touched in a few places only.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from fondaco.images.pipeline.arrays import Array
from fondaco.images.pipeline.native import cv2

from .levels import Level

SIDE = 128
COUNT = 8
FLOOR = 2  # mean gradient, 8-bit levels a pixel of the small level: below, nothing but noise


@dataclass(frozen=True, slots=True)
class Tiles:
    """`grey`: count × 128 × 128, luma. `corners`: left and top of each in pixels of the level. `scale`: of it."""

    grey: Array
    corners: tuple[tuple[int, int], ...]
    scale: int


def places(
    level: Level, small: Level, edges: Array, *, shrink: int = 1, count: int = COUNT
) -> tuple[tuple[int, int], ...]:
    """Corners of up to `count` windows of `level`, the one with the strongest `edges` (of the small level) first.

    None at all when the picture is smaller than a window or has no edge."""
    side = SIDE * shrink
    if min(level.size) < side:
        return ()
    ratio = small.scale / level.scale
    return tuple(_corner(peak, ratio, side, level.size) for peak in _peaks(edges, max(2, round(side / ratio)), count))


def cut(level: Level, corners: tuple[tuple[int, int], ...], *, shrink: int = 1) -> Tiles:
    """The windows at these corners, made smaller by `shrink`."""
    side = SIDE * shrink
    grey = np.empty((len(corners), SIDE, SIDE), np.uint8)
    for window, (left, top) in zip(grey, corners, strict=True):
        colours = level.array[top : top + side, left : left + side]
        if shrink > 1:
            colours = cv2.resize(colours, (SIDE, SIDE), interpolation=cv2.INTER_AREA)
        cv2.cvtColor(colours, cv2.COLOR_RGB2GRAY, dst=window)
    return Tiles(grey, corners, level.scale * shrink)


def _corner(peak: tuple[int, int], ratio: float, side: int, size: tuple[int, int]) -> tuple[int, int]:
    """Left and top of the window around a pixel of the small level, kept inside the picture."""
    left, top = (round((place + 0.5) * ratio) - side // 2 for place in peak)
    return min(max(0, left), size[0] - side), min(max(0, top), size[1] - side)


def edges_of(grey: Array) -> Array:
    """Strength of edges, height × width, from the small level's luma."""
    across, down = cv2.Sobel(grey, cv2.CV_16S, 1, 0), cv2.Sobel(grey, cv2.CV_16S, 0, 1)
    return cv2.add(cv2.convertScaleAbs(across, alpha=0.25), cv2.convertScaleAbs(down, alpha=0.25))


def _peaks(edges: Array, side: int, count: int) -> list[tuple[int, int]]:
    """Centres of the strongest windows that do not overlap by more than half."""
    density = cv2.blur(edges, (side, side))
    half = side // 2
    inner = cv2.copyMakeBorder(
        density[half : -half or None, half : -half or None], half, half, half, half, cv2.BORDER_CONSTANT, value=0
    )
    found: list[tuple[int, int]] = []
    while len(found) < count:
        _, strength, _, (x, y) = cv2.minMaxLoc(inner)
        if strength < FLOOR:
            break
        found.append((x, y))
        inner[max(0, y - side) : y + side, max(0, x - side) : x + side] = 0
    return found

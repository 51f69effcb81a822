"""The picture at halving sizes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from fondaco.images.pipeline.arrays import Array
from fondaco.images.pipeline.decode import Pixels
from fondaco.images.pipeline.native import cv2

Box = tuple[int, int, int, int]

RINGING = 8  # native pixels that JPEG smears beyond a hard edge


@dataclass(frozen=True, slots=True)
class Level:
    """`array`: height × width × 3 (or height × width). `scale`: native pixels a pixel, along one side."""

    array: Array
    scale: int

    @property
    def size(self) -> tuple[int, int]:
        """Width, height."""
        return self.array.shape[1], self.array.shape[0]

    def native(self, x0: int, y0: int, x1: int, y1: int) -> Box:
        """A box of this level as (x, y, w, h) in native pixels."""
        s = self.scale
        return x0 * s, y0 * s, (x1 - x0) * s, (y1 - y0) * s


@dataclass(frozen=True, slots=True)
class Levels:
    """`top` as decoded; `mid` about 500 px on the long side, `small` 250 (or `top` where that is smaller)."""

    top: Level
    mid: Level
    small: Level
    offset: tuple[int, int] = (0, 0)

    @classmethod
    def of(cls, pixels: Pixels, offset: tuple[int, int] = (0, 0)) -> Levels:
        """`offset`: left and top of these pixels in the native picture."""
        top = Level(pixels.array, pixels.shrink)
        mid = shrunk(top, 500)
        return cls(top, mid, shrunk(mid, 250), offset)


def shrunk(level: Level, target: int) -> Level:
    """By 2, 4, 8, ... until the long side is under 1.8 × target; an odd last row or column is left out.

    Two halvings at once read the middle 2 × 2 of each 4 × 4: a third of the time of reading all, and no figure that is
    taken from these levels can tell."""
    array, scale = level.array, level.scale
    while max(array.shape[:2]) >= 1.8 * target and min(array.shape[:2]) >= 4:
        step = 4 if max(array.shape[:2]) >= 3.6 * target else 2
        h, w = array.shape[0] // step, array.shape[1] // step
        array = cv2.resize(array[: step * h, : step * w], (w, h), interpolation=cv2.INTER_LINEAR)
        scale *= step
    return level if scale == level.scale else Level(array, scale)


def without_border(levels: Levels, border_px: tuple[int, int, int, int]) -> Levels:
    """The levels of what lies inside a border (top, right, bottom, left in native pixels)."""
    top = levels.top
    above, right, below, left = (-(-(px + RINGING) // top.scale) for px in border_px)
    height, width = top.array.shape[:2]
    inner = np.ascontiguousarray(top.array[above : height - below, left : width - right])
    return Levels.of(Pixels(inner, top.scale), offset=(left * top.scale, above * top.scale))

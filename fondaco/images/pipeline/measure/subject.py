"""What is product and what is ground: mask, box, fill."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from fondaco.images.pipeline.native import cv2

from .ground import NEAR, WHITE_3, Ground
from .levels import Array, Box, Levels

TOLERANCE = 18  # levels around a plain ground that is not white
DUST = 0.0003  # of the frame: a smaller patch is dust, not product


@dataclass(frozen=True, slots=True)
class Subject:
    """`box`: (x, y, w, h) in native pixels, None when nothing stands out. Shares are 0 to 1.

    `fill` is the product's larger extent of the two directions. `known`: the ground is plain enough to tell
    product from ground; otherwise the box is the whole frame. `touches`: sides where the product runs out.
    """

    box: Box | None
    fill: float
    box_share: float
    ground_share: float
    known: bool
    touches: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Found(Subject):
    """With the mask (level `mid`, 255 = product) and the box at that level, for the other measures."""

    mask: Array
    mid_box: tuple[int, int, int, int]

    def plain(self) -> Subject:
        return Subject(self.box, self.fill, self.box_share, self.ground_share, self.known, self.touches)


def measure(levels: Levels, ground: Ground) -> Found:
    mid = levels.mid
    known = ground.white or ground.plain
    mask = _mask(mid.array, ground) if known else np.full(mid.array.shape[:2], 255, np.uint8)
    edges = _box(mask)
    width, height = mid.size
    if edges is None:
        return Found(None, 0.0, 0.0, 1.0, known, (), mask, (0, 0, width, height))
    x0, y0, x1, y1 = edges
    top_w, top_h = levels.top.size
    native_w, native_h = top_w * levels.top.scale, top_h * levels.top.scale
    nx, ny = native_w / width, native_h / height
    box = (round(x0 * nx), round(y0 * ny), round((x1 - x0) * nx), round((y1 - y0) * ny))
    return Found(
        box=box,
        fill=max((x1 - x0) / width, (y1 - y0) / height),
        box_share=(x1 - x0) * (y1 - y0) / (width * height),
        ground_share=1 - cv2.countNonZero(mask) / (width * height),
        known=known,
        touches=_touched(edges, width, height) if known else (),
        mask=mask,
        mid_box=edges,
    )


def _mask(array: Array, ground: Ground) -> Array:
    """255 where the pixel differs from the ground."""
    if ground.white:
        return cv2.bitwise_not(cv2.inRange(array, (NEAR,) * 3, WHITE_3))
    colour = np.array(ground.colour, float)
    low, high = np.clip(colour - TOLERANCE, 0, 255), np.clip(colour + TOLERANCE, 0, 255)
    return cv2.bitwise_not(cv2.inRange(array, tuple(low), tuple(high)))


def _box(mask: Array) -> tuple[int, int, int, int] | None:
    """Left, top, right, bottom (excluded) of all patches larger than dust."""
    _, _, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8, ltype=cv2.CV_32S)
    patches = stats[1:]
    patches = patches[patches[:, cv2.CC_STAT_AREA] >= max(4, DUST * mask.size)]
    if not len(patches):
        return None
    x0, y0 = patches[:, 0].min(), patches[:, 1].min()
    x1, y1 = (patches[:, 0] + patches[:, 2]).max(), (patches[:, 1] + patches[:, 3]).max()
    return int(x0), int(y0), int(x1), int(y1)


def _touched(edges: tuple[int, int, int, int], width: int, height: int) -> tuple[str, ...]:
    x0, y0, x1, y1 = edges
    sides = (("top", y0 == 0), ("right", x1 == width), ("bottom", y1 == height), ("left", x0 == 0))
    return tuple(name for name, touched in sides if touched)

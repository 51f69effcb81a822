"""What is product and what is ground: mask, box, fill, and what lies beside the product."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from fondaco.images.pipeline.arrays import Array
from fondaco.images.pipeline.native import cv2

from . import patches
from .ground import NEAR, Ground
from .levels import Box, Levels

TOLERANCE = 18  # levels around a ground of one colour
CREEP = 4  # levels from neighbour to neighbour in a ground that changes slowly
SIDES = ("top", "right", "bottom", "left")


@dataclass(frozen=True, slots=True)
class Subject:
    """Boxes are (x, y, w, h) in native pixels; `box` is None when nothing stands out. Shares are 0 to 1.

    `fill`: the product's larger extent of the two directions. `known`: product could be told from ground;
    otherwise the box is the whole frame. `touches`: sides where the product runs out of the frame.
    `inset`: a rectangle with a ground of its own. `writing`: small marks in a row beside the product. `core`: the box of
    the large patches alone, None where the product was not told from the ground.
    """

    box: Box | None
    fill: float
    box_share: float
    ground_share: float
    known: bool
    touches: tuple[str, ...]
    inset: Box | None
    writing: Box | None
    core: Box | None


@dataclass(frozen=True, slots=True)
class Found(Subject):
    """With the mask (level `mid`, 255 = product) and the box's edges at that level, for the other measures."""

    mask: Array
    mid_box: Box

    def plain(self) -> Subject:
        return Subject(
            self.box,
            self.fill,
            self.box_share,
            self.ground_share,
            self.known,
            self.touches,
            self.inset,
            self.writing,
            self.core,
        )


def measure(levels: Levels, ground: Ground) -> Found:
    """The mask at about 500 px a side; exact to about one pixel of it."""
    mid = levels.mid
    width, height = mid.size
    if not ground.known:
        return _whole(levels)
    mask = _mask(mid.array, ground)
    found = patches.find(mask)
    edges = found.outline
    if edges is None:
        return Found(None, 0.0, 0.0, 1.0, True, (), None, None, None, mask, (0, 0, width, height))
    x0, y0, x1, y1 = edges
    inset = patches.inset(mid.array, mask, found) if ground.white else None
    writing = patches.writing(found, width, height) if ground.white or ground.tinted else None
    return Found(
        box=_native(levels, edges),
        fill=max((x1 - x0) / width, (y1 - y0) / height),
        box_share=(x1 - x0) * (y1 - y0) / (width * height),
        ground_share=1 - cv2.countNonZero(mask) / (width * height),
        known=True,
        touches=_touched(mask),
        inset=_native(levels, inset) if inset else None,
        writing=_native(levels, writing) if writing else None,
        core=_native(levels, patches.core(found)),
        mask=mask,
        mid_box=edges,
    )


def _whole(levels: Levels) -> Found:
    """A scene without ground: everything is subject, and it runs out of the frame on all sides."""
    width, height = levels.mid.size
    edges = (0, 0, width, height)
    mask = np.full((height, width), 255, np.uint8)
    return Found(_native(levels, edges), 1.0, 1.0, 0.0, False, SIDES, None, None, None, mask, edges)


def _mask(array: Array, ground: Ground) -> Array:
    """255 where the pixel is not ground."""
    if ground.white and ground.tinted < 0.03:
        return _not_white(array)
    if ground.plain and ground.tinted < 0.03:
        colour = np.array(ground.colour, float)
        low, high = np.clip(colour - TOLERANCE, 0, 255), np.clip(colour + TOLERANCE, 0, 255)
        return cv2.bitwise_not(cv2.inRange(array, tuple(low.tolist()), tuple(high.tolist())))
    return _flooded(array)


def _not_white(array: Array) -> Array:
    """255 where a channel is under NEAR. A third of the time of `inRange`: of thresholded channels only 255, 255, 255
    is grey 255."""
    flat = array.reshape(array.shape[0], -1)
    bright = cv2.threshold(flat, NEAR - 1, 255, cv2.THRESH_BINARY)[1].reshape(array.shape)
    return cv2.threshold(cv2.cvtColor(bright, cv2.COLOR_RGB2GRAY), 254, 255, cv2.THRESH_BINARY_INV)[1]


def _flooded(array: Array) -> Array:
    """Ground is what can be reached from the frame's edge in small steps through pale pixels: gradients, vignettes
    and soft shadows, which no single colour describes."""
    height, width = array.shape[:2]
    array = np.require(array, requirements="W")  # some decoders give what may only be read; only the mask is written
    mask = np.zeros((height + 2, width + 2), np.uint8)
    flags = 4 | cv2.FLOODFILL_MASK_ONLY | (255 << 8)
    step = max(8, min(width, height) // 12)
    seeds = [(x, y) for x in range(0, width, step) for y in (0, height - 1)]
    seeds += [(x, y) for y in range(0, height, step) for x in (0, width - 1)]
    for x, y in seeds:
        if not mask[y + 1, x + 1] and array[y, x].min() >= 140:
            cv2.floodFill(array, mask, (x, y), 0, (CREEP,) * 3, (CREEP,) * 3, flags)
    return cv2.bitwise_not(np.ascontiguousarray(mask[1:-1, 1:-1]))


def _native(levels: Levels, edges: Box) -> Box:
    """Left, top, right, bottom of the mid level as (x, y, w, h) in native pixels."""
    top, (width, height) = levels.top, levels.mid.size
    nx, ny = top.size[0] * top.scale / width, top.size[1] * top.scale / height
    x0, y0, x1, y1 = edges
    left, above = levels.offset
    return left + round(x0 * nx), above + round(y0 * ny), round((x1 - x0) * nx), round((y1 - y0) * ny)


def _touched(mask: Array) -> tuple[str, ...]:
    """Sides on which more than a speck of product lies at the very edge."""
    lines = (mask[:1], mask[:, -1:], mask[-1:], mask[:, :1])
    return tuple(
        side for side, line in zip(SIDES, lines, strict=True) if cv2.countNonZero(line) >= max(3, 0.01 * line.size)
    )

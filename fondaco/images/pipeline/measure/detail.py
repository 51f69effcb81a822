"""Sharpness, enlargement, shake and grids, judged in a few windows on the product's strongest edges."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from fondaco.images.pipeline.arrays import Array
from fondaco.images.pipeline.native import cv2

from . import edges, grid, spectrum
from .levels import Level, Levels
from .subject import Found
from .tiles import SIDE, Tiles, cut, edges_of

VIEW = 1200  # sharpness is judged where a page shows it: a long side under 1.8 × this
SHAKEN, LOPSIDED = 1.25, 1.5  # sigma across the shake; and over the sigma along it


@dataclass(frozen=True, slots=True)
class Detail:
    """Lengths in native pixels. `blur_px`: Gaussian sigma of the sharpest edges, 0 when none can be seen;
    `scale`: native pixels a pixel where it was judged. `enlargement`: how many times, 1 = not.
    `shake_px`, `shake_degrees`: length and direction (0 = horizontal) of a smear, 0 without one.
    `grid`, `period_px`: mosaic; `blocks`: seams of JPEG blocks. `judged`: there were edges to judge by.
    """

    judged: bool = False
    blur_px: float = 0.0
    scale: int = 1
    enlargement: float = 1.0
    shake_px: float = 0.0
    shake_degrees: float = 0.0
    grid: float = 0.0
    period_px: int = 0
    blocks: float = 0.0


def measure(levels: Levels, found: Found, small_grey: Array) -> Detail:
    if found.box is None:
        return Detail()
    where = edges_of(small_grey)
    top = levels.top
    shrink = _shrink(top)
    scale = top.scale * shrink
    tiles = cut(top, levels.small, where, shrink=shrink)
    if tiles is None:
        return Detail(scale=scale)
    sharpest = spectrum.cutoff(tiles, _inside(tiles, levels, found, SIDE * shrink))
    if sharpest.strength < spectrum.ENOUGH:
        return _from_afar(levels, scale, where)
    native = tiles if shrink == 1 else cut(top, levels.small, where) or tiles
    finest = sharpest if shrink == 1 else spectrum.cutoff(native)
    shaken = edges.shake(tiles) if sharpest.soft else edges.NONE
    seams = grid.grid(native)
    is_shaken = shaken.wide > SHAKEN and shaken.wide > LOPSIDED * shaken.sharp
    return Detail(
        judged=True,
        blur_px=spectrum.blur_of(sharpest.frequency) * scale,
        scale=scale,
        enlargement=spectrum.enlargement_of(finest.frequency) if top.scale == 1 else 1.0,
        shake_px=edges.WIDTH * shaken.wide * scale if is_shaken else 0.0,
        shake_degrees=shaken.degrees if is_shaken else 0.0,
        grid=seams.share,
        period_px=seams.period * native.scale,
        blocks=seams.blocks if top.scale == 1 else 0.0,
    )


def _shrink(top: Level) -> int:
    """How much smaller a page shows it: until the long side is under 1.8 × VIEW."""
    shrink = 1
    while max(top.size) / shrink >= 1.8 * VIEW:
        shrink *= 2
    return shrink


def _from_afar(levels: Levels, scale: int, where: Array) -> Detail:
    """Nothing fine at all: a very smooth product, or so heavy a blur that only a quarter of the size shows it."""
    far = levels.mid if levels.mid.scale >= 4 * scale else levels.small
    tiles = cut(far, levels.small, where)
    seen = spectrum.cutoff(tiles) if tiles else spectrum.Cutoff(0.5, 0.0)
    judged = seen.strength >= spectrum.ENOUGH
    blur = spectrum.blur_of(seen.frequency) * far.scale if judged and seen.frequency < 0.3 else 0.0
    return Detail(judged=judged, blur_px=blur, scale=scale)


def _inside(tiles: Tiles, levels: Levels, found: Found, side: int) -> Array | None:
    """For each window whether it lies wholly on the product; None where product and ground cannot be told."""
    if not found.known:
        return None
    ratio = levels.top.size[0] / found.mask.shape[1]
    size = round(side / ratio)
    flags = []
    for left, top in tiles.corners:
        x, y = round(left / ratio), round(top / ratio)
        part = found.mask[y : y + size, x : x + size]
        flags.append(cv2.countNonZero(part) == part.size)
    return np.array(flags)

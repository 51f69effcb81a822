"""Sharpness, enlargement, shake and grids, judged in a few windows on the product's strongest edges."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from fondaco.images.pipeline.arrays import Array
from fondaco.images.pipeline.native import cv2

from . import edges, grid, spectrum
from .levels import Level, Levels, halved
from .subject import Found
from .tiles import Tiles, cut, edges_of

VIEW = 1200  # sharpness is judged where a page shows it: a long side under 1.8 × this
SHAKEN, LOPSIDED = 1.25, 1.5  # sigma across the shake; and over the sigma along it
COARSE = 300  # heavy blur leaves nothing to judge at that size; here it still shows
INNER = 300_000.0  # strength from which windows inside the outline say enough about the product alone


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
    view = halved(top, VIEW)
    tiles = cut(view, levels.small, where)
    if tiles is None:
        return Detail(scale=view.scale)
    sharpest = _sharpest(view, levels.small, where, found, tiles)
    if sharpest.strength < spectrum.ENOUGH:
        return _from_afar(levels, view, where)
    native = tiles if view is top else cut(top, levels.small, where) or tiles
    finest = sharpest if view is top else spectrum.cutoff(native)
    shaken = edges.shake(tiles)
    seams = grid.grid(native)
    is_shaken = shaken.wide > SHAKEN and shaken.wide > LOPSIDED * shaken.sharp
    return Detail(
        judged=sharpest.strength >= spectrum.ENOUGH,
        blur_px=spectrum.blur_of(sharpest.frequency) * view.scale,
        scale=view.scale,
        enlargement=spectrum.enlargement_of(finest.frequency) * top.scale if top.scale == 1 else 1.0,
        shake_px=edges.WIDTH * shaken.wide * view.scale if is_shaken else 0.0,
        shake_degrees=shaken.degrees if is_shaken else 0.0,
        grid=seams.share,
        period_px=seams.period * native.scale,
        blocks=seams.blocks if top.scale == 1 else 0.0,
    )


def _from_afar(levels: Levels, view: Level, where: Array) -> Detail:
    """Nothing fine at all: a very smooth product, or so heavy a blur that only a quarter of the size shows it."""
    far = halved(levels.mid, COARSE) if levels.mid.scale < 4 * view.scale else levels.mid
    tiles = cut(far, levels.small, where)
    seen = spectrum.cutoff(tiles) if tiles else spectrum.Cutoff(0.5, 0.0)
    judged = seen.strength >= spectrum.ENOUGH
    blur = spectrum.blur_of(seen.frequency) * far.scale if judged and seen.frequency < 0.3 else 0.0
    return Detail(judged=judged, blur_px=blur, scale=view.scale)


def _sharpest(view: Level, small: Level, where: Array, found: Found, tiles: Tiles) -> spectrum.Cutoff:
    """Of the whole product; of what lies inside its outline when that says enough and is blurred.

    A crisp cut-out of a blurred photograph has one sharp edge: the outline."""
    whole = spectrum.cutoff(tiles)
    if whole.frequency < spectrum.SHARP or not found.known:
        return whole
    mask = cv2.resize(found.mask, small.size, interpolation=cv2.INTER_NEAREST)
    inside = cv2.erode(mask, np.ones((9, 9), np.uint8), borderType=cv2.BORDER_CONSTANT, borderValue=0)
    inner_tiles = cut(view, small, cv2.bitwise_and(where, inside))
    if inner_tiles is None or len(inner_tiles.corners) < 3:
        return whole
    inner = spectrum.cutoff(inner_tiles)
    return inner if inner.strength > INNER and inner.frequency < 0.2 else whole

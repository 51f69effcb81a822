"""Sharpness, enlargement, shake and grids, judged in a few windows on the product's strongest edges."""

from __future__ import annotations

from dataclasses import dataclass

from fondaco.images.pipeline.arrays import Array

from . import grid, shake, spectrum
from .levels import Level, Levels
from .subject import Found
from .tiles import cut, edges_of, places

AVERAGED = 0.1  # what is left of JPEG's noise at a quarter of the size
FIRST = 3  # windows that suffice when they are sharp
VIEW = 1200  # sharpness is judged where a page shows it: a long side under 1.8 × this


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
    edges, top = edges_of(small_grey), levels.top
    shrink = _shrink(top)
    scale = top.scale * shrink
    corners = places(top, levels.small, edges, shrink=shrink)
    if not corners:
        return Detail(scale=scale)
    tiles = cut(top, corners[:FIRST], shrink=shrink)
    sharpest = spectrum.cutoff(tiles)
    if sharpest.frequency < spectrum.SHARP or sharpest.soft or not sharpest.strength:  # look at all of them
        tiles = cut(top, corners, shrink=shrink)
        sharpest = spectrum.cutoff(tiles)
    # Looked for however sharp the best window is: a smear leaves what lies along it as sharp as before.
    shaken = shake.shake(tiles)
    if not sharpest.strength:
        return _from_afar(levels, scale, edges)
    if shrink > 1:
        corners = places(top, levels.small, edges)
    native = tiles if shrink == 1 else cut(top, corners)
    finest = sharpest if shrink == 1 else spectrum.cutoff(native)
    seams = grid.grid(native) or grid.grid(cut(top, corners)) or grid.NONE
    return Detail(
        judged=True,
        blur_px=spectrum.blur_of(sharpest.frequency) * scale,
        scale=scale,
        enlargement=spectrum.enlargement_of(finest.frequency) if top.scale == 1 else 1.0,
        shake_px=shaken.length * scale,
        shake_degrees=shaken.degrees,
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


def _from_afar(levels: Levels, scale: int, edges: Array) -> Detail:
    """Nothing fine at all: a very smooth product, or so heavy a blur that only a quarter of the size shows it."""
    far = levels.mid if levels.mid.scale >= 4 * scale else levels.small
    corners = places(far, levels.small, edges)
    seen = spectrum.cutoff(cut(far, corners), noise=AVERAGED) if corners else spectrum.Cutoff(0.5, 0.0)
    blur = spectrum.blur_of(seen.frequency) * far.scale if seen.strength and seen.frequency < 0.3 else 0.0
    return Detail(judged=seen.strength > 0, blur_px=blur, scale=scale)

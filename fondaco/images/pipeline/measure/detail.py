"""Sharpness, enlargement, shake and grids, judged in a few windows on the product's strongest edges."""

from __future__ import annotations

from dataclasses import dataclass

from fondaco.images.pipeline.arrays import Array

from . import grid, shake, spectrum
from .levels import Level, Levels
from .subject import Found
from .tiles import COUNT, Tiles, cut, edges_of, places

AVERAGED = 0.1  # what is left of JPEG's noise at a quarter of the size
FIRST = 2  # windows that suffice when they are surely sharp
VIEW = 1200  # sharpness is judged where a page shows it: a long side under 1.8 × this


@dataclass(frozen=True, slots=True)
class Detail:
    """Lengths in native pixels. `blur_px`: Gaussian sigma of the sharpest edges, 0 when none can be seen;
    `scale`: native pixels a pixel where it was judged. `enlargement`: how many times, 1 = not.
    `shake_px`, `shake_degrees`: length and direction (0 = horizontal) of a smear, 0 without one; `kept`: the share of
    fine detail in the direction that has least, which is 0.39 and more in sharp photographs.
    `grid`, `period_px`: mosaic; `blocks`: seams of JPEG blocks. `judged`: there were edges to judge by.
    """

    judged: bool = False
    blur_px: float = 0.0
    scale: int = 1
    enlargement: float = 1.0
    shake_px: float = 0.0
    shake_degrees: float = 0.0
    kept: float = 1.0
    grid: float = 0.0
    period_px: int = 0
    blocks: float = 0.0


def measure(levels: Levels, found: Found, small_grey: Array) -> Detail:
    if found.box is None:
        return Detail()
    edges, top = edges_of(small_grey), levels.top
    shrink = _shrink(top)
    scale = top.scale * shrink
    seen = _look(top, places(top, levels.small, edges, shrink=shrink, count=FIRST), shrink)
    if seen is None:
        return Detail(scale=scale)
    if not seen.surely_sharp:
        seen = _look(top, places(top, levels.small, edges, shrink=shrink), shrink) or seen
    if not seen.cutoff.strength:
        return _from_afar(levels, scale, edges)
    close = seen if shrink == 1 else _look(top, places(top, levels.small, edges), 1) or seen
    seams = grid.grid(close.tiles)
    if len(close.tiles.corners) < COUNT and (seams is None or seams.doubtful):
        seams = grid.grid(cut(top, places(top, levels.small, edges)))
    seams = seams or grid.NONE
    return Detail(
        judged=True,
        blur_px=spectrum.blur_of(seen.cutoff.frequency) * scale,
        scale=scale,
        enlargement=spectrum.enlargement_of(close.cutoff.frequency) if top.scale == 1 else 1.0,
        shake_px=seen.shake.length * scale,
        shake_degrees=seen.shake.degrees,
        kept=seen.shake.kept,
        grid=seams.share,
        period_px=seams.period * top.scale,
        blocks=seams.blocks if top.scale == 1 else 0.0,
    )


@dataclass(frozen=True, slots=True)
class _Seen:
    tiles: Tiles
    cutoff: spectrum.Cutoff
    shake: shake.Shake

    @property
    def surely_sharp(self) -> bool:
        return bool(self.cutoff.strength) and self.cutoff.frequency >= spectrum.SHARP and self.shake.kept > shake.DOUBT


def _look(level: Level, corners: tuple[tuple[int, int], ...], shrink: int, *, noise: float = 1.0) -> _Seen | None:
    """What the windows at these corners tell; None without windows. Shake is looked for however sharp the best window
    is: a smear leaves what lies along it as sharp as before."""
    if not corners:
        return None
    tiles = cut(level, corners, shrink=shrink)
    powers = spectrum.power(tiles)
    cutoff = spectrum.cutoff(powers, noise=noise)
    return _Seen(tiles, cutoff, shake.shake(powers, cutoff=cutoff.frequency))


def _shrink(top: Level) -> int:
    """How much smaller a page shows it: until the long side is under 1.8 × VIEW."""
    shrink = 1
    while max(top.size) / shrink >= 1.8 * VIEW:
        shrink *= 2
    return shrink


def _from_afar(levels: Levels, scale: int, edges: Array) -> Detail:
    """Nothing fine at all: a very smooth product, or so heavy a blur that only a quarter of the size shows it."""
    far = levels.mid if levels.mid.scale >= 4 * scale else levels.small
    seen = _look(far, places(far, levels.small, edges), 1, noise=AVERAGED)
    if seen is None or not seen.cutoff.strength:
        return Detail(scale=scale)
    frequency, shaken = seen.cutoff.frequency, seen.shake
    blur = spectrum.blur_of(frequency) * far.scale if frequency < 0.3 else 0.0
    return Detail(
        judged=True,
        blur_px=blur,
        scale=scale,
        shake_px=shaken.length * far.scale,
        shake_degrees=shaken.degrees,
        kept=shaken.kept,
    )

"""The ground, as the outermost ring and the corners show it.

The ring holds ground and, where the product runs out of the frame, product. Ground is white, or it is pale or
of one colour and smooth; everything else in the ring is product or scene.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from fondaco.images.pipeline.arrays import Array
from fondaco.images.pipeline.native import cv2

from .levels import Level, Levels

NEAR = 250  # so bright in all channels: ground, not product
PURE = 254  # pure white, less what a colour conversion or a JPEG of quality 50 rounds away
PALE = 150  # a ground that was meant to be white is at least this bright ...
TINT = 60  # ... and its channels differ by no more than this
SMOOTH = 3  # levels between neighbours of the ring at about 500 px a side
PLAIN = 8.0  # mean distance from the median of a ground of one colour
WHITE_3 = (255, 255, 255)


@dataclass(frozen=True, slots=True)
class Ground:
    """Shares are 0 to 1, of the ring's length or area. `colour`: 8-bit sRGB of the ground, `spread` how far the
    ring is from it on average.

    `near`: near white; `pure`: pure white among the near-white part; `tinted`: pale and smooth but not white;
    `sides`: the parts of top, right, bottom and left that are not near white. `white`: the ground is (nearly)
    white, whatever else crosses the ring; `plain`: it is of one colour; `known`: it can be told from the product.
    """

    colour: tuple[int, int, int]
    spread: float
    near: float
    pure: float
    tinted: float
    corners_white: int
    sides: tuple[float, float, float, float]
    white: bool
    plain: bool

    @property
    def known(self) -> bool:
        return self.white or self.plain or self.tinted > 0.3


def measure(levels: Levels) -> Ground:
    """The ring is the outermost 1 %, at the decoded size, so that "pure" means decoded pixels, not averages."""
    strips = _ring(levels.top)
    areas = [strip.shape[0] * strip.shape[1] for strip in strips]
    pure, total = sum(_inside(strip, PURE) for strip in strips), sum(areas)
    if pure == total:
        return Ground(WHITE_3, 0.0, 1.0, 1.0, 0.0, 4, (0.0, 0.0, 0.0, 0.0), True, True)
    near = [_inside(strip, NEAR) for strip in strips]
    line = _line(levels.mid.array)
    tinted = _tinted(line)
    share = float(tinted.mean())
    colour, spread = _colour(line, tinted, sum(near) / total)
    top, right, bottom, left = (1 - part / area for part, area in zip(near, areas, strict=True))
    return Ground(
        colour=colour,
        spread=spread,
        near=sum(near) / total,
        pure=pure / sum(near) if sum(near) else 0.0,
        tinted=share,
        corners_white=_white_corners(levels.top.array),
        sides=(top, right, bottom, left),
        white=min(colour) >= NEAR or (sum(near) > 0.05 * total and sum(near) > 2 * share * total),
        plain=spread < PLAIN,
    )


def _ring(level: Level) -> tuple[Array, Array, Array, Array]:
    """Top, right, bottom, left."""
    a = level.array
    k = max(1, min(a.shape[:2]) // 100)
    rows = a[::2] if len(a) >= 1200 else a  # upright strips of a large picture miss the cache at every row
    return a[:k], rows[:, -k:], a[-k:], rows[:, :k]


def _inside(strip: Array, floor: int) -> int:
    return cv2.countNonZero(cv2.inRange(strip, (floor,) * 3, WHITE_3))


def _white_corners(a: Array) -> int:
    c = max(1, min(a.shape[:2]) // 25)
    corners = (a[:c, :c], a[:c, -c:], a[-c:, :c], a[-c:, -c:])
    return sum(_inside(corner, NEAR) > 0.99 * corner.shape[0] * corner.shape[1] for corner in corners)


def _line(a: Array) -> Array:
    """The outermost pixels once around, length × 3."""
    return np.concatenate([a[0], a[:, -1], a[-1, ::-1], a[::-1, 0]]).astype(np.int16)


def _tinted(line: Array) -> Array:
    """True where the ring is ground that should be white: pale, hardly coloured, smooth."""
    low, high = line.min(axis=1), line.max(axis=1)
    step = np.abs(np.diff(line, axis=0, append=line[:1])).max(axis=1)
    smooth = (step <= SMOOTH) & (np.roll(step, 1) <= SMOOTH)
    return (low >= PALE) & (low < NEAR) & (high - low <= TINT) & smooth


def _colour(line: Array, tinted: Array, near: float) -> tuple[tuple[int, int, int], float]:
    """Of the tinted part where there is one that counts, else of the white part or the whole ring."""
    share = float(tinted.mean())
    white = line.min(axis=1) >= NEAR
    if share > 0.03 and (share > 0.3 or near + share > 0.3):
        part = line[tinted]
    else:
        part = line[white] if white.mean() > 0.25 else line
    median = np.median(part, axis=0)
    spread = float(np.abs(line - median).mean())
    return (int(median[0]), int(median[1]), int(median[2])), spread

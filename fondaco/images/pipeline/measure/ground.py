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
    strips = [_darkest(strip) for strip in _ring(levels.top)]
    pure, total = sum(int(np.count_nonzero(strip >= PURE)) for strip in strips), sum(strip.size for strip in strips)
    if pure == total:
        return Ground(WHITE_3, 0.0, 1.0, 1.0, 0.0, 4, (0.0, 0.0, 0.0, 0.0), True, True)
    near = [int(np.count_nonzero(strip >= NEAR)) for strip in strips]
    line = _line(levels.mid.array)
    low = np.minimum(np.minimum(line[0], line[1]), line[2])
    tinted = _tinted(line, low)
    share = int(np.count_nonzero(tinted)) / tinted.size
    colour, spread = _colour(line, low, tinted, sum(near) / total)
    top, right, bottom, left = (1 - part / strip.size for part, strip in zip(near, strips, strict=True))
    return Ground(
        colour=colour,
        spread=spread,
        near=sum(near) / total,
        pure=pure / sum(near) if sum(near) else 0.0,
        tinted=share,
        corners_white=_white_corners(levels.top.array) if sum(near) else 0,
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


def _darkest(strip: Array) -> Array:
    """The least of the three channels of each pixel."""
    return np.minimum(np.minimum(strip[..., 0], strip[..., 1]), strip[..., 2])


def _inside(strip: Array, floor: int) -> int:
    return cv2.countNonZero(cv2.inRange(strip, (floor,) * 3, WHITE_3))


def _white_corners(a: Array) -> int:
    c = max(1, min(a.shape[:2]) // 25)
    corners = (a[:c, :c], a[:c, -c:], a[-c:, :c], a[-c:, -c:])
    return sum(_inside(corner, NEAR) > 0.99 * corner.shape[0] * corner.shape[1] for corner in corners)


def _line(a: Array) -> Array:
    """The outermost pixels once around, 3 × length: a channel a row is ten times faster than a pixel a row."""
    return np.concatenate([a[0], a[:, -1], a[-1, ::-1], a[::-1, 0]]).T.copy()


def _tinted(line: Array, low: Array) -> Array:
    """True where the ring is ground that should be white: pale, hardly coloured, smooth. `low`: the least channel."""
    pale = (low >= PALE) & (low < NEAR)
    if not pale.any():
        return pale
    high = np.maximum(np.maximum(line[0], line[1]), line[2])
    change = cv2.absdiff(line, np.roll(line, -1, axis=1))
    step = np.maximum(np.maximum(change[0], change[1]), change[2])
    smooth = (step <= SMOOTH) & (np.roll(step, 1) <= SMOOTH)
    return pale & (high - low <= TINT) & smooth


def _colour(line: Array, low: Array, tinted: Array, near: float) -> tuple[tuple[int, int, int], float]:
    """Of the tinted part where there is one that counts, else of the white part or the whole ring."""
    share = int(np.count_nonzero(tinted)) / tinted.size
    white = low >= NEAR
    if share > 0.03 and (share > 0.3 or near + share > 0.3):
        part = line[:, tinted]
    else:
        part = line[:, white] if 4 * np.count_nonzero(white) > white.size else line
    ordered = np.sort(part.astype(np.int16), axis=1)  # of 16 bits: NumPy sorts these four times as fast as bytes
    r, g, b = ordered[:, part.shape[1] // 2].tolist()
    away = sum(
        cv2.norm(channel, np.full_like(channel, m), cv2.NORM_L1) for channel, m in zip(line, (r, g, b), strict=True)
    )
    return (r, g, b), away / line.size

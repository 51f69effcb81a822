"""The ground, as the outermost ring and the corners show it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from fondaco.images.pipeline.native import cv2

from .levels import Array, Levels

NEAR = 250  # so bright in all channels: ground, not product
PURE = 254  # pure white, less the rounding of one colour conversion
WHITE_3 = (255, 255, 255)


@dataclass(frozen=True, slots=True)
class Ground:
    """Shares are 0 to 1. `colour` is the ring's median, 8-bit sRGB; `spread` its mean distance from it.

    `white`: the ground is (nearly) white, whatever else crosses the ring. `plain`: of one colour.
    `sides` are the shares of each side of the ring (top, right, bottom, left) that are not near white;
    `pure` the share of pure white among the near-white part of the ring.
    """

    colour: tuple[int, int, int]
    spread: float
    near: float
    pure: float
    corners_white: int
    sides: tuple[float, float, float, float]
    white: bool
    plain: bool


def measure(levels: Levels) -> Ground:
    """The ring is the outermost 1 %, at the decoded size, so that "pure" means every decoded pixel."""
    a = levels.top.array
    strips = _ring(a)
    near = [_inside(s, NEAR) for s in strips]
    pure = sum(_inside(s, PURE) for s in strips)
    total, near_all = sum(_area(s) for s in strips), sum(near)
    sides = tuple(1 - n / _area(s) for n, s in zip(near, strips, strict=True))
    corners = _white_corners(a)
    colour, spread = _colour(a) if pure < total else (WHITE_3, 0.0)
    white = min(colour) >= NEAR or (corners >= 2 and near_all >= 0.25 * total)
    return Ground(
        colour=colour,
        spread=spread,
        near=near_all / total,
        pure=pure / near_all if near_all else 0.0,
        corners_white=corners,
        sides=sides,  # type: ignore[arg-type]
        white=white,
        plain=spread < 8,
    )


def _ring(a: Array) -> tuple[Array, Array, Array, Array]:
    """Top, right, bottom, left."""
    k = max(1, min(a.shape[:2]) // 100)
    return a[:k], a[:, -k:], a[-k:], a[:, :k]


def _inside(strip: Array, floor: int) -> int:
    return cv2.countNonZero(cv2.inRange(strip, (floor,) * 3, WHITE_3))


def _area(strip: Array) -> int:
    return strip.shape[0] * strip.shape[1]


def _white_corners(a: Array) -> int:
    c = max(1, min(a.shape[:2]) // 25)
    corners = (a[:c, :c], a[:c, -c:], a[-c:, :c], a[-c:, -c:])
    return sum(_inside(corner, NEAR) > 0.99 * _area(corner) for corner in corners)


def _colour(a: Array) -> tuple[tuple[int, int, int], float]:
    line = np.concatenate([a[0, ::4], a[-1, ::4], a[::4, 0], a[::4, -1]])
    median = np.median(line, axis=0)
    spread = float(np.abs(line - median).mean())
    return (int(median[0]), int(median[1]), int(median[2])), spread

"""Borders drawn around the picture, found along scan lines from each side inwards."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from fondaco.images.pipeline.arrays import Array

from .levels import Levels

DEPTH = 0.08  # of a side: deeper is a mat, not a border
LINES = 48
POINTS = 80  # of each side that are looked at first
WHITE, EVEN = 245, 12.0  # a rim so bright is ground; one so uneven is no border
MIXED = 80  # levels by which the corner pixels of a border may differ, after any compression
FLAT, STEP = 6.0, 14.0  # 8-bit levels: spread along a border line; jump at its inner edge
RINGING = 0.05  # of the jump: what JPEG leaves in a coloured border


@dataclass(frozen=True, slots=True)
class Frame:
    """`border_px`: thickness in native pixels of a drawn border (top, right, bottom, left), zeros without one."""

    border_px: tuple[int, int, int, int]
    border_colour: tuple[int, int, int] | None

    @property
    def has_border(self) -> bool:
        return min(self.border_px) > 0


NONE = Frame((0, 0, 0, 0), None)


def measure(levels: Levels) -> Frame:
    """A border goes round all four sides in one colour, thinner than 8 %, and ends with a step everywhere.

    A white rim is ground, not border; a plain ground has no step.
    """
    corners = levels.top.array[:: levels.top.size[1] - 1 or 1, :: levels.top.size[0] - 1 or 1]
    if corners.min(axis=2).max() >= WHITE or np.ptp(corners, axis=(0, 1)).max() > MIXED:
        return NONE
    across, down = (max(1, side // POINTS) for side in levels.top.size)
    a = levels.top.array
    rim = np.concatenate([a[0, ::across], a[-1, ::across], a[::down, 0], a[::down, -1]]).astype(np.int16)
    colour = np.sort(rim, axis=0)[len(rim) // 2]
    if colour.min() >= WHITE or float(np.abs(rim - colour).mean()) > EVEN:
        return NONE
    scale = levels.top.scale
    depth = max(4, int(DEPTH * min(a.shape[:2])))
    rows = np.linspace(0.15 * a.shape[0], 0.85 * a.shape[0] - 1, LINES).astype(int)
    cols = np.linspace(0.15 * a.shape[1], 0.85 * a.shape[1] - 1, LINES).astype(int)
    bands = (
        a[:depth, cols].transpose(1, 0, 2),
        a[rows, : -depth - 1 : -1],
        a[: -depth - 1 : -1, cols].transpose(1, 0, 2),
        a[rows, :depth],
    )
    found = [_thickness(band.astype(np.int16)) for band in bands]
    if min(found) == 0 or max(found) > 4 * min(found):
        return NONE
    top, right, bottom, left = (t * scale for t in found)
    return Frame((top, right, bottom, left), (int(colour[0]), int(colour[1]), int(colour[2])))


def _thickness(band: Array) -> int:
    """`band`: lines × depth × 3, from the outside inwards. How many flat columns before a step; 0 = no border."""
    colour = np.median(band[:, 0], axis=0)
    away = np.abs(band - colour).max(axis=2)
    flat = (away <= max(FLAT, RINGING * float(np.median(away)))).mean(axis=0) > 0.95
    thickness = int(np.argmin(flat)) if not flat.all() else 0
    if not thickness or thickness + 3 >= band.shape[1]:
        return 0
    behind = away[:, thickness + 1 : thickness + 3].min(axis=1)
    return thickness if float((behind > STEP).mean()) > 0.8 else 0

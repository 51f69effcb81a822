"""Patches of the product mask: dust left out, and two things that lie beside a product: insets and writing."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from fondaco.images.pipeline.arrays import Array
from fondaco.images.pipeline.native import cv2

Box = tuple[int, int, int, int]
Patch = tuple[int, int, int, int, float]

DUST = 0.0003  # of the frame: a smaller patch is dust, not product
PALE, OWN_GROUND = 170, 6.0  # a pasted photograph's margin: brightness, and spread around its median
CORE = 0.15  # of the largest patch's area: a second shoe belongs to the product, a line of words does not
MARKS = 5  # signs in a row that make writing


@dataclass(frozen=True, slots=True)
class Patches:
    """`table`: (left, top, width, height, area) of each patch, dust left out. `small` the same for what is dust or
    little more. `outline`: left, top, right, bottom of all patches together."""

    table: list[Patch]
    small: list[Patch]
    outline: Box | None


def find(mask: Array) -> Patches:
    """Patches of 255 in a height × width mask; what lies in a hole of another counts as part of it.

    Outlines are found twenty times faster than components are labelled; only a mask like sand is labelled."""
    outlines, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    table: list[Patch]
    if len(outlines) <= 300:
        table = [_patch(outline) for outline in outlines]
    else:
        table = cv2.connectedComponentsWithStats(mask, connectivity=8, ltype=cv2.CV_32S)[2][1:].tolist()
    dust = max(4.0, DUST * mask.size)
    large, small = [p for p in table if p[4] >= dust], [p for p in table if 6 <= p[4] < 30 * dust]
    if not large:
        return Patches(large, small, None)
    return Patches(large, small, _outline(large))


def core(found: Patches) -> Box:
    """The outline of the patches that are large beside the largest: the product without what is written around it."""
    most = max(patch[4] for patch in found.table)
    large = [patch for patch in found.table if patch[4] >= CORE * most]
    return _outline(large)


def _outline(table: list[Patch]) -> Box:
    x0, y0 = min(p[0] for p in table), min(p[1] for p in table)
    return x0, y0, max(p[0] + p[2] for p in table), max(p[1] + p[3] for p in table)


def _patch(outline: Array) -> Patch:
    x, y, w, h = cv2.boundingRect(outline)
    return x, y, w, h, cv2.contourArea(outline) + len(outline) / 2


def inset(array: Array, mask: Array, found: Patches) -> Box | None:
    """A full rectangle with a pale, even margin and something else in its middle: a photograph pasted on white."""
    height, width = mask.shape
    for x, y, w, h, area in found.table:
        if min(w, h) < 24 or area < 0.97 * w * h or w * h > 0.98 * width * height:
            continue
        if _has_own_ground(array[y : y + h, x : x + w]):
            return x, y, x + w, y + h
    return None


def _has_own_ground(part: Array) -> bool:
    margin = max(2, min(part.shape[:2]) // 60)
    inner = part[margin:-margin, margin:-margin]
    line = np.concatenate([inner[0], inner[-1], inner[:, 0], inner[:, -1]]).astype(np.int16)
    colour = np.median(line, axis=0)
    if colour.min() < PALE or np.abs(line - colour).mean() > OWN_GROUND:
        return False
    other = cv2.absdiff(inner, np.full_like(inner, colour.astype(np.uint8))).max(axis=2) > 25
    return 0.05 < float(other.mean()) < 0.9


def writing(found: Patches, width: int, height: int) -> Box | None:
    """Five or more small patches of like height side by side on one line, away from the largest patch."""
    if not MARKS <= len(found.small) <= 600:
        return None
    small = np.array(found.small)
    tall = (small[:, 3] >= 0.008 * height) & (small[:, 3] <= 0.1 * height) & (small[:, 2] <= 3 * small[:, 3])
    signs = small[tall & ~_within_largest(small, found.table)]
    for _x, y, _w, h, _area in signs:
        centre = signs[:, 1] + signs[:, 3] / 2
        row = signs[(np.abs(centre - (y + h / 2)) < 0.4 * h) & (signs[:, 3] > 0.5 * h) & (signs[:, 3] < 2 * h)]
        if len(row) >= MARKS and _close_together(row):
            return _around(row)
    return None


def _within_largest(small: Array, table: list[Patch]) -> Array:
    if not table:
        return np.zeros(len(small), bool)
    x, y, w, h, _ = max(table, key=lambda patch: patch[4])
    return (small[:, 0] >= x) & (small[:, 1] >= y) & (small[:, 0] < x + w) & (small[:, 1] < y + h)


def _close_together(row: Array) -> bool:
    """Gaps no wider than three signs are high, as in a word or line."""
    ordered = row[np.argsort(row[:, 0])]
    gaps = ordered[1:, 0] - (ordered[:-1, 0] + ordered[:-1, 2])
    return float(np.median(gaps)) < 1.5 * float(np.median(row[:, 3])) and float(np.median(gaps)) >= 0


def _around(row: Array) -> Box:
    return (
        int(row[:, 0].min()),
        int(row[:, 1].min()),
        int((row[:, 0] + row[:, 2]).max()),
        int((row[:, 1] + row[:, 3]).max()),
    )

"""Patches of the product mask: dust left out, and two things that lie beside a product: insets and writing."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from fondaco.images.pipeline.arrays import Array
from fondaco.images.pipeline.native import cv2

Box = tuple[int, int, int, int]

DUST = 0.0003  # of the frame: a smaller patch is dust, not product
PALE, OWN_GROUND = 170, 6.0  # a pasted photograph's margin: brightness, and spread around its median
MARKS = 5  # signs in a row that make writing


@dataclass(frozen=True, slots=True)
class Patches:
    """`table`: patches × (left, top, width, height, area), dust left out. `small` the same for what is dust or
    little more. `outline`: left, top, right, bottom of all patches together."""

    table: Array
    small: Array
    outline: Box | None


def find(mask: Array) -> Patches:
    """Patches of 255 in a height × width mask; what lies in a hole of another counts as part of it.

    Outlines are found twenty times faster than components are labelled; only a mask like sand is labelled."""
    outlines, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    if len(outlines) <= 300:
        table = np.array([(*cv2.boundingRect(o), cv2.contourArea(o) + len(o) / 2) for o in outlines]).reshape(-1, 5)
    else:
        table = cv2.connectedComponentsWithStats(mask, connectivity=8, ltype=cv2.CV_32S)[2][1:]
    dust = max(4.0, DUST * mask.size)
    large, small = table[table[:, 4] >= dust], table[(table[:, 4] >= 6) & (table[:, 4] < 30 * dust)]
    if not len(large):
        return Patches(large, small, None)
    x0, y0 = large[:, 0].min(), large[:, 1].min()
    x1, y1 = (large[:, 0] + large[:, 2]).max(), (large[:, 1] + large[:, 3]).max()
    return Patches(large, small, (int(x0), int(y0), int(x1), int(y1)))


def inset(array: Array, mask: Array, found: Patches) -> Box | None:
    """A full rectangle with a pale, even margin and something else in its middle: a photograph pasted on white."""
    height, width = mask.shape
    for x, y, w, h, area in found.table.astype(int).tolist():
        if min(w, h) < 24 or area < 0.97 * w * h or w * h > 0.98 * width * height:
            continue
        if _has_own_ground(array[y : y + h, x : x + w]):
            return int(x), int(y), int(x + w), int(y + h)
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
    small = found.small
    if len(small) < MARKS or len(small) > 600:
        return None
    tall = (small[:, 3] >= 0.008 * height) & (small[:, 3] <= 0.1 * height) & (small[:, 2] <= 3 * small[:, 3])
    signs = small[tall & ~_within_largest(small, found.table)]
    for _x, y, _w, h, _area in signs:
        centre = signs[:, 1] + signs[:, 3] / 2
        row = signs[(np.abs(centre - (y + h / 2)) < 0.4 * h) & (signs[:, 3] > 0.5 * h) & (signs[:, 3] < 2 * h)]
        if len(row) >= MARKS and _close_together(row):
            return _around(row)
    return None


def _within_largest(small: Array, table: Array) -> Array:
    if not len(table):
        return np.zeros(len(small), bool)
    x, y, w, h, _ = table[np.argmax(table[:, 4])]
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

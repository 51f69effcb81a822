"""Whether two pictures show the same thing: colours and outline of the product, wherever it stands in the frame.

`compare` asks where two pictures of one framing differ. This asks what became of the product itself when a picture
was cropped, moved, enlarged in the frame or put on another ground: both products are cut out by their boxes, brought
to one size and laid over each other.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from . import header as headers
from .arrays import Array
from .bounds import BUDGET_S, Deadline
from .colour import to_srgb
from .compare import delta_e
from .decode import CorruptPixels, Pixels, decode_at
from .measure import ground
from .measure.levels import Levels
from .native import cv2

SIDE = 256
READ_AT = 1000
LEAST_FIRM = 0.15  # of its box; less is the rim of a product as pale as its ground
CLEARLY = 14  # ΔE from the ground; a whiter ground lifts less than this


@dataclass(frozen=True, slots=True)
class SameProduct:
    """`mean`, `p95`: ΔE of CIE 1976 on the product. `overlap`: intersection over union of the outlines, 0 to 1, times
    the likeness of the proportions. `known`: product could be told from ground in both."""

    mean: float
    p95: float
    overlap: float
    known: bool


def same_product(before: bytes, after: bytes) -> SameProduct:
    """Raises CorruptPixels for what cannot be read."""
    first, second = _cut(before), _cut(after)
    if first is None or second is None:
        return SameProduct(0.0, 0.0, 1.0, False)
    (colours_a, mask_a, shape_a), (colours_b, mask_b, shape_b) = first, second
    inside = cv2.erode(cv2.bitwise_and(mask_a, mask_b), np.ones((7, 7), np.uint8)) > 0
    distance = delta_e(_calm(colours_a), _calm(colours_b))[inside]
    both = int(np.count_nonzero((mask_a > 0) & (mask_b > 0)))
    either = int(np.count_nonzero((mask_a > 0) | (mask_b > 0)))
    likeness = min(shape_a, shape_b) / max(shape_a, shape_b)
    return SameProduct(
        mean=float(distance.mean()) if distance.size else 0.0,
        p95=float(np.percentile(distance, 95)) if distance.size else 0.0,
        overlap=both / either * likeness if either else 1.0,
        known=True,
    )


def _cut(data: bytes) -> tuple[Array, Array, float] | None:
    """The product's box and mask at SIDE × SIDE, and its width by its height; None where it is not known."""
    header = headers.read(data)
    if header is None:
        raise CorruptPixels("not a picture")
    width, height = header.upright_size
    scale = min(1.0, READ_AT / max(width, height))
    size = (max(1, int(width * scale)), max(1, int(height * scale)))
    pixels = to_srgb(decode_at(data, header, at_least=size, deadline=Deadline.after(4 * BUDGET_S)), data, header)
    levels = Levels.of(Pixels(pixels, 1))
    around = ground.measure(levels)
    if not around.known:
        return None
    whole = _firm(levels.mid.array, around.colour)
    x0, y0, width, height = cv2.boundingRect(whole)
    x1, y1 = x0 + width, y0 + height
    if min(width, height) < 8 or cv2.countNonZero(whole) < LEAST_FIRM * width * height:
        return None
    filled = np.ascontiguousarray(whole[y0:y1, x0:x1])
    colours = np.ascontiguousarray(levels.mid.array[y0:y1, x0:x1])
    return (
        cv2.resize(colours, (SIDE, SIDE), interpolation=cv2.INTER_AREA),
        cv2.resize(filled, (SIDE, SIDE), interpolation=cv2.INTER_NEAREST),
        (x1 - x0) / (y1 - y0),
    )


def _firm(array: Array, ground_colour: tuple[int, int, int]) -> Array:
    """The product with everything inside its outline: what is clearly not ground, whatever the ground's own colour.

    Pale shadows, which a whiter ground takes away, are no part of it.
    """
    flat = np.empty_like(array)
    flat[:] = ground_colour
    clear = (delta_e(_calm(array, 1.0), flat) > CLEARLY).astype(np.uint8) * 255
    clear = cv2.morphologyEx(clear, cv2.MORPH_OPEN, np.ones((3, 3), np.uint8)).astype(np.uint8)
    outlines, _ = cv2.findContours(clear, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    largest = max((cv2.contourArea(outline) for outline in outlines), default=0.0)
    kept = [outline for outline in outlines if cv2.contourArea(outline) >= largest / 50]
    firm = np.zeros(array.shape[:2], np.uint8)
    cv2.drawContours(firm, kept, -1, 255, cv2.FILLED)
    return firm


def _calm(colours: Array, sigma: float = 3.0) -> Array:
    """Grain and a shift by a pixel are no change of colour."""
    return cv2.GaussianBlur(colours, (0, 0), sigma)

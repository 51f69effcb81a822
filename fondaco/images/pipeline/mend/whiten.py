"""A nearly white ground made pure white, the product left as it is.

The ground is what can be reached from the frame's edge in small steps; inside it every pixel is divided by the
ground's own brightness there, which keeps soft shadows soft and leaves no hard seam at the product's edge.
"""

from __future__ import annotations

import numpy as np

from fondaco.images.pipeline.arrays import Array
from fondaco.images.pipeline.measure.ground import Ground
from fondaco.images.pipeline.native import cv2

DARKEST = 175  # a ground below this was not meant to be white
GREYEST = 60  # channels may differ by this much: a warm lamp, not a coloured wall
MODEL = 96  # side of the small picture in which the ground's light is modelled
DARKER = 14  # levels below a ground of one colour that still belong to it
FEATHER = 3.0
HIGH = 250


def can(ground: Ground) -> bool:
    """Pale, hardly coloured, even or changing slowly, and most of the ring."""
    if ground.white:
        return True
    low, high = min(ground.colour), max(ground.colour)
    return low >= DARKEST and high - low <= GREYEST and (ground.plain or ground.tinted > 0.6)


def lifted(pixels: Array, ground: Ground) -> Array:
    """Height × width × 3 with the ground at 255."""
    reach = _reached(pixels, ground)
    light = _light(pixels, reach)
    gain = cv2.resize(np.clip(light, 1, 255), (pixels.shape[1], pixels.shape[0]), interpolation=cv2.INTER_LINEAR)
    even = np.clip(pixels.astype(np.float32) * (255.0 / np.maximum(gain - 1.5, 1)), 0, 255)
    even[even.min(axis=2) >= HIGH] = 255
    weight = cv2.GaussianBlur(reach, (0, 0), FEATHER).astype(np.float32)[:, :, None] / 255
    mixed = even * weight + pixels * (1 - weight)
    mixed[(reach > 0) & (mixed.min(axis=2) >= HIGH - 4)] = 255
    return np.rint(mixed).astype(np.uint8)


def _reached(pixels: Array, ground: Ground) -> Array:
    """255 where the ground is, at the picture's size; found at about 1,000 px to be quick.

    Steps are small, but a soft shadow leads by small steps into a smooth product: on a ground of one colour nothing is
    entered that is clearly darker, and nowhere what is coloured.
    """
    scale = max(1, max(pixels.shape[:2]) // 1000)
    size = (max(1, pixels.shape[1] // scale), max(1, pixels.shape[0] // scale))
    small = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)
    darkest = min(ground.colour) - DARKER if ground.plain and not ground.tinted > 0.6 else DARKEST - 35
    low, high = small.min(axis=2), small.max(axis=2)
    small[(low < darkest) | (high - low > GREYEST)] = 0  # a wall for the flood
    mask = np.zeros((size[1] + 2, size[0] + 2), np.uint8)
    flags = 4 | cv2.FLOODFILL_MASK_ONLY | (255 << 8)
    step = max(4, min(size) // 24)
    seeds = [(x, y) for x in range(0, size[0], step) for y in (0, size[1] - 1)]
    seeds += [(x, y) for y in range(0, size[1], step) for x in (0, size[0] - 1)]
    for x, y in seeds:
        if not mask[y + 1, x + 1] and small[y, x].min() >= DARKEST - 35:
            cv2.floodFill(small, mask, (x, y), 0, (3, 3, 3), (3, 3, 3), flags)
    return cv2.resize(mask[1:-1, 1:-1], (pixels.shape[1], pixels.shape[0]), interpolation=cv2.INTER_LINEAR)


def _light(pixels: Array, reach: Array) -> Array:
    """The ground's brightness everywhere, also behind the product: averages of what is ground, spread inwards."""
    size = (MODEL, MODEL)
    weight = cv2.resize(reach, size, interpolation=cv2.INTER_AREA).astype(np.float32)[:, :, None] / 255
    kept = np.where(reach[:, :, None] > 200, pixels, 0)
    total = cv2.resize(kept, size, interpolation=cv2.INTER_AREA).astype(np.float32)
    for spread in (2.0, 6.0, 16.0, 48.0):
        known = weight > 0.3
        wide_total = cv2.GaussianBlur(total, (0, 0), spread)
        wide_weight = cv2.GaussianBlur(weight, (0, 0), spread).reshape(MODEL, MODEL, 1)
        total = np.where(known, total, wide_total)
        weight = np.where(known, weight, wide_weight)
    return total / np.maximum(weight, 1e-3)

"""What the product looks like: a 64-bit hash of the product's box, not of the frame."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from fondaco.images.pipeline.arrays import Array
from fondaco.images.pipeline.native import cv2

from .levels import Levels
from .subject import Found


@dataclass(frozen=True, slots=True)
class Looks:
    """`hash`: 16 hex digits; two pictures look alike when few of the 64 bits differ."""

    hash: str


def measure(levels: Levels, found: Found, small_grey: Array) -> Looks:
    half = levels.small.scale // levels.mid.scale
    x0, y0, x1, y1 = (edge // half for edge in found.mid_box)
    return Looks(f"{_hash(small_grey[y0 : max(y1, y0 + 1), x0 : max(x1, x0 + 1)]):016x}")


def _hash(grey: Array) -> int:
    """Signs of the 64 lowest frequencies of a 32 × 32 cosine transform."""
    small = cv2.resize(grey, (32, 32), interpolation=cv2.INTER_AREA).astype(np.float32)
    low = cv2.dct(small)[:8, :8].ravel()
    middle = np.sort(low[1:])[31]  # the median of 63; a fifth of the time of NumPy's own
    return int.from_bytes(np.packbits(low > middle).tobytes(), "big")


def distance(one: str, other: str) -> int:
    """Bits that differ, 0 to 64."""
    return (int(one, 16) ^ int(other, 16)).bit_count()

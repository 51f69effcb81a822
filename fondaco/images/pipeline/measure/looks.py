"""What the product looks like: a 64-bit hash of the product's box, not of the frame."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from fondaco.images.pipeline.native import cv2

from .levels import Levels
from .subject import Found


@dataclass(frozen=True, slots=True)
class Looks:
    """`hash`: 16 hex digits; two pictures look alike when few of the 64 bits differ."""

    hash: str


def measure(levels: Levels, found: Found) -> Looks:
    x0, y0, x1, y1 = found.mid_box
    grey = cv2.cvtColor(levels.mid.array[y0:y1, x0:x1], cv2.COLOR_RGB2GRAY)
    return Looks(f"{_hash(grey):016x}")


def _hash(grey: np.ndarray) -> int:
    """Signs of the 64 lowest frequencies of a 32 × 32 cosine transform."""
    small = cv2.resize(grey, (32, 32), interpolation=cv2.INTER_AREA).astype(np.float32)
    low = cv2.dct(small)[:8, :8].ravel()
    return int.from_bytes(np.packbits(low > np.median(low[1:])).tobytes(), "big")


def distance(one: str, other: str) -> int:
    """Bits that differ, 0 to 64."""
    return (int(one, 16) ^ int(other, 16)).bit_count()

"""Exposure and contrast, from the luma histogram of the small level."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from fondaco.images.pipeline.arrays import Array
from fondaco.images.pipeline.native import cv2

from .levels import Levels
from .subject import Found

BURNT = 252


@dataclass(frozen=True, slots=True)
class Light:
    """Luma percentiles (0-255) over the frame and over the product; `burnt` the share of product burnt to white."""

    frame_p1: int
    frame_p50: int
    frame_p99: int
    product_p1: int
    product_p50: int
    product_p99: int
    burnt: float


def measure(levels: Levels, found: Found, grey: Array) -> Light:
    grey = np.ascontiguousarray(grey[::2, ::2])  # 15,000 pixels carry a percentile
    mask = cv2.resize(found.mask, (grey.shape[1], grey.shape[0]), interpolation=cv2.INTER_NEAREST)
    whole = _counts(grey, None)
    of_product = whole if found.ground_share < 0.001 else _counts(grey, mask)
    total = float(of_product[-1])
    if not total:
        of_product, total = whole, float(whole[-1])
    return Light(*_percentiles(whole), *_percentiles(of_product), 1 - float(of_product[BURNT - 1]) / total)


def _counts(grey: Array, mask: Array | None) -> Array:
    """Pixels up to each of the 256 levels."""
    return cv2.calcHist([grey], [0], mask, [256], [0, 256])[:, 0].cumsum()


def _percentiles(cumulated: Array) -> tuple[int, int, int]:
    p1, p50, p99 = (min(255, int(v)) for v in cumulated.searchsorted(cumulated[-1] * _SHARES))
    return p1, p50, p99


_SHARES = np.array([0.01, 0.5, 0.99], np.float32)

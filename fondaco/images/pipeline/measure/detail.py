"""Sharpness, enlargement and pixel grid, on the product at the decoded size."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from fondaco.images.pipeline.native import cv2

from .levels import Levels
from .subject import Found

PERIODS = (2, 3, 4, 5, 6, 7, 8, 10, 12, 16)
CROP = 640


@dataclass(frozen=True, slots=True)
class Detail:
    """`finest`: energy of the finest octave against the next (sharp ≥ 0.33, blurred by 1 px or enlarged ≤ 0.2).

    `grid`: share of horizontal change on one phase of a period (clean ≤ 0.05, nearest-neighbour ≥ 0.66);
    `period_px` that period in native pixels. `blur_px`: estimated Gaussian sigma in native pixels.
    """

    finest: float
    grid: float
    period_px: int
    blur_px: float


def measure(levels: Levels, found: Found) -> Detail:
    if found.box is None:
        return Detail(1.0, 0.0, 0, 0.0)
    top = levels.top
    x, y, w, h = (v // top.scale for v in found.box)
    cx, cy = x + w // 2, y + h // 2
    dw, dh = min(CROP // 2, w // 2), min(CROP // 2, h // 2)
    crop = top.array[max(0, cy - dh) : cy + dh, max(0, cx - dw) : cx + dw]
    crop = crop[: crop.shape[0] // 16 * 16, : crop.shape[1] // 16 * 16]
    if min(crop.shape[:2]) < 64:
        return Detail(1.0, 0.0, 0, 0.0)
    grey = cv2.cvtColor(crop, cv2.COLOR_RGB2GRAY)
    finest = _finest(grey)
    grid, period = _grid(grey)
    return Detail(finest, grid, period * top.scale, _sigma(finest) * top.scale)


def _finest(grey: np.ndarray) -> float:
    half = cv2.resize(grey, (grey.shape[1] // 2, grey.shape[0] // 2), interpolation=cv2.INTER_AREA)
    quarter = cv2.resize(half, (half.shape[1] // 2, half.shape[0] // 2), interpolation=cv2.INTER_AREA)
    return _lost(grey, half) / (_lost(half, quarter) + 1e-3)


def _lost(fine: np.ndarray, coarse: np.ndarray) -> float:
    """Mean squared difference between a level and the next coarser one laid over it."""
    back = cv2.resize(coarse, (fine.shape[1], fine.shape[0]), interpolation=cv2.INTER_LINEAR)
    return cv2.norm(fine, back, cv2.NORM_L2) ** 2 / fine.size


def _grid(grey: np.ndarray) -> tuple[float, int]:
    change = cv2.reduce(cv2.absdiff(grey[:, 1:], grey[:, :-1]), 0, cv2.REDUCE_SUM, dtype=cv2.CV_32S)[0].astype(float)
    best, period = 0.0, 0
    for q in PERIODS:
        phases = change[: len(change) // q * q].reshape(-1, q).mean(axis=0)
        share = (phases.max() / (phases.sum() + 1e-6) - 1 / q) / (1 - 1 / q)
        if share > best:
            best, period = float(share), q
    return best, period


def _sigma(finest: float) -> float:
    """Gaussian sigma in pixels of the level that leaves this ratio; measured on sharp edges."""
    return float(np.interp(finest, (0.06, 0.12, 0.2, 0.33, 0.5), (4.0, 2.2, 1.5, 0.8, 0.4)))

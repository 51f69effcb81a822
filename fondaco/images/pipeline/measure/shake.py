"""Camera shake: fine detail is gone in one direction and there in the other.

The energy of gradients by direction (the structure tensor) at full size is held against the same windows at half
size. Blur lowers the ratio in all directions alike, texture that runs one way leaves it as it is; only a smear lowers
it along one direction. The smallest ratio and its direction are the smaller eigenvalue and its vector.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from fondaco.images.pipeline.arrays import Array
from fondaco.images.pipeline.native import cv2

from .tiles import SIDE, Tiles

GONE = 0.33  # ratio along the smear; clean pictures keep 0.37 and more in every direction
LOPSIDED = 0.8  # smaller over larger ratio; blur in all directions stays above
STEADY = 0.03  # of the tensor's trace: a direction without any edges must not decide
# What a quarter of the size keeps along a smear of so many pixels of the level.
_KEPT, _LENGTHS = (0.06, 0.08, 0.105, 0.17), (30.0, 15.0, 8.0, 4.0)


@dataclass(frozen=True, slots=True)
class Shake:
    """`length` in pixels of the level, about; 0 = none. `degrees`: its direction, 0 = horizontal, clockwise, 0-180."""

    length: float
    degrees: float


NONE = Shake(0.0, 0.0)


def shake(tiles: Tiles) -> Shake:
    fine = _tensor(tiles.grey)
    ratios, directions = _against(fine, _tensor(_smaller(tiles.grey, 2)))
    if ratios[0] > GONE or ratios[0] > LOPSIDED * ratios[1]:
        return NONE
    far, _ = _against(fine, _tensor(_smaller(tiles.grey, 4)))
    across, down = directions[:, 0]
    return Shake(float(np.interp(far[0], _KEPT, _LENGTHS)), float(np.degrees(np.arctan2(down, across)) % 180))


def _tensor(grey: Array) -> Array:
    """2 × 2: mean products of the gradient across and down; seams between the stacked windows are left out."""
    count, side, _ = grey.shape
    tall = grey.reshape(-1, side)
    gradients = (cv2.Sobel(tall, cv2.CV_32F, 1, 0), cv2.Sobel(tall, cv2.CV_32F, 0, 1))
    across, down = (g.reshape(count, side, side)[:, 2:-2, 2:-2].ravel() for g in gradients)
    mixed = float(across @ down)
    return np.array([[float(across @ across), mixed], [mixed, float(down @ down)]]) / len(across)


def _smaller(grey: Array, times: int) -> Array:
    side = SIDE // times
    return np.stack([cv2.resize(window, (side, side), interpolation=cv2.INTER_AREA) for window in grey])


def _against(fine: Array, coarse: Array) -> tuple[Array, Array]:
    """Ratios of energy, the smaller first, and their directions as columns (across, down)."""
    values, vectors = np.linalg.eig(np.linalg.solve(coarse + np.eye(2) * (STEADY * coarse.trace() + 1e-6), fine))
    order = np.argsort(values.real)
    return values.real[order], vectors.real[:, order]

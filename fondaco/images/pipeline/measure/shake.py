"""Camera shake: fine detail is gone in one direction and there in the other.

The energy of gradients by direction (the structure tensor) at full size is held against the same windows at half
size. Blur lowers the ratio in all directions alike, texture that runs one way leaves it as it is; only a smear lowers
it along one direction. The smallest ratio and its direction are the smaller eigenvalue and its vector.

All of it is a weighted sum of the power spectrum that sharpness is judged by: a Sobel filter, averaging by two and
by four are known factors at each frequency, so no pixel is looked at again.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from fondaco.images.pipeline.arrays import Array

from .spectrum import frequencies

GONE = 0.37  # ratio along the smear; clean photographs keep 0.39 and more in every direction, half of them 0.5
# What blur in all directions keeps when the sharpest windows' detail ends at so many cycles a pixel. A smear keeps less:
# what lies along it is as sharp as before. How much less must be seen depends on how lopsided the ratios are.
_ENDS, _BLUR_KEEPS = (0.085, 0.105, 0.174, 0.24, 0.3, 0.5), (0.276, 0.279, 0.312, 0.356, 0.4, 0.51)
LOPSIDED, A_LITTLE = 0.8, 0.03
VERY_LOPSIDED, NEARLY_GONE = 0.72, 0.395
SURELY_GONE, MUCH = 0.33, 0.045
DOUBT = 0.42  # seen in a few windows: look at all of them before saying that there is no shake
# A direction with hardly an edge must not decide: so much of the tensor's trace is added, with a sharp picture's ratio.
STEADY, USUAL = 0.01, 0.48
# What a quarter of the size keeps along a smear of so many pixels of the level.
_KEPT, _LENGTHS = (0.06, 0.08, 0.105, 0.17), (30.0, 15.0, 8.0, 4.0)

Tensor = tuple[float, float, float]  # mean products of the gradient: across², across × down, down²


@dataclass(frozen=True, slots=True)
class Shake:
    """`length` in pixels of the level, about; 0 = none. `degrees`: its direction, 0 = horizontal, clockwise, 0-180.
    `kept` and `other`: the ratios that it was judged by, along the smear and across it."""

    length: float
    degrees: float
    kept: float = 1.0
    other: float = 1.0


NONE = Shake(0.0, 0.0)


def _weights(times: int) -> Array:
    """What each frequency gives to the tensor at 1/`times` of the size: (128·63) × 3."""
    across, down = frequencies()
    x, y = 2 * np.pi * times * across, 2 * np.pi * times * down
    averaged = np.ones_like(x)
    for step in range(times.bit_length() - 1):
        averaged = averaged * (np.cos(np.pi * 2**step * across) * np.cos(np.pi * 2**step * down)) ** 2
    sobel_x, sobel_y = 2 * np.sin(x) * (2 + 2 * np.cos(y)), 2 * np.sin(y) * (2 + 2 * np.cos(x))
    products = (sobel_x**2, sobel_x * sobel_y, sobel_y**2)
    return np.stack([(averaged * p).ravel() for p in products], axis=1).astype(np.float32)


_NEAR, _FAR = np.hstack([_weights(1), _weights(2)]), _weights(4)


def shake(powers: Array, *, cutoff: float) -> Shake:
    """`powers` as `spectrum.power` gives them: all windows together decide. `cutoff`: where their finest detail ends."""
    whole = powers.sum(axis=0)
    near = (whole @ _NEAR).tolist()
    fine, half = (near[0], near[1], near[2]), (near[3], near[4], near[5])
    if not half[0] + half[2]:
        return NONE
    kept, other, degrees = _against(fine, half, USUAL)
    less = float(np.interp(cutoff, _ENDS, _BLUR_KEEPS)) - kept
    lopsided = kept < LOPSIDED * other and less > A_LITTLE
    gone = kept < (NEARLY_GONE if kept < VERY_LOPSIDED * other else GONE)
    if not gone or not (lopsided or (kept < SURELY_GONE and less > MUCH)):
        return Shake(0.0, 0.0, kept, other)
    xx, xy, yy = (whole @ _FAR).tolist()
    far, *_ = _against(fine, (xx, xy, yy), 0.0)
    return Shake(float(np.interp(far, _KEPT, _LENGTHS)), degrees, kept, other)


def _against(fine: Tensor, coarse: Tensor, usual: float) -> tuple[float, float, float]:
    """Ratios of energy, the smaller first, and its direction: the eigenvalues of coarse⁻¹ · fine, where `usual` is what
    is taken for directions without edges."""
    steady = STEADY * (coarse[0] + coarse[2]) + 1e-6
    a, b, d = coarse[0] + steady, coarse[1], coarse[2] + steady
    scale = 1 / max(a * d - b * b, 1e-12)
    e, f, g = fine[0] + usual * steady, fine[1], fine[2] + usual * steady
    xx, xy = scale * (d * e - b * f), scale * (d * f - b * g)
    yx, yy = scale * (a * f - b * e), scale * (a * g - b * f)
    middle, apart = (xx + yy) / 2, math.sqrt(max(0.0, ((xx - yy) / 2) ** 2 + xy * yx))
    small, large = middle - apart, middle + apart
    across, down = (xy, small - xx) if abs(xy) > abs(yx) else (small - yy, yx)
    return small, large, math.degrees(math.atan2(down, across)) % 180

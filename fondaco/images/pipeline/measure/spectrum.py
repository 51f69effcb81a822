"""How fine the finest detail is: the power spectrum of a few windows.

An edge or a natural texture has a spectrum that falls as 1/f²; multiplied by f² it is flat up to half a cycle a
pixel. Blur and enlargement cut it off: blur of sigma s leaves exp(-4π²s²f²), enlarging n times nothing above
0.5/n. Where the flattened spectrum falls to a hundredth is the cut-off.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from fondaco.images.pipeline.arrays import Array
from fondaco.images.pipeline.native import cv2

from .tiles import SIDE, Tiles

FALL = 0.01
NOISE = 1200.0  # flattened power of what JPEG at usual qualities adds; measured on blurred pictures
STRONG = 0.03  # of the strongest window: a weaker one says nothing
ENOUGH = 12_000.0  # flattened power of the low band below which no window says anything
SHARP = 0.45
SIGMA = 0.3415  # sigma × cut-off of a Gaussian at a fall to 1/100: sqrt(ln 100) / 2π
CYCLES = 0.75  # enlargement × cut-off, measured on linear, cubic and Lanczos enlargements

COLUMNS = SIDE // 2 - 1  # of the half spectrum; see `power`

_EDGES = np.geomspace(0.02, 0.48, 22)


def frequencies() -> tuple[Array, Array]:
    """Cycles a pixel across and down of each value of `power`, 128 × 63."""
    across, down = np.arange(1, SIDE // 2) / SIDE, np.fft.fftfreq(SIDE)
    return np.broadcast_to(across[None], (SIDE, COLUMNS)), np.broadcast_to(down[:, None], (SIDE, COLUMNS))


def _bands() -> tuple[Array, Array]:
    """Averages over rings of the half spectrum with the factor f²: (128·63) × bands; and the ring's frequency."""
    radius = np.hypot(*frequencies())
    rings = [(radius >= low) & (radius < high) for low, high in pairwise(_EDGES)]
    weight = [ring * radius**2 / max(1, ring.sum()) for ring in rings]
    middle = np.sqrt(_EDGES[:-1] * _EDGES[1:])
    return np.ascontiguousarray(np.stack(weight).reshape(len(rings), -1).T, np.float32), middle


_WEIGHTS, _FREQUENCIES = _bands()
_WINDOW = np.outer(np.hanning(SIDE), np.hanning(SIDE)).astype(np.float32)
_LOW = slice(int(np.argmax(_FREQUENCIES > 0.034)), int(np.argmax(_FREQUENCIES >= 0.09)))
_FIRST_BAND = int(np.argmax(_FREQUENCIES > 0.05))  # below it a fall means nothing
_LOGS = np.log(_FREQUENCIES)


def power(tiles: Tiles) -> Array:
    """Power spectra of the windows, windows × (128·63): rows are frequencies down, columns across.

    The columns of zero and of half a cycle across are left out: OpenCV packs them apart, and the Hann window spreads
    what they hold into their neighbours."""
    packed = np.empty((len(tiles.grey), SIDE, SIDE), np.float32)
    for into, window in zip(packed, tiles.grey, strict=True):
        level = cv2.subtract(window, cv2.mean(window)[:1], dtype=cv2.CV_32F)  # type: ignore[call-overload]
        cv2.dft(cv2.multiply(level, _WINDOW, dst=level), dst=into)
    real, imaginary = packed[:, :, 1:-1:2], packed[:, :, 2::2]
    found = np.square(real)
    found += np.square(imaginary)
    return found.reshape(len(packed), -1)


@dataclass(frozen=True, slots=True)
class Cutoff:
    """`frequency` in cycles a pixel of the level, 0.5 = all there is; `strength` of the best window's low band.
    A strength of 0: nothing to judge by."""

    frequency: float
    strength: float


def cutoff(powers: Array, *, noise: float = 1.0) -> Cutoff:
    """The second sharpest of the strong windows decides: shallow focus passes, one lucky edge does not.

    `powers` as `power` gives them; `noise`: of the level, against the native. A crisp cut-out of a blurred photograph
    passes by its outline."""
    curves = powers @ _WEIGHTS
    low = curves[:, _LOW].mean(axis=1).tolist()
    strongest = max(low)
    if strongest < ENOUGH * noise:
        return Cutoff(0.5, 0.0)
    floor = max(ENOUGH * noise, STRONG * strongest)
    strong = [i for i, level in enumerate(low) if level >= floor]
    found = sorted(_falls(curves[i], FALL * low[i] + NOISE * noise) for i in strong)
    return Cutoff(found[-2] if len(found) > 1 else found[-1], strongest)


def _falls(curve: Array, level: float) -> float:
    """The frequency, between two bands, at which the curve falls under `level`."""
    under = curve[_FIRST_BAND:] < level
    i = _FIRST_BAND + int(under.argmax())
    if not under[i - _FIRST_BAND]:
        return 0.5
    above, below, limit = math.log(max(curve[i - 1], level)), math.log(max(curve[i], 1.0)), math.log(level)
    part = min(1.0, (above - limit) / max(above - below, 1e-6))
    return math.exp(_LOGS[i - 1] + part * (_LOGS[i] - _LOGS[i - 1]))


def blur_of(frequency: float) -> float:
    """Gaussian sigma in pixels of the level; 0 when the picture is as sharp as can be seen."""
    return 0.0 if frequency >= SHARP else SIGMA / frequency


def enlargement_of(frequency: float) -> float:
    """How many times a sharp picture was enlarged to look so; 1 when not at all."""
    return 1.0 if frequency >= SHARP else CYCLES / frequency

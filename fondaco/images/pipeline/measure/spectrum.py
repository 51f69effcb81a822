"""How fine the finest detail is: the power spectrum of a few windows.

An edge or a natural texture has a spectrum that falls as 1/f²; multiplied by f² it is flat up to half a cycle a
pixel. Blur and enlargement cut it off: blur of sigma s leaves exp(-4π²s²f²), enlarging n times nothing above
0.5/n. Where the flattened spectrum falls to a hundredth is the cut-off.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from fondaco.images.pipeline.arrays import Array
from fondaco.images.pipeline.native import cv2

from .tiles import SIDE, Tiles

FALL = 0.01
NOISE = 1200.0  # flattened power of what JPEG at usual qualities adds; measured on blurred pictures
STRONG = 0.03  # of the strongest window: a weaker one says nothing
ENOUGH = 20_000.0  # flattened power of the low band below which no window says anything
SHARP = 0.45
SOFT = 0.1  # finest against low band: most clean pictures keep more, shaken ones hardly ever
SIGMA = 0.3415  # sigma × cut-off of a Gaussian at a fall to 1/100: sqrt(ln 100) / 2π
CYCLES = 0.75  # enlargement × cut-off, measured on linear, cubic and Lanczos enlargements

_EDGES = np.geomspace(0.02, 0.48, 22)


def _bands() -> tuple[Array, Array]:
    """Averages over rings of the half spectrum with the factor f²: bands × (128·63); and the ring's frequency.

    The columns of zero and of half a cycle across are left out: OpenCV packs them apart, and the window spreads
    what they hold into their neighbours."""
    fy, fx = np.fft.fftfreq(SIDE)[:, None], (np.arange(1, SIDE // 2) / SIDE)[None]
    radius = np.hypot(fy, fx)
    rings = [(radius >= low) & (radius < high) for low, high in pairwise(_EDGES)]
    weight = [ring * radius**2 / max(1, ring.sum()) for ring in rings]
    middle = np.sqrt(_EDGES[:-1] * _EDGES[1:])
    return np.stack(weight).reshape(len(rings), -1).astype(np.float32), middle


_WEIGHTS, _FREQUENCIES = _bands()
_WINDOW = np.outer(np.hanning(SIDE), np.hanning(SIDE)).astype(np.float32)
_FINE = _FREQUENCIES > 0.25
_LOW = (_FREQUENCIES > 0.034) & (_FREQUENCIES < 0.09)


@dataclass(frozen=True, slots=True)
class Cutoff:
    """`frequency` in cycles a pixel of the level, 0.5 = all there is; `strength` of the best window's low band.
    A strength of 0: nothing to judge by. `soft`: the finest detail is weak, so a closer look is worth its time."""

    frequency: float
    strength: float
    soft: bool = False


def cutoff(tiles: Tiles, *, noise: float = 1.0) -> Cutoff:
    """The second sharpest of the strong windows decides: shallow focus passes, one lucky edge does not.

    `noise`: of the level, against the native. A crisp cut-out of a blurred photograph passes by its outline."""
    curves = _curves(tiles.grey)
    low = curves[:, _LOW].mean(axis=1)
    strongest = float(low.max())
    if strongest < ENOUGH * noise:
        return Cutoff(0.5, 0.0)
    strong = low >= max(ENOUGH * noise, STRONG * strongest)
    found = np.array([_falls(c, FALL * level + NOISE * noise) for c, level in zip(curves, low, strict=True)])
    fine = curves[strong][:, _FINE].mean(axis=1) / low[strong]
    return Cutoff(_second(found[strong]), strongest, bool(np.median(fine) < SOFT))


def _second(frequencies: Array) -> float:
    ordered = np.sort(frequencies)
    return float(ordered[-2] if len(ordered) > 1 else ordered[-1])


def _curves(grey: Array) -> Array:
    """Windows × bands: flattened power."""
    power = np.empty((len(grey), SIDE, SIDE // 2 - 1), np.float32)
    for row, window in zip(power, grey, strict=True):
        level = window.astype(np.float32) - cv2.mean(window)[0]
        packed = cv2.dft(cv2.multiply(level, _WINDOW))
        row[:] = cv2.mulSpectrums(packed, packed, 0, conjB=True)[:, 1:-1:2]
    return power.reshape(len(grey), -1) @ _WEIGHTS.T


def _falls(curve: Array, level: float) -> float:
    """The frequency, between two bands, at which the curve falls under `level`."""
    under = np.flatnonzero((curve < level) & (_FREQUENCIES > 0.05))
    if not len(under):
        return 0.5
    i = int(under[0])
    above, below = np.log(max(curve[i - 1], level)), np.log(max(curve[i], 1.0))
    part = (above - np.log(level)) / max(above - below, 1e-6)
    return float(_FREQUENCIES[i - 1] * (_FREQUENCIES[i] / _FREQUENCIES[i - 1]) ** min(1.0, part))


def blur_of(frequency: float) -> float:
    """Gaussian sigma in pixels of the level; 0 when the picture is as sharp as can be seen."""
    return 0.0 if frequency >= SHARP else SIGMA / frequency


def enlargement_of(frequency: float) -> float:
    """How many times a sharp picture was enlarged to look so; 1 when not at all."""
    return 1.0 if frequency >= SHARP else CYCLES / frequency

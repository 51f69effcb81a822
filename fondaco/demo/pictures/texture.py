"""Procedural textures: what the eye takes for wood, cloth, glaze and grain.

Everything is read from a few tileable noise squares made once a process, so that a texture of two million
pixels costs a handful of look-ups. Coordinates are arrays of equal shape, in turns of the texture.
"""

from __future__ import annotations

from functools import lru_cache

import cv2
import numpy as np

from .shapes import Array

SIDE = 512


@lru_cache(maxsize=8)
def tile(octaves: int, base: int = 4, seed: int = 1) -> Array:
    """A tileable 512 × 512 square of fractal noise, mean 0, standard deviation 1. `base`: cells of the coarsest octave."""
    rng = np.random.default_rng([seed, octaves, base])
    total = np.zeros((SIDE, SIDE), np.float32)
    for o in range(octaves):
        cells = min(base << o, SIDE)
        grid = rng.standard_normal((cells, cells)).astype(np.float32)
        wrapped = np.pad(grid, 4, mode="wrap")
        k = SIDE // cells
        big = cv2.resize(wrapped, None, fx=k, fy=k, interpolation=cv2.INTER_CUBIC)
        total += big[4 * k : 4 * k + SIDE, 4 * k : 4 * k + SIDE] * 0.55**o
    total -= total.mean()
    return total / total.std()


@lru_cache(maxsize=1)
def grain_tile() -> Array:
    """Sensor noise: nearly white, a little blurred by demosaicing; standard deviation 1."""
    g = np.random.default_rng(7).standard_normal((SIDE, SIDE)).astype(np.float32)
    g = g + 0.35 * np.roll(g, 1, 1)
    return (g / g.std()).astype(np.float32)


def noise(u: Array, v: Array, *, octaves: int = 5, base: int = 4, seed: int = 1) -> Array:
    """Fractal noise at (u, v); one unit is one tile."""
    k = np.float32(SIDE)
    return cv2.remap(
        tile(octaves, base, seed),
        u.astype(np.float32) * k,
        v.astype(np.float32) * k,
        cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_WRAP,
    )


def spread_noise(shape: tuple[int, int], *, x: int, y: int, octaves: int = 6, base: int = 8) -> Array:
    """Noise pixel by pixel without resampling, from an offset: the cheapest."""
    t = np.roll(tile(octaves, base), (y % SIDE, x % SIDE), (0, 1))
    return np.tile(t, (-(-shape[0] // SIDE), -(-shape[1] // SIDE)))[: shape[0], : shape[1]]


def wood(u: Array, v: Array, *, seed: int = 0, rings: float = 7.0) -> Array:
    """0 … 1: light early wood to dark late wood; the grain runs along u."""
    s = np.float32(seed * 0.137 % 1)
    bend = noise(u * 0.12 + s, v * 0.30 + s, octaves=3)
    line = v * rings + bend * 0.55
    ring = line - np.floor(line)
    band = ring * ring * (1 - np.clip((ring - 0.9) * 10, 0, 1))
    fibre = noise(u * 0.35 + s, v * 5.0, octaves=6, base=8)
    pore = noise(u * 1.1 + s, v * 14.0, octaves=2, base=64)
    return np.clip(0.30 + 0.42 * band + 0.10 * fibre + 0.05 * pore, 0, 1)


def weave(u: Array, v: Array) -> Array:
    """Plain weave height, 0 … 1; one thread each way a unit."""
    a, b = np.sin(np.pi * u), np.sin(np.pi * v)
    over = np.sin(np.pi * (np.floor(u) + np.floor(v)) + np.pi / 2)
    warp, weft = np.abs(a), np.abs(b)
    return np.where(over > 0, warp * (0.6 + 0.4 * weft), weft * (0.6 + 0.4 * warp)).astype(np.float32)


def knit(u: Array, v: Array) -> Array:
    """Stocking-stitch height, 0 … 1: one column of V-shaped stitches a unit of u, one row a unit of v."""
    fu = np.abs(u - np.floor(u) - np.float32(0.5)) * 2  # 0 mid of the column, 1 in the groove
    w = v - fu * np.float32(0.75)
    fw = w - np.floor(w)
    loop = np.sin(np.pi * fw)
    body = np.sqrt(np.maximum(1 - (2 * fu - 1) ** 2, 0))
    return (0.15 + 0.85 * loop * body).astype(np.float32)


def brushed(u: Array, v: Array) -> Array:
    """Fine streaks along u, standard deviation about 1."""
    return noise(u * 0.15, v * 3.0, octaves=4, base=64)

"""The photographer's studio: a key softbox at the left, a strip at the right, an overhead, and a white table.

Lighting is read from small tables indexed by the normal as the camera sees it (x right, y up), one for matt
and one for each roughness of gloss. Light is linear; the picture's encoding is a square root, close to sRGB.
"""

from __future__ import annotations

from functools import lru_cache

import cv2
import numpy as np

from .shapes import Array

SIDE = 256  # cells of a lighting table across the disc of normals


def linear(colour: str) -> tuple[float, float, float]:
    """`#rrggbb` to linear light, with the square-root encoding used throughout."""
    v = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    return (v[0] ** 2, v[1] ** 2, v[2] ** 2)


def mix(a: tuple[float, ...], b: tuple[float, ...], t: float) -> tuple[float, float, float]:
    return tuple(x + (y - x) * t for x, y in zip(a, b, strict=True))  # type: ignore[return-value]


def _unit(x: float, y: float, z: float) -> Array:
    v = np.array([x, y, z])
    return v / np.linalg.norm(v)


@lru_cache(maxsize=1)
def _disc() -> tuple[Array, Array, Array]:
    """Normals over the table; beyond the disc they are bent back to its rim."""
    g = np.linspace(-1.0, 1.0, SIDE)
    x, y = np.meshgrid(g, g)
    r = np.hypot(x, y)
    k = np.where(r > 0.999, 0.999 / np.maximum(r, 1e-9), 1.0)
    x, y = x * k, y * k
    return x, y, np.sqrt(1 - x * x - y * y)


_LAMPS = (  # direction, strength, how far the light wraps around the form
    ((-0.62, 0.55, 0.56), 0.68, 0.15),
    ((0.85, 0.2, 0.45), 0.15, 0.35),
    ((0.0, 0.95, 0.25), 0.20, 0.3),
    ((0.0, -0.9, 0.4), 0.10, 0.5),
)


@lru_cache(maxsize=1)
def diffuse() -> Array:
    """Light on a matt surface by its normal, about 0.3 … 1."""
    x, y, z = _disc()
    light = np.full(x.shape, 0.09)
    for direction, strength, wrap in _LAMPS:
        d = _unit(*direction)
        light += strength * np.maximum((x * d[0] + y * d[1] + z * d[2] + wrap) / (1 + wrap), 0) ** 1.2
    return (light / light.max() * 0.98).astype(np.float32)


def _softbox(d: Array, centre: Array, wide: float, high: float, soft: float) -> Array:
    side = np.cross([0, 1, 0], centre)
    side /= np.linalg.norm(side)
    up = np.cross(centre, side)
    ahead = d @ centre
    u, v = np.abs(d @ side) / np.maximum(ahead, 1e-3), np.abs(d @ up) / np.maximum(ahead, 1e-3)
    inside = np.clip((wide - u) / soft + 0.5, 0, 1) * np.clip((high - v) / soft + 0.5, 0, 1)
    return np.where(ahead > 0, inside * (0.8 + 0.2 * np.clip(1 - v / high, 0, 1)), 0)


@lru_cache(maxsize=1)
def _room() -> Array:
    """What a mirror would see in every direction, as 256 × 512 (polar angle from above × azimuth)."""
    theta = (np.arange(256) + 0.5) / 256 * np.pi
    phi = (np.arange(512) + 0.5) / 512 * 2 * np.pi
    t, f = np.meshgrid(theta, phi, indexing="ij")
    d = np.stack([np.sin(t) * np.sin(f), np.cos(t), np.sin(t) * np.cos(f)], -1)
    sky = 0.16 + 0.18 * np.clip(d[..., 1], 0, 1)
    light = np.where(d[..., 1] < -0.02, 0.62 + 0.2 * np.clip(d[..., 2], -1, 0), sky)
    light = light + np.where(d[..., 2] < -0.2, 0.55 * np.clip(-d[..., 2] * 1.4, 0, 1), 0)
    light += 3.2 * _softbox(d, _unit(-0.8, 0.12, 0.5), 0.34, 1.05, 0.04)
    light += 1.9 * _softbox(d, _unit(0.93, 0.05, 0.3), 0.12, 1.2, 0.04)
    light += 1.5 * _softbox(d, _unit(0.05, 0.98, 0.2), 0.55, 0.4, 0.1)
    return light.astype(np.float32)


@lru_cache(maxsize=8)
def gloss(rough: float) -> Array:
    """What a surface of this roughness mirrors, by its normal; 0 … about 3."""
    x, y, z = _disc()
    rx, ry, rz = 2 * z * x, 2 * z * y, 2 * z * z - 1
    room = _room()
    sigma = 1.0 + 90 * rough * rough + 8 * rough
    wide = np.concatenate([room[:, -128:], room, room[:, :128]], 1)
    wide = cv2.GaussianBlur(wide, (0, 0), sigma, borderType=cv2.BORDER_REPLICATE)
    v = np.arccos(np.clip(ry, -1, 1)) / np.pi * 256 - 0.5
    u = (np.arctan2(rx, rz) / (2 * np.pi) % 1.0) * 512 - 0.5 + 128
    return cv2.remap(wide, u.astype(np.float32), v.astype(np.float32), cv2.INTER_LINEAR)


def look_up(table: Array, nx: Array, ny: Array) -> Array:
    """`table` at normals, of any shape."""
    if nx.ndim == 1:
        pad = -nx.size % 1024
        grid = [np.pad(a, (0, pad)).reshape(-1, 1024) for a in (nx, ny)]
        return look_up(table, *grid).ravel()[: nx.size]
    half = np.float32((SIDE - 1) / 2)
    return cv2.remap(table, nx * half + half, ny * half + half, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)

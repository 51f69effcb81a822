"""A small generator of product pictures with known faults, for the tests of the pipeline. No files, no network."""

from __future__ import annotations

from functools import cache

import cv2
import numpy as np
import simplejpeg
from numpy.typing import NDArray

Array = NDArray[np.uint8]
WHITE = (255, 255, 255)
SHAPES = ("ellipse", "box", "bottle", "leaf")


def texture(side: int, seed: int) -> Array:
    """Crisp and natural-looking: noise with a 1/f spectrum, in colour, and a few sharp lines and letters."""
    rng = np.random.default_rng(seed)
    fx, fy = np.fft.rfftfreq(side)[None], np.fft.fftfreq(side)[:, None]
    fall = 1 / np.maximum(np.hypot(fx, fy), 1 / side)
    planes = []
    for _ in range(2):
        phase = np.exp(2j * np.pi * rng.random(fall.shape))
        plane = np.fft.irfft2(fall * phase, s=(side, side))
        planes.append((plane - plane.mean()) / plane.std())
    base = rng.integers(60, 170, 3)
    luma, hue = planes
    tint = rng.uniform(-12, 12, 3)
    picture = base + 34 * luma[:, :, None] + hue[:, :, None] * tint
    picture = np.clip(picture, 5, 235).astype(np.uint8)
    for _ in range(6):
        ends = [tuple(int(v) for v in rng.integers(0, side, 2)) for _ in range(2)]
        cv2.line(picture, *ends, tuple(int(v) for v in rng.integers(10, 230, 3)), max(1, side // 300), cv2.LINE_AA)
    cv2.putText(
        picture, "FONDACO", (side // 4, side // 2), cv2.FONT_HERSHEY_SIMPLEX, side / 400, (20, 20, 20), 2, cv2.LINE_AA
    )
    return picture


def outline(side: int, *, fill: float, shape: str, narrow: float = 0.7) -> Array:
    """Coverage 0-255 of a product of this shape in the middle of the frame, its long extent `fill` of the side."""
    mask, centre, reach = np.zeros((side, side), np.uint8), side / 2, side * fill / 2
    across = reach * narrow
    if shape == "ellipse":
        t = np.linspace(0, 2 * np.pi, 400)
        points = np.stack([centre + reach * np.cos(t), centre + across * np.sin(t)], 1)
    elif shape == "box":
        points = [(-reach, -across), (reach, -across), (reach, across), (-reach, across)]
        points = np.array(points) + centre
    elif shape == "bottle":
        half, neck = reach * 0.4, reach * 0.15
        right = [(neck, -reach), (neck, -0.6 * reach), (half, -0.3 * reach), (half, reach)]
        points = np.array(right + [(-x, y) for x, y in reversed(right)]) + centre
    else:
        t = np.linspace(0, 2 * np.pi, 400)
        wave = 1 + 0.15 * np.cos(5 * t) + 0.1 * np.sin(3 * t)
        x, y = wave * np.cos(t), wave * np.sin(t)
        points = np.stack([_spread(x) * reach + centre, _spread(y) * across + centre], 1)
    cv2.fillPoly(mask, [np.round(points * 16).astype(np.int32)], 255, cv2.LINE_AA, 4)
    return mask


def _spread(values: NDArray[np.float64]) -> NDArray[np.float64]:
    return 2 * (values - values.min()) / (values.max() - values.min()) - 1


@cache
def product(
    side: int = 1000,
    *,
    fill: float = 0.9,
    shape: str = "ellipse",
    ground: tuple[int, int, int] | str = WHITE,
    seed: int = 1,
) -> Array:
    """Side × side × 3. `ground`: a colour, or "gradient" from white to grey. Read-only, because it is shared."""
    cover = outline(side, fill=fill, shape=shape)[:, :, None].astype(np.float32) / 255
    if ground == "gradient":
        behind = np.linspace(255, 205, side, dtype=np.float32)[:, None, None] * np.ones((1, side, 3), np.float32)
    else:
        behind = np.array(ground, np.float32)
    picture = np.rint(texture(side, seed) * cover + behind * (1 - cover)).astype(np.uint8)
    picture.setflags(write=False)
    return picture


def scene(side: int = 1000, seed: int = 1) -> Array:
    """Texture from edge to edge: no ground at all."""
    return texture(side, seed)


def jpeg(picture: Array, quality: int = 90, subsampling: str = "420") -> bytes:
    return simplejpeg.encode_jpeg(np.ascontiguousarray(picture), quality, colorsubsampling=subsampling)


def blurred(picture: Array, sigma: float) -> Array:
    return cv2.GaussianBlur(picture, (0, 0), sigma)


def shaken(picture: Array, length: int, degrees: float) -> Array:
    kernel = np.zeros((2 * length + 1,) * 2, np.float32)
    half = length / 2 * np.array([np.cos(np.radians(degrees)), np.sin(np.radians(degrees))])
    ends = [tuple(np.rint((length + sign * half) * 16).astype(int).tolist()) for sign in (-1, 1)]
    cv2.line(kernel, *ends, 1.0, 1, cv2.LINE_AA, 4)
    return cv2.filter2D(picture, -1, kernel / kernel.sum(), borderType=cv2.BORDER_REPLICATE)


def enlarged(picture: Array, times: int, method: int = cv2.INTER_CUBIC) -> Array:
    side = picture.shape[0]
    small = cv2.resize(picture, (side // times,) * 2, interpolation=cv2.INTER_AREA)
    return cv2.resize(small, (side, side), interpolation=method)


def bordered(picture: Array, width: int, colour: tuple[int, int, int] = (0, 0, 0)) -> Array:
    framed = picture.copy()
    for strip in (framed[:width], framed[-width:], framed[:, :width], framed[:, -width:]):
        strip[:] = colour
    return framed


def pasted(picture: Array, margin: float = 0.06) -> Array:
    """The whole picture laid as a rectangle on a white canvas."""
    side = picture.shape[0]
    edge = int(side * margin)
    canvas = np.full_like(picture, 255)
    canvas[edge:-edge, edge:-edge] = cv2.resize(picture, (side - 2 * edge,) * 2, interpolation=cv2.INTER_AREA)
    return canvas

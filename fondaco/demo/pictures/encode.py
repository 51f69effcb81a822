"""Pixels to bytes, in the formats that sellers send."""

from __future__ import annotations

import numpy as np
import pyvips
import simplejpeg

from .shapes import Array

FORMATS = ("jpeg", "tiff", "gif", "png", "webp")


def vips(image: Array) -> pyvips.Image:
    """Height × width × 3, 8-bit sRGB."""
    return pyvips.Image.new_from_array(np.ascontiguousarray(image), interpretation="srgb")


def encode(image: Array, *, kind: str = "jpeg", quality: int = 90) -> bytes:
    """`image` is height × width × 3, 8-bit sRGB; `kind` one of FORMATS; `quality` for JPEG and WebP."""
    if kind == "jpeg":
        return simplejpeg.encode_jpeg(
            np.ascontiguousarray(image), quality=quality, colorspace="RGB", colorsubsampling="420"
        )
    v = vips(image)
    if kind == "tiff":
        return bytes(v.write_to_buffer(".tif", compression="lzw", predictor="horizontal"))
    if kind == "gif":
        return bytes(v.write_to_buffer(".gif", dither=0.6, effort=3))
    if kind == "png":
        return bytes(v.write_to_buffer(".png", compression=6))
    if kind == "webp":
        return bytes(v.write_to_buffer(".webp", Q=quality))
    raise ValueError(f"unknown picture format: {kind}")

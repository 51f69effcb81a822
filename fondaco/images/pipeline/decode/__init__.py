"""Bytes to pixels, once: upright, 8-bit sRGB, transparency laid on white.

`decode(data, header, ...)` gives height × width × 3. One module a decoder behind this door:
`jpeg` (libjpeg-turbo), `vips` (PNG, TIFF, GIF, WebP, AVIF, CMYK and odd JPEG), `heic` (libheif), `bmp`.
"""

from __future__ import annotations

from dataclasses import dataclass

from fondaco.images.pipeline import bounds
from fondaco.images.pipeline.arrays import Array
from fondaco.images.pipeline.header import Header

from . import bmp, heic, jpeg, vips
from .errors import CorruptPixels
from .turn import upright

__all__ = ["CorruptPixels", "Pixels", "decode", "decode_at", "shrink_for"]

HALF_PX, TINY_PX = 1000, 250


@dataclass(frozen=True, slots=True)
class Pixels:
    """`array`: height × width × 3, 8-bit sRGB, upright. `shrink`: native pixels a pixel, along one side."""

    array: Array
    shrink: int


def decode(data: bytes, header: Header, *, mode: str, deadline: bounds.Deadline) -> Pixels:
    """Raises CorruptPixels when the file is damaged or incomplete, TooSlow when its time is used up."""
    shrink = shrink_for(header, mode)
    return Pixels(_decoded(data, header, shrink, deadline), shrink)


def decode_at(data: bytes, header: Header, *, at_least: tuple[int, int], deadline: bounds.Deadline) -> Array:
    """Upright pixels, shrunk while reading but not below the given upright width and height."""
    width, height = header.upright_size
    shrink = 1
    while shrink < 8 and width >= 2 * shrink * at_least[0] and height >= 2 * shrink * at_least[1]:
        shrink *= 2
    return _decoded(data, header, shrink, deadline)


def _decoded(data: bytes, header: Header, shrink: int, deadline: bounds.Deadline) -> Array:
    if header.format == "jpeg" and jpeg.can(header):
        array = jpeg.decode(data, header, shrink)
    elif header.format == "heic":
        array = heic.decode(data, header, shrink, deadline)
    elif header.format == "bmp":
        array = bmp.decode(data, header, shrink)
    else:
        array = vips.decode(data, header, shrink, deadline)
    return upright(array, header.orientation)


def shrink_for(header: Header, mode: str) -> int:
    """1, 2, 4 or 8. "full" is native up to 16.8 megapixels; "half" leaves about 1,000 px on the long side,
    "tiny" about 250. A power of two: a JPEG is shrunk while its blocks are transformed."""
    if mode == "full" and header.width * header.height <= bounds.FULL_PIXELS:
        return 1
    target = {"tiny": TINY_PX, "full": 2 * HALF_PX}.get(mode, HALF_PX)
    long_side, shrink = max(header.width, header.height), 1
    while shrink < 8 and long_side / (2 * shrink) >= 0.9 * target:
        shrink *= 2
    return shrink

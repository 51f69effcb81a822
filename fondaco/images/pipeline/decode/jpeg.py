"""JPEG by libjpeg-turbo, shrunk in the DCT. Strict: a file that ends early is refused, not padded grey."""

from __future__ import annotations

import simplejpeg

from fondaco.images.pipeline.arrays import Array
from fondaco.images.pipeline.header import Header

from .errors import CorruptPixels


def can(header: Header) -> bool:
    """Plain 8-bit grey or three-channel files; CMYK and oddities go through libvips and its colour engine."""
    plain = header.bits == 8 and header.channels in (1, 3) and not header.facts.get("lossless")
    return plain and header.profile in ("", "RGB", "GRAY")


def decode(data: bytes, header: Header, shrink: int) -> Array:
    """Height × width × 3, as stored (not turned). Wide-gamut profiles are left alone: 1.5 levels off in checks."""
    if header.truncated:  # libjpeg-turbo fills in a missing end without complaint when all rows are there
        raise CorruptPixels("no end of picture")
    try:
        return simplejpeg.decode_jpeg(
            data,
            "RGB",
            min_height=-(-header.height // shrink),
            min_width=-(-header.width // shrink),
            min_factor=1,
            strict=True,
        )
    except ValueError as error:
        raise CorruptPixels(str(error)) from error

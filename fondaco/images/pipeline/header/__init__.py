"""What a file says about itself, before any pixel is decoded.

`read(data)` recognises the format by its bytes and walks its structure: size, colour, frames, orientation,
colour profile, JPEG quality, the true end of the picture and what stands behind it. Each format has a module
of its own; none of them calls a decoder, allocates by a declared size, or inflates anything.
"""

from __future__ import annotations

from collections.abc import Callable

from . import bmp, gif, isobmff, jpeg, png, tiff, webp
from .model import BrokenHeader, Header
from .sniff import sniff

__all__ = ["BrokenHeader", "Header", "read", "sniff"]

_READERS: dict[str, Callable[[bytes], Header]] = {
    "jpeg": jpeg.read,
    "png": png.read,
    "gif": gif.read,
    "tiff": tiff.read,
    "webp": webp.read,
    "heic": isobmff.read,
    "avif": isobmff.read,
    "bmp": bmp.read,
}


def read(data: bytes) -> Header | None:
    """The header of a picture, or None when the bytes are no picture format known here.

    Raises BrokenHeader when the format is clear but the structure is not sound.
    """
    reader = _READERS.get(sniff(data))
    if reader is None:
        return None
    try:
        header = reader(data)
    except (IndexError, ValueError, OverflowError) as error:
        raise BrokenHeader(sniff(data), str(error)) from error
    if header.width < 1 or header.height < 1:
        raise BrokenHeader(header.format, "no size")
    return header

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

__all__ = ["BrokenHeader", "Header", "look_behind", "read", "sniff"]

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


def read(data: bytes, *, whole: bool = True) -> Header | None:
    """The header of a picture, or None when the bytes are no picture format known here.

    Not `whole`: the end of a long JPEG is believed where the file ends as one does, until `look_behind` makes sure; a
    second picture glued behind the first is seen only then. Raises BrokenHeader when the format is clear but the
    structure is not sound.
    """
    format = sniff(data)
    reader = _READERS.get(format)
    if reader is None:
        return None
    try:
        header = jpeg.read(data, whole=whole) if format == "jpeg" else reader(data)
    except (IndexError, ValueError, OverflowError) as error:
        raise BrokenHeader(format, str(error)) from error
    if header.width < 1 or header.height < 1:
        raise BrokenHeader(header.format, "no size")
    return header


def look_behind(data: bytes, header: Header) -> None:
    """Makes `header` what `read(data)` of the whole file gives. Raises BrokenHeader."""
    if header.format == "jpeg":
        try:
            jpeg.look_behind(data, header)
        except (IndexError, ValueError, OverflowError) as error:
            raise BrokenHeader("jpeg", str(error)) from error

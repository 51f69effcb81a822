"""Small pictures inside the page, as data addresses, within a budget. Encoded anew: no byte of the source gets in."""

from __future__ import annotations

import base64
from dataclasses import dataclass

from fondaco.images.audit.errors import CannotRead
from fondaco.images.audit.sources.model import Source
from fondaco.images.pipeline.bounds import BUDGET_S, MAX_BYTES, Deadline, TooSlow
from fondaco.images.pipeline.decode import CorruptPixels
from fondaco.images.pipeline.inspect import read
from fondaco.images.pipeline.render import encode, pixels_at

BUDGET_BYTES = 2_700_000
MOST_BYTES = 200_000
QUALITY = 74


@dataclass(slots=True)
class Thumbs:
    """Makes thumbnails until `left` bytes of page are used up."""

    source: Source
    left: int = BUDGET_BYTES

    def of(self, path: str, *, side: int) -> str:
        """A data address of at most `side` pixels a side; "" where there is no picture any more, or no room."""
        try:
            data, size = self.source.reader.read(self.source.locate(path))
            if size > MAX_BYTES:
                return ""
            address = "data:image/jpeg;base64," + base64.b64encode(small(data, side)).decode()
        except (CannotRead, CorruptPixels, TooSlow):
            return ""
        if len(address) > min(self.left, MOST_BYTES):
            return ""
        self.left -= len(address)
        return address


def small(data: bytes, side: int) -> bytes:
    """A JPEG that fits into a square of `side` pixels, never enlarged. Raises CorruptPixels, and TooSlow.

    What inspection refuses from the header is not decoded here either.
    """
    picture, _ = read(data, mode="header", sha256="-")
    header = picture.header
    if header is None or picture.stopped:
        raise CorruptPixels("no picture to show")
    width, height = header.upright_size
    scale = min(1.0, side / max(width, height))
    wide, high = max(1, round(width * scale)), max(1, round(height * scale))
    pixels = pixels_at(data, header, wide, high, above=None, deadline=Deadline.after(BUDGET_S))
    return encode(pixels, "jpeg", QUALITY)

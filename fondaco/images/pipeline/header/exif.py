"""Orientation, location and colour space out of an EXIF block. Reads a few tags; never fails."""

from __future__ import annotations

from dataclasses import dataclass

from .model import unpack

ORIENTATION, GPS = 0x0112, 0x8825
MAX_ENTRIES = 512


@dataclass(frozen=True, slots=True)
class Exif:
    orientation: int = 1
    has_location: bool = False


NONE = Exif()


def read(block: bytes) -> Exif:
    """`block` begins with the byte order mark ("II" or "MM"). Anything odd reads as "nothing said"."""
    order = {b"II": "<", b"MM": ">"}.get(block[:2])
    if order is None:
        return NONE
    try:
        (first,) = unpack(order + "I", block, 4)
        return _directory(block, order, first)
    except ValueError:
        return NONE


def _directory(block: bytes, order: str, at: int) -> Exif:
    orientation, location = 1, False
    (entries,) = unpack(order + "H", block, at)
    for i in range(min(entries, MAX_ENTRIES)):
        tag, kind, _count, value = unpack(order + "HHI4s", block, at + 2 + 12 * i)
        if tag == ORIENTATION and kind == 3:
            (turn,) = unpack(order + "H", value, 0)
            orientation = turn if 1 <= turn <= 8 else 1
        elif tag == GPS:
            (gps_at,) = unpack(order + "I", value, 0)
            location = _has_coordinates(block, order, gps_at)
    return Exif(orientation, location)


def _has_coordinates(block: bytes, order: str, at: int) -> bool:
    """Latitude is tag 2; many cameras write an empty GPS directory, which gives nothing away."""
    try:
        (entries,) = unpack(order + "H", block, at)
        return any(unpack(order + "H", block, at + 2 + 12 * i)[0] in (2, 4) for i in range(min(entries, MAX_ENTRIES)))
    except ValueError:
        return False

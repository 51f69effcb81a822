"""A JPEG that says where it was taken, as phones write it."""

from __future__ import annotations

import struct


def with_location(jpeg: bytes, *, owner: str = "mara@home.example") -> bytes:
    """The same picture with an Exif block: an artist's address and coordinates of Chicago."""
    artist = owner.encode() + b"\0"
    ifd0_entries, gps_entries = 2, 4
    ifd0_at = 8
    artist_at = ifd0_at + 2 + 12 * ifd0_entries + 4
    gps_at = artist_at + len(artist) + len(artist) % 2
    rationals_at = gps_at + 2 + 12 * gps_entries + 4

    def entry(tag: int, kind: int, count: int, value: bytes) -> bytes:
        return struct.pack("<HHI", tag, kind, count) + value.ljust(4, b"\0")

    def place(degrees: int, minutes: int, seconds: int) -> bytes:
        return struct.pack("<6I", degrees, 1, minutes, 1, seconds, 1)

    tiff = b"II*\0" + struct.pack("<I", ifd0_at)
    tiff += struct.pack("<H", ifd0_entries)
    tiff += entry(0x013B, 2, len(artist), struct.pack("<I", artist_at))
    tiff += entry(0x8825, 4, 1, struct.pack("<I", gps_at)) + struct.pack("<I", 0)
    tiff += artist.ljust(len(artist) + len(artist) % 2, b"\0")
    tiff += struct.pack("<H", gps_entries)
    tiff += entry(1, 2, 2, b"N\0") + entry(2, 5, 3, struct.pack("<I", rationals_at))
    tiff += entry(3, 2, 2, b"W\0") + entry(4, 5, 3, struct.pack("<I", rationals_at + 24)) + struct.pack("<I", 0)
    tiff += place(41, 52, 41) + place(87, 37, 30)
    block = b"Exif\0\0" + tiff
    return jpeg[:2] + b"\xff\xe1" + struct.pack(">H", len(block) + 2) + block + jpeg[2:]

"""WebP: RIFF chunks; size from VP8, VP8L or VP8X."""

from __future__ import annotations

from . import exif, trailing
from .model import BrokenHeader, Header, unpack

MAX_CHUNKS = 50_000


def read(data: bytes) -> Header:
    header = Header("webp", frames=0)
    (riff,) = unpack("<I", data, 4)
    end = 8 + riff + (riff & 1)
    header.truncated = end > len(data)
    at = 12
    for _ in range(MAX_CHUNKS):
        if at + 8 > min(end, len(data)):
            break
        kind, length = unpack("<4sI", data, at)
        _chunk(data, at + 8, length, kind, header)
        at += 8 + length + (length & 1)
    else:
        raise BrokenHeader("webp", "too many chunks")
    if header.facts.get("lossless") or header.frames:
        header.working_bytes = 4 * header.width * header.height
    elif header.alpha:
        header.working_bytes = header.width * header.height
    header.frames = max(1, header.frames)
    header.end = min(end, len(data))
    trailing.describe(data, header.end, header)
    return header


def _chunk(data: bytes, at: int, length: int, kind: bytes, header: Header) -> None:
    if kind == b"VP8X":
        (flags,) = unpack("B", data, at)
        header.alpha = bool(flags & 0x10)
        header.width = 1 + int.from_bytes(data[at + 4 : at + 7], "little")
        header.height = 1 + int.from_bytes(data[at + 7 : at + 10], "little")
    elif kind == b"VP8 " and not header.width:
        if data[at + 3 : at + 6] != b"\x9d\x01\x2a":
            raise BrokenHeader("webp", "no key frame")
        width, height = unpack("<HH", data, at + 6)
        header.width, header.height = width & 0x3FFF, height & 0x3FFF
    elif kind == b"VP8L" and not header.width:
        (bits,) = unpack("<I", data, at + 1)
        header.width, header.height = (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
        header.alpha = bool(bits >> 28 & 1)
    if kind == b"VP8L":  # the lossless decoder unpacks all of it before it shrinks
        header.facts["lossless"] = True
    elif kind == b"ANMF":
        header.frames += 1
    elif kind == b"ICCP":
        header.profile = data[at + 16 : at + 20].decode("latin-1").strip()
    elif kind == b"EXIF":
        block = data[at : at + min(length, 65_536)]
        found = exif.read(block[6:] if block[:6] == b"Exif\0\0" else block)
        header.orientation = found.orientation
        header.has_location = header.has_location or found.has_location

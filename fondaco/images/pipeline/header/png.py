"""PNG: the chunk chain. Texts and profiles are skipped by their length, never inflated."""

from __future__ import annotations

from . import exif, trailing
from .model import BrokenHeader, Header, unpack

MAX_CHUNKS = 50_000
_CHANNELS = {0: 1, 2: 3, 3: 3, 4: 2, 6: 4}


def read(data: bytes) -> Header:
    """Raises BrokenHeader when the first chunk is not a sound IHDR or the chain does not lead anywhere."""
    if data[12:16] != b"IHDR":
        raise BrokenHeader("png", "no IHDR")
    width, height, bits, kind, _, _, interlace = unpack(">IIBBBBB", data, 16)
    if kind not in _CHANNELS or bits not in (1, 2, 4, 8, 16):
        raise BrokenHeader("png", "no such pixel layout")
    header = Header("png", width, height, bits, _CHANNELS[kind], alpha=kind in (4, 6))
    header.colour = "grey" if kind in (0, 4) else "rgb"
    header.progressive = bool(interlace)
    if interlace:  # all seven passes are laid into one whole picture
        header.working_bytes = width * height * header.channels * max(1, bits // 8)
    _chunks(data, header)
    return header


def _chunks(data: bytes, header: Header) -> None:
    at = 8
    for _ in range(MAX_CHUNKS):
        if at + 12 > len(data):
            header.truncated, header.end = True, len(data)
            return
        length, kind = unpack(">I4s", data, at)
        _chunk(data, at + 8, length, kind, header)
        at += 12 + length
        if kind == b"IEND":
            header.end = at
            trailing.describe(data, at, header)
            return
    raise BrokenHeader("png", "too many chunks")


def _chunk(data: bytes, at: int, length: int, kind: bytes, header: Header) -> None:
    if kind == b"tRNS":
        header.alpha = True
    elif kind == b"acTL":
        header.frames = max(1, unpack(">I", data, at)[0])
    elif kind == b"iCCP":
        header.profile_name = data[at : at + 79].split(b"\0")[0].decode("latin-1")
        header.profile = "GRAY" if header.colour == "grey" else "RGB"
    elif kind == b"eXIf":
        found = exif.read(data[at : at + min(length, 65_536)])
        header.orientation = found.orientation
        header.has_location = header.has_location or found.has_location

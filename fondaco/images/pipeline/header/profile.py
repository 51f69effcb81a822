"""The embedded colour profile, taken out of the file. Bounded: a profile is kilobytes, not megabytes."""

from __future__ import annotations

import zlib

from .model import Header, unpack

MAX_PROFILE = 4_000_000


def embedded_profile(data: bytes, header: Header) -> bytes:
    """The ICC profile of a JPEG, PNG, WebP or TIFF, b"" when there is none or it is not sound."""
    reader = {"jpeg": _of_jpeg, "png": _of_png, "webp": _of_webp}.get(header.format)
    try:
        return reader(data) if reader else b""
    except (ValueError, IndexError, zlib.error):
        return b""


def _of_jpeg(data: bytes) -> bytes:
    """Parts in APP2 segments, put together by their numbers."""
    parts: dict[int, bytes] = {}
    at = 2
    while at + 4 <= len(data) and data[at] == 0xFF and data[at + 1] != 0xDA:
        (length,) = unpack(">H", data, at + 2)
        if data[at + 1] == 0xE2 and data[at + 4 : at + 16] == b"ICC_PROFILE\0":
            parts[data[at + 16]] = data[at + 18 : at + 2 + length]
        at += 2 + max(2, length)
    return b"".join(parts[number] for number in sorted(parts))[:MAX_PROFILE]


def _of_png(data: bytes) -> bytes:
    at = 8
    while at + 12 <= len(data):
        length, kind = unpack(">I4s", data, at)
        if kind == b"iCCP":
            packed = data[at + 8 : at + 8 + length].split(b"\0", 1)[1][1:]
            return zlib.decompressobj().decompress(packed, MAX_PROFILE)
        if kind in (b"IDAT", b"IEND"):
            return b""
        at += 12 + length
    return b""


def _of_webp(data: bytes) -> bytes:
    at = 12
    while at + 8 <= len(data):
        kind, length = unpack("<4sI", data, at)
        if kind == b"ICCP":
            return data[at + 8 : at + 8 + min(length, MAX_PROFILE)]
        at += 8 + length + (length & 1)
    return b""

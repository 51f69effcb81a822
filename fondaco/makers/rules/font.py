"""Whether bytes are a font that browsers draw texts with: TrueType/OpenType or WOFF, by content (B-HAND-11). Plain Python.

Nothing is drawn with it here; browsers check every table again. Source: the OpenType specification, "Font file", and
WOFF File Format 1.0, section 3.
"""

from __future__ import annotations

import struct
from collections.abc import Collection

_SFNT = (b"\x00\x01\x00\x00", b"OTTO", b"true")
_NEEDED = frozenset({b"cmap", b"head", b"hhea", b"hmtx", b"maxp"})
MOST_BYTES = 2 * 1024 * 1024
MOST_TABLES = 64
MOST_UNPACKED = 8 * 1024 * 1024


def font_kind(data: bytes, *, formats: Collection[str] = ("ttf", "woff")) -> str:
    """`ttf` or `woff`; empty for anything else, for one with tables that lie outside, and for one that is too large."""
    if not 12 <= len(data) <= MOST_BYTES:
        return ""
    if data[:4] in _SFNT and "ttf" in formats and _sfnt_is_whole(data):
        return "ttf"
    if data[:4] == b"wOFF" and "woff" in formats and _woff_is_whole(data):
        return "woff"
    return ""


def _sfnt_is_whole(data: bytes) -> bool:
    (count,) = struct.unpack_from(">H", data, 4)
    if not 1 <= count <= MOST_TABLES or len(data) < 12 + 16 * count:
        return False
    rows = [struct.unpack_from(">4sLLL", data, 12 + 16 * n) for n in range(count)]
    inside = all(offset >= 12 + 16 * count and offset + length <= len(data) for _tag, _sum, offset, length in rows)
    return inside and {tag for tag, *_rest in rows} >= _NEEDED


def _woff_is_whole(data: bytes) -> bool:
    if len(data) < 44:
        return False
    _flavour, length, count, _reserved, unpacked = struct.unpack_from(">4sLHHL", data, 4)
    if length != len(data) or not 1 <= count <= MOST_TABLES or len(data) < 44 + 20 * count or unpacked > MOST_UNPACKED:
        return False
    rows = [struct.unpack_from(">4sLLLL", data, 44 + 20 * n) for n in range(count)]
    inside = all(
        offset >= 44 + 20 * count and offset + packed <= len(data) and packed <= whole
        for _tag, offset, packed, whole, _sum in rows
    )
    return inside and {tag for tag, *_rest in rows} >= _NEEDED and sum(row[3] for row in rows) <= MOST_UNPACKED

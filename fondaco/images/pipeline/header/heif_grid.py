"""The grid of a phone's HEIC: which items are its tiles, and how they lie (ISO/IEC 23008-12, 6.6.2.3).

A decoder asked for the whole grid holds all of it twice; one asked for a tile after the other holds a tile. A file whose
primary item is given as another one is a file of that item, so tiles are read by changing the number in `pitm`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from .model import unpack

MAX_TILES = 256  # a phone has 48 of them for 12 megapixels; the boxes are walked anew for each

Box = tuple[bytes, int, int]


@dataclass(frozen=True, slots=True)
class Grid:
    """`tiles`: item numbers, row by row. `width`, `height`: of the picture before it is turned. `turns`: what is done to it
    then, in order: ("irot", quarters anticlockwise) or ("imir", 0 = left and right stay, 1 = they change places).
    `primary_at`, `primary_bytes`: where the number of the primary item stands in the file."""

    tiles: tuple[int, ...]
    columns: int
    width: int
    height: int
    turns: tuple[tuple[str, int], ...]
    primary_at: int
    primary_bytes: int


def find(
    data: bytes, inside: Iterable[Box], chosen: Iterable[Box], walk: Callable[[bytes, int, int], Iterable[Box]]
) -> Grid | None:
    """The grid of the primary item, None where it is none, or one that is also cropped, blended or of many tiles.

    `inside`: the boxes of `meta`; `chosen`: the primary item's properties; `walk` gives the boxes between two offsets."""
    parts = {kind: (body, stop) for kind, body, stop in inside}
    if not {b"pitm", b"iinf", b"iref", b"iloc"} <= set(parts):
        return None
    at = parts[b"pitm"][0]
    wide = 4 if data[at] else 2
    primary = int.from_bytes(data[at + 4 : at + 4 + wide], "big")
    body, stop = parts[b"iinf"]
    if _type_of(data, walk(data, body + (8 if data[body] else 6), stop), primary) != b"grid":
        return None
    body, stop = parts[b"iref"]
    tiles = _tiles(data, walk(data, body + 4, stop), primary, wide=4 if data[body] else 2)
    layout = _content(data, parts[b"iloc"][0], primary, parts.get(b"idat", (0, 0))[0])
    turns = _turns(data, chosen)
    if layout is None or len(layout) < 8 or not tiles or turns is None or len(tiles) > MAX_TILES:
        return None
    rows, columns = layout[2] + 1, layout[3] + 1
    width, height = unpack(">II" if layout[1] & 1 else ">HH", layout, 4)
    if rows * columns != len(tiles) or not width or not height:
        return None
    return Grid(tiles, columns, width, height, turns, at + 4, wide)


def _type_of(data: bytes, entries: Iterable[Box], wanted: int) -> bytes:
    for kind, body, _stop in entries:
        if kind == b"infe" and data[body] in (2, 3):
            wide = 4 if data[body] == 3 else 2
            if int.from_bytes(data[body + 4 : body + 4 + wide], "big") == wanted:
                return data[body + 6 + wide : body + 10 + wide]
    return b""


def _tiles(data: bytes, references: Iterable[Box], wanted: int, *, wide: int) -> tuple[int, ...]:
    for kind, body, stop in references:
        if kind == b"dimg" and int.from_bytes(data[body : body + wide], "big") == wanted:
            (count,) = unpack(">H", data, body + wide)
            first = body + wide + 2
            if first + count * wide > stop:
                return ()
            return tuple(int.from_bytes(data[first + i * wide : first + (i + 1) * wide], "big") for i in range(count))
    return ()


def _content(data: bytes, at: int, wanted: int, idat: int) -> bytes | None:
    """The first bytes of an item, by the table of places (`iloc`); `idat` is where that box's content begins."""
    version, sizes = data[at], data[at + 4 : at + 6]
    offset_size, length_size, base_size = sizes[0] >> 4, sizes[0] & 15, sizes[1] >> 4
    index_size = sizes[1] & 15 if version in (1, 2) else 0
    wide = 4 if version == 2 else 2
    count = int.from_bytes(data[at + 6 : at + 6 + wide], "big")
    at += 6 + wide
    for _ in range(min(count, 10_000)):
        item = int.from_bytes(data[at : at + wide], "big")
        at += wide
        method = unpack(">H", data, at)[0] & 15 if version in (1, 2) else 0
        at += (2 if version in (1, 2) else 0) + 2
        base = int.from_bytes(data[at : at + base_size], "big")
        at += base_size
        (extents,) = unpack(">H", data, at)
        at += 2
        if item == wanted:
            start = base + int.from_bytes(data[at + index_size : at + index_size + offset_size], "big")
            at += index_size + offset_size
            length = int.from_bytes(data[at : at + length_size], "big")
            start += idat if method == 1 else 0
            return data[start : start + min(length, 64)] if method in (0, 1) else None
        at += extents * (index_size + offset_size + length_size)
    return None


def _turns(data: bytes, chosen: Iterable[Box]) -> tuple[tuple[str, int], ...] | None:
    """None where the picture is also cropped."""
    turns = []
    for kind, body, _stop in chosen:
        if kind == b"clap":
            return None
        if kind == b"irot":
            turns.append(("irot", data[body] & 3))
        elif kind == b"imir":
            turns.append(("imir", data[body] & 1))
    return tuple(turns)

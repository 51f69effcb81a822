"""TIFF: the first directory's tags and the chain of pages."""

from __future__ import annotations

from .model import BrokenHeader, Header, unpack

MAX_PAGES = 1_000
MAX_ENTRIES = 1_000
_COLOURS = {0: "grey", 1: "grey", 2: "rgb", 3: "rgb", 5: "cmyk", 6: "rgb", 8: "other"}
_SHORT, _LONG = 3, 4


def read(data: bytes) -> Header:
    """Pages are directories that are not marked as a reduced picture or mask (NewSubfileType)."""
    order = "<" if data[:2] == b"II" else ">"
    (at,) = unpack(order + "I", data, 4)
    first: dict[int, int] | None = None
    pages = 0
    seen: set[int] = set()
    while at and len(seen) < MAX_PAGES:
        if at in seen:
            raise BrokenHeader("tiff", "directories in a circle")
        seen.add(at)
        tags, at = _directory(data, order, at)
        first = first or tags
        pages += not tags.get(254, 0) & 5
    if first is None:
        raise BrokenHeader("tiff", "no directory")
    return _header(data, first, max(1, pages))


def _directory(data: bytes, order: str, at: int) -> tuple[dict[int, int], int]:
    """Tags with a first value each, and the offset of the next directory."""
    (entries,) = unpack(order + "H", data, at)
    if not entries or entries > MAX_ENTRIES:
        raise BrokenHeader("tiff", "no sound directory")
    tags: dict[int, int] = {}
    for i in range(entries):
        tag, kind, count, raw = unpack(order + "HHI4s", data, at + 2 + 12 * i)
        tags[tag] = _first_value(data, order, kind, count, raw)
    (following,) = unpack(order + "I", data, at + 2 + 12 * entries)
    return tags, following


def _first_value(data: bytes, order: str, kind: int, count: int, raw: bytes) -> int:
    if kind == _SHORT:
        if count <= 2:
            return unpack(order + "H", raw, 0)[0]
        (offset,) = unpack(order + "I", raw, 0)
        return unpack(order + "H", data, offset)[0] if offset + 2 <= len(data) else 0
    return unpack(order + "I", raw, 0)[0]


def _header(data: bytes, tags: dict[int, int], pages: int) -> Header:
    header = Header("tiff", tags.get(256, 0), tags.get(257, 0), pages=pages)
    header.bits = tags.get(258, 1)
    header.channels = tags.get(277, 1)
    header.colour = _COLOURS.get(tags.get(262, 1), "other")
    header.alpha = 338 in tags
    header.orientation = tags.get(274, 1) if 1 <= tags.get(274, 1) <= 8 else 1
    header.profile = {"grey": "GRAY", "cmyk": "CMYK"}.get(header.colour, "RGB") if 34675 in tags else ""
    header.has_location = 34853 in tags
    header.end = len(data)
    header.facts = {"compression": tags.get(259, 1), "sample_format": tags.get(339, 1), "tiled": 322 in tags}
    header.working_bytes = _unpacked_at_once(header, tags)
    return header


def _unpacked_at_once(header: Header, tags: dict[int, int]) -> int:
    """One strip, or one row of tiles."""
    pixel_bytes = header.channels * max(1, header.bits // 8)
    if header.facts["tiled"]:
        across = -(-header.width // max(1, tags.get(322, 1)))
        return across * tags.get(322, 0) * tags.get(323, 0) * pixel_bytes
    rows = min(tags.get(278, header.height) or header.height, header.height)
    return rows * header.width * pixel_bytes

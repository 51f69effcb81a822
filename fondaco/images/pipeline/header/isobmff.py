"""HEIC and AVIF: boxes of the ISO base media file format. Size, turn and sequence of the primary picture."""

from __future__ import annotations

from collections.abc import Iterator

from . import heif_grid
from .model import BrokenHeader, Header, unpack
from .sniff import sniff

MAX_BOXES = 10_000
HELD = 4.5  # bytes a pixel that libheif holds of a HEIC: its planes, and the colours made of them
Property = tuple[bytes, int, int]  # type, start and end of the body


def read(data: bytes) -> Header:
    """The decoder applies rotation itself: `orientation` stays 1 and the size is the turned one."""
    header = Header(sniff(data), end=len(data))
    for kind, start, stop in boxes(data, 0, len(data)):
        if kind == b"meta":
            _meta(data, start + 4, stop, header)
        elif kind == b"moov":
            header.frames = 2  # an image sequence: more than one is what matters
        header.truncated = header.truncated or stop > len(data)
    if not header.width:
        raise BrokenHeader(header.format, "no picture size")
    if header.format == "heic":
        grid = header.facts.get("grid")
        header.working_bytes = int(HELD * header.width * header.height / (len(grid.tiles) if grid else 1))
    if header.facts.get("turn") in (1, 3):
        header.width, header.height = header.height, header.width
    return header


def boxes(data: bytes, start: int, stop: int) -> Iterator[Property]:
    """Type, start of body and end of each box between two offsets. Ends quietly at the first unsound one."""
    for _ in range(MAX_BOXES):
        if start + 8 > min(stop, len(data)):
            return
        size, kind = unpack(">I4s", data, start)
        body = start + 8
        if size == 1:
            (size,) = unpack(">Q", data, body)
            body += 8
        elif size == 0:
            size = stop - start
        if size < body - start:
            return
        yield kind, body, start + size
        start += size


def _meta(data: bytes, start: int, stop: int, header: Header) -> None:
    primary, properties, links = 0, [], {}
    inside = list(boxes(data, start, stop))
    for kind, body, end in inside:
        if kind == b"pitm":
            primary = unpack(">I" if data[body] else ">H", data, body + 4)[0]
        elif kind == b"iprp":
            for inner, inner_body, inner_end in boxes(data, body, end):
                if inner == b"ipco":
                    properties = list(boxes(data, inner_body, inner_end))
                elif inner == b"ipma":
                    links = _links(data, inner_body, inner_end)
    chosen = [properties[i - 1] for i in links.get(primary, ()) if 0 < i <= len(properties)]
    _properties(data, chosen or properties, header)
    grid = heif_grid.find(data, inside, chosen, boxes) if header.format == "heic" and not header.alpha else None
    if grid is not None and (grid.width, grid.height) == (header.width, header.height):
        header.facts["grid"] = grid


def _links(data: bytes, body: int, stop: int) -> dict[int, list[int]]:
    """Which properties (counted from 1) belong to which item."""
    version, wide = data[body], data[body + 3] & 1
    (entries,) = unpack(">I", data, body + 4)
    at, links = body + 8, {}
    for _ in range(min(entries, MAX_BOXES)):
        if at >= stop:
            break
        item = unpack(">I" if version else ">H", data, at)[0]
        at += 4 if version else 2
        count = data[at]
        step = 2 if wide else 1
        mask = 0x7FFF if wide else 0x7F
        links[item] = [
            int.from_bytes(data[at + 1 + i * step : at + 1 + (i + 1) * step], "big") & mask for i in range(count)
        ]
        at += 1 + count * step
    return links


def _properties(data: bytes, properties: list[Property], header: Header) -> None:
    for kind, body, _end in properties:
        if kind == b"ispe":
            _, width, height = unpack(">III", data, body)
            if width * height > header.width * header.height:
                header.width, header.height = width, height
        elif kind == b"clap":  # the part that is shown: sizes as fractions
            wide, wide_by, high, high_by = unpack(">IIII", data, body)
            header.facts["shown"] = (wide // max(1, wide_by), high // max(1, high_by))
        elif kind == b"irot":
            header.facts["turn"] = data[body] & 3
        elif kind == b"pixi" and data[body + 4]:
            header.bits = data[body + 5]
        elif kind == b"colr" and data[body : body + 4] in (b"prof", b"rICC"):
            header.profile = data[body + 20 : body + 24].decode("latin-1").strip()
        elif kind == b"auxC" and b"alpha" in data[body : body + 64]:
            header.alpha = True
    shown = header.facts.get("shown", (0, 0))
    if 0 < shown[0] <= header.width and 0 < shown[1] <= header.height:
        header.width, header.height = shown

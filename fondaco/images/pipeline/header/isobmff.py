"""HEIC and AVIF: boxes of the ISO base media file format. Size, turn and sequence from the item properties."""

from __future__ import annotations

from collections.abc import Iterator

from .model import BrokenHeader, Header, unpack
from .sniff import sniff

MAX_BOXES = 10_000


def read(data: bytes) -> Header:
    """`width` × `height` is the largest picture's. The decoder applies rotation itself: orientation stays 1."""
    header = Header(sniff(data))
    for kind, start, stop in boxes(data, 0, len(data)):
        if kind == b"meta":
            _meta(data, start + 4, stop, header)
        elif kind == b"moov":
            header.frames = 2  # an image sequence: more than one is what matters
        if stop > len(data):
            header.truncated = True
    if not header.width:
        raise BrokenHeader(header.format, "no picture size")
    if header.facts.get("turn") in (1, 3):
        header.width, header.height = header.height, header.width
    header.end = len(data)
    header.working_bytes = int(4.5 * header.width * header.height)  # planes and the RGB copy, no streaming
    return header


def boxes(data: bytes, start: int, stop: int) -> Iterator[tuple[bytes, int, int]]:
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
    for kind, body, end in boxes(data, start, stop):
        if kind == b"iprp":
            for inner, inner_body, inner_end in boxes(data, body, end):
                if inner == b"ipco":
                    _properties(data, inner_body, inner_end, header)
        elif kind == b"iinf" and data.find(b"Exif", body, end) >= 0:
            header.facts["exif"] = True


def _properties(data: bytes, start: int, stop: int, header: Header) -> None:
    for kind, body, _end in boxes(data, start, stop):
        if kind == b"ispe":
            _, width, height = unpack(">III", data, body)
            if width * height > header.width * header.height:
                header.width, header.height = width, height
        elif kind == b"irot":
            header.facts["turn"] = unpack("B", data, body)[0] & 3
        elif kind == b"pixi":
            channels = unpack("B", data, body + 4)[0]
            header.bits = max(header.bits, unpack("B", data, body + 5)[0]) if channels else header.bits
        elif kind == b"colr" and data[body : body + 4] in (b"prof", b"rICC"):
            header.profile = data[body + 20 : body + 24].decode("latin-1").strip()
        elif kind == b"auxC" and b"alpha" in data[body : body + 64]:
            header.alpha = True

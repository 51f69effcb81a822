"""A phone's HEIC of any size, made of one tiny tile that is laid many times."""

from __future__ import annotations

import struct

from .hostile import HEIC, box

TILE = 64


def grid(columns: int, rows: int, *, turn: int | None = None, mirror: int | None = None) -> bytes:
    """Columns × rows tiles of 64 × 64. `turn`: quarters anticlockwise; `mirror` as in `imir`. Every tile is an item of its
    own at the same place in the file."""
    count = columns * rows
    ipco, coded = _parts()
    turned = b"" if turn is None else box(b"irot", bytes((turn,)))
    mirrored = b"" if mirror is None else box(b"imir", bytes((mirror,)))
    size = box(b"ispe", struct.pack(">III", 0, columns * TILE, rows * TILE))
    properties = box(b"ipco", ipco + size + turned + mirrored)
    numbers = range(2, 2 + count)
    entries = [_infe(1, b"grid"), *(_infe(n, b"hvc1") for n in numbers)]
    # Property 1 is the decoder's set-up and 2 the tile's size, as in the file that this one is made from.
    own = [3, *range(4, 4 + (turn is not None) + (mirror is not None))]
    links = [_link(1, own), *(_link(n, [1, 2]) for n in numbers)]
    layout = struct.pack(">BBBBHH", 0, 0, rows - 1, columns - 1, columns * TILE, rows * TILE)

    def meta(at: int) -> bytes:
        places = [struct.pack(">HHHHII", 1, 1, 0, 1, 0, len(layout))]
        places += [struct.pack(">HHHHII", n, 0, 0, 1, at, len(coded)) for n in numbers]
        return box(
            b"meta",
            bytes(4)
            + box(b"hdlr", bytes(8) + b"pict" + bytes(13))
            + box(b"pitm", bytes(4) + struct.pack(">H", 1))
            + box(b"iinf", bytes(4) + struct.pack(">H", len(entries)) + b"".join(entries))
            + box(b"iref", bytes(4) + box(b"dimg", struct.pack(f">HH{count}H", 1, count, *numbers)))
            + box(b"iprp", properties + box(b"ipma", bytes(4) + struct.pack(">I", len(links)) + b"".join(links)))
            + box(b"idat", layout)
            + box(b"iloc", b"\1\0\0\0" + b"\x44\0" + struct.pack(">H", len(places)) + b"".join(places)),
        )

    start = box(b"ftyp", b"heic" + bytes(4) + b"mif1heic")
    at = len(start) + len(meta(0)) + 8
    return start + meta(at) + box(b"mdat", coded)


def _infe(number: int, kind: bytes) -> bytes:
    return box(b"infe", b"\2\0\0\0" + struct.pack(">HH", number, 0) + kind + b"\0")


def _link(number: int, properties: list[int]) -> bytes:
    return struct.pack(">HB", number, len(properties)) + bytes(properties)


def _parts() -> tuple[bytes, bytes]:
    """The two properties of the tiny file's tile, and its coded picture."""
    at = HEIC.index(b"ipco") + 4
    first = struct.unpack(">I", HEIC[at : at + 4])[0]
    second = struct.unpack(">I", HEIC[at + first : at + first + 4])[0]
    coded = HEIC[HEIC.index(b"mdat") + 4 :]
    return HEIC[at : at + first + second], coded

"""GIF: block chain, frames counted without decoding."""

from __future__ import annotations

from . import trailing
from .model import BrokenHeader, Header, unpack

MAX_BLOCKS = 200_000  # 200,000 sub-blocks of 255 bytes are 50 MB; a chain of tiny ones is a trap


SILLY = 2048
_OLD_SCREENS = {(640, 480), (640, 512), (800, 600), (1024, 768), (1280, 1024), (1600, 1200), (0, 0)}


def read(data: bytes) -> Header:
    """Width and height are what the decoder draws: the logical screen, unless it is one of the sizes that old
    programs wrote for want of another, or absurd; then the area of the frames."""
    width, height, flags = unpack("<HHB", data, 6)
    if max(width, height) > SILLY or (width, height) in _OLD_SCREENS:
        width = height = 1
    header = Header("gif", width, height, bits=8, channels=3, frames=0)
    at = 13 + (3 << (flags & 7) + 1 if flags & 0x80 else 0)
    steps = 0
    while steps < MAX_BLOCKS:
        steps += 1
        if at >= len(data):
            header.truncated = True
            break
        block = data[at]
        if block == 0x3B:
            header.end = at + 1
            trailing.describe(data, at + 1, header)
            break
        if block == 0x21:
            _extension(data, at, header)
            at, taken = _sub_blocks(data, at + 2)
        elif block == 0x2C:
            at, taken = _frame(data, at, header)
        else:
            raise BrokenHeader("gif", "no such block")
        steps += taken
    else:
        raise BrokenHeader("gif", "too many blocks")
    header.working_bytes = 4 * header.width * header.height  # the canvas, in RGBA
    if not header.frames:
        raise BrokenHeader("gif", "no frame")
    return header


def _extension(data: bytes, at: int, header: Header) -> None:
    if at + 4 < len(data) and data[at + 1] == 0xF9 and data[at + 3] & 1:
        header.alpha = True


def _frame(data: bytes, at: int, header: Header) -> tuple[int, int]:
    left, top, width, height, flags = unpack("<HHHHB", data, at + 1)
    header.frames += 1
    header.width, header.height = max(header.width, left + width), max(header.height, top + height)
    palette = 3 << (flags & 7) + 1 if flags & 0x80 else 0
    return _sub_blocks(data, at + 10 + palette + 1)


def _sub_blocks(data: bytes, at: int) -> tuple[int, int]:
    """Where the chain of sub-blocks ends, and how many there were."""
    taken, size = 0, len(data)
    while at < size and data[at] and taken < MAX_BLOCKS:
        at += data[at] + 1
        taken += 1
    return at + 1, taken

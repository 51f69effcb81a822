"""BMP: recognised and measured, because sellers try it; two marketplaces take it."""

from __future__ import annotations

from .model import BrokenHeader, Header, unpack


def read(data: bytes) -> Header:
    (offset, size) = unpack("<II", data, 10)
    if size == 12:
        width, height, _, bits = unpack("<HHHH", data, 18)
        compression = 0
    else:
        width, height, _, bits, compression = unpack("<iiHHI", data, 18)
    if width < 1 or height == 0 or bits not in (1, 4, 8, 16, 24, 32):
        raise BrokenHeader("bmp", "no such pixel layout")
    header = Header("bmp", width, abs(height), bits=8, channels=4 if bits == 32 else 3)
    header.facts = {"offset": offset, "depth": bits, "compression": compression, "top_down": height < 0}
    header.end = offset + (width * bits + 31) // 32 * 4 * abs(height)
    header.truncated = compression == 0 and header.end > len(data)
    header.working_bytes = width * abs(height) * 3
    return header

"""BMP without compression, 24 or 32 bits a pixel or a palette of 256: what programs write. No library needed."""

from __future__ import annotations

import cv2
import numpy as np

from fondaco.images.pipeline.arrays import Array
from fondaco.images.pipeline.header import Header

from .errors import CorruptPixels


def decode(data: bytes, header: Header, shrink: int) -> Array:
    """Height × width × 3."""
    depth, start = header.facts["depth"], header.facts["offset"]
    plain = header.facts["compression"] in (0, 3) and depth in (8, 24, 32)
    row_bytes = (header.width * depth + 31) // 32 * 4
    if not plain or start + row_bytes * header.height > len(data):
        raise CorruptPixels("rows missing or packed in a way that is not read here")
    rows = np.frombuffer(data, np.uint8, row_bytes * header.height, start).reshape(header.height, row_bytes)
    rows = rows[:, : header.width * depth // 8]
    if depth == 8:
        array = _from_palette(data, start, rows)
    else:
        array = rows.reshape(header.height, header.width, depth // 8)[:, :, 2::-1]
    array = np.ascontiguousarray(array if header.facts["top_down"] else array[::-1])
    if shrink > 1:
        size = (max(1, header.width // shrink), max(1, header.height // shrink))
        array = cv2.resize(array, size, interpolation=cv2.INTER_AREA)
    return array


def _from_palette(data: bytes, start: int, rows: Array) -> Array:
    palette = np.zeros((256, 4), np.uint8)
    stored = np.frombuffer(data[max(54, start - 1024) : start], np.uint8)
    entries = stored[: stored.size // 4 * 4].reshape(-1, 4)[:256]
    palette[: len(entries)] = entries
    return palette[rows][:, :, 2::-1]

"""HEIC by libheif with libde265. Not pillow-heif: its wheel carries x265 and so the GPL.

A phone's picture is a grid of tiles, which are read one after the other: libheif would hold all of it twice, 109 MB for 24
megapixels, and cannot be stopped on the way.
"""

from __future__ import annotations

import cv2
import numpy as np
import pi_heif

from fondaco.images.pipeline.arrays import Array
from fondaco.images.pipeline.bounds import MAX_WORKING_BYTES, Deadline
from fondaco.images.pipeline.header import Header
from fondaco.images.pipeline.header.heif_grid import Grid
from fondaco.images.pipeline.header.isobmff import HELD

from .errors import CorruptPixels

pi_heif.options.DECODE_THREADS = 1  # as for every decoder: a picture a core


def decode(data: bytes, header: Header, shrink: int, deadline: Deadline) -> Array:
    """Height × width × 3. The picture is turned here as the file says, so the header's orientation is 1."""
    try:
        grid = header.facts.get("grid")
        if grid is not None and len(grid.tiles) > 1:
            return _tile_by_tile(data, grid, shrink, deadline)
        return _colours(data, shrink)
    except (ValueError, RuntimeError, OSError, EOFError, SyntaxError, IndexError) as error:  # no picture: IndexError
        raise CorruptPixels(str(error)) from error


class _Held:
    """The decoder's own memory as an array that keeps its picture: it is gone with it, and NumPy would hold on to the bytes
    alone."""

    def __init__(self, picture: pi_heif.HeifFile) -> None:
        self.picture = picture
        seen = np.asarray(picture)
        self.__array_interface__ = {**seen.__array_interface__, "data": (seen.ctypes.data, True)}


def _colours(data: bytes, shrink: int) -> Array:
    """The primary picture, on white."""
    picture = pi_heif.open_heif(data, convert_hdr_to_8bit=True, bgr_mode=False)
    if HELD * picture.size[0] * picture.size[1] > MAX_WORKING_BYTES:  # a tile may be larger than its grid says
        raise ValueError("larger than the file says")
    array = np.asarray(_Held(picture))
    if array.ndim == 2:
        array = cv2.cvtColor(array, cv2.COLOR_GRAY2RGB)
    if array.shape[2] == 4:
        array = on_white(array)
    if shrink > 1:
        size = (max(1, array.shape[1] // shrink), max(1, array.shape[0] // shrink))
        array = cv2.resize(array, size, interpolation=cv2.INTER_AREA)
    return array


def _tile_by_tile(data: bytes, grid: Grid, shrink: int, deadline: Deadline) -> Array:
    """Raises ValueError for tiles that are not of one size. One of an odd size loses its last row or column."""
    file = bytearray(data)
    whole: Array | None = None
    for number, item in enumerate(grid.tiles):
        deadline.check()
        file[grid.primary_at : grid.primary_at + grid.primary_bytes] = item.to_bytes(grid.primary_bytes, "big")
        tile = _colours(bytes(file), shrink)
        height, width = tile.shape[:2]
        if whole is None:
            whole = np.empty((len(grid.tiles) // grid.columns * height, grid.columns * width, 3), np.uint8)
        row, column = divmod(number, grid.columns)
        place = whole[row * height : (row + 1) * height, column * width : (column + 1) * width]
        if place.shape != tile.shape:
            raise ValueError("tiles of several sizes")
        place[:] = tile
    assert whole is not None
    height, width = max(1, grid.height // shrink), max(1, grid.width // shrink)
    if whole.shape[0] < height or whole.shape[1] < width:
        raise ValueError("tiles that do not fill the picture")
    return np.ascontiguousarray(_turned(whole[:height, :width], grid))


def _turned(array: Array, grid: Grid) -> Array:
    for kind, value in grid.turns:
        if kind == "irot":
            array = np.rot90(array, value)
        else:
            array = array[:, ::-1] if value else array[::-1]
    return array


def on_white(rgba: Array) -> Array:
    """Height × width × 4 with straight alpha, laid on white."""
    alpha = rgba[:, :, 3:].astype(np.uint16)
    laid = (rgba[:, :, :3] * alpha + 255 * (255 - alpha) + 127) // 255
    return laid.astype(np.uint8)

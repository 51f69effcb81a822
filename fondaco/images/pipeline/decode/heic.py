"""HEIC by libheif with libde265. Not pillow-heif: its wheel carries x265 and so the GPL."""

from __future__ import annotations

import cv2
import numpy as np
import pi_heif

from fondaco.images.pipeline.arrays import Array

from .errors import CorruptPixels


def decode(data: bytes, shrink: int) -> Array:
    """Height × width × 3. libheif turns the picture itself, so the header's orientation is 1."""
    try:
        picture = pi_heif.open_heif(data, convert_hdr_to_8bit=True, bgr_mode=False)
        array = np.asarray(picture)
    except (ValueError, RuntimeError, OSError, EOFError, SyntaxError, IndexError) as error:  # no picture: IndexError
        raise CorruptPixels(str(error)) from error
    if array.ndim == 2:
        array = cv2.cvtColor(array, cv2.COLOR_GRAY2RGB)
    if array.shape[2] == 4:
        array = on_white(array)
    if shrink > 1:
        size = (max(1, array.shape[1] // shrink), max(1, array.shape[0] // shrink))
        array = cv2.resize(array, size, interpolation=cv2.INTER_AREA)
    return np.ascontiguousarray(array)


def on_white(rgba: Array) -> Array:
    """Height × width × 4 with straight alpha, laid on white."""
    alpha = rgba[:, :, 3:].astype(np.uint16)
    laid = (rgba[:, :, :3] * alpha + 255 * (255 - alpha) + 127) // 255
    return laid.astype(np.uint8)

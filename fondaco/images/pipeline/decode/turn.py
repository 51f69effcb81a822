"""Upright: the EXIF orientations 1 to 8 as transpose and flip."""

from __future__ import annotations

import cv2

from fondaco.images.pipeline.arrays import Array

# orientation: (transpose first, flip code of OpenCV: 0 upside down, 1 left-right, -1 both)
_STEPS = {2: (False, 1), 3: (False, -1), 4: (False, 0), 5: (True, None), 6: (True, 1), 7: (True, -1), 8: (True, 0)}


def upright(array: Array, orientation: int) -> Array:
    """Height × width × 3 as stored in, as seen out."""
    transpose, flip = _STEPS.get(orientation, (False, None))
    if transpose:
        array = cv2.transpose(array)
    return array if flip is None else cv2.flip(array, flip)

"""A product that leans: the angle of its outline's long straight sides, and the turn that sets it upright."""

from __future__ import annotations

import numpy as np

from fondaco.images.pipeline.arrays import Array
from fondaco.images.pipeline.measure import ground as grounds
from fondaco.images.pipeline.measure import subject
from fondaco.images.pipeline.measure.levels import Levels
from fondaco.images.pipeline.native import cv2

LEAST, MOST = 0.7, 8.0  # degrees: below nobody sees it, beyond it is meant
BOXY = 0.93  # how much of its smallest turned rectangle the outline fills: only then has it sides to set upright


def lean(levels: Levels) -> float:
    """Degrees clockwise by which a box-like product leans; 0.0 when it stands or is not box-like."""
    around = grounds.measure(levels)
    found = subject.measure(levels, around)
    if not found.known or found.box is None or found.touches:
        return 0.0
    outlines, _ = cv2.findContours(found.mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    outline = max(outlines, key=cv2.contourArea)
    (_centre, (width, height), angle) = cv2.minAreaRect(outline)
    if cv2.contourArea(outline) < BOXY * width * height:
        return 0.0
    turned = (angle + 45) % 90 - 45  # the nearer of the two sides
    return round(float(turned), 2) if LEAST <= abs(turned) <= MOST else 0.0


def turned(pixels: Array, degrees: float, colour: tuple[int, int, int]) -> Array:
    """Turned back by `degrees`; the corners that open are filled with the ground's colour. Same size."""
    height, width = pixels.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2 - 0.5, height / 2 - 0.5), degrees, 1.0)
    return np.asarray(
        cv2.warpAffine(
            pixels, matrix, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_CONSTANT, borderValue=colour
        )
    )

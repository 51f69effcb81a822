"""Lines of writing by the PP-OCRv4 mobile detector: where they stand, not what they say."""

from __future__ import annotations

import numpy as np

from fondaco.images.pipeline.arrays import Array
from fondaco.images.pipeline.native import cv2

from .running import session

SIDE = 288  # finds as many lines laid over photographs as 320 (41 of 41) in two thirds of the time
INK, SURE = 0.3, 0.6  # a pixel's and a line's probability
GROWN = 1.5  # the map shows lines shrunk; area over perimeter, times this, is what is missing
LEAST_PX = 3
MEAN, DEVIATION = np.array([0.485, 0.456, 0.406], np.float32), np.array([0.229, 0.224, 0.225], np.float32)

Box = tuple[float, float, float, float]


def find(array: Array) -> list[tuple[Box, float]]:
    """Boxes (x, y, w, h) in pixels of `array` (height × width × 3, 8-bit RGB) with their probabilities."""
    height, width = array.shape[:2]
    scale = SIDE / max(height, width)
    size = tuple(max(32, 32 * round(side * scale / 32)) for side in (width, height))
    small = cv2.resize(array, size, interpolation=cv2.INTER_AREA)[:, :, ::-1]
    levels = (small.astype(np.float32) / 255 - MEAN) / DEVIATION
    (answer,) = session("words").run(None, {"x": np.ascontiguousarray(levels.transpose(2, 0, 1))[None]})
    ink = answer[0, 0]
    outlines, _ = cv2.findContours((ink > INK).astype(np.uint8), cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
    found = []
    for outline in outlines[:500]:
        x, y, w, h = cv2.boundingRect(outline)
        if min(w, h) < LEAST_PX:
            continue
        inside = np.zeros((h, w), np.uint8)
        cv2.drawContours(inside, [outline - (x, y)], -1, 1, -1)
        sure = cv2.mean(ink[y : y + h, x : x + w], inside)[0]
        if sure >= SURE:
            found.append((_grown((x, y, w, h), width / size[0], height / size[1]), float(sure)))
    return sorted(found, key=lambda pair: -pair[1])


def _grown(box: tuple[int, int, int, int], across: float, down: float) -> Box:
    x, y, w, h = box
    more = GROWN * w * h / (2 * (w + h))
    return max(0.0, (x - more) * across), max(0.0, (y - more) * down), (w + 2 * more) * across, (h + 2 * more) * down

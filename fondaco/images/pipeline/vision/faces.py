"""Faces by BlazeFace (short range): 128 × 128, 896 anchors, run by OpenCV from the TensorFlow Lite file itself."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np

from fondaco.images.pipeline.arrays import Array
from fondaco.images.pipeline.native import cv2

from .running import for_each_thread
from .weights import weights

SIDE = 128
LEVELS = ((16, 2), (8, 6))  # cells a side, anchors a cell
OVERLAP = 0.3
FLOOR = 0.5  # lower scores are not even candidates

Box = tuple[float, float, float, float]


@for_each_thread
def _net() -> Any:
    return cv2.dnn.readNetFromTFLite(str(weights("faces")))


@cache
def _anchors() -> Array:
    """896 × 2: centres in shares of the square."""
    rows = []
    for cells, count in LEVELS:
        centre = (np.arange(cells) + 0.5) / cells
        grid = np.stack(np.meshgrid(centre, centre), axis=-1).reshape(-1, 2)
        rows.append(np.repeat(grid, count, axis=0))
    return np.concatenate(rows).astype(np.float32)


def find(array: Array) -> list[tuple[Box, float]]:
    """Boxes (x, y, w, h) in pixels of `array` (height × width × 3, 8-bit RGB) with their scores, best first."""
    height, width = array.shape[:2]
    side = max(height, width)
    scale = SIDE / side
    small = cv2.resize(
        array, (max(1, round(width * scale)), max(1, round(height * scale))), interpolation=cv2.INTER_AREA
    )
    above, left = (SIDE - small.shape[0]) // 2, (SIDE - small.shape[1]) // 2
    square = np.zeros((SIDE, SIDE, 3), np.uint8)
    square[above : above + small.shape[0], left : left + small.shape[1]] = small
    net = _net()
    net.setInput(cv2.dnn.blobFromImage(square, 1 / 127.5, (SIDE, SIDE), (127.5,) * 3))
    logits, boxes = net.forward(("classificators", "regressors"))
    scores = 1 / (1 + np.exp(-np.clip(logits[0, :, 0], -50, 50)))
    keep = scores >= FLOOR
    if not keep.any():
        return []
    raw, anchors, scores = boxes[0, keep, :4] / SIDE, _anchors()[keep], scores[keep]
    centre, size = raw[:, :2] + anchors, raw[:, 2:]
    corner = (centre - size / 2) * SIDE - (left, above)
    found = np.hstack([corner, size * SIDE]) / scale
    chosen = cv2.dnn.NMSBoxes(found.tolist(), scores.tolist(), FLOOR, OVERLAP)
    made = [(tuple(found[i].tolist()), float(scores[i])) for i in np.ravel(chosen)]
    return sorted(made, key=lambda pair: -pair[1])

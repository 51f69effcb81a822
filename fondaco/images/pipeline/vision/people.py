"""People as a whole, by EfficientDet-Lite0 (8 bits, 320 × 320): also from behind, without a head, or legs alone.

The network knows 80 kinds of things and gives a score for each of 19,206 anchors; of these only the first, a person, is read.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import numpy as np

from fondaco.images.pipeline.arrays import Array
from fondaco.images.pipeline.native import cv2

from .running import for_each_thread
from .weights import weights

SIDE = 320
AROUND = 128  # grey beside a picture that is not square
STRIDES = (8, 16, 32, 64, 128)
SCALES = tuple(3 * 2 ** (third / 3) for third in range(3))  # of an anchor, in strides
SHAPES = ((1.0, 1.0), (1.4, 0.7), (0.7, 1.4))  # widths and heights
PERSON = 0
FLOOR = 0.3  # lower scores are not even candidates
OVERLAP = 0.4
MOST = 20

Box = tuple[float, float, float, float]


def find(array: Array) -> list[tuple[Box, float]]:
    """Boxes (x, y, w, h) in pixels of `array` (height × width × 3, 8-bit RGB) with their scores, best first."""
    height, width = array.shape[:2]
    scale = SIDE / max(height, width)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    left, above = (SIDE - size[0]) // 2, (SIDE - size[1]) // 2
    square = np.full((1, SIDE, SIDE, 3), AROUND, np.uint8)
    square[0, above : above + size[1], left : left + size[0]] = cv2.resize(array, size, interpolation=cv2.INTER_AREA)
    scores, raw = _answer(square)
    keep = np.flatnonzero(scores >= FLOOR)
    if not keep.size:
        return []
    keep = keep[np.argsort(-scores[keep])[:500]]
    scores, anchors, raw = scores[keep], _anchors()[keep], raw[keep]
    centre = raw[:, 1::-1] * anchors[:, 2:] + anchors[:, :2]
    sides = np.exp(np.clip(raw[:, :1:-1], -8, 4)) * anchors[:, 2:]
    low = np.clip((centre - sides / 2 - (left, above)) / scale, 0, (width, height))
    high = np.clip((centre + sides / 2 - (left, above)) / scale, 0, (width, height))
    found = np.hstack([low, high - low])
    chosen = np.ravel(cv2.dnn.NMSBoxes(found.tolist(), scores.tolist(), FLOOR, OVERLAP))[:MOST]
    made = [(tuple(found[i].tolist()), float(scores[i])) for i in chosen]
    return sorted(made, key=lambda pair: -pair[1])


def _answer(square: Array) -> tuple[Array, Array]:
    """Of every anchor the score of a person and the box in the network's own terms (y, x, height, width)."""
    network = _network()
    network.set_tensor(network.get_input_details()[0]["index"], square)
    network.invoke()
    outputs = {place["shape"][-1]: place["index"] for place in network.get_output_details()}
    return network.get_tensor(outputs[90])[0, :, PERSON], network.get_tensor(outputs[4])[0]


@for_each_thread
def _network() -> Any:
    with _without_a_word():
        from ai_edge_litert.interpreter import Interpreter

        network = Interpreter(model_path=str(weights("people")), num_threads=1)
        network.allocate_tensors()
    return network


@contextmanager
def _without_a_word() -> Iterator[None]:
    """The runtime writes what it does to the error stream, and has no switch for that."""
    sys.stderr.flush()
    kept, nothing = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nothing)


@cache
def _anchors() -> Array:
    """19,206 × 4: centre x, y, width and height in pixels of the square."""
    levels = []
    for stride in STRIDES:
        cells = -(-SIDE // stride)
        centre = (np.arange(cells, dtype=np.float32) + 0.5) * stride
        y, x = np.meshgrid(centre, centre, indexing="ij")
        sides = np.array([(stride * s * w, stride * s * h) for s in SCALES for w, h in SHAPES], np.float32)
        level = np.empty((cells, cells, len(sides), 4), np.float32)
        level[..., 0], level[..., 1] = x[..., None], y[..., None]
        level[..., 2:] = sides
        levels.append(level.reshape(-1, 4))
    return np.concatenate(levels)

"""Nudity by open_nsfw: a score from 0 to 1 for the whole picture. Its recall has not been tested by this project."""

from __future__ import annotations

import numpy as np

from fondaco.images.pipeline.arrays import Array
from fondaco.images.pipeline.native import cv2

from .running import session

RESIZED, SIDE = 256, 224
MEANS_BGR = (104, 117, 123)


def score(array: Array) -> float:
    """Of height × width × 3, 8-bit RGB."""
    edge = (RESIZED - SIDE) // 2
    small = cv2.resize(array, (RESIZED, RESIZED), interpolation=cv2.INTER_AREA)
    part = small[edge : edge + SIDE, edge : edge + SIDE, ::-1].astype(np.float32) - np.array(MEANS_BGR, np.float32)
    (scores,) = session("nudity").run(["outputs"], {"input:0": part[None]})
    return float(scores[0, 1])

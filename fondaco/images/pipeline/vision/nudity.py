"""Nudity by open_nsfw: a score from 0 to 1 for the whole picture. Its recall has not been tested by this project.

It is the dearest model, so it is asked where the people's model, the faces' or the colour of skin give a reason (`may_be`)."""

from __future__ import annotations

import numpy as np

from fondaco.images.pipeline.arrays import Array
from fondaco.images.pipeline.native import cv2

from .running import session

SKIN_LOW, SKIN_HIGH = (0, 133, 77), (255, 178, 130)  # of all people: brightness, redness and blueness (YCrCb)
SKIN, PLAIN = 0.03, 6  # share of such pixels; a mean depth of colour below which a picture is black and white
RESIZED, SIDE = 256, 224
MEANS_BGR = (104, 117, 123)


def may_be(array: Array) -> bool:
    """Whether anything has the colour of skin, or nothing has a colour. Most goods are told apart by this in 0.1 ms."""
    small = cv2.resize(array, (64, 64), interpolation=cv2.INTER_AREA)
    parts = cv2.cvtColor(small, cv2.COLOR_RGB2YCrCb)
    ground = cv2.inRange(parts, (245, 0, 0), (255, 255, 255))
    if cv2.countNonZero(ground) > 0.995 * ground.size:
        return False
    skin = cv2.countNonZero(cv2.inRange(parts, SKIN_LOW, SKIN_HIGH)) / ground.size
    depth = cv2.mean(cv2.absdiff(parts[:, :, 1:], np.full((64, 64, 2), 128, np.uint8)), cv2.bitwise_not(ground))
    return skin >= SKIN or max(depth[:2]) < PLAIN


def score(array: Array) -> float:
    """Of height × width × 3, 8-bit RGB."""
    edge = (RESIZED - SIDE) // 2
    small = cv2.resize(array, (RESIZED, RESIZED), interpolation=cv2.INTER_AREA)
    part = small[edge : edge + SIDE, edge : edge + SIDE, ::-1].astype(np.float32) - np.array(MEANS_BGR, np.float32)
    (scores,) = session("nudity").run(["outputs"], {"input:0": part[None]})
    return float(scores[0, 1])

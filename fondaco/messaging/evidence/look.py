"""Two things of a photograph that matter for evidence only: a hard shadow across it, and whether it shows the same as another."""

from __future__ import annotations

from typing import Any

import numpy as np

from fondaco.images.pipeline.native import cv2

SAME_BITS = 6
"""Two pictures whose hashes differ in no more bits are one shot (of 64)."""


def shot_hash(rgb: Any) -> int:
    """64 bits of which neighbour is brighter, over 9 × 8 fields: the same whatever size and quality. Signed."""
    grey = cv2.resize(cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY), (9, 8), interpolation=cv2.INTER_AREA)
    bits = (grey[:, 1:] > grey[:, :-1]).ravel()
    return int.from_bytes(np.packbits(bits).tobytes(), "big", signed=True)


def same_shot(one: int, other: int) -> bool:
    return ((one ^ other) & (2**64 - 1)).bit_count() <= SAME_BITS


def sharpness(rgb: Any) -> float:
    """The mean square of the second derivative at 400 px, on the tenth of fields where there is most of it; below 60
    nothing is sharp. The capture page judges by the same figure."""
    scale = min(1.0, 400 / max(rgb.shape[:2]))
    small = cv2.resize(rgb, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    second = cv2.Laplacian(cv2.cvtColor(small, cv2.COLOR_RGB2GRAY), cv2.CV_32F) ** 2
    height, width = (max(1, side // 20) for side in second.shape)
    fields = np.sort(cv2.resize(second, (width, height), interpolation=cv2.INTER_AREA).ravel())
    return float(fields[-max(1, fields.size // 10) :].mean())


def burnt_out(rgb: Any) -> float:
    """The share of the picture in which nothing can be seen for light, 0 to 1."""
    return float((cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY) >= 250).mean())


def harsh_shadow(rgb: Any) -> float:
    """How much of the frame lies in a hard shadow, 0 to 1; below 0.15 nothing to speak of.

    A shadow darkens and hardly changes the colour: two fields of brightness far apart and near in colour, both large,
    each even in itself, with a sharp line between them. A black thing on a white table has a darker dark.
    """
    scale = 96 / max(rgb.shape[:2])
    small = cv2.resize(rgb, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    lab = cv2.cvtColor(cv2.GaussianBlur(small, (3, 3), 0).astype(np.float32) / 255, cv2.COLOR_RGB2LAB)
    light = lab[..., 0]
    level = np.clip(light * 2.55, 0, 255).astype(np.uint8)
    threshold, dark = cv2.threshold(level, 0, 1, cv2.THRESH_BINARY_INV | cv2.THRESH_OTSU)
    share = float(dark.mean())
    if not 0.12 <= share <= 0.75 or threshold <= 0:
        return 0.0
    shadow, lit = lab[dark == 1], lab[dark == 0]
    apart = float(np.median(lit[:, 0]) - np.median(shadow[:, 0]))
    colours = float(np.abs(np.median(lit[:, 1:], axis=0) - np.median(shadow[:, 1:], axis=0)).max())
    even = float(shadow[:, 0].std()) < 9 and float(lit[:, 0].std()) < 14
    edge = cv2.morphologyEx(dark, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8)) == 1
    steep = float(
        np.median(np.abs(cv2.Sobel(light, cv2.CV_32F, 1, 0)[edge]) + np.abs(cv2.Sobel(light, cv2.CV_32F, 0, 1)[edge]))
    )
    is_shadow = apart >= 28 and np.median(shadow[:, 0]) >= 14 and colours <= 12 and even and steep >= 40
    return share if is_shadow else 0.0

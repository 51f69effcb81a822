"""Does a photograph show what a listing's picture shows? Points that both have, and how well they agree. A hint only.

SIFT points, matched both ways, kept where one view of the thing maps onto the other (a homography by RANSAC). A plain
thing of one colour has few points: then the colours of both are compared, and that is said.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import simplejpeg

from fondaco.images.pipeline.native import cv2

LONG_PX = 640
ENOUGH = 12
"""So many agreeing points are hardly chance."""


@dataclass(frozen=True, slots=True)
class Match:
    """`similarity` 0 to 1; `points`: agreeing points as (x, y) in the photograph and (x, y) in the listing's picture, in
    shares of width and height; `colour`: 0 to 1, how alike the colours of the middle are. `drawn`: both side by side, JPEG."""

    similarity: float
    colour: float
    points: tuple[tuple[float, float, float, float], ...]
    drawn: bytes

    @property
    def verdict(self) -> str:
        """`same`, `unclear`, `other`."""
        if self.similarity >= 0.5:
            return "same"
        return "unclear" if self.similarity >= 0.2 else "other"


def match(photo: bytes, listing: bytes) -> Match:
    """Compare two JPEG files. Raises ValueError for what is none."""
    one, other = _read(photo), _read(listing)
    pairs, _good = _agreeing(one, other)
    colour = _colours(one, other)
    similarity = (
        min(1.0, len(pairs) / (3 * ENOUGH)) * 0.85 + colour * 0.15
        if len(pairs) >= ENOUGH // 2
        else min(0.35, colour * 0.35)
    )
    shares = tuple(
        (
            round(a[0] / one.shape[1], 4),
            round(a[1] / one.shape[0], 4),
            round(b[0] / other.shape[1], 4),
            round(b[1] / other.shape[0], 4),
        )
        for a, b in pairs[:60]
    )
    return Match(round(float(similarity), 3), round(colour, 3), shares, _drawn(one, other, pairs[:60]))


def _read(data: bytes) -> Any:
    pixels = simplejpeg.decode_jpeg(data)
    scale = LONG_PX / max(pixels.shape[:2])
    return cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA) if scale < 1 else pixels


def _agreeing(one: Any, other: Any) -> tuple[list[tuple[Any, Any]], int]:
    sift = cv2.SIFT.create(nfeatures=1200, contrastThreshold=0.02)
    first, told = sift.detectAndCompute(cv2.cvtColor(one, cv2.COLOR_RGB2GRAY), None)
    second, said = sift.detectAndCompute(cv2.cvtColor(other, cv2.COLOR_RGB2GRAY), None)
    if told is None or said is None or len(first) < 4 or len(second) < 4:
        return [], 0
    found = cv2.BFMatcher(cv2.NORM_L2).knnMatch(told, said, k=2)
    good = [pair[0] for pair in found if len(pair) == 2 and pair[0].distance < 0.72 * pair[1].distance]
    if len(good) < 5:
        return [], len(good)
    source = np.array([first[m.queryIdx].pt for m in good], np.float32)
    target = np.array([second[m.trainIdx].pt for m in good], np.float32)
    plane, inside = cv2.findHomography(source, target, cv2.RANSAC, 5.0)
    if plane is None or not _sane(plane, one.shape):
        return [], len(good)
    pairs = [(tuple(a), tuple(b)) for a, b, ok in zip(source, target, inside.ravel(), strict=True) if ok]
    return sorted(set(pairs)), len(good)


def _sane(plane: Any, shape: tuple[int, ...]) -> bool:
    """The picture's frame stays a convex field of some size: a chance agreement folds it."""
    height, width = shape[:2]
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32).reshape(-1, 1, 2)
    moved = cv2.perspectiveTransform(corners, plane)
    return bool(cv2.isContourConvex(moved) and 0.02 < cv2.contourArea(moved) / (width * height) < 50)


def _colours(one: Any, other: Any) -> float:
    """How alike the hues and lightness of the middles are, 0 to 1."""
    return float(max(0.0, cv2.compareHist(_histogram(one), _histogram(other), cv2.HISTCMP_CORREL)))


def _histogram(pixels: Any) -> Any:
    height, width = pixels.shape[:2]
    middle = pixels[height // 5 : height - height // 5, width // 5 : width - width // 5]
    hsv = cv2.cvtColor(middle, cv2.COLOR_RGB2HSV)
    made = cv2.calcHist([hsv], [0, 1, 2], None, [12, 4, 4], [0, 180, 0, 256, 0, 256])
    return cv2.normalize(made, made).flatten()


def _drawn(one: Any, other: Any, pairs: list[tuple[Any, Any]]) -> bytes:
    height = max(one.shape[0], other.shape[0])
    gap = 12
    sheet = np.full((height, one.shape[1] + gap + other.shape[1], 3), 255, np.uint8)
    sheet[: one.shape[0], : one.shape[1]] = one
    sheet[: other.shape[0], one.shape[1] + gap :] = other
    shift = one.shape[1] + gap
    for number, (a, b) in enumerate(pairs):
        hue = np.array([[[int(180 * number / max(1, len(pairs))), 220, 230]]], np.uint8)
        colour = tuple(int(c) for c in cv2.cvtColor(hue, cv2.COLOR_HSV2RGB)[0, 0])
        start, end = (round(a[0]), round(a[1])), (round(b[0]) + shift, round(b[1]))
        cv2.line(sheet, start, end, colour, 1, cv2.LINE_AA)
        for at in (start, end):
            cv2.circle(sheet, at, 4, (255, 255, 255), -1, cv2.LINE_AA)
            cv2.circle(sheet, at, 3, colour, -1, cv2.LINE_AA)
    return simplejpeg.encode_jpeg(np.ascontiguousarray(sheet), quality=82, colorsubsampling="420")

"""What a seller's picture is besides a photograph: nothing but a logo, or a carrier of codes that lead elsewhere (B-PHOTO-04).

Only what is plain is named: a drawing, a table, a screenshot or a photograph of a printed box is no logo. What is
doubtful is let through; buyers can report it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import simplejpeg

from fondaco.images.pipeline.native import cv2

LOOK_PX = 400
FLAT = 0.85
"""The share of fields without any change in them: graphics have more, photographs carry grain."""
FEW_COLOURS, THEIR_SHARE = 8, 0.93
MOST_PIECES = 40
"""A logo is a sign and a name; a page of text has hundreds of pieces."""
SOLID = 0.35
"""The share of the sign that outlasts thinning: line drawings vanish."""
EVEN, INKS, OF_INKS = 0.5, 4, 0.75
"""The share of the sign's inside without grain, and the share of it that has one of a few lightnesses: things that are
photographed have grain, and things that are drawn as if in light have shading."""
GRADED, OFF_PLANE, PLANES = 3, 4, 0.92
"""Logos are also filled from one colour to another along a line. Told from things in light by: so many pieces or more, on
each of which the colours lie in a plane, up to so many levels, for this share of the sign's inside. A ball, a cup and cloth
bend the light; a thing alone has one piece."""
MOST_CODE = 500


@dataclass(frozen=True, slots=True)
class Look:
    """`is_logo`: a flat sign on an even ground and nothing else. `codes`: what QR codes in the picture say."""

    is_logo: bool = False
    codes: tuple[str, ...] = ()


def look_at(jpeg: bytes) -> Look:
    """Look at a picture's preview (JPEG)."""
    rgb = simplejpeg.decode_jpeg(jpeg)
    scale = min(1.0, LOOK_PX / max(rgb.shape[:2]))
    small = cv2.resize(rgb, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return Look(is_logo(small), codes_in(rgb))


def codes_in(rgb: Any) -> tuple[str, ...]:
    """What the QR codes say, each once."""
    try:
        found, words, _points, _codes = cv2.QRCodeDetector().detectAndDecodeMulti(cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY))
    except cv2.error:  # of some pictures its geometry despairs
        return ()
    return tuple(dict.fromkeys(w[:MOST_CODE] for w in words if w)) if found else ()


def is_logo(rgb: Any) -> bool:
    """Flat or evenly graded colours on an even ground, in few solid pieces."""
    lab = cv2.cvtColor(rgb, cv2.COLOR_RGB2LAB)
    light = cv2.GaussianBlur(lab[..., 0], (3, 3), 0)
    steps = np.maximum(np.abs(cv2.Sobel(light, cv2.CV_16S, 1, 0)), np.abs(cv2.Sobel(light, cv2.CV_16S, 0, 1)))
    if float((steps <= 12).mean()) < FLAT:
        return False
    ground = _ground(lab)
    if ground is None:
        return False
    sign = (np.abs(lab.astype(np.int16) - ground).max(axis=2) > 24).astype(np.uint8)
    if not 0.02 <= float(sign.mean()) <= 0.85:
        return False
    pieces, labels, stats, _middles = cv2.connectedComponentsWithStats(sign, connectivity=8)
    real = int((stats[1:, cv2.CC_STAT_AREA] >= 6).sum())
    side = max(3, round(max(rgb.shape[:2]) / 100)) | 1
    core = cv2.erode(sign, np.ones((side, side), np.uint8)) == 1
    if pieces < 2 or real > MOST_PIECES or float(core.sum()) < SOLID * float(sign.sum()):
        return False
    grain = np.maximum(
        np.abs(cv2.Sobel(lab[..., 0], cv2.CV_16S, 1, 0)), np.abs(cv2.Sobel(lab[..., 0], cv2.CV_16S, 0, 1))
    )
    if float((grain[core] <= 6).mean()) < EVEN:
        return False
    return _is_flat(lab, core) or _is_graded(lab, np.where(core, labels, 0))


def _is_flat(lab: Any, core: Any) -> bool:
    """A few colours in the whole picture, and a few inks in the sign."""
    tones = (lab.astype(np.uint16) + 12) // 24
    keys, counts = np.unique(tones[..., 0] << 10 | tones[..., 1] << 5 | tones[..., 2], return_counts=True)
    if keys.size < 2 or counts[np.argsort(counts)[-FEW_COLOURS:]].sum() < THEIR_SHARE * counts.sum():
        return False
    shades = np.sort(np.bincount(lab[..., 0][core] // 6))[::-1]
    return int(shades[:INKS].sum()) >= OF_INKS * int(shades.sum())


def _is_graded(lab: Any, labels: Any) -> bool:
    """Several pieces, on each of which the colours change evenly along a line. `labels`: the piece at each pixel, 0 none."""
    sizes = np.bincount(labels.ravel())[1:]
    large = [piece + 1 for piece in np.flatnonzero(sizes >= 30)]
    if len(large) < GRADED:
        return False
    near = 0
    for piece in large:
        y, x = np.nonzero(labels == piece)
        places = np.column_stack([np.ones(x.size), x, y]).astype(np.float64)
        colours = lab[y, x].astype(np.float64)
        planes, *_ = np.linalg.lstsq(places, colours, rcond=None)
        near += int((np.abs(places @ planes - colours).max(axis=1) <= OFF_PLANE).sum())
    return near >= PLANES * int(sizes.sum())


def _ground(lab: Any) -> Any:
    """The colour of the frame's rim where it is even; None where it is not."""
    rim = np.concatenate(
        [lab[:3].reshape(-1, 3), lab[-3:].reshape(-1, 3), lab[:, :3].reshape(-1, 3), lab[:, -3:].reshape(-1, 3)]
    )
    middle = np.median(rim, axis=0)
    near = (np.abs(rim.astype(np.int16) - middle).max(axis=1) <= 10).mean()
    return middle.astype(np.int16) if near >= 0.97 else None

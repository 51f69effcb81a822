"""Before and after: how far two pictures of the same thing differ, and where.

Used to show a mend beside its original, and to check that retouching left the product's colours alone. Colour
distance is ΔE of CIE 1976 in L*a*b*: about 1 is the least a trained eye sees, 2-3 what anybody does.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from . import header as headers
from .arrays import Array
from .bounds import BUDGET_S, Deadline
from .colour import to_srgb
from .decode import CorruptPixels, decode_at
from .native import cv2
from .render import encode, resized

VIEW = 800


@dataclass(frozen=True, slots=True)
class Difference:
    """`mean` and `p95`: ΔE over the frame. `changed`: share of pixels beyond ΔE 3, 0 to 1. `picture`: JPEG, the
    changed parts in warm colours over a grey picture."""

    mean: float
    p95: float
    changed: float
    picture: bytes


def compare(before: bytes, after: bytes) -> Difference:
    """Two pictures of the same framing; `after` is brought to the size of `before`. Raises CorruptPixels."""
    first = _view(before)
    second = cv2.resize(_view(after), (first.shape[1], first.shape[0]), interpolation=cv2.INTER_AREA)
    distance = delta_e(first, second)
    return Difference(
        mean=float(distance.mean()),
        p95=float(np.percentile(distance, 95)),
        changed=float((distance > 3).mean()),
        picture=encode(_drawn(first, distance), "jpeg", 85),
    )


def delta_e(first: Array, second: Array) -> Array:
    """Height × width of ΔE between two height × width × 3 sRGB pictures of one size."""
    lab = [cv2.cvtColor(a.astype(np.float32) / 255, cv2.COLOR_RGB2LAB) for a in (first, second)]
    return np.sqrt(((lab[0] - lab[1]) ** 2).sum(axis=2))


def _view(data: bytes) -> Array:
    header = headers.read(data)
    if header is None:
        raise CorruptPixels("not a picture")
    width, height = header.upright_size
    scale = min(1.0, VIEW / max(width, height))
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    pixels = decode_at(data, header, at_least=size, deadline=Deadline.after(4 * BUDGET_S))
    return resized(to_srgb(pixels, data, header), *size)


def _drawn(picture: Array, distance: Array) -> Array:
    grey = cv2.cvtColor(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB)
    heat = cv2.applyColorMap(np.clip(distance * 8, 0, 255).astype(np.uint8), cv2.COLORMAP_INFERNO)[:, :, ::-1]
    weight = np.clip(distance / 6, 0, 0.85)[:, :, None]
    return np.rint(grey * (1 - weight) + heat * weight).astype(np.uint8)

"""One call from a kind and a seed to the bytes of a picture."""

from __future__ import annotations

import zlib
from functools import lru_cache

import cv2
import numpy as np

from . import kinds  # noqa: F401  registers the builders
from .damage import DAMAGES
from .encode import encode
from .registry import KINDS, Draw
from .scene import Model
from .shapes import Array
from .stage import View, photograph

VARIANTS: dict[str, View] = {
    "MAIN": View(),
    "PT01": View(yaw=38, pitch=4, roll=3),
    "PT02": View(fill=1.9, shift=(0.06, -0.12), yaw=12),
    "PT03": View(ground="wood", fill=0.62, yaw=-16, pitch=2),
    "PT04": View(ground="grey", fill=0.66, yaw=20, pitch=3),
    "PT05": View(ground="linen", fill=0.6, yaw=-30, pitch=6),
    "PT06": View(yaw=-52, pitch=10, roll=-4),
    "PT07": View(yaw=180, fill=0.88),
    "PT08": View(ground="grey", fill=0.8, pitch=32),
    "SWCH": View(fill=4.2, shift=(0.1, 0.1)),
}
"""MAIN and the further views of a listing: angles, a close-up, a wooden table, a grey room, linen, the back, from above, a swatch."""


@lru_cache(maxsize=8)
def _model(kind: str, seed: int, colour: str | None) -> Model:
    rng = np.random.default_rng([seed, zlib.crc32(kind.encode())])
    return KINDS[kind].build(Draw(rng, colour))


def pixels(
    kind: str,
    *,
    seed: int,
    size: int = 1600,
    variant: str = "MAIN",
    colour: str | None = None,
    fill: float | None = None,
) -> tuple[Array, Array]:
    """The picture as size × size × 3 8-bit sRGB, and the product's cover of each pixel (0 … 1).

    `fill` replaces the variant's own share of the frame's side that the product's longer side takes.
    """
    cv2.setNumThreads(1)
    view = VARIANTS[variant]
    share = fill if fill is not None else view.fill
    if fill is None and variant == "MAIN":
        share = 0.885 + 0.035 * ((zlib.crc32(f"{kind}{seed}".encode()) & 255) / 255)
    view = View(view.yaw, view.pitch, share, view.ground, view.shift, view.roll)
    return photograph(
        _model(kind, seed, colour), view, width=size, height=size, seed=zlib.crc32(f"{kind} {seed} {variant}".encode())
    )


def render(
    kind: str,
    *,
    seed: int,
    size: int = 1600,
    variant: str = "MAIN",
    colour: str | None = None,
    damage: str | None = None,
) -> bytes:
    """A product photograph: JPEG of quality 90, `size` × `size` pixels, unless the damage says otherwise.

    The same arguments give the same bytes on the same versions of the libraries. `kind` is one of KINDS,
    `variant` one of VARIANTS, `colour` a name of `palette.COLOURS` or `#rrggbb`, `damage` one of DAMAGES.
    Raises KeyError for a name that is none of these.
    """
    if damage is not None:
        return DAMAGES[damage].make(
            lambda **more: pixels(kind, **({"seed": seed, "size": size, "variant": variant, "colour": colour} | more))
        )  # type: ignore[arg-type]
    return encode(pixels(kind, seed=seed, size=size, variant=variant, colour=colour)[0])

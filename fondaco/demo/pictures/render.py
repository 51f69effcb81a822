"""One call from a kind and a seed to the bytes of a picture."""

from __future__ import annotations

import zlib
from dataclasses import replace
from functools import lru_cache

import cv2
import numpy as np

from . import kinds  # noqa: F401  registers the builders
from .damage import DAMAGES
from .encode import encode
from .extras import with_carton, with_measure
from .registry import KINDS, Draw
from .scene import Model
from .shapes import Array
from .stage import View, photograph

VARIANTS: dict[str, View] = {
    "MAIN": View(),
    "PT01": View(yaw=38, pitch=4, roll=3),
    "PT02": View(fill=1.9, yaw=12, close=True),
    "PT03": View(ground="wood", fill=0.62, yaw=-16, pitch=2),
    "PT04": View(ground="grey", fill=0.66, yaw=20, pitch=3),
    "PT05": View(ground="linen", fill=0.72, yaw=-12, pitch=6, extra="carton"),
    "PT06": View(fill=0.74, shift=(0.02, 0.02), extra="measure"),
    "PT07": View(yaw=180, fill=0.88),
    "PT08": View(ground="grey", fill=0.8, pitch=32),
    "SWCH": View(fill=4.2, close=True),
}
"""MAIN and the further views of a listing: another angle, a close-up, a wooden table, a grey room,
with its packaging, with its measures, the back, from above, a swatch."""


@lru_cache(maxsize=8)
def _model(kind: str, seed: int, colour: str | None) -> Model:
    rng = np.random.default_rng([seed, zlib.crc32(kind.encode())])
    return KINDS[kind].build(Draw(rng, colour))


def _to_the_thickest(model: Model, view: View) -> tuple[float, float]:
    """The shift (shares of the frame) that brings the spot farthest from the outline to the middle."""
    side, fill = 160, 0.9
    _, cover = photograph(model, replace(view, fill=fill, close=False), width=side, height=side, seed=0)
    depth = cv2.distanceTransform((cover > 0.5).astype(np.uint8), cv2.DIST_L2, 5)
    y, x = np.unravel_index(int(depth.argmax()), depth.shape)
    k = view.fill / fill / side
    return (side / 2 - float(x)) * k, (float(y) - side / 2) * k


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
    view = replace(view, fill=share)
    model = _model(kind, seed, colour)
    if view.close:
        view = replace(view, shift=_to_the_thickest(model, view))
    if view.extra == "carton":
        model = with_carton(model, seed=seed)
    dice = zlib.crc32(f"{kind} {seed} {variant}".encode())
    image, cover = photograph(model, view, width=size, height=size, seed=dice)
    if view.extra == "measure":
        image = with_measure(image, cover, name=model.name)
    return image, cover


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

"""What stands beside the product in some pictures: its carton, or lines that show its size."""

from __future__ import annotations

import cv2
import numpy as np

from . import palette, printed
from . import surfaces as sf
from .printed import lettered
from .scene import Model, Solid
from .shapes import Array, box

LONGEST_CM = {
    "ring": 2, "earrings": 4, "gemstone": 1, "watch": 24, "necklace": 26, "bracelet": 7, "mug": 12, "vase": 28, "bowl": 16, "plate": 27,
    "teapot": 24, "kettle": 27, "knife": 33, "wooden spoon": 30, "lamp": 48, "shelf": 180, "chair": 88, "sneaker": 29, "sweater": 72,
    "t-shirt": 74, "book": 22, "notebook": 21, "backpack": 46, "bicycle helmet": 29, "toy car": 14, "teddy bear": 32, "ball": 22,
    "yoga mat": 61, "cushion": 45, "towel": 70, "baby blanket": 90, "scarf": 180, "basket": 34, "hammer": 33, "lantern": 30,
}  # fmt: skip


def with_carton(model: Model, *, seed: int) -> Model:
    """The product beside its plain carton; cloth stays as it is."""
    if not model.solids or not model.stands:
        return model
    lo, hi = np.min([s.lo for s in model.solids], 0), np.max([s.hi for s in model.solids], 0)
    w, h, t = hi[0] - lo[0], hi[1], hi[2] - lo[2]
    half = (float(max(w, 0.7 * h) * 0.44), float(h * 0.47), float(max(t, 0.5 * h) * 0.42))
    centre = (float(lo[0] - half[0] * 1.12), half[1], float(lo[2] - half[2] * 0.2))
    a, b = [c - x for c, x in zip(centre, half, strict=True)], [c + x for c, x in zip(centre, half, strict=True)]
    maker = palette.maker(np.random.default_rng(seed))
    ink = {"paper": "#c9a678", "ink": "#3a2a18", "accent": "#6b4a2a", "second": "#c9a678"}
    front = printed.art(
        "label", width=800, height=max(200, round(800 * half[1] / half[0])), title=model.name.capitalize(), by=maker, sub="handle with care", **ink
    )  # fmt: skip
    corners = (a[0], a[1], a[2]), (b[0], b[1], b[2])
    carton = sf.boxed(lo=corners[0], hi=corners[1], front=front, rest="#c9a678", gloss=0.08, rough=0.6)
    solid = Solid(box(centre=centre, half=half, edge=0.02 * h), carton, *corners)
    return Model((*model.solids, solid), (), model.camera, True, model.name, model.shadow)


def with_measure(image: Array, cover: Array, *, name: str) -> Array:
    """Lines beside and below the product with its size in centimetres, as listings show it."""
    rows, cols = np.flatnonzero((cover > 0.5).any(1)), np.flatnonzero((cover > 0.5).any(0))
    top, bottom, left, right = rows[0], rows[-1], cols[0], cols[-1]
    side, out = image.shape[0], image.copy()
    cm = LONGEST_CM.get(name, 20) / max(bottom - top, right - left)
    gap, tick = round(side * 0.035), round(side * 0.012)
    x, y = max(left - gap, tick + 2), min(bottom + gap, side - tick - 2)
    ink, thick = (70, 74, 80), max(1, side // 600)
    for (x0, y0), (x1, y1) in (((x, top), (x, bottom)), ((left, y), (right, y))):
        cv2.line(out, (int(x0), int(y0)), (int(x1), int(y1)), ink, thick, cv2.LINE_AA)
        dx, dy = (tick, 0) if x0 == x1 else (0, tick)
        for px, py in ((x0, y0), (x1, y1)):
            cv2.line(out, (int(px - dx), int(py - dy)), (int(px + dx), int(py + dy)), ink, thick, cv2.LINE_AA)
    say = f"{(right - left) * cm:.1f} cm", f"{(bottom - top) * cm:.1f} cm"
    lettering = lettered(
        out, say[0], x=(left + right) / 2 / side, y=min(y / side + 0.032, 0.975), wide=0.36, colour=ink, strength=1
    )
    lettering = lettered(
        lettering,
        say[1],
        x=max(x / side - 0.032, 0.025),
        y=(top + bottom) / 2 / side,
        wide=0.36,
        colour=ink,
        strength=1,
        turn=90,
    )
    return np.clip(lettering, 0, 255).astype(np.uint8)

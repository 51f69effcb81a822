"""Clothes and cloth, laid flat."""

from __future__ import annotations

import numpy as np

from fondaco.demo.pictures import surfaces as sf
from fondaco.demo.pictures.camera import Camera
from fondaco.demo.pictures.registry import Draw, kind
from fondaco.demo.pictures.scene import Cloth, Model, Surface
from fondaco.demo.pictures.shapes import Array, spline

FLAT = Camera(pitch=90, target=(0, 0, 0))
WOOL = ("cream", "grey", "navy", "burgundy", "olive", "mustard", "teal", "rose", "charcoal", "sky", "brown")
COTTON = ("white", "black", "navy", "grey", "red", "sky", "olive", "pink", "yellow", "teal")


def mirrored(half: list[tuple[float, float]], *, steps: int = 6) -> Array:
    """A closed outline from its right half, listed from the top middle to the bottom middle; corners stay corners
    where a point is doubled."""
    runs, run = [], [half[0]]
    for p in half[1:]:
        if p == run[-1]:
            runs.append(run)
            run = [p]
        else:
            run.append(p)
    runs.append(run)
    right = np.concatenate([spline(r, steps=steps) if len(r) > 2 else np.asarray(r, float) for r in runs])
    return np.concatenate([right, (right * [-1, 1])[::-1]])


def strip(points: list[tuple[float, float]], *, wide: float, steps: int = 8) -> Array:
    """A band along a curve."""
    c = spline(points, steps=steps)
    t = np.gradient(c, axis=0)
    n = np.stack([-t[:, 1], t[:, 0]], 1) / np.linalg.norm(t, axis=1, keepdims=True)
    return np.concatenate([c + n * wide / 2, (c - n * wide / 2)[::-1]])


def _torso(*, width: float, length: float, shoulder: float, neck: float, drop: float) -> list[tuple[float, float]]:
    top = 1.15
    return [
        (0.0, top - drop), (neck * 0.6, top - drop * 0.72), (neck, top), (neck, top), (shoulder, top - 0.2), (shoulder, top - 0.2),
        (width * 0.98, top - 0.75), (width * 0.97, 0.0), (width, top - length), (width, top - length), (width * 0.5, top - length - 0.02), (0.0, top - length - 0.03),
    ]  # fmt: skip


def _sleeve(*, shoulder: float, width: float, reach: float, fall: float, cuff: float) -> Array:
    """The right sleeve: from the shoulder seam outwards, its end square to its length."""
    top = 1.15
    sx, sy = shoulder - 0.1, top - 0.145
    ex, ey = shoulder + reach, top - 0.17 - fall
    bend = (shoulder + reach * 0.64, top - 0.19 - fall * 0.36)
    run = float(np.hypot(ex - bend[0], ey - bend[1]))
    ux, uy = (ex - bend[0]) / run, (ey - bend[1]) / run
    over = spline([(sx, sy), (shoulder + 0.06, top - 0.215), bend, (ex, ey)], steps=8)
    armpit = (width * 0.97, top - 0.8)
    under = [(ex + uy * cuff, ey - ux * cuff), armpit, (width * 0.8, sy - 0.3)]
    return np.concatenate([over, np.array(under)])


def _flip(a: Array) -> Array:
    return (a * [-1, 1])[::-1]


@kind("sweater", "Knitted sweater", "apparel")
def sweater(d: Draw) -> Model:
    colour = d.colour(*WOOL)
    width, length = d.between(0.78, 0.9), d.between(2.0, 2.25)
    stripes = d.chance(0.35)
    step = d.between(0.16, 0.3)
    rows = (lambda y: (np.sin(y * np.pi / step) > 0.35).astype(np.float32)) if stripes else None
    stripe = sf.blend(colour, d.pick("#ffffff", "#1f2430", "#e9dcc4"), 0.8)
    wool = sf.knitted(colour, gauge=d.between(26, 40), stripe=stripe, rows=rows)
    rib = sf.knitted(sf.blend(colour, "#000000", 0.06), gauge=20)
    reach, fall = d.between(0.5, 0.66), d.between(1.35, 1.6)
    sleeve = _sleeve(shoulder=0.66, width=width, reach=reach, fall=fall, cuff=0.25)
    torso = _torso(width=width, length=length - 0.1, shoulder=0.68, neck=0.32, drop=0.24)
    hem = mirrored(
        [
            (0.0, 1.15 - length + 0.14),
            (width * 0.99, 1.15 - length + 0.15),
            (width * 0.99, 1.15 - length + 0.15),
            (width * 0.93, 1.15 - length - 0.07),
            (width * 0.93, 1.15 - length - 0.07),
            (0.0, 1.15 - length - 0.1),
        ]
    )
    back = mirrored([(0, 1.2), (0.3, 1.19), (0.3, 1.19), (0.33, 1.0), (0.33, 1.0), (0, 0.8)])
    collar = strip([(-0.34, 1.17), (-0.22, 0.99), (0.0, 0.91), (0.22, 0.99), (0.34, 1.17)], wide=0.11)
    return Model(
        cloth=(
            Cloth(back, rib, puff=0.02, soft=0.1),
            Cloth(sleeve, wool, puff=0.07, soft=0.2, folds=0.03),
            Cloth(_flip(sleeve), wool, puff=0.07, soft=0.2, folds=0.03),
            Cloth(mirrored(torso), wool, puff=0.06, soft=0.25, folds=0.022),
            Cloth(hem, rib, puff=0.025, soft=0.05, drop=0.1),
            Cloth(collar, rib, puff=0.03, soft=0.05, drop=0.22),
        ),
        camera=FLAT,
        name="sweater",
    )


@kind("t_shirt", "T-shirt", "apparel")
def t_shirt(d: Draw) -> Model:
    colour = d.colour(*COTTON)
    width, length = d.between(0.8, 0.9), d.between(2.0, 2.2)
    jersey = sf.woven(colour, threads=190, contrast=0.09)
    dark = sf.woven(sf.blend(colour, "#000000", 0.3), threads=190)
    sleeve = _sleeve(shoulder=0.68, width=width, reach=0.48, fall=0.55, cuff=0.38)
    torso = _torso(width=width, length=length, shoulder=0.7, neck=0.3, drop=0.3)
    back = mirrored([(0, 1.14), (0.29, 1.16), (0.29, 1.16), (0.3, 0.95), (0.3, 0.95), (0, 0.8)])
    collar = strip([(-0.31, 1.16), (-0.2, 0.96), (0.0, 0.87), (0.2, 0.96), (0.31, 1.16)], wide=0.06)
    parts = [
        Cloth(back, dark, puff=0.01, soft=0.1),
        Cloth(sleeve, jersey, puff=0.045, soft=0.2, folds=0.035),
        Cloth(_flip(sleeve), jersey, puff=0.045, soft=0.2, folds=0.035),
        Cloth(mirrored(torso), jersey, puff=0.045, soft=0.25, folds=0.035),
        Cloth(collar, jersey, puff=0.02, soft=0.03, drop=0.2),
    ]
    if d.chance(0.5):
        parts.append(
            Cloth(
                _emblem(d),
                sf.woven(d.pick("#f2efe9", "#1d1f24", "#d8a23a"), threads=190),
                puff=0.0,
                soft=0.05,
                drop=0.0,
            )
        )
    return Model(cloth=tuple(parts), camera=FLAT, name="t-shirt")


def _emblem(d: Draw) -> Array:
    """A printed sun, leaf or wave-edged disc."""
    n, spikes = 96, d.number(5, 14)
    a = np.linspace(0, 2 * np.pi, n, endpoint=False)
    r = 0.27 * (1 + d.between(0.1, 0.3) * np.cos(spikes * a))
    return np.stack([r * np.cos(a), 0.35 + r * np.sin(a)], 1)


@kind("towel", "Bath towel", "home")
def towel(d: Draw) -> Model:
    colour = d.colour("white", "sky", "grey", "mint", "rose", "teal", "mustard", "cream")
    terry = sf.plush(colour)
    layers = []
    for i in range(4):
        y = -0.62 + i * 0.09
        layers.append(
            Cloth(
                _soft_rect(1.15 - 0.01 * i, 0.86, y=y, corner=0.12), terry, puff=0.09, soft=0.16, folds=0.015, drop=0.4
            )
        )
    for y in (-0.55, -0.42):
        layers.append(
            Cloth(
                _soft_rect(1.12, 0.028, y=y, corner=0.01),
                sf.woven(sf.blend(colour, "#ffffff", 0.4), threads=90),
                puff=0.012,
                soft=0.02,
                drop=0.12,
            )
        )
    return Model(cloth=tuple(layers), camera=FLAT, name="towel")


def _soft_rect(half_w: float, half_h: float, *, x: float = 0.0, y: float = 0.0, corner: float = 0.1) -> Array:
    a = np.linspace(0, np.pi / 2, 10)
    c = min(corner, half_w, half_h)
    quarter = np.stack([half_w - c + c * np.cos(a), half_h - c + c * np.sin(a)], 1)
    right = quarter
    left = (quarter * [-1, 1])[::-1]
    top = np.concatenate([right, left])
    return np.concatenate([top, -top]) + np.array([x, y])


@kind("baby_blanket", "Baby blanket", "baby")
def baby_blanket(d: Draw) -> Model:
    colour = d.colour("mint", "pink", "sky", "cream", "lilac", "yellow")
    size = d.between(0.16, 0.24)

    def dots(u: Array, v: Array) -> Array:
        row = np.floor(v / size)
        x, y = (u / size + 0.5 * (row % 2)) % 1 - 0.5, v / size - row - 0.5
        return np.clip((0.22 - np.hypot(x, y)) * 30 + 0.5, 0, 1)

    fleece = sf.woven(colour, threads=120, second="#ffffff", print_=dots)
    edge = sf.woven(sf.blend(colour, "#000000", 0.15), threads=140)
    tag = _soft_rect(0.13, 0.08, x=0.86, y=-0.86, corner=0.02)
    return Model(
        cloth=(
            Cloth(_soft_rect(1.1, 1.1, corner=0.16), edge, puff=0.05, soft=0.1, folds=0.02),
            Cloth(_soft_rect(1.04, 1.04, corner=0.13), fleece, puff=0.05, soft=0.12, folds=0.05, drop=0.1),
            Cloth(tag, sf.woven("#ffffff", threads=200), puff=0.01, soft=0.02, drop=0.15),
        ),
        camera=FLAT,
        name="baby blanket",
    )


@kind("scarf", "Scarf", "apparel")
def scarf(d: Draw) -> Model:
    colour = d.colour(*WOOL)
    other = sf.blend(colour, d.pick("#ffffff", "#101820", "#d8b070"), 0.65)
    check = d.between(0.18, 0.3)

    def tartan(u: Array, v: Array) -> Array:
        a = (np.sin(u * np.pi / check) > 0.3).astype(np.float32)
        b = (np.sin(v * np.pi / check) > 0.3).astype(np.float32)
        return 0.5 * a + 0.5 * b

    cloth = sf.woven(colour, threads=110, second=other, print_=tartan)
    fringe = [
        Cloth(
            strip(
                [(x, y), (x + d.between(-0.015, 0.015), y + s * 0.12), (x + d.between(-0.03, 0.03), y + s * 0.24)],
                wide=0.025,
            ),
            sf.woven(colour),
            puff=0.012,
            soft=0.012,
            drop=0.2,
        )
        for x0, y, s in ((-0.28, -1.2, -1), (0.32, -1.02, -1))
        for x in np.linspace(x0 - 0.24, x0 + 0.24, 15)
    ]
    return Model(
        cloth=(
            *fringe,
            Cloth(
                strip([(0.32, -1.05), (0.33, 0.2), (0.25, 0.9), (-0.05, 1.1)], wide=0.52),
                cloth,
                puff=0.05,
                soft=0.15,
                folds=0.04,
            ),
            Cloth(
                strip([(-0.28, -1.22), (-0.3, 0.1), (-0.22, 0.85), (0.1, 1.12)], wide=0.52),
                cloth,
                puff=0.06,
                soft=0.15,
                folds=0.04,
                drop=0.5,
            ),
        ),
        camera=FLAT,
        name="scarf",
    )


def canvas_surface(colour: str) -> Surface:
    return sf.woven(colour, threads=80, contrast=0.22)

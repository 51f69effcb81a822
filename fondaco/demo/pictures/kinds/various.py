"""Electronics, toys, baby things, fruit, and sports."""

from __future__ import annotations

import numpy as np

from fondaco.demo.pictures import palette, printed, texture
from fondaco.demo.pictures import surfaces as sf
from fondaco.demo.pictures.camera import Camera
from fondaco.demo.pictures.light import linear
from fondaco.demo.pictures.registry import Draw, kind
from fondaco.demo.pictures.scene import Geometry, Model, Solid, Surface
from fondaco.demo.pictures.shapes import (
    Array,
    box,
    common,
    cut,
    cylinder,
    ellipsoid,
    extrude,
    melt,
    moved,
    revolve,
    shell,
    sphere,
    spline,
    torus,
    tube,
    turned,
    union,
)  # fmt: skip


@kind("headphones", "Headphones", "electronics")
def headphones(d: Draw) -> Model:
    colour = d.colour("black", "white", "navy", "cream", "red", "sky")
    arc = [(1.0 * np.cos(a), 1.35 + 1.02 * np.sin(a), 0.0) for a in np.linspace(0.0, np.pi, 22)]
    band = common(tube(arc, radius=0.2), box(centre=(0, 1.6, 0), half=(2, 2, 0.17), edge=0.05), by=0.06)
    inner = tube([(x * 0.9, 1.35 + (y - 1.35) * 0.9, z) for x, y, z in arc[4:-4]], radius=0.13)
    stems = union(*(box(centre=(s * 1.0, 1.1, 0), half=(0.05, 0.34, 0.1), edge=0.03) for s in (-1, 1)))
    cups = union(*(ellipsoid(centre=(s * 0.98, 0.78, 0), radii=(0.24, 0.56, 0.46)) for s in (-1, 1)))
    pads = union(*(torus(centre=(s * 0.78, 0.78, 0), ring=0.34, tube=0.15, axis="x") for s in (-1, 1)))
    rings = union(*(torus(centre=(s * 1.14, 0.78, 0), ring=0.26, tube=0.02, axis="x") for s in (-1, 1)))
    shell_ = sf.plastic(colour, rough=0.22, gloss=0.9)
    return Model(
        solids=(
            Solid(band, shell_, (-1.3, 1.2, -0.25), (1.3, 2.65, 0.25)),
            Solid(inner, sf.leather("#2a2a2d"), (-1.1, 1.3, -0.2), (1.1, 2.5, 0.2)),
            Solid(union(stems, rings), sf.metal(sf.STEEL, rough=0.15), (-1.3, 0.4, -0.4), (1.3, 1.5, 0.4)),
            Solid(cups, shell_, (-1.25, 0.2, -0.5), (1.25, 1.36, 0.5)),
            Solid(pads, sf.leather("#232326"), (-1.0, 0.25, -0.55), (1.0, 1.3, 0.55)),
        ),
        camera=Camera(yaw=d.between(24, 48) * (1 if d.chance(0.5) else -1), pitch=d.between(6, 12), target=(0, 1.3, 0)),
        name="headphones",
    )


@kind("phone_case", "Phone case", "electronics")
def phone_case(d: Draw) -> Model:
    colour = d.colour("teal", "lilac", "black", "navy", "mint", "rose", "mustard")
    outer = box(centre=(0, 1.5, 0), half=(0.72, 1.5, 0.09), edge=0.085)
    slab = common(outer, extrude(_rounded(0.72, 1.5, 0.2) + np.array([0, 1.5]), depth=0.18, edge=0.06), by=0.03)
    hole = extrude(_rounded(0.24, 0.26, 0.12) + np.array([-0.36, 2.6]), depth=1.0, edge=0.0)
    raised = cut(extrude(_rounded(0.28, 0.3, 0.14) + np.array([-0.36, 2.6]), depth=0.22, edge=0.02), hole)
    spots, size = linear("#f4f1ea"), d.between(0.2, 0.34)
    motif = d.number(0, 2)

    def paint(g: Geometry) -> Array:
        x, y, z = g.p
        if motif == 0:
            k = np.zeros_like(x)
        elif motif == 1:
            u, v = (x / size) % 1 - 0.5, (y / size + 0.5 * np.floor(x / size)) % 1 - 0.5
            k = np.clip((0.26 - np.hypot(u, v)) * 24, 0, 1)
        else:
            k = np.clip(texture.noise(x * 0.16, y * 0.16, octaves=3) * 6 - 2, 0, 1) * 0.9
        k = k * (z > 0)
        return np.stack([a + (b - a) * k for a, b in zip(linear(colour), spots, strict=True)])

    lens = union(
        *(cylinder(a=(x, y, -0.05), b=(x, y, 0.03), radius=0.1, edge=0.01) for x, y in ((-0.46, 2.7), (-0.27, 2.5)))
    )
    return Model(
        solids=(
            Solid(
                union(cut(slab, hole), raised),
                Surface(paint, gloss=0.4, rough=0.45, mottle=0.03),
                (-0.75, -0.02, -0.12),
                (0.75, 3.02, 0.13),
            ),
            Solid(
                box(centre=(-0.36, 2.6, -0.04), half=(0.27, 0.29, 0.02), edge=0.01),
                sf.rubber("#3a3b3e"),
                (-0.66, 2.28, -0.07),
                (-0.06, 2.92, 0.0),
            ),
            Solid(lens, sf.glassy("#30343c", deep="#08090c"), (-0.6, 2.35, -0.06), (-0.1, 2.85, 0.04)),
        ),
        camera=Camera(yaw=d.between(-34, 34), pitch=d.between(2, 8), target=(0, 1.5, 0), distance=12),
        name="phone case",
    )


def _rounded(half_w: float, half_h: float, corner: float) -> Array:
    a = np.linspace(0, np.pi / 2, 8)
    q = np.stack([half_w - corner + corner * np.cos(a), half_h - corner + corner * np.sin(a)], 1)
    top = np.concatenate([q, (q * [-1, 1])[::-1]])
    return np.concatenate([top, -top])


@kind("camera", "Camera", "electronics")
def camera_(d: Draw) -> Model:
    body = union(
        box(centre=(0, 0.75, 0), half=(1.15, 0.72, 0.32), edge=0.1),
        box(centre=(0.05, 1.5, 0), half=(0.36, 0.16, 0.26), edge=0.07),
    )
    top = union(
        cylinder(a=(0.78, 1.44, 0), b=(0.78, 1.62, 0), radius=0.17, edge=0.03),
        cylinder(a=(-0.75, 1.44, 0), b=(-0.75, 1.56, 0), radius=0.2, edge=0.03),
    )

    def out(section: list[tuple[float, float]]):  # type: ignore[no-untyped-def]
        return moved(turned(revolve(section), axis="x", degrees=90), (0.05, 0.74, 0))

    barrel = out(
        [
            (0, 0.2),
            (0.62, 0.2),
            (0.62, 0.62),
            (0.58, 0.66),
            (0.58, 0.9),
            (0.54, 0.95),
            (0.47, 0.95),
            (0.42, 0.82),
            (0, 0.82),
        ]
    )
    glass = moved(ellipsoid(centre=(0, 0, 0.72), radii=(0.42, 0.42, 0.17)), (0.05, 0.74, 0))
    colour = d.colour("black", "black", "brown", "olive", "tan")
    lens = Surface(
        lambda g: np.stack([c * (0.5 + 2.2 * np.clip(g.p[1] - 0.6, 0, 1)) for c in linear("#3a2f5a")]),
        gloss=1.8,
        rough=0.06,
        mottle=0.0,
    )
    ring = Surface(
        lambda g: np.stack([c * (0.8 + 0.35 * np.sin(np.arctan2(g.p[1] - 0.74, g.p[0] - 0.05) * 90) * ((g.p[2] > 0.34) & (g.p[2] < 0.58))) for c in linear("#2b2b2e")]),
        gloss=0.7, rough=0.3, mottle=0.01,
    )  # fmt: skip
    silver = d.chance(0.5)
    return Model(
        solids=(
            Solid(body, sf.leather(colour), (-1.2, -0.01, -0.36), (1.2, 1.7, 0.36)),
            Solid(top, sf.metal(sf.STEEL if silver else "#55575b", rough=0.2), (-1.0, 1.4, -0.25), (1.0, 1.66, 0.25)),
            Solid(barrel, ring, (-0.62, 0.08, 0.15), (0.72, 1.4, 1.0)),
            Solid(glass, lens, (-0.42, 0.28, 0.5), (0.52, 1.2, 0.92)),
        ),
        camera=Camera(yaw=d.between(-30, 30), pitch=d.between(8, 14), target=(0, 0.8, 0)),
        name="camera",
    )


@kind("toy_car", "Toy car", "toys")
def toy_car(d: Draw) -> Model:
    side = spline(
        [
            (-1.4, 0.3),
            (-1.45, 0.62),
            (-1.1, 0.8),
            (-0.75, 0.86),
            (-0.4, 1.26),
            (0.35, 1.3),
            (0.78, 0.9),
            (1.3, 0.74),
            (1.48, 0.5),
            (1.42, 0.28),
            (0.0, 0.22),
        ],
        steps=6,
        closed=True,
    )
    body = common(extrude(side, depth=1.2, edge=0.14), ellipsoid(centre=(0, 0.5, 0), radii=(1.9, 1.1, 0.72)), by=0.12)
    wells = union(*(cylinder(a=(x, 0.3, -1), b=(x, 0.3, 1), radius=0.37) for x in (-0.85, 0.85)))
    colour = d.colour("red", "blue", "yellow", "green", "orange", "mint")

    def paint(g: Geometry) -> Array:
        x, y, z = g.p
        slope = np.where(x < 0, (x + 0.78) * 1.15, (0.82 - x) * 1.0)
        pane = (y > 0.86) & (y < 1.2) & (slope > (y - 0.8) * 0.9) & (np.abs(x + 0.02) > 0.05)
        lamp = (x > 1.28) & (np.abs(np.abs(z) - 0.36) < 0.14) & (y > 0.48) & (y < 0.68)
        bumper = y < 0.36
        stripe = (np.abs(np.abs(z) - 0.13) < 0.07) & (y > 0.7)
        out = np.stack([np.full(x.shape, c, np.float32) for c in linear(colour)])
        for on, tone in ((stripe, "#f4f1ea"), (pane, "#2a3640"), (lamp, "#f7ecc0"), (bumper, "#3a3b3f")):
            for c, value in enumerate(linear(tone)):
                np.copyto(out[c], np.float32(value), where=on)
        return out

    wheels, hubs = [], []
    for x in (-0.85, 0.85):
        for s in (-1, 1):
            wheels.append(cylinder(a=(x, 0.3, s * 0.38), b=(x, 0.3, s * 0.62), radius=0.3, edge=0.07))
            hubs.append(cylinder(a=(x, 0.3, s * 0.5), b=(x, 0.3, s * 0.645), radius=0.15, edge=0.04))
    return Model(
        solids=(
            Solid(
                cut(body, wells),
                Surface(paint, gloss=1.1, rough=0.08, mottle=0.0),
                (-1.55, 0.1, -0.75),
                (1.6, 1.45, 0.75),
            ),
            Solid(union(*wheels), sf.rubber("#252528"), (-1.2, -0.01, -0.65), (1.2, 0.62, 0.65)),
            Solid(union(*hubs), sf.metal(sf.SILVER), (-1.05, 0.1, -0.68), (1.05, 0.5, 0.68)),
        ),
        camera=Camera(yaw=d.between(-40, -22), pitch=d.between(14, 22), target=(0, 0.6, 0)),
        name="toy car",
    )


@kind("teddy", "Teddy bear", "toys")
def teddy(d: Draw) -> Model:
    colour = d.colour("tan", "brown", "cream", "grey", "rose")
    body = ellipsoid(centre=(0, 0.85, 0), radii=(0.68, 0.8, 0.56))
    head = ellipsoid(centre=(0, 2.0, 0.08), radii=(0.62, 0.56, 0.54))
    ears = union(
        *(
            cut(
                ellipsoid(centre=(s * 0.48, 2.45, 0.0), radii=(0.24, 0.24, 0.13)),
                ellipsoid(centre=(s * 0.48, 2.45, 0.14), radii=(0.14, 0.14, 0.08)),
            )
            for s in (-1, 1)
        )
    )
    arms = union(
        *(
            tube([(s * 0.5, 1.38, 0.1), (s * 0.85, 1.0, 0.28), (s * 0.88, 0.72, 0.42)], radius=[0.22, 0.2, 0.24])
            for s in (-1, 1)
        )
    )
    legs = union(
        *(
            tube([(s * 0.38, 0.36, 0.25), (s * 0.6, 0.28, 0.72), (s * 0.66, 0.3, 0.95)], radius=[0.3, 0.27, 0.3])
            for s in (-1, 1)
        )
    )
    whole = melt(melt(melt(melt(body, head, by=0.18), ears, by=0.06), arms, by=0.12), legs, by=0.14)
    pale = union(
        ellipsoid(centre=(0, 1.86, 0.5), radii=(0.28, 0.22, 0.2)),
        *(ellipsoid(centre=(s * 0.69, 0.3, 1.14), radii=(0.19, 0.2, 0.13)) for s in (-1, 1)),
    )
    face = union(
        ellipsoid(centre=(0, 1.97, 0.7), radii=(0.1, 0.07, 0.06)),
        *(sphere(centre=(s * 0.22, 2.12, 0.58), radius=0.065) for s in (-1, 1)),
    )
    bow = union(
        *(ellipsoid(centre=(s * 0.2, 1.5, 0.5), radii=(0.2, 0.12, 0.09)) for s in (-1, 1)),
        sphere(centre=(0, 1.5, 0.55), radius=0.08),
    )
    return Model(
        solids=(
            Solid(whole, sf.plush(colour), (-1.2, -0.02, -0.65), (1.2, 2.75, 1.3)),
            Solid(pale, sf.plush(sf.blend(colour, "#ffffff", 0.5)), (-0.95, 0.0, 0.25), (0.95, 2.15, 1.35)),
            Solid(face, sf.plastic("#1c1613", rough=0.1, gloss=1.2), (-0.35, 1.85, 0.45), (0.35, 2.25, 0.8)),
            Solid(
                bow,
                sf.woven(d.pick("#b3312f", "#2f6ca3", "#3f7d4e"), threads=90),
                (-0.45, 1.35, 0.35),
                (0.45, 1.65, 0.68),
            ),
        ),
        camera=Camera(yaw=d.between(-20, 20), pitch=d.between(5, 10), target=(0, 1.3, 0)),
        name="teddy bear",
    )


@kind("ball", "Ball", "toys")
def ball(d: Draw) -> Model:
    a, b = linear(d.colour("red", "blue", "green", "orange", "purple")), linear("#f5f2ea")
    third = linear(d.pick("#e3b23c", "#22304f", "#1f7a78"))
    tilt = d.between(-0.6, 0.6)

    def paint(g: Geometry) -> Array:
        x, y, z = g.p[0], g.p[1] - 1.0, g.p[2]
        u, v = np.cos(tilt) * x + np.sin(tilt) * y, np.cos(tilt) * y - np.sin(tilt) * x
        part = np.floor((np.arctan2(z, u) / (2 * np.pi) + 0.5) * 6)
        cap = np.abs(v) > 0.86
        seam = np.abs((np.arctan2(z, u) / (2 * np.pi) * 6) % 1 - 0.5) > 0.488
        dark = np.where(seam & ~cap, 0.72, 1.0)
        pick = part % 3
        return np.stack(
            [
                np.where(cap, c1, np.where(pick == 0, c0, np.where(pick == 1, c1, c2))) * dark
                for c0, c1, c2 in zip(a, b, third, strict=True)
            ]
        ).astype(np.float32)

    return Model(
        solids=(
            Solid(
                sphere(centre=(0, 1.0, 0), radius=1.0),
                Surface(paint, gloss=0.8, rough=0.18, mottle=0.02),
                (-1.02, -0.02, -1.02),
                (1.02, 2.02, 1.02),
            ),
        ),
        camera=Camera(pitch=d.between(8, 16), target=(0, 1, 0)),
        name="ball",
    )


@kind("baby_bottle", "Baby bottle", "baby")
def baby_bottle(d: Draw) -> Model:
    body = revolve(
        spline(
            [
                (0, 0),
                (0.44, 0),
                (0.48, 0.06),
                (0.48, 0.5),
                (0.42, 0.85),
                (0.48, 1.2),
                (0.48, 1.5),
                (0.36, 1.66),
                (0, 1.66),
            ],
            steps=6,
        )
    )
    collar = revolve([(0, 1.6), (0.47, 1.6), (0.48, 1.62), (0.48, 1.9), (0.44, 1.94), (0, 1.94)])
    teat = revolve(
        spline([(0, 1.92), (0.4, 1.93), (0.32, 2.08), (0.16, 2.2), (0.14, 2.36), (0.11, 2.46), (0, 2.49)], steps=6)
    )
    colour = d.colour("sky", "pink", "mint", "lilac", "yellow")
    marks = printed.art("words", width=500, height=620, title="ml", paper="#eaf0f2", ink="#7d96a6")
    clear = sf.glassy("#eef3f5", deep="#b9c8d0")
    scale = linear("#6f8a9c")
    milk = d.chance(0.5)

    def paint(g: Geometry) -> Array:
        assert callable(clear.colour)
        under = clear.colour(g)
        turn, y = sf.around(g), g.p[1]
        if milk:
            level = np.clip((1.25 - y) * g.px * 0.5, 0, 1)
            under = under + level * (
                np.array(linear("#f7f3ea"), np.float32)[:, None, None] * (0.5 + 0.5 * g.facing) - under
            )
        step = y / 0.16
        long = (np.floor(step) % 2 == 0) * 0.03 + 0.04
        line = (np.abs(step - np.floor(step) - 0.5) < 0.055) & (y > 0.2) & (y < 1.35) & (np.abs(turn - 0.02) < long)
        return np.stack([np.where(line, s, u) for s, u in zip(scale, under, strict=True)])

    del marks
    return Model(
        solids=(
            Solid(body, Surface(paint, gloss=1.0, rough=0.1, mottle=0.0), (-0.52, -0.01, -0.52), (0.52, 1.7, 0.52)),
            Solid(collar, _ribbed(colour), (-0.52, 1.56, -0.52), (0.52, 1.98, 0.52)),
            Solid(teat, sf.plastic("#ecd9b0", rough=0.3, gloss=0.7), (-0.45, 1.88, -0.45), (0.45, 2.52, 0.45)),
        ),
        camera=Camera(yaw=d.between(-20, 20), pitch=d.between(6, 11), target=(0, 1.2, 0), distance=11),
        name="baby bottle",
    )


def _ribbed(colour: str) -> Surface:
    base = linear(colour)
    return Surface(
        lambda g: np.stack([c * (0.92 + 0.08 * np.sin(sf.around(g) * 2 * np.pi * 60)) for c in base]),
        gloss=0.7,
        rough=0.25,
        mottle=0.01,
    )


def _fruit_skin(ground: str, blush: str, *, strength: float, specks: str) -> Surface:
    a, b, s = linear(ground), linear(blush), linear(specks)

    def paint(g: Geometry) -> Array:
        turn, y = sf.around(g), g.p[1]
        streak = texture.noise(turn * 3.0, y * 0.12, octaves=5, base=16)
        patch = texture.noise(turn * 0.5 + 0.2, y * 0.2, octaves=3)
        k = np.clip(strength + 0.35 * patch + 0.16 * streak, 0, 1)
        dots = np.clip(texture.noise(turn * 2.0, y * 0.7, octaves=1, base=64, seed=9) - 2.1, 0, 0.6)
        return np.stack([(p + (q - p) * k) * (1 - dots) + w * dots for p, q, w in zip(a, b, s, strict=True)])

    return Surface(paint, gloss=0.8, rough=0.18, mottle=0.02)


@kind("apple", "Apples", "grocery")
def apple(d: Draw) -> Model:
    fruit = revolve(
        spline(
            [
                (0.0, 0.16),
                (0.18, 0.04),
                (0.42, 0.03),
                (0.82, 0.42),
                (0.98, 0.98),
                (0.86, 1.5),
                (0.5, 1.7),
                (0.2, 1.62),
                (0.05, 1.42),
                (0.0, 1.36),
            ],
            steps=7,
        )
    )
    stem = tube(spline([(0, 1.36, 0), (0.03, 1.62, 0), (0.14, 1.92, 0.02)], steps=5), radius=[0.035, 0.03, 0.05])
    leaf = turned(ellipsoid(centre=(0.5, 1.62, 0.05), radii=(0.34, 0.035, 0.15)), axis="z", degrees=8)
    ground, blush, strength = (("#d9c255", "#a81f22", 0.85), ("#a8bf4a", "#8fae3a", 0.4), ("#e3cc6a", "#c4412f", 0.5))[
        d.number(0, 2)
    ]
    parts = [
        Solid(
            fruit,
            _fruit_skin(ground, blush, strength=strength, specks="#efe3b4"),
            (-1.02, -0.01, -1.02),
            (1.02, 1.78, 1.02),
        ),
        Solid(stem, sf.timber("#6e4c2c", "#3d2817", along="y"), (-0.1, 1.3, -0.1), (0.25, 2.0, 0.12)),
    ]
    if d.chance(0.6):
        parts.append(Solid(leaf, sf.woven("#4d7a34", threads=40), (0.0, 1.4, -0.2), (0.8, 2.0, 0.3)))
    return Model(
        solids=tuple(parts),
        camera=Camera(yaw=d.between(-40, 40), pitch=d.between(10, 18), target=(0, 0.95, 0)),
        name="apple",
    )


@kind("pear", "Pears", "grocery")
def pear(d: Draw) -> Model:
    fruit = revolve(
        spline(
            [
                (0.0, 0.1),
                (0.15, 0.03),
                (0.4, 0.02),
                (0.8, 0.4),
                (0.86, 0.85),
                (0.62, 1.35),
                (0.42, 1.7),
                (0.34, 2.05),
                (0.16, 2.24),
                (0.0, 2.22),
            ],
            steps=7,
        )
    )
    stem = tube(spline([(0, 2.2, 0), (0.02, 2.4, 0), (0.12, 2.6, 0.02)], steps=5), radius=[0.045, 0.035, 0.05])
    ground, blush, strength = (("#c9b84a", "#a9752f", 0.25), ("#9fae45", "#7f9438", 0.4), ("#d6c25c", "#b4512f", 0.35))[
        d.number(0, 2)
    ]
    lean = d.between(-5, 5)
    return Model(
        solids=(
            Solid(
                turned(fruit, axis="z", degrees=lean),
                _fruit_skin(ground, blush, strength=strength, specks="#7d5a2a"),
                (-1.0, -0.05, -0.9),
                (1.0, 2.35, 0.9),
            ),
            Solid(
                turned(stem, axis="z", degrees=lean),
                sf.timber("#6e4c2c", "#3d2817", along="y"),
                (-0.3, 2.1, -0.1),
                (0.4, 2.7, 0.1),
            ),
        ),
        camera=Camera(yaw=d.between(-40, 40), pitch=d.between(7, 13), target=(0, 1.3, 0)),
        name="pear",
    )


@kind("yoga_mat", "Yoga mat", "sports")
def yoga_mat(d: Draw) -> Model:
    r, length = 0.52, d.between(1.2, 1.4)
    colour = d.colour("purple", "teal", "sky", "charcoal", "rose", "green")
    base = linear(colour)

    def paint(g: Geometry) -> Array:
        x, y, z = g.p
        rad, ang = np.hypot(y - r, z), np.arctan2(z, y - r)
        spiral = (rad / 0.062 + ang / (2 * np.pi)) % 1
        end = np.abs(x) > length - 0.03
        groove = np.where(end, 0.55 + 0.45 * np.clip(np.minimum(spiral, 1 - spiral) * 7, 0, 1), 1.0)
        grip = 1 + 0.08 * np.sign(np.sin(x * 90) * np.sin(ang * 46)) * ~end
        return np.stack([c * groove * grip for c in base])

    roll = cylinder(a=(-length, r, 0), b=(length, r, 0), radius=r, edge=0.03)
    flap = box(centre=(0, 0.035, 0.42), half=(length - 0.005, 0.03, 0.4), edge=0.025)
    straps = union(*(torus(centre=(x, r, 0), ring=r + 0.01, tube=0.09, axis="x", squash=0.5) for x in (-0.7, 0.7)))
    bands = common(straps, cylinder(a=(-2, r, 0), b=(2, r, 0), radius=r + 0.035), by=0.02)
    return Model(
        solids=(
            Solid(
                union(roll, flap),
                Surface(paint, gloss=0.12, rough=0.7, mottle=0.04),
                (-length - 0.05, -0.01, -r - 0.05),
                (length + 0.05, 2 * r + 0.05, 0.9),
            ),
            Solid(bands, sf.woven("#2b2b2e", threads=80), (-0.95, -0.01, -r - 0.08), (0.95, 2 * r + 0.08, r + 0.08)),
        ),
        camera=Camera(
            yaw=d.between(22, 44) * (1 if d.chance(0.5) else -1), pitch=d.between(14, 22), target=(0, 0.5, 0)
        ),
        name="yoga mat",
    )


@kind("building_blocks", "Wooden blocks", "toys")
def building_blocks(d: Draw) -> Model:
    names = ["red", "blue", "yellow", "green", "orange", "teal"]
    d.rng.shuffle(names)
    places = ((-0.62, 0.0, 0.1, 8.0), (0.42, 0.0, -0.15, -14.0), (-0.12, 0.82, 0.0, 24.0), (1.18, 0.0, 0.35, 38.0))
    parts = []
    for (x, y, z, turn), name in zip(places, names, strict=False):
        letter = printed.art(
            "words",
            width=240,
            height=240,
            title=d.pick("A", "B", "C", "D", "F", "K", "M", "S"),
            paper="#e4c490",
            ink=palette.COLOURS[name],
        )
        raw = box(centre=(0, 0.4, 0), half=(0.4, 0.4, 0.4), edge=0.035)
        parts.append(
            Solid(
                moved(turned(raw, axis="y", degrees=turn), (x, y, z)),
                _block(letter, name, (x, y, z), turn),
                (x - 0.6, y - 0.01, z - 0.6),
                (x + 0.6, y + 0.82, z + 0.6),
            )
        )
    return Model(
        solids=tuple(parts),
        camera=Camera(yaw=d.between(-16, 16), pitch=d.between(14, 22), target=(0.2, 0.7, 0)),
        name="wooden blocks",
    )


def _block(letter: Array, name: str, at: tuple[float, float, float], turn: float) -> Surface:
    c, s = float(np.cos(np.radians(turn))), float(np.sin(np.radians(turn)))
    frame = linear(palette.COLOURS[name])

    def paint(g: Geometry) -> Array:
        px, py, pz = g.p[0] - at[0], g.p[1] - at[1] - 0.4, g.p[2] - at[2]
        x, z = c * px - s * pz, s * px + c * pz
        front, up = np.abs(z) > 0.385, np.abs(py) > 0.385
        u = np.where(front, x * np.sign(z), np.where(up, x, -z * np.sign(x)))
        v = np.where(up, z, -py)
        seen = printed.read(letter, u / 0.56 + 0.5, v / 0.56 + 0.5)
        rim = np.maximum(np.abs(u), np.abs(v))
        band = (rim > 0.29) & (rim < 0.345)
        grain = 1 - 0.22 * texture.wood(u * 0.5 + at[0], v * 0.7 + at[1], seed=3)
        return np.stack([np.where(band, f, p * grain) for f, p in zip(frame, seen, strict=True)])

    return Surface(paint, gloss=0.4, rough=0.35, mottle=0.01)


@kind("lantern", "Glass lantern", "home")
def lantern(d: Draw) -> Model:
    wood = sf.metal(d.pick("#3a3b3e", sf.BRASS, sf.COPPER), rough=0.25)
    posts = union(
        *(
            box(centre=(sx * 0.6, 0.95, sz * 0.6), half=(0.045, 0.85, 0.045), edge=0.015)
            for sx in (-1, 1)
            for sz in (-1, 1)
        )
    )
    plates = union(
        box(centre=(0, 0.06, 0), half=(0.7, 0.06, 0.7), edge=0.02),
        box(centre=(0, 1.82, 0), half=(0.7, 0.05, 0.7), edge=0.02),
    )
    roof = common(
        revolve([(0, 1.84), (0.95, 1.84), (0.2, 2.3), (0, 2.32)]),
        box(centre=(0, 2, 0), half=(0.7, 0.6, 0.7), edge=0.02),
        by=0.03,
    )
    loop = torus(centre=(0, 2.55, 0), ring=0.24, tube=0.035)
    candle = cylinder(a=(0, 0.1, 0), b=(0, d.between(0.8, 1.1), 0), radius=0.3, edge=0.03)
    flame = shell(ellipsoid(centre=(0, 1.25, 0), radii=(0.05, 0.14, 0.05)), thick=0.06)
    return Model(
        solids=(
            Solid(union(posts, plates, roof, loop), wood, (-0.75, -0.01, -0.75), (0.75, 2.85, 0.75)),
            Solid(candle, sf.plastic("#f2e8d3", rough=0.5, gloss=0.4), (-0.35, 0.08, -0.35), (0.35, 1.15, 0.35)),
            Solid(flame, Surface(linear("#f6b042"), glow=0.5), (-0.1, 1.05, -0.1), (0.1, 1.45, 0.1)),
        ),
        camera=Camera(yaw=d.between(20, 38), pitch=d.between(8, 14), target=(0, 1.3, 0)),
        name="lantern",
    )

"""Shoes, watches, jewellery, and what is worn or carried but not folded."""

from __future__ import annotations

import numpy as np

from fondaco.demo.pictures import palette, printed
from fondaco.demo.pictures import surfaces as sf
from fondaco.demo.pictures.camera import Camera
from fondaco.demo.pictures.light import linear
from fondaco.demo.pictures.registry import Draw, kind
from fondaco.demo.pictures.scene import Geometry, Model, Solid, Surface
from fondaco.demo.pictures.shapes import (
    Array,
    beads,
    box,
    brilliant,
    common,
    cut,
    cylinder,
    ellipsoid,
    extrude,
    melt,
    moved,
    revolve,
    scaled,
    spline,
    torus,
    tube,
    turned,
    union,
)  # fmt: skip

METALS = {"gold": sf.GOLD, "silver": sf.SILVER, "rose gold": sf.ROSE_GOLD, "steel": sf.STEEL}
STONES = {
    "diamond": ("#f4f7fa", "#8fa0b4"), "sapphire": ("#4f7fd8", "#0d1f63"), "ruby": ("#e0405a", "#5d0618"), "emerald": ("#3fb67a", "#07402a"),
    "amethyst": ("#a678d6", "#3a1560"), "citrine": ("#f0c040", "#8a5306"), "topaz": ("#7fd0e8", "#13607c"),
}  # fmt: skip


def _stone(d: Draw, *, at: tuple[float, float, float], radius: float, tilt: float = 0.0) -> Surface:
    tint, deep = STONES[d.asked if d.asked in STONES else d.pick(*STONES)]
    return sf.faceted(tint, deep, at=at, radius=radius, tilt=tilt)


@kind("sneaker", "Sneaker", "shoes")
def sneaker(d: Draw) -> Model:
    plan = spline(
        [
            (-1.3, 0.0),
            (-1.22, 0.3),
            (-0.6, 0.34),
            (0.2, 0.4),
            (0.95, 0.44),
            (1.35, 0.2),
            (1.4, -0.08),
            (1.05, -0.4),
            (0.2, -0.3),
            (-0.6, -0.31),
            (-1.22, -0.29),
        ],
        steps=6,
        closed=True,
    )
    profile = spline(
        [
            (-1.24, 0.2),
            (-1.3, 0.6),
            (-1.24, 1.16),
            (-0.98, 1.14),
            (-0.72, 0.95),
            (-0.35, 1.0),
            (0.1, 0.82),
            (0.62, 0.58),
            (1.1, 0.48),
            (1.37, 0.3),
            (1.38, 0.16),
            (0.0, 0.12),
        ],
        steps=6,
        closed=True,
    )
    tall = turned(extrude(plan, depth=2.8, edge=0.05), axis="x", degrees=90)
    upper = common(extrude(profile, depth=1.1, edge=0.12), tall, by=0.2)
    mouth = box(centre=(-0.74, 1.25, 0), half=(0.44, 0.66, 0.2), edge=0.19)
    sole_plan = turned(extrude(plan * np.array([1.0, 1.06]), depth=0.9, edge=0.04), axis="x", degrees=90)
    sole_side = spline(
        [
            (-1.29, 0.14),
            (-1.28, 0.3),
            (-0.8, 0.27),
            (0.0, 0.21),
            (0.8, 0.2),
            (1.24, 0.25),
            (1.39, 0.34),
            (1.37, 0.18),
            (1.2, 0.03),
            (0.6, 0.0),
            (-0.4, 0.0),
            (-1.2, 0.0),
        ],
        steps=5,
        closed=True,
    )
    sole = common(sole_plan, extrude(sole_side, depth=2.0, edge=0.03), by=0.05)
    laces = [
        tube(
            spline([(x - 0.04, y - 0.02, -0.17), (x, y + 0.055, 0.0), (x - 0.04, y - 0.02, 0.17)], steps=5),
            radius=0.038,
        )
        for x, y in ((-0.18, 0.97), (0.02, 0.88), (0.22, 0.785), (0.42, 0.69))
    ]
    colour = d.colour("white", "navy", "red", "grey", "black", "teal", "mustard")
    trim = d.pick("#f2efe8", "#d9472b", "#27364f", "#e0a33a", "#2e2e31")

    def paint(g: Geometry) -> Array:
        x, y, _ = g.p
        stripe = np.abs((x + 0.35 * y + 0.12 + 0.0 * x) % 0.3 - 0.15) < 0.05
        on = stripe & (x > -0.45) & (x < 0.42) & (y < 0.72) & (y > 0.27)
        toe, heel = x > 0.92 - 0.3 * y, x < -1.02 + 0.1 * y
        weave = 0.94 + 0.06 * np.sin(x * 260) * np.sin(y * 260)
        k = np.where(on, 1.0, np.where(toe | heel, 0.28, 0.0)).astype(np.float32)
        seam = (np.abs(x - (0.92 - 0.3 * y)) < 0.012) | (np.abs(x - (-1.02 + 0.1 * y)) < 0.012)
        dark = np.where(seam, 0.7, 1.0)
        return np.stack([(a + (b - a) * k) * weave * dark for a, b in zip(linear(colour), linear(trim), strict=True)])

    grooves = Surface(
        lambda g: np.stack([c * (0.9 + 0.1 * np.sin(g.p[0] * 60) * (g.p[1] < 0.12)) for c in linear("#f0ece2")]),
        gloss=0.3,
        rough=0.5,
        mottle=0.02,
    )
    return Model(
        solids=(
            Solid(
                cut(upper, mouth),
                Surface(paint, gloss=0.2, rough=0.55, mottle=0.04),
                (-1.4, 0.05, -0.55),
                (1.5, 1.3, 0.55),
            ),
            Solid(sole, grooves, (-1.45, -0.01, -0.55), (1.55, 0.4, 0.55)),
            Solid(union(*laces), sf.woven("#f4f2ec", threads=90), (-0.3, 0.6, -0.25), (0.55, 1.1, 0.25)),
        ),
        camera=Camera(yaw=d.between(-16, 24), pitch=d.between(10, 18), target=(0, 0.55, 0)),
        name="sneaker",
    )


@kind("watch", "Wrist watch", "watches")
def watch(d: Draw) -> Model:
    case = METALS[d.pick(*METALS)]
    dial_paper = d.colour("white", "navy", "black", "green", "cream")
    ink = "#f4f2ea" if sum(linear(dial_paper)) < 0.8 else "#1c1c1f"
    design = printed.art(
        "dial",
        width=720,
        height=720,
        title=palette.maker(d.rng).split()[0].upper(),
        sub="AUTOMATIC",
        paper=dial_paper,
        ink=ink,
        accent=case,
    )

    def face(g: Geometry) -> Array:
        return printed.read(design, g.p[0] / 1.36 + 0.5, 0.5 - g.p[1] / 1.36)

    def disc(section: list[tuple[float, float]]):  # type: ignore[no-untyped-def]
        return turned(revolve(section), axis="x", degrees=90)

    body = disc(
        [(0, -0.14), (0.78, -0.14), (0.84, -0.06), (0.84, 0.06), (0.78, 0.13), (0.69, 0.15), (0.68, 0.09), (0, 0.09)]
    )
    dial = cylinder(a=(0, 0, 0.05), b=(0, 0, 0.095), radius=0.69, edge=0.004)
    crown = cylinder(a=(0.8, 0, 0), b=(0.99, 0, 0), radius=0.1, edge=0.03)
    lugs = union(
        *(
            tube(
                spline(
                    [(sx * 0.42, sy * 0.68, 0.02), (sx * 0.42, sy * 0.92, 0.0), (sx * 0.41, sy * 1.06, -0.08)], steps=5
                ),
                radius=[0.12, 0.09, 0.07],
            )
            for sx in (-1, 1)
            for sy in (-1, 1)
        )
    )
    strap = union(
        common(
            box(centre=(0, 1.72, -0.06), half=(0.4, 0.84, 0.05), edge=0.045),
            box(centre=(0, 1.72, 0), half=(0.38, 2, 1), edge=0.0),
            by=0.02,
        ),
        melt(
            box(centre=(0, -1.8, -0.06), half=(0.38, 0.92, 0.05), edge=0.045),
            ellipsoid(centre=(0, -2.7, -0.06), radii=(0.38, 0.2, 0.05)),
            by=0.05,
        ),
    )
    holes = union(*(cylinder(a=(0, y, -1), b=(0, y, 1), radius=0.04) for y in (-1.9, -2.1, -2.3, -2.5)))
    buckle = union(
        torus(centre=(0, 2.6, -0.05), ring=0.28, tube=0.06, axis="z"),
        cylinder(a=(0, 2.5, -0.02), b=(0, 2.86, 0.02), radius=0.035),
    )
    colour = d.pick("#5b3a24", "#1f1f22", "#8a5a33", "#26364f")
    steel = sf.metal(case, rough=0.14)
    return Model(
        solids=(
            Solid(cut(strap, holes), sf.leather(colour), (-0.42, -2.95, -0.14), (0.42, 2.62, 0.04)),
            Solid(melt(body, lugs, by=0.06), steel, (-0.9, -1.15, -0.18), (0.9, 1.15, 0.18)),
            Solid(crown, steel, (0.76, -0.12, -0.12), (1.02, 0.12, 0.12)),
            Solid(dial, Surface(face, gloss=0.9, rough=0.06, mottle=0.0), (-0.7, -0.7, 0.03), (0.7, 0.7, 0.1)),
            Solid(buckle, steel, (-0.4, 2.2, -0.15), (0.4, 3.0, 0.1)),
        ),
        camera=Camera(
            yaw=d.between(-14, 14), pitch=d.between(-4, 8), target=(0, 0, 0), distance=13, roll=d.between(-6, 6)
        ),
        stands=False,
        name="watch",
    )


@kind("ring", "Ring with stone", "jewelry")
def ring(d: Draw) -> Model:
    metal = sf.metal(METALS[d.pick("gold", "silver", "rose gold")], rough=0.08)
    band = torus(centre=(0, 0.9, 0), ring=0.8, tube=d.between(0.075, 0.1), squash=d.between(0.6, 0.95))
    r = d.between(0.28, 0.38)
    gem = moved(brilliant(radius=r), (0, 1.74 + r * 0.55, 0))
    prongs = union(
        *(
            tube(
                spline(
                    [
                        (0.10 * np.cos(a), 1.66, 0.10 * np.sin(a)),
                        (r * 0.75 * np.cos(a), 1.74 + r * 0.3, r * 0.75 * np.sin(a)),
                        (r * 0.94 * np.cos(a), 1.76 + r * 0.72, r * 0.94 * np.sin(a)),
                    ],
                    steps=4,
                ),
                radius=0.04,
            )
            for a in np.arange(4) * np.pi / 2 + 0.8
        )
    )
    top = 1.8 + r * 1.1
    return Model(
        solids=(
            Solid(melt(band, prongs, by=0.05), metal, (-1.0, -0.02, -0.5), (1.0, top, 0.5)),
            Solid(
                gem,
                _stone(d, at=(0, 1.74 + r * 0.55, 0), radius=r),
                (-r - 0.02, 1.6, -r - 0.02),
                (r + 0.02, top + 0.05, r + 0.02),
            ),
        ),
        camera=Camera(yaw=d.between(-38, -20), pitch=d.between(14, 24), target=(0, 1.1, 0)),
        name="ring",
    )


@kind("gemstone", "Loose gemstone", "gemstones")
def gemstone(d: Draw) -> Model:
    tilt = d.between(18, 34)
    gem = turned(brilliant(radius=1.0, table=d.between(0.5, 0.6)), axis="x", degrees=tilt)
    return Model(
        solids=(
            Solid(
                moved(gem, (0, 0.85, 0)),
                _stone(d, at=(0, 0.85, 0), radius=1.0, tilt=tilt),
                (-1.05, -0.2, -1.1),
                (1.05, 1.6, 1.1),
            ),
        ),
        camera=Camera(yaw=d.between(-20, 20), pitch=d.between(26, 40), target=(0, 0.85, 0)),
        shadow=0.7,
        name="gemstone",
    )


def _loop(n: int, wide: float, high: float) -> Array:
    """A chain lying in a drop shape: n points, even along the curve."""
    a = np.linspace(-np.pi, np.pi, 720)
    c = np.stack([wide * np.sin(a) * (0.72 + 0.28 * np.cos(a / 2)), high * np.cos(a) - 0.25 * np.cos(2 * a)], 1)
    s = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(c, axis=0), axis=1))])
    at = np.linspace(0, s[-1], n, endpoint=False)
    return np.stack([np.interp(at, s, c[:, 0]), np.interp(at, s, c[:, 1])], 1)


@kind("necklace", "Necklace", "jewelry")
def necklace(d: Draw) -> Model:
    pearls = d.chance(0.45)
    if pearls:
        points = _loop(58, 1.05, 1.3)
        size = 0.055 + 0.03 * np.clip(-points[:, 1] / 1.3, 0, 1)
        skin = sf.plastic(d.pick("#f3ece0", "#efe0da", "#d9d5d8"), rough=0.14, gloss=1.2)
        return Model(
            solids=(Solid(beads(points, radius=size), skin, (-1.3, -1.8, -0.1), (1.3, 1.4, 0.1)),),
            camera=Camera(pitch=0, target=(0, 0, 0), distance=14),
            stands=False,
            name="necklace",
        )
    metal = sf.metal(METALS[d.pick("gold", "silver", "rose gold")], rough=0.1)
    points = _loop(150, 1.0, 1.3)
    low = points[points[:, 1].argmin()]
    r = d.between(0.17, 0.24)
    pendant = turned(scaled(brilliant(radius=1.0), r), axis="x", degrees=80)
    rim = torus(centre=(0, 0, 0), ring=r * 1.02, tube=0.035)
    place = (float(low[0]), float(low[1]) - r - 0.08, 0.02)
    bail = torus(centre=(float(low[0]), float(low[1]) - 0.035, 0.0), ring=0.05, tube=0.02, axis="x")
    return Model(
        solids=(
            Solid(
                union(beads(points, radius=0.021), bail, moved(rim, place)), metal, (-1.3, -2.2, -0.1), (1.3, 1.4, 0.1)
            ),
            Solid(
                moved(pendant, place),
                _stone(d, at=place, radius=r, tilt=80),
                (place[0] - r, place[1] - r, -0.25),
                (place[0] + r, place[1] + r, 0.3),
            ),
        ),
        camera=Camera(pitch=0, target=(0, 0, 0), distance=14),
        stands=False,
        name="necklace",
    )


@kind("bracelet", "Beaded bracelet", "handmade")
def bracelet(d: Draw) -> Model:
    n = d.number(20, 26)
    a = np.linspace(0, 2 * np.pi, n, endpoint=False)
    points = np.stack([np.cos(a), np.sin(a)], 1)
    r = float(np.pi / n * 0.985)
    lava, stone = (
        linear(d.colour("teal", "burgundy", "navy", "rose", "olive", "lilac")),
        linear(d.pick("#2b2a2c", "#c9a46a", "#e6e0d2")),
    )
    every = d.number(2, 5)

    def paint(g: Geometry) -> Array:
        turn = np.round(np.arctan2(-g.p[2], g.p[0]) / (2 * np.pi) * n) % n
        k = (turn % every == 0).astype(np.float32)
        from fondaco.demo.pictures import texture

        veins = 1 + 0.12 * texture.noise(
            g.p[0] * 1.2 + turn * 0.37, g.p[2] * 1.2 + g.p[1] + turn * 0.21, octaves=5, base=8
        )
        return np.stack([(p + (q - p) * k) * veins for p, q in zip(lava, stone, strict=True)])

    shape = turned(beads(points, radius=r), axis="x", degrees=-90)
    return Model(
        solids=(
            Solid(
                moved(shape, (0, r, 0)),
                Surface(paint, gloss=1.0, rough=0.1, mottle=0.0),
                (-1.2, -0.01, -1.2),
                (1.2, 2 * r + 0.01, 1.2),
            ),
        ),
        camera=Camera(pitch=d.between(40, 55), target=(0, r, 0)),
        name="bracelet",
    )


@kind("earrings", "Drop earrings", "handmade")
def earrings(d: Draw) -> Model:
    metal = sf.metal(METALS[d.pick("gold", "silver", "rose gold")], rough=0.1)
    colour = d.colour("teal", "terracotta", "navy", "mustard", "rose", "green")
    hooks, drops = [], []
    for x in (-0.55, 0.55):
        hooks.append(
            tube(
                spline(
                    [(x, 0.55, 0), (x, 0.85, 0), (x + 0.12, 1.1, 0), (x + 0.3, 0.98, 0), (x + 0.33, 0.6, 0)], steps=7
                ),
                radius=0.025,
            )
        )
        hooks.append(torus(centre=(x, 0.48, 0), ring=0.07, tube=0.022))
        hooks.append(torus(centre=(x, 0.0, 0), ring=0.42, tube=0.03))
        drops.append(
            turned(
                moved(revolve([(0, -0.05), (0.36, -0.04), (0.38, 0), (0.36, 0.04), (0, 0.05)]), (0, 0, 0)),
                axis="x",
                degrees=90,
            )
        )
    left, right = (moved(f, (x, 0, 0)) for f, x in zip(drops, (-0.55, 0.55), strict=True))
    return Model(
        solids=(
            Solid(union(*hooks), metal, (-1.1, -0.5, -0.12), (1.1, 1.3, 0.12)),
            Solid(union(left, right), sf.glaze(colour, speckle=0.3), (-1.0, -0.45, -0.08), (1.0, 0.45, 0.08)),
        ),
        camera=Camera(yaw=d.between(-10, 10), pitch=0, target=(0, 0.3, 0), distance=12),
        stands=False,
        name="earrings",
    )


@kind("sunglasses", "Sunglasses", "apparel")
def sunglasses(d: Draw) -> Model:
    rim = spline(
        [(0.12, 0.12), (0.2, 0.42), (0.6, 0.5), (1.0, 0.44), (1.06, 0.1), (0.86, -0.3), (0.5, -0.38), (0.2, -0.2)],
        steps=6,
        closed=True,
    )
    inner = (rim - rim.mean(0)) * 0.84 + rim.mean(0)
    flip = np.array([-1.0, 1.0])
    frame = union(
        *(
            cut(extrude(o, depth=0.12, edge=0.04), extrude(i, depth=0.5, edge=0.0))
            for o, i in ((rim, inner), ((rim * flip)[::-1], (inner * flip)[::-1]))
        )
    )
    bridge = tube(spline([(-0.16, 0.22, 0), (0, 0.3, 0.02), (0.16, 0.22, 0)], steps=6), radius=0.055)
    arms = union(
        *(
            tube(
                [(s * 1.03, 0.36, 0.0), (s * 1.08, 0.36, -0.12), (s * 1.06, 0.34, -1.3), (s * 0.98, 0.05, -1.75)],
                radius=[0.05, 0.055, 0.045, 0.05],
            )
            for s in (-1, 1)
        )
    )
    lenses = union(*(extrude(o, depth=0.05, edge=0.01) for o in (inner, (inner * flip)[::-1])))
    tint = d.pick("#2a2c30", "#3a2b22", "#23384a", "#37432f")
    lens = Surface(
        lambda g: np.stack([c * (1.4 - 0.6 * (g.p[1] + 0.4)) for c in linear(tint)]), gloss=1.4, rough=0.07, mottle=0.0
    )
    colour = d.colour("black", "brown", "navy", "red", "tan")

    def up(f):  # type: ignore[no-untyped-def]
        return moved(f, (0, 0.42, 0))

    return Model(
        solids=(
            Solid(
                up(union(frame, bridge, arms)),
                sf.plastic(colour, rough=0.1, gloss=1.1),
                (-1.2, -0.02, -1.9),
                (1.2, 1.0, 0.15),
            ),
            Solid(up(lenses), lens, (-1.1, 0.0, -0.06), (1.1, 0.95, 0.06)),
        ),
        camera=Camera(yaw=d.between(-30, 30), pitch=d.between(8, 14), target=(0, 0.4, -0.4)),
        name="sunglasses",
    )


@kind("backpack", "Backpack", "luggage")
def backpack(d: Draw) -> Model:
    body = common(
        box(centre=(0, 1.2, 0), half=(0.85, 1.2, 0.45), edge=0.3),
        ellipsoid(centre=(0, 1.12, 0), radii=(1.05, 1.5, 0.62)),
        by=0.25,
    )
    pocket = common(
        box(centre=(0, 0.72, 0.42), half=(0.62, 0.48, 0.24), edge=0.16),
        ellipsoid(centre=(0, 0.72, 0.3), radii=(0.85, 0.72, 0.4)),
        by=0.12,
    )
    sides = union(*(ellipsoid(centre=(s * 0.86, 0.6, 0), radii=(0.14, 0.42, 0.32)) for s in (-1, 1)))
    grab = tube(
        spline([(-0.22, 2.3, -0.1), (-0.18, 2.6, -0.1), (0.18, 2.6, -0.1), (0.22, 2.3, -0.1)], steps=6), radius=0.06
    )
    zips = union(
        tube(
            spline(
                [(-0.8, 1.2, 0.24), (-0.74, 1.9, 0.26), (0.0, 2.2, 0.28), (0.74, 1.9, 0.26), (0.8, 1.2, 0.24)], steps=6
            ),
            radius=0.035,
        ),
        tube(spline([(-0.56, 1.02, 0.56), (0.0, 1.06, 0.62), (0.56, 1.02, 0.56)], steps=6), radius=0.03),
    )
    tabs = union(
        box(centre=(0.1, 0.94, 0.66), half=(0.03, 0.1, 0.02), edge=0.015),
        box(centre=(0.5, 1.98, 0.33), half=(0.03, 0.11, 0.02), edge=0.015),
    )
    colour = d.colour("navy", "olive", "charcoal", "burgundy", "teal", "mustard", "grey")
    cloth = sf.woven(colour, threads=70, contrast=0.25)
    darker = sf.woven(sf.blend(colour, "#000000", 0.35), threads=70)
    return Model(
        solids=(
            Solid(melt(body, sides, by=0.05), cloth, (-1.1, -0.02, -0.6), (1.1, 2.5, 0.6)),
            Solid(pocket, darker if d.chance(0.5) else cloth, (-0.7, 0.15, 0.1), (0.7, 1.3, 0.72)),
            Solid(grab, darker, (-0.35, 2.2, -0.2), (0.35, 2.7, 0.0)),
            Solid(union(zips, tabs), sf.rubber("#1d1e21"), (-0.9, 0.8, 0.1), (0.9, 2.3, 0.75)),
        ),
        camera=Camera(yaw=d.between(-26, 26), pitch=d.between(6, 12), target=(0, 1.2, 0)),
        name="backpack",
    )


@kind("bike_helmet", "Bicycle helmet", "sports")
def bike_helmet(d: Draw) -> Model:
    dome = common(
        ellipsoid(centre=(0, 0.25, 0), radii=(1.25, 1.0, 0.95)),
        box(centre=(0, 1.0, 0), half=(2, 0.92, 2), edge=0.0),
        by=0.12,
    )
    hollow = ellipsoid(centre=(0, 0.1, 0), radii=(1.08, 0.86, 0.8))
    vents = union(
        *(
            turned(ellipsoid(centre=(x, 1.05, 0), radii=(w, 0.42, 0.085)), axis="x", degrees=t)
            for t in (0, 24, -24, 48, -48)
            for x, w in ((0.42, 0.3), (-0.32, 0.34))
        )
    )
    colour = d.colour("red", "white", "blue", "black", "teal", "yellow")
    return Model(
        solids=(
            Solid(
                moved(cut(cut(dome, hollow), vents), (0.0, -0.07, 0.0)),
                sf.plastic(colour, rough=0.12, gloss=1.1),
                (-1.35, -0.02, -1.05),
                (1.35, 1.3, 1.05),
            ),
        ),
        camera=Camera(yaw=d.between(-30, 20), pitch=d.between(10, 18), target=(0, 0.5, 0)),
        name="bicycle helmet",
    )


@kind("pet_collar", "Dog collar", "pet_supplies")
def pet_collar(d: Draw) -> Model:
    band = torus(centre=(0, 0.2, 0), ring=1.0, tube=0.2, axis="y", squash=1.0)
    thin = common(
        band,
        cut(revolve([(0, 0), (1.045, 0), (1.045, 0.4), (0, 0.4)]), revolve([(0, -1), (0.975, -1), (0.975, 1), (0, 1)])),
        by=0.02,
    )
    buckle = union(
        cut(
            box(centre=(0.35, 0.2, 0.99), half=(0.24, 0.25, 0.05), edge=0.04),
            box(centre=(0.35, 0.2, 0.99), half=(0.15, 0.15, 0.2), edge=0.02),
        ),
        cylinder(a=(0.14, 0.2, 1.04), b=(0.58, 0.2, 0.98), radius=0.03),
    )
    tag = turned(
        moved(revolve([(0, -0.025), (0.24, -0.025), (0.25, 0), (0.24, 0.025), (0, 0.025)]), (0, 0, 0)),
        axis="x",
        degrees=80,
    )
    loop = torus(centre=(-0.3, 0.0, 1.03), ring=0.1, tube=0.03, axis="x")
    colour = d.colour("red", "brown", "navy", "teal", "black", "tan")
    metal = sf.metal(d.pick(sf.STEEL, sf.BRASS), rough=0.12)
    lift = 0.42

    def up(f):  # type: ignore[no-untyped-def]
        return moved(f, (0, lift, 0))

    return Model(
        solids=(
            Solid(up(thin), sf.leather(colour), (-1.1, lift - 0.02, -1.1), (1.1, lift + 0.45, 1.1)),
            Solid(up(union(buckle, loop)), metal, (-0.5, lift - 0.2, 0.7), (0.7, lift + 0.6, 1.15)),
            Solid(moved(tag, (-0.3, lift - 0.3, 1.06)), metal, (-0.6, -0.02, 0.9), (0.0, lift + 0.1, 1.2)),
        ),
        camera=Camera(yaw=d.between(-18, 10), pitch=d.between(20, 30), target=(0, 0.5, 0)),
        shadow=0.8,
        name="dog collar",
    )

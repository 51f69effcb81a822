"""Things for rooms, beds, baths and desks."""

from __future__ import annotations

from typing import Any

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
    melt,
    moved,
    revolve,
    shell,
    spline,
    tube,
    turned,
    union,
)  # fmt: skip


@kind("lamp", "Table lamp", "home")
def lamp(d: Draw) -> Model:
    h = d.between(2.3, 2.8)
    foot = revolve(spline([(0, 0), (0.55, 0.0), (0.6, 0.05), (0.45, 0.12), (0.14, 0.2), (0.0, 0.22)], steps=6))
    shapes = (
        [(0, 0.1), (0.1, 0.2), (0.3, h * 0.22), (0.2, h * 0.4), (0.07, h * 0.55), (0, h * 0.56)],
        [(0, 0.1), (0.08, 0.2), (0.08, h * 0.5), (0.08, h * 0.56), (0, h * 0.57)],
        [(0, 0.1), (0.34, 0.3), (0.46, h * 0.28), (0.26, h * 0.46), (0.08, h * 0.56), (0, h * 0.57)],
    )
    stem = revolve(spline(shapes[d.number(0, 2)], steps=7))
    low, wide, narrow = h * 0.56, d.between(0.85, 1.0), d.between(0.5, 0.72)
    shade = revolve([(wide - 0.03, low), (wide, low), (narrow, h), (narrow - 0.03, h)])
    colour = d.colour("teal", "cream", "terracotta", "charcoal", "sky", "mustard", "white")
    cloth = sf.woven(d.pick("#f3ead7", "#efe6d0", "#e8e2d8"), threads=70, contrast=0.1)
    lit = Surface(cloth.colour, glow=0.16, mottle=0.02)
    return Model(
        solids=(
            Solid(
                union(foot, stem),
                sf.glaze(colour) if d.chance(0.6) else sf.metal(sf.BRASS, rough=0.15),
                (-0.65, 0, -0.65),
                (0.65, h * 0.6, 0.65),
            ),
            Solid(shade, lit, (-wide - 0.02, low - 0.02, -wide - 0.02), (wide + 0.02, h + 0.02, wide + 0.02)),
        ),
        camera=Camera(pitch=d.between(4, 10), target=(0, h / 2, 0), distance=11),
        name="lamp",
    )


@kind("cushion", "Cushion", "home")
def cushion(d: Draw) -> Model:
    def pillow(x: Array, y: Array, z: Array) -> Array:
        py = y - 1.12
        half_x = 1.04 + 0.16 * (py / 1.15) ** 2
        half_y = 1.04 + 0.12 * (x / 1.15) ** 2
        u, v = np.abs(x) / half_x, np.abs(py) / half_y
        edge = np.maximum(1 - u**3, 0) * np.maximum(1 - v**3, 0)
        thick = 0.5 * edge**0.55 + 0.012
        side = np.maximum(np.maximum(u, v) - 1, 0)
        return np.hypot(np.maximum(np.abs(z) - thick, 0), side) * 0.5 + np.minimum(np.abs(z) - thick, 0) * 0.3

    size = d.between(0.16, 0.3)

    def zigzag(u: Array, v: Array) -> Array:
        return (np.sin((v + np.abs((u / size) % 2 - 1) * size) * np.pi / size) > 0).astype(np.float32)

    colour = d.colour("mustard", "teal", "grey", "terracotta", "navy", "olive", "rose")
    patterned = d.chance(0.55)
    cloth = sf.woven(colour, threads=62, second="#efe9dc", print_=zigzag if patterned else None, contrast=0.2)
    return Model(
        solids=(Solid(pillow, cloth, (-1.25, -0.06, -0.52), (1.25, 2.3, 0.52)),),
        camera=Camera(yaw=d.between(-22, 22), pitch=d.between(4, 9), target=(0, 1.1, 0)),
        name="cushion",
    )


@kind("soap", "Soap bar", "beauty")
def soap(d: Draw) -> Model:
    bar = common(
        box(centre=(0, 0.3, 0), half=(1.0, 0.3, 0.62), edge=0.16),
        ellipsoid(centre=(0, 0.3, 0), radii=(1.3, 0.42, 0.95)),
        by=0.12,
    )
    colour = d.colour("cream", "mint", "rose", "lilac", "olive", "white", "sky")
    mark = printed.art(
        "words",
        width=600,
        height=240,
        title=d.pick("OLIVE", "SAGE", "ROSE", "No. 4", "LOTUS"),
        paper="#ffffff",
        ink="#000000",
    )
    base = linear(colour)

    def letters(g: Geometry) -> Array:
        ink = printed.read(mark, g.p[0] / 1.3 + 0.5, g.p[2] / 0.52 + 0.5)[0]
        return np.where(g.p[1] > 0.4, sf.smooth(ink.astype(np.float32), 1.5), 1.0) * 14

    def paint(g: Geometry) -> Array:
        veins = texture.noise(g.p[0] * 0.25 + 0.1 * g.p[1], g.p[2] * 0.25 + g.p[1] * 0.2, octaves=5)
        flecks = texture.noise(g.p[0] * 0.9, g.p[2] * 0.9 + g.p[1], octaves=2, base=64)
        by = 1 + 0.05 * veins - 0.25 * np.clip(flecks - 2.2, 0, 1)
        return np.stack([c * by for c in base])

    return Model(
        solids=(
            Solid(
                bar,
                Surface(paint, gloss=0.45, rough=0.35, relief=letters, relief_strength=0.12),
                (-1.05, -0.01, -0.7),
                (1.05, 0.65, 0.7),
            ),
        ),
        camera=Camera(yaw=d.between(-32, 30), pitch=d.between(34, 46), target=(0, 0.3, 0)),
        name="soap",
    )


@kind("shelf", "Bookshelf, flat-packed", "furniture")
def shelf(d: Draw) -> Model:
    w, h, depth, n = d.between(0.75, 1.0), d.between(2.6, 3.1), 0.42, d.number(3, 5)
    sides = [box(centre=(s * w, h / 2, 0), half=(0.045, h / 2, depth), edge=0.008) for s in (-1, 1)]
    boards = [
        box(centre=(0, 0.12 + (h - 0.18) * i / n, 0), half=(w, 0.035, depth - 0.015), edge=0.006) for i in range(n + 1)
    ]
    back = box(centre=(0, h / 2, -depth + 0.02), half=(w, h / 2 - 0.05, 0.012), edge=0.002)
    tones = {"oak": ("#d9b384", "#a67c4b"), "walnut": ("#8a5f3d", "#4a2e1c"), "white": ("#efede8", "#e3e0d8")}
    light, dark = tones["white"] if d.asked == "white" else tones[d.pick(*tones)]
    return Model(
        solids=(
            Solid(
                union(*sides),
                sf.timber(light, dark, along="y", scale=1.5),
                (-w - 0.06, -0.01, -depth - 0.02),
                (w + 0.06, h + 0.02, depth + 0.02),
            ),
            Solid(
                union(*boards),
                sf.timber(light, dark, along="x", scale=1.5),
                (-w - 0.06, -0.01, -depth - 0.02),
                (w + 0.06, h + 0.02, depth + 0.02),
            ),
            Solid(
                back,
                sf.timber(sf.blend(light, "#000000", 0.12), dark, along="y"),
                (-w, 0.0, -depth - 0.02),
                (w, h, -depth + 0.05),
            ),
        ),
        camera=Camera(
            yaw=d.between(20, 36) * (1 if d.chance(0.5) else -1),
            pitch=d.between(6, 12),
            target=(0, h / 2, 0),
            distance=11,
        ),
        name="shelf",
    )


@kind("chair", "Chair", "furniture")
def chair(d: Draw) -> Model:
    wood = sf.timber(
        *(("#c99a66", "#8a5c34"), ("#7a5236", "#3f2718"), ("#e0c190", "#b08a58"))[d.number(0, 2)], along="y", scale=1.6
    )
    legs = []
    for sx in (-1, 1):
        legs.append(tube([(sx * 0.68, 0.0, 0.62), (sx * 0.58, 1.25, 0.52)], radius=[0.055, 0.08]))
        legs.append(
            tube(
                [(sx * 0.68, 0.0, -0.68), (sx * 0.58, 1.3, -0.55), (sx * 0.56, 2.0, -0.66), (sx * 0.58, 2.75, -0.88)],
                radius=[0.055, 0.08, 0.065, 0.055],
            )
        )
        legs.append(tube([(sx * 0.65, 0.5, 0.58), (sx * 0.65, 0.5, -0.62)], radius=0.035))
    rails = [
        tube(spline([(-0.57, y, z), (0.0, y + 0.03, z - 0.1), (0.57, y, z)], steps=6), radius=0.06)
        for y, z in ((2.66, -0.85), (2.25, -0.73), (1.85, -0.63))
    ]
    frame = box(centre=(0, 1.22, 0), half=(0.6, 0.07, 0.58), edge=0.03)
    seat = common(
        box(centre=(0, 1.36, 0.02), half=(0.72, 0.1, 0.7), edge=0.09),
        ellipsoid(centre=(0, 1.3, 0), radii=(1.2, 0.19, 1.15)),
        by=0.05,
    )
    colour = d.colour("grey", "teal", "mustard", "charcoal", "terracotta", "olive")
    return Model(
        solids=(
            Solid(union(*legs, *rails, frame), wood, (-0.8, -0.01, -1.0), (0.8, 2.85, 0.75)),
            Solid(seat, sf.woven(colour, threads=60, contrast=0.22), (-0.75, 1.24, -0.72), (0.75, 1.52, 0.75)),
        ),
        camera=Camera(
            yaw=d.between(-42, -24) * (1 if d.chance(0.6) else -1),
            pitch=d.between(10, 18),
            target=(0, 1.3, 0),
            distance=11,
        ),
        name="chair",
    )


@kind("notebook", "Notebook", "stationery")
def notebook(d: Draw) -> Model:
    w, h, t = 1.45, 2.1, 0.26
    colour = d.colour("black", "navy", "burgundy", "olive", "mustard", "teal", "terracotta")
    lo, hi = (-w / 2, 0.0, -t / 2), (w / 2, h, t / 2)
    cover = cut(
        box(centre=(0, h / 2, 0), half=(w / 2, h / 2, t / 2), edge=0.03),
        box(centre=(0.1, h / 2, 0), half=(w / 2, h, t / 2 - 0.03), edge=0.0),
    )
    pages = box(centre=(0.02, h / 2, 0), half=(w / 2 - 0.03, h / 2 - 0.035, t / 2 - 0.03), edge=0.02)
    band = box(centre=(w / 2 - 0.17, h / 2, 0), half=(0.045, h / 2 + 0.012, t / 2 + 0.012), edge=0.012)
    return Model(
        solids=(
            Solid(pages, Surface(_leaves, mottle=0.02), lo, hi),
            Solid(cover, sf.leather(colour), lo, hi),
            Solid(
                band,
                sf.woven(sf.blend(colour, "#000000", 0.4), threads=150),
                (w / 2 - 0.25, -0.02, -t),
                (w / 2 - 0.1, h + 0.02, t),
            ),
        ),
        camera=Camera(yaw=d.between(-32, -16), pitch=d.between(6, 12), target=(0, h / 2, 0)),
        name="notebook",
    )


def _leaves(g: Geometry) -> Array:
    lines = 0.9 + 0.1 * np.sin(g.p[2] * 420) + 0.03 * np.sin(g.p[2] * 133 + g.p[1] * 0.5)
    return np.stack([c * lines for c in linear("#efe8d8")])


@kind("perfume", "Eau de parfum", "beauty")
def perfume(d: Draw) -> Model:
    h, w = d.between(1.3, 1.6), d.between(0.55, 0.75)
    glass = box(centre=(0, h / 2, 0), half=(w, h / 2, 0.3), edge=0.09)
    tint = {
        "rose": ("#f3cfd2", "#c98690"),
        "amber": ("#f0c987", "#b97a2d"),
        "sky": ("#cfe3ee", "#7fa8c0"),
        "green": ("#d5e3c3", "#8aa36c"),
    }
    light, deep = tint[d.pick(*tint)]
    design = printed.art(
        "label", width=640, height=420, title=d.pick("Nuit Verte", "Sen Trắng", "Amber Nine", "Harbour", "Fleur"), by=palette.maker(d.rng),
        sub="eau de parfum · 50 ml", paper="#fbfaf7", ink="#26221e", accent="#a58645",
    )  # fmt: skip
    body = sf.glassy(light, deep=deep)

    def paint(g: Geometry) -> Array:
        assert callable(body.colour)
        under = body.colour(g)
        u, v = (g.p[0] / (w * 1.3)) + 0.5, 1 - (g.p[1] - h * 0.26) / (h * 0.42)
        on = (g.p[2] > 0.2) & (u > 0) & (u < 1) & (v > 0) & (v < 1)
        seen = printed.read(design, u, v)
        return np.stack([np.where(on, a, b) for a, b in zip(seen, under, strict=True)])

    collar = cylinder(a=(0, h - 0.02, 0), b=(0, h + 0.1, 0), radius=0.17)
    cap = (
        box(centre=(0, h + 0.32, 0), half=(0.26, 0.23, 0.22), edge=0.05)
        if d.chance(0.5)
        else cylinder(a=(0, h + 0.09, 0), b=(0, h + 0.6, 0), radius=0.25, edge=0.05)
    )
    return Model(
        solids=(
            Solid(
                glass,
                Surface(paint, gloss=1.2, rough=0.06, mottle=0.0),
                (-w - 0.02, -0.01, -0.32),
                (w + 0.02, h + 0.02, 0.32),
            ),
            Solid(collar, sf.metal(sf.GOLD), (-0.2, h - 0.05, -0.2), (0.2, h + 0.12, 0.2)),
            Solid(
                cap,
                sf.plastic("#1b1b1d", rough=0.1, gloss=1.0) if d.chance(0.5) else sf.metal(sf.GOLD, rough=0.15),
                (-0.3, h + 0.05, -0.3),
                (0.3, h + 0.65, 0.3),
            ),
        ),
        camera=Camera(yaw=d.between(-24, 20), pitch=d.between(6, 11), target=(0, h * 0.65, 0)),
        name="perfume",
    )


@kind("aerosol", "Spray can", "beauty")
def aerosol(d: Draw) -> Model:
    h, r = d.between(2.2, 2.6), 0.46
    colour = d.colour("white", "sky", "black", "mint", "navy", "rose")
    can = revolve(
        spline(
            [
                (0, 0),
                (r - 0.04, 0),
                (r - 0.04, 0),
                (r, 0.05),
                (r, h * 0.4),
                (r, h * 0.78),
                (r - 0.1, h * 0.84),
                (r - 0.12, h * 0.86),
                (0, h * 0.87),
            ],
            steps=5,
        )
    )
    cap = revolve(
        spline(
            [
                (0, h * 0.84),
                (r - 0.07, h * 0.84),
                (r - 0.07, h * 0.85),
                (r - 0.07, h * 0.96),
                (r - 0.14, h),
                (0, h + 0.01),
            ],
            steps=5,
        )
    )
    words: dict[str, Any] = {
        "paper": colour,
        "ink": "#1d1f22" if sum(linear(colour)) > 1.2 else "#ffffff",
        "accent": d.pick("#c0392b", "#2471a3", "#1e8449", "#8e6fb0"),
    }
    place: dict[str, Any] = {"bottom": h * 0.1, "top": h * 0.72, "turns": 0.46}
    design = sf.wrapped(
        "panel",
        **place,
        radius=r,
        title=d.pick("Fresh 48 h", "Hair Hold", "Rust Guard", "Dry Shampoo"),
        by=palette.maker(d.rng),
        sub="200 ml · extremely flammable aerosol",
        second="#dfe6ea",
        **words,
    )
    return Model(
        solids=(
            Solid(
                can,
                sf.labelled(sf.metal(colour, rough=0.2), design, **place, gloss=0.7),
                (-r - 0.03, -0.01, -r - 0.03),
                (r + 0.03, h * 0.88, r + 0.03),
            ),
            Solid(cap, sf.plastic(words["accent"], rough=0.3), (-r, h * 0.82, -r), (r, h + 0.03, r)),
        ),
        camera=Camera(yaw=d.between(-14, 14), pitch=d.between(5, 10), target=(0, h / 2, 0), distance=11),
        name="aerosol",
    )


@kind("basket", "Woven basket", "home")
def basket(d: Draw) -> Model:
    h, r = d.between(1.1, 1.5), d.between(0.95, 1.15)
    body = revolve(
        [
            (0, 0),
            (r * 0.82, 0),
            (r * 0.98, h * 0.4),
            (r, h),
            (r - 0.07, h + 0.02),
            (r - 0.09, h * 0.4),
            (r * 0.76, 0.1),
            (0, 0.1),
        ]
    )
    straw, dark = linear(d.pick("#d8b67c", "#c79d5f", "#e2c796")), linear("#7a5428")
    rows, spokes = 26 / h, 44
    stained = d.chance(0.5)

    def strands(g: Geometry) -> Array:
        def make() -> Array:
            turn = sf.around(g) * spokes
            row = g.p[1] * rows
            over = np.cos(np.pi * (turn + np.floor(row)))
            strand = np.sin(np.pi * (row - np.floor(row)))
            return np.sqrt(np.maximum(strand, 0)) * (0.62 + 0.38 * over)

        return g.once("strands", make)

    def paint(g: Geometry) -> Array:
        fibre = texture.noise(sf.around(g) * 3, g.p[1] * 2.5, octaves=4, base=32)
        by = (0.45 + 0.55 * strands(g)) * (1 + 0.07 * fibre)
        belt = np.clip(np.sin(g.p[1] * np.pi * 2.2 / h) * 8 - 5, 0, 1) if stained else 0.0
        return np.stack([(a + (b - a) * belt) * by for a, b in zip(straw, dark, strict=True)])

    return Model(
        solids=(
            Solid(
                body,
                Surface(paint, gloss=0.15, rough=0.6, relief=lambda g: strands(g) * 4, relief_strength=0.2),
                (-r - 0.05, -0.01, -r - 0.05),
                (r + 0.05, h + 0.06, r + 0.05),
            ),
        ),
        camera=Camera(pitch=d.between(16, 26), target=(0, h / 2, 0)),
        name="basket",
    )


@kind("hammer", "Claw hammer", "tools")
def hammer(d: Draw) -> Model:
    grip = tube([(0, -1.5, 0), (0, -0.9, 0), (0, 0.0, 0), (0, 1.1, 0)], radius=[0.14, 0.12, 0.085, 0.09])
    head = melt(
        cylinder(a=(0.1, 1.2, 0), b=(0.62, 1.2, 0), radius=0.17, edge=0.03),
        box(centre=(0.0, 1.2, 0), half=(0.2, 0.15, 0.13), edge=0.04),
        by=0.08,
    )
    claw = tube(spline([(-0.1, 1.22, 0), (-0.42, 1.26, 0), (-0.78, 1.02, 0)], steps=8), radius=[0.15, 0.11, 0.035])
    turn = d.between(-40, -24)

    def lay(f):  # type: ignore[no-untyped-def]
        return turned(moved(f, (0, 0.1, 0)), axis="z", degrees=turn)

    lo, hi = (-1.7, -1.8, -0.25), (1.7, 1.9, 0.25)
    handle = (
        sf.timber("#d3a669", "#9c6a36", along="y", scale=2)
        if d.chance(0.6)
        else sf.rubber(d.colour("red", "blue", "orange"))
    )
    return Model(
        solids=(
            Solid(lay(grip), handle, lo, hi),
            Solid(lay(melt(head, claw, by=0.06)), sf.metal("#8d9196", rough=0.25), lo, hi),
        ),
        camera=Camera(pitch=0, target=(0, 0, 0), distance=12),
        stands=False,
        name="hammer",
    )


@kind("water_bottle", "Insulated bottle", "sports")
def water_bottle(d: Draw) -> Model:
    h, r = d.between(2.2, 2.5), d.between(0.36, 0.42)
    body = revolve(
        spline(
            [
                (0, 0),
                (r - 0.03, 0),
                (r - 0.03, 0),
                (r, 0.05),
                (r, h * 0.4),
                (r, h * 0.72),
                (r * 0.72, h * 0.84),
                (r * 0.68, h * 0.86),
                (0, h * 0.87),
            ],
            steps=6,
        )
    )
    lid = revolve(
        [(0, h * 0.85), (r * 0.76, h * 0.85), (r * 0.78, h * 0.86), (r * 0.78, h * 0.97), (r * 0.72, h), (0, h)]
    )
    loop = shell(ellipsoid(centre=(0, h * 1.02, 0), radii=(r * 0.62, 0.24, 0.09)), thick=0.05)
    colour = d.colour("teal", "navy", "black", "white", "rose", "mint", "orange")
    place: dict[str, Any] = {"bottom": h * 0.3, "top": h * 0.45, "turns": 0.34}
    ink = sf.blend(colour, "#ffffff" if sum(linear(colour)) < 1 else "#000000", 0.75)
    mark = sf.wrapped("words", **place, radius=r, title=palette.maker(d.rng).split()[0].lower(), paper=colour, ink=ink)
    coat = sf.labelled(Surface(linear(colour), gloss=0.5, rough=0.4, mottle=0.03), mark, **place, gloss=0.5)
    return Model(
        solids=(
            Solid(body, coat, (-r - 0.02, -0.01, -r - 0.02), (r + 0.02, h * 0.88, r + 0.02)),
            Solid(lid, sf.metal(sf.STEEL, rough=0.3, brushed=0.5), (-r, h * 0.83, -r), (r, h + 0.02, r)),
            Solid(
                common(loop, box(centre=(0, h * 1.15, 0), half=(r, h * 0.16, 0.06), edge=0.02)),
                sf.rubber("#26272a"),
                (-r, h * 0.96, -0.12),
                (r, h * 1.16, 0.12),
            ),
        ),
        camera=Camera(yaw=d.between(-20, 20), pitch=d.between(6, 11), target=(0, h / 2, 0), distance=11),
        name="water bottle",
    )

"""Things from the potter and for the kitchen table."""

from __future__ import annotations

from fondaco.demo.pictures import palette
from fondaco.demo.pictures import surfaces as sf
from fondaco.demo.pictures.camera import Camera
from fondaco.demo.pictures.registry import Draw, kind
from fondaco.demo.pictures.scene import Model, Solid, Surface
from fondaco.demo.pictures.shapes import (
    common,
    cut,
    cylinder,
    ellipsoid,
    extrude,
    melt,
    moved,
    revolve,
    spline,
    tube,
    turned,
    union,
    wall,
)

VESSEL = ("white", "cream", "blue", "teal", "olive", "terracotta", "charcoal", "sky", "mustard", "mint", "rose")


def _glaze(d: Draw, *, height: float) -> Surface:
    base = d.colour(*VESSEL)
    if d.chance(0.35):
        return sf.glaze(
            base, speckle=0.35, second=d.pick("#d9c7a8", "#c9b79a", "#efe7d8"), at=height * d.between(0.2, 0.45)
        )
    return sf.glaze(base, speckle=0.3 if d.chance(0.4) else 0.0)


@kind("mug", "Mug", "kitchen")
def mug(d: Draw) -> Model:
    h, w, belly = d.between(1.5, 1.9), d.between(0.72, 0.86), d.between(-0.03, 0.1)
    profile = [(w * 0.78, 0), (w * 0.93, 0.07), (w + belly * 0.6, h * 0.3), (w + belly, h * 0.55), (w, h)]
    body = revolve(wall(profile, thick=0.07, floor=0.12))
    out = d.between(0.36, 0.5)
    grip = [
        (w - 0.03, h * 0.82, 0),
        (w + out * 0.7, h * 0.86, 0),
        (w + out, h * 0.55, 0),
        (w + out * 0.62, h * 0.3, 0),
        (w - 0.03, h * 0.24, 0),
    ]
    handle = tube(spline(grip, steps=6), radius=d.between(0.075, 0.1))
    cavity = revolve([(0, 0.13), (w * 0.8, 0.14), (w - 0.075, h * 0.28), (w - 0.075, h + 0.3), (0, h + 0.3)])
    shape = cut(melt(body, handle, by=0.1), cavity)
    surface = _glaze(d, height=h)
    return Model(
        solids=(Solid(shape, surface, (-w - 0.15, -0.01, -w - 0.15), (w + out + 0.12, h + 0.06, w + 0.15)),),
        camera=Camera(yaw=d.between(-38, -18), pitch=d.between(12, 20), target=(0.2, h / 2, 0)),
        name="mug",
    )


@kind("vase", "Vase", "home")
def vase(d: Draw) -> Model:
    h, belly, neck = d.between(2.3, 3.0), d.between(0.72, 0.98), d.between(0.22, 0.4)
    at = d.between(0.28, 0.5)
    profile = [
        (0.42, 0),
        (0.5, 0.08),
        (belly, h * at),
        (belly * 0.8, h * (at + 0.2)),
        (neck, h * 0.86),
        (neck + d.between(0.05, 0.2), h),
    ]
    shape = revolve(wall(profile, thick=0.06, floor=0.2, steps=9))
    r = belly + 0.15
    return Model(
        solids=(Solid(shape, _glaze(d, height=h), (-r, -0.01, -r), (r, h + 0.06, r)),),
        camera=Camera(yaw=0, pitch=d.between(8, 15), target=(0, h / 2, 0), distance=11),
        name="vase",
    )


@kind("bowl", "Bowl", "kitchen")
def bowl(d: Draw) -> Model:
    r, h = d.between(1.1, 1.35), d.between(0.62, 0.85)
    profile = [(0.45, 0), (0.5, 0.1), (r * 0.72, h * 0.32), (r * 0.95, h * 0.72), (r, h)]
    shape = revolve(wall(profile, thick=0.065, floor=0.16, steps=9))
    return Model(
        solids=(Solid(shape, _glaze(d, height=h), (-r - 0.05, -0.01, -r - 0.05), (r + 0.05, h + 0.06, r + 0.05)),),
        camera=Camera(pitch=d.between(24, 34), target=(0, h / 2, 0)),
        name="bowl",
    )


@kind("teapot", "Teapot", "kitchen")
def teapot(d: Draw) -> Model:
    body = revolve(
        spline([(0.0, 0.0), (0.55, 0.0), (0.85, 0.3), (0.95, 0.68), (0.78, 1.1), (0.42, 1.3), (0.0, 1.34)], steps=8)
    )
    spout = tube(
        spline([(0.75, 0.55, 0), (1.1, 0.62, 0), (1.28, 0.95, 0), (1.5, 1.22, 0)], steps=6),
        radius=[0.2, 0.14, 0.11, 0.09],
    )
    handle = tube(
        spline([(-0.8, 0.98, 0), (-1.25, 1.12, 0), (-1.42, 0.75, 0), (-1.2, 0.36, 0), (-0.82, 0.38, 0)], steps=6),
        radius=0.075,
    )
    lid = revolve(
        spline(
            [(0.0, 1.3), (0.46, 1.3), (0.44, 1.36), (0.2, 1.46), (0.07, 1.5), (0.15, 1.62), (0.1, 1.7), (0.0, 1.71)],
            steps=7,
        )
    )
    surface = _glaze(d, height=1.3)
    shape = melt(melt(body, spout, by=0.12), handle, by=0.08)
    return Model(
        solids=(
            Solid(shape, surface, (-1.6, -0.01, -1.0), (1.65, 1.4, 1.0)),
            Solid(lid, surface, (-0.5, 1.25, -0.5), (0.5, 1.75, 0.5)),
        ),
        camera=Camera(yaw=d.between(-20, 15), pitch=d.between(10, 18), target=(0, 0.85, 0)),
        name="teapot",
    )


@kind("kettle", "Kettle", "kitchen")
def kettle(d: Draw) -> Model:
    body = revolve(
        spline([(0.0, 0.0), (0.82, 0.0), (0.95, 0.1), (0.9, 0.5), (0.7, 1.0), (0.5, 1.25), (0.0, 1.32)], steps=8)
    )
    spout = tube(
        spline([(0.72, 0.5, 0), (1.05, 0.75, 0), (1.22, 1.12, 0), (1.48, 1.24, 0)], steps=6),
        radius=[0.15, 0.11, 0.085, 0.075],
    )
    lid = revolve(spline([(0.0, 1.26), (0.42, 1.26), (0.4, 1.33), (0.12, 1.38), (0.0, 1.39)], steps=6))
    knob = revolve(spline([(0.0, 1.36), (0.06, 1.37), (0.06, 1.42), (0.13, 1.5), (0.09, 1.58), (0.0, 1.6)], steps=6))
    bow = tube(
        spline(
            [(-0.55, 1.1, 0), (-0.62, 1.75, 0), (-0.2, 2.1, 0), (0.35, 2.05, 0), (0.62, 1.7, 0), (0.52, 1.1, 0)],
            steps=8,
        ),
        radius=0.055,
    )
    grip = tube(spline([(-0.42, 1.98, 0), (-0.1, 2.12, 0), (0.25, 2.1, 0)], steps=6), radius=0.095)
    finish = d.colour("white", "black", "red", "mint", "navy", "cream") if d.chance(0.6) or d.asked else None
    coat = sf.plastic(finish, rough=0.07, gloss=1.0) if finish else sf.metal(sf.STEEL, rough=0.1)
    wood = sf.timber("#a8744a", "#5d3a20", along="x", scale=2)
    steel = sf.metal(sf.STEEL, rough=0.12)
    return Model(
        solids=(
            Solid(melt(body, spout, by=0.1), coat, (-1.0, -0.01, -1.0), (1.6, 1.36, 1.0)),
            Solid(lid, coat, (-0.45, 1.22, -0.45), (0.45, 1.42, 0.45)),
            Solid(knob, wood, (-0.16, 1.34, -0.16), (0.16, 1.62, 0.16)),
            Solid(bow, steel, (-0.75, 1.0, -0.1), (0.72, 2.22, 0.1)),
            Solid(grip, wood, (-0.55, 1.85, -0.12), (0.38, 2.24, 0.12)),
        ),
        camera=Camera(yaw=d.between(-28, 20), pitch=d.between(9, 16), target=(0.1, 1.0, 0)),
        name="kettle",
    )


@kind("plate", "Dinner plate", "kitchen")
def plate(d: Draw) -> Model:
    section = [
        (0, 0.06),
        (0.62, 0.06),
        (0.68, 0.0),
        (0.74, 0.06),
        (1.0, 0.13),
        (1.28, 0.22),
        (1.3, 0.25),
        (1.26, 0.26),
        (1.0, 0.18),
        (0.78, 0.12),
        (0.0, 0.1),
    ]
    shape = revolve(section)
    return Model(
        solids=(Solid(shape, _glaze(d, height=0.0), (-1.34, -0.01, -1.34), (1.34, 0.3, 1.34)),),
        camera=Camera(pitch=d.between(38, 55), target=(0, 0.1, 0)),
        name="plate",
    )


@kind("knife", "Chef's knife", "kitchen")
def knife(d: Draw) -> Model:
    length = d.between(2.0, 2.3)
    blade = spline(
        [(0, 0.0), (length * 0.45, 0.0), (length * 0.8, 0.1), (length, 0.36), (length * 0.7, 0.4), (0, 0.43)],
        steps=8,
        closed=False,
    )
    steel = extrude(blade, depth=0.045, edge=0.015)
    grip = spline(
        [
            (-1.25, 0.06),
            (-0.9, 0.12),
            (-0.45, 0.14),
            (0.0, 0.13),
            (0.04, 0.3),
            (0.0, 0.42),
            (-0.6, 0.41),
            (-1.15, 0.42),
            (-1.34, 0.3),
        ],
        steps=6,
        closed=True,
    )
    handle = extrude(grip, depth=0.22, edge=0.07)
    rivets = union(*(cylinder(a=(x, 0.27, 0.0), b=(x, 0.27, 0.125), radius=0.045) for x in (-1.05, -0.65, -0.25)))
    wood = sf.timber("#7b5132", "#3b2416", along="x", scale=2) if d.chance(0.6) else sf.plastic("#26262a", rough=0.35)
    turn = d.between(24, 36)

    def lay(f, s, lo, hi):  # type: ignore[no-untyped-def]
        return Solid(
            turned(moved(f, (-0.45, -0.22, 0)), axis="z", degrees=turn), s, (-1.8, -1.2, -0.16), (1.8, 1.4, 0.16)
        )

    return Model(
        solids=(
            lay(steel, sf.metal(sf.STEEL, rough=0.16, brushed=0.25, streaks="along"), 0, 0),
            lay(handle, wood, 0, 0),
            lay(rivets, sf.metal(sf.BRASS), 0, 0),
        ),
        camera=Camera(yaw=0, pitch=0, target=(0, 0, 0), distance=12),
        stands=False,
        name="knife",
    )


@kind("wooden_spoon", "Wooden spoon", "kitchen")
def wooden_spoon(d: Draw) -> Model:
    bowl_ = cut(
        ellipsoid(centre=(0, 1.25, 0), radii=(0.36, 0.52, 0.15)),
        ellipsoid(centre=(0, 1.27, 0.17), radii=(0.29, 0.43, 0.17)),
    )
    handle = tube([(0, 0.85, 0), (0, 0.0, 0.02), (0, -1.5, 0.0)], radius=[0.085, 0.075, 0.1])
    turn = d.between(-50, -30)
    shape = turned(melt(bowl_, handle, by=0.14), axis="z", degrees=turn)
    return Model(
        solids=(
            Solid(
                shape,
                sf.timber(d.pick("#e0bd8a", "#cf9c66", "#b98256"), "#8f5f38", along="y", scale=1.6),
                (-1.7, -1.7, -0.2),
                (1.9, 1.9, 0.25),
            ),
        ),
        camera=Camera(pitch=0, target=(0, 0, 0), distance=12),
        stands=False,
        name="wooden spoon",
    )


@kind("honey_jar", "Honey", "grocery")
def honey_jar(d: Draw) -> Model:
    h = d.between(1.5, 1.8)
    glass = revolve(
        spline(
            [
                (0.0, 0.0),
                (0.68, 0.0),
                (0.75, 0.1),
                (0.76, h * 0.72),
                (0.68, h * 0.84),
                (0.58, h * 0.88),
                (0.58, h * 0.9),
                (0.0, h * 0.9),
            ],
            steps=6,
        )
    )
    lid = revolve(
        [(0.0, h * 0.87), (0.64, h * 0.87), (0.65, h * 0.88), (0.65, h * 1.06), (0.62, h * 1.08), (0.0, h * 1.08)]
    )
    amber = sf.glassy(d.pick("#e8a12c", "#d98a1d", "#f0bb4a"), deep="#8a4a0c")
    design = sf.wrapped(
        "label", bottom=h * 0.17, top=h * 0.62, turns=0.36, radius=0.76, title=d.pick("Linden Honey", "Acacia Honey", "Heather Honey", "Forest Honey"), by=palette.maker(d.rng),
        sub="raw, unfiltered · 340 g", paper="#fbf4e2", ink="#4a2f12", accent="#a8701a",
    )  # fmt: skip
    return Model(
        solids=(
            Solid(
                glass,
                sf.labelled(amber, design, bottom=h * 0.17, top=h * 0.62, turns=0.36),
                (-0.8, -0.01, -0.8),
                (0.8, h * 0.92, 0.8),
            ),
            Solid(
                lid,
                sf.metal(d.pick(sf.GOLD, "#2b2b2e", sf.STEEL), rough=0.2),
                (-0.7, h * 0.85, -0.7),
                (0.7, h * 1.1, 0.7),
            ),
        ),
        camera=Camera(yaw=d.between(-12, 12), pitch=d.between(7, 12), target=(0, h / 2, 0)),
        name="honey jar",
    )


@kind("tea_tin", "Tea", "grocery")
def tea_tin(d: Draw) -> Model:
    h, r = d.between(1.7, 2.2), d.between(0.55, 0.68)
    colour = d.colour("teal", "navy", "burgundy", "olive", "black", "mustard", "rose")
    body = revolve([(0.0, 0.0), (r - 0.02, 0.0), (r, 0.02), (r, h * 0.8), (0.0, h * 0.8)])
    lid = revolve(
        [
            (0.0, h * 0.78),
            (r + 0.015, h * 0.78),
            (r + 0.02, h * 0.79),
            (r + 0.02, h - 0.05),
            (r - 0.04, h),
            (0.0, h + 0.01),
        ]
    )
    design = sf.wrapped(
        "label", bottom=h * 0.16, top=h * 0.66, turns=0.34, radius=r, title=d.pick("Earl Grey", "Oolong", "Jasmine Pearls", "Lotus Tea", "Assam"), by=palette.maker(d.rng),
        sub="loose leaf · 125 g", paper="#f5efe2", ink="#2c2a26", accent=colour,
    )  # fmt: skip
    coat = sf.plastic(colour, rough=0.18, gloss=0.9)
    return Model(
        solids=(
            Solid(
                body,
                sf.labelled(coat, design, bottom=h * 0.16, top=h * 0.66, turns=0.34),
                (-r - 0.05, -0.01, -r - 0.05),
                (r + 0.05, h * 0.82, r + 0.05),
            ),
            Solid(
                lid,
                sf.metal(sf.GOLD, rough=0.2) if d.chance(0.4) else coat,
                (-r - 0.05, h * 0.76, -r - 0.05),
                (r + 0.05, h + 0.04, r + 0.05),
            ),
        ),
        camera=Camera(yaw=d.between(-14, 14), pitch=d.between(9, 15), target=(0, h / 2, 0)),
        name="tea tin",
    )


@kind("candle", "Scented candle", "home")
def candle(d: Draw) -> Model:
    h, r = d.between(1.2, 1.5), d.between(0.68, 0.8)
    colour = d.colour("cream", "white", "charcoal", "sky", "rose", "olive")
    pot = revolve(wall([(r * 0.94, 0.0), (r, 0.06), (r, h * 0.5), (r, h)], thick=0.05, floor=0.1))
    wax = revolve([(0.0, 0.15), (r - 0.06, 0.15), (r - 0.06, h * 0.83), (0.1, h * 0.8), (0.0, h * 0.8)])
    wick = tube([(0, h * 0.78, 0), (0.01, h * 0.95, 0), (0.03, h * 1.0, 0)], radius=0.022)
    design = sf.wrapped(
        "label", bottom=h * 0.25, top=h * 0.72, turns=0.3, radius=r, title=d.pick("Fig & Cedar", "Sea Salt", "Pine Smoke", "Lotus", "Bergamot"), by=palette.maker(d.rng),
        sub="soy wax · 45 hours", paper="#fbfaf6", ink="#2a2a2a", accent="#7c6a4c",
    )  # fmt: skip
    coat = sf.labelled(sf.plastic(colour, rough=0.35, gloss=0.6), design, bottom=h * 0.25, top=h * 0.72, turns=0.3)
    box = (-r - 0.06, -0.01, -r - 0.06), (r + 0.06, h + 0.06, r + 0.06)
    return Model(
        solids=(
            Solid(pot, coat, *box),
            Solid(wax, sf.plastic("#f3e9d2", rough=0.5, gloss=0.4), (-r, 0.1, -r), (r, h * 0.86, r)),
            Solid(wick, sf.paper("#4a4038"), (-0.05, h * 0.75, -0.05), (0.08, h * 1.05, 0.05)),
        ),
        camera=Camera(yaw=d.between(-10, 10), pitch=d.between(16, 24), target=(0, h / 2, 0)),
        name="candle",
    )


@kind("plant_pot", "Plant pot", "garden")
def plant_pot(d: Draw) -> Model:
    h, r = d.between(1.3, 1.6), d.between(0.85, 1.0)
    section = wall(
        [(r * 0.62, 0.0), (r * 0.66, 0.04), (r * 0.86, h * 0.74), (r * 0.88, h * 0.78)], thick=0.09, floor=0.12
    )
    collar = revolve(
        [(r * 0.8, h * 0.77), (r, h * 0.77), (r * 1.03, h), (r * 0.99, h * 1.02), (r * 0.92, h), (r * 0.84, h * 0.78)]
    )
    clay = d.colour("terracotta", "terracotta", "grey", "white", "charcoal")
    surface = Surface(sf.glaze(clay, speckle=0.15).colour, gloss=0.12, rough=0.6, mottle=0.05)
    soil = revolve([(0.0, h * 0.7), (r * 0.84, h * 0.7), (r * 0.86, h * 0.84), (0.0, h * 0.86)])
    parts = [Solid(union(revolve(section), collar), surface, (-r * 1.1, -0.01, -r * 1.1), (r * 1.1, h * 1.06, r * 1.1))]
    if d.chance(0.25):
        parts.append(Solid(soil, sf.plush("#3a2a20"), (-r, h * 0.68, -r), (r, h * 0.9, r)))
    return Model(solids=tuple(parts), camera=Camera(pitch=d.between(14, 22), target=(0, h / 2, 0)), name="plant pot")


@kind("soap_dish", "Soap dish", "home")
def soap_dish(d: Draw) -> Model:
    outer = ellipsoid(centre=(0, 0.38, 0), radii=(1.3, 0.38, 0.88))
    hollow = ellipsoid(centre=(0, 0.5, 0), radii=(1.2, 0.36, 0.78))
    ribs = union(*(cylinder(a=(x, 0.17, -0.5), b=(x, 0.17, 0.5), radius=0.055) for x in (-0.6, -0.3, 0.0, 0.3, 0.6)))
    rim = common(cut(outer, hollow), revolve([(0, 0.03), (3, 0.03), (3, 0.4), (0, 0.4)]))
    return Model(
        solids=(Solid(melt(rim, ribs, by=0.05), _glaze(d, height=0.0), (-1.35, 0.0, -0.95), (1.35, 0.45, 0.95)),),
        camera=Camera(yaw=d.between(-30, 25), pitch=d.between(26, 36), target=(0, 0.2, 0)),
        name="soap dish",
    )

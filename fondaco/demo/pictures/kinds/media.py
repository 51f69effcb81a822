"""Books, films, music, software, and other things in printed boxes."""

from __future__ import annotations

import numpy as np

from fondaco.demo.pictures import palette, printed
from fondaco.demo.pictures import surfaces as sf
from fondaco.demo.pictures.camera import Camera
from fondaco.demo.pictures.light import linear
from fondaco.demo.pictures.registry import Draw, kind
from fondaco.demo.pictures.scene import Model, Solid, Surface
from fondaco.demo.pictures.shapes import Array, box, cut, cylinder, union

INKS = (
    ("#23405c", "#14283c"),
    ("#6d2433", "#3a0f1c"),
    ("#1f5a50", "#0d2e2a"),
    ("#3f3a63", "#1d1a38"),
    ("#8a4b22", "#4d2610"),
    ("#e8dfcb", "#cdbf9f"),
)


def _palette(d: Draw) -> dict[str, str]:
    paper, second = INKS[d.number(0, len(INKS) - 1)]
    if d.asked:
        paper = palette.colour(d.rng, d.asked)
        second = sf.blend(paper, "#000000", 0.7)
    light = sum(linear(paper)) / 3 > 0.4
    return {
        "paper": paper,
        "second": second,
        "ink": "#2b2418" if light else "#f6efe0",
        "accent": "#b8863b" if light else "#e4c27a",
    }


@kind("book", "Book", "books")
def book(d: Draw) -> Model:
    w, h, t = d.between(1.35, 1.55), d.between(2.1, 2.3), d.between(0.22, 0.42)
    ink = _palette(d)
    title, by = palette.title(d.rng), palette.author(d.rng)
    front = printed.art(
        "cover",
        width=900,
        height=round(900 * h / w),
        title=title,
        by=by,
        sub=d.pick("a novel", "stories", "essays", "a memoir"),
        **ink,
    )
    spine = printed.art("spine", width=round(900 * t / w), height=round(900 * h / w), title=title, by=by, **ink)
    lo, hi = (-w / 2, 0.0, -t / 2), (w / 2, h, t / 2)
    cover = box(centre=(0, h / 2, 0), half=(w / 2, h / 2, t / 2), edge=0.02)
    pages = box(centre=(0.03, h / 2, 0), half=(w / 2 - 0.015, h / 2 - 0.045, t / 2 - 0.035), edge=0.005)
    left_open = box(centre=(0.12, h / 2, 0), half=(w / 2, h, t / 2 - 0.03), edge=0.0)
    boards = cut(cover, left_open)
    surface = sf.boxed(lo=lo, hi=hi, front=front, side=spine, rest=ink["second"], gloss=0.5, rough=0.25)

    def leaves(g) -> Array:  # type: ignore[no-untyped-def]
        lines = 0.9 + 0.1 * np.sin(g.p[2] * 420) + 0.03 * np.sin(g.p[2] * 133 + g.p[1] * 0.5)
        return np.stack([c * lines for c in linear("#efe6d2")])

    return Model(
        solids=(
            Solid(boards, surface, lo, hi),
            Solid(pages, Surface(leaves, mottle=0.02), lo, hi),
        ),
        camera=Camera(yaw=d.between(-34, -20), pitch=d.between(7, 13), target=(0, h / 2, 0)),
        name="book",
    )


def _carton(
    d: Draw,
    *,
    w: float,
    h: float,
    t: float,
    front: Array,
    side: Array,
    rest: str,
    name: str,
    yaw: tuple[float, float] = (18, 34),
    gloss: float = 0.5,
) -> Model:
    lo, hi = (-w / 2, 0.0, -t / 2), (w / 2, h, t / 2)
    shape = box(centre=(0, h / 2, 0), half=(w / 2, h / 2, t / 2), edge=0.018)
    surface = sf.boxed(lo=lo, hi=hi, front=front, side=side, rest=rest, gloss=gloss, rough=0.2)
    turn = d.between(*yaw) * (1 if d.chance(0.5) else -1)
    return Model(
        solids=(Solid(shape, surface, lo, hi),),
        camera=Camera(yaw=turn, pitch=d.between(9, 15), target=(0, h / 2, 0)),
        name=name,
    )


@kind("software_box", "Software", "software")
def software_box(d: Draw) -> Model:
    accent = d.colour("blue", "teal", "purple", "orange", "green")
    title = d.pick("Ledger Pro 7", "PhotoBench", "Atelier Draw", "SafeKeep 2", "Kanto Language Course")
    ink = {"paper": "#f7f7f8", "ink": "#24262b", "accent": accent, "second": "#cfd6de"}
    front = printed.art(
        "panel",
        width=900,
        height=1180,
        title=title,
        by=palette.maker(d.rng),
        sub="for desktop and notebook · 3 devices · 1 year",
        **ink,
    )
    side = printed.art(
        "spine",
        width=230,
        height=1180,
        title=title,
        by=palette.maker(d.rng),
        **(ink | {"paper": accent, "ink": "#ffffff"}),
    )
    return _carton(d, w=1.5, h=1.97, t=0.38, front=front, side=side, rest="#e9e9ec", name="software box")


@kind("dvd_case", "DVD", "dvd")
def dvd_case(d: Draw) -> Model:
    ink = _palette(d)
    title = palette.title(d.rng)
    front = printed.art(
        "cover",
        width=900,
        height=1270,
        title=title,
        by=palette.author(d.rng),
        sub="the complete film · 118 minutes",
        **ink,
    )
    spine = printed.art("spine", width=100, height=1270, title=title, by="DVD", **ink)
    return _carton(d, w=1.35, h=1.9, t=0.15, front=front, side=spine, rest="#1b1b1d", name="DVD case", gloss=1.0)


@kind("video_game", "Video game", "video_games")
def video_game(d: Draw) -> Model:
    ink = _palette(d)
    title = d.pick("Starfold", "Harvest Isle", "Rail Tycoon Junior", "Moonlit Karts", "Delta Quest")
    front = printed.art(
        "panel", width=900, height=1150, title=title, by=palette.maker(d.rng), sub="1–4 players · age 7 and over", **ink
    )
    spine = printed.art("spine", width=100, height=1150, title=title, by="GAME", **ink)
    return _carton(
        d,
        w=1.35,
        h=1.72,
        t=0.14,
        front=front,
        side=spine,
        rest=d.colour("blue", "red", "green"),
        name="video game",
        gloss=1.0,
    )


@kind("vinyl_record", "Vinyl record", "music")
def vinyl_record(d: Draw) -> Model:
    ink = _palette(d)
    title, by = palette.title(d.rng), palette.author(d.rng)
    front = printed.art("cover", width=1000, height=1000, title=title, by=by, sub="long playing record", **ink)
    lo, hi = (-1.2, 0.0, 0.0), (1.2, 2.4, 0.07)
    sleeve = box(centre=(0, 1.2, 0.035), half=(1.2, 1.2, 0.035), edge=0.012)
    disc = cylinder(a=(0.62, 1.2, -0.035), b=(0.62, 1.2, 0.0), radius=1.14, edge=0.008)
    label = printed.art(
        "disc", width=400, height=400, title=title, by=by, second=ink["accent"], paper="#111111", ink="#1a1a1a"
    )

    def grooves(g) -> Array:  # type: ignore[no-untyped-def]
        x, y = g.p[0] - 0.62, g.p[1] - 1.2
        r = np.hypot(x, y)
        ring = 0.75 + 0.25 * np.sin(r * 260)
        sheen = 0.010 + 0.05 * np.abs(np.cos(np.arctan2(y, x) * 2 + 0.8)) ** 14
        gap = 1 - 0.6 * np.clip(1 - np.abs((r * 6.3) % 1 - 0.5) * 40, 0, 1)
        black = sheen * ring * gap
        seen = printed.read(label, x / 0.8 + 0.5, 0.5 - y / 0.8)
        on = np.clip((0.38 - r) * g.px + 0.5, 0, 1)
        return np.stack([black + on * (c - black) for c in seen])

    return Model(
        solids=(
            Solid(disc, Surface(grooves, gloss=0.8, rough=0.3, mottle=0.0), (-0.6, 0.0, -0.04), (1.8, 2.4, 0.0)),
            Solid(sleeve, sf.boxed(lo=lo, hi=hi, front=front, rest="#e8e2d4", gloss=0.35), lo, hi),
        ),
        camera=Camera(yaw=d.between(-14, 10), pitch=d.between(3, 7), target=(0.3, 1.2, 0)),
        name="vinyl record",
    )


@kind("battery_pack", "Lithium batteries", "electronics")
def battery_pack(d: Draw) -> Model:
    accent = d.colour("orange", "green", "blue", "red")
    cells, caps, parts = [], [], []
    design = printed.art("words", width=700, height=300, title="3.7 V", paper=accent, ink="#ffffff")
    for i in range(4):
        x = (i - 1.5) * 0.5
        cells.append((x, cylinder(a=(x, 0.0, 0), b=(x, 1.55, 0), radius=0.235, edge=0.03)))
        caps.append(cylinder(a=(x, 1.53, 0), b=(x, 1.63, 0), radius=0.09, edge=0.02))
    for x, shape in cells:
        parts.append(Solid(shape, _cell(x, accent, design), (x - 0.25, -0.01, -0.25), (x + 0.25, 1.56, 0.25)))
    parts.append(Solid(union(*caps), sf.metal(sf.STEEL), (-1.0, 1.5, -0.12), (1.0, 1.65, 0.12)))
    return Model(
        solids=tuple(parts),
        camera=Camera(yaw=d.between(-25, 25), pitch=d.between(12, 20), target=(0, 0.8, 0)),
        name="battery pack",
    )


def _cell(x: float, accent: str, design: Array) -> Surface:
    colour, dark = linear(accent), linear("#1c1c1f")

    def paint(g) -> Array:  # type: ignore[no-untyped-def]
        y = g.p[1]
        upper = np.clip((y - 1.05) * g.px + 0.5, 0, 1)
        seen = printed.read(design, (np.arctan2(g.p[0] - x, g.p[2]) / 1.6) + 0.5, 1 - (y - 0.25) / 0.5)
        on = np.where((y > 0.26) & (y < 0.74) & (np.abs(np.arctan2(g.p[0] - x, g.p[2])) < 0.78), 1.0, 0.0)
        return np.stack(
            [(c + on * (s - c)) * (1 - upper) + k * upper for c, s, k in zip(colour, seen, dark, strict=True)]
        )

    return Surface(paint, gloss=0.9, rough=0.12, mottle=0.0)

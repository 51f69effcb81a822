"""Ready-made surfaces: glaze, metals, wood, cloth, paper, plastic, leather, printed labels."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np

from . import printed, texture
from .light import linear, mix
from .scene import Geometry, Surface
from .shapes import Array

STEEL, SILVER, GOLD, BRASS, COPPER, ROSE_GOLD = "#c9ccd0", "#e8e8ea", "#e5b95c", "#cfa85a", "#d08a63", "#dba58c"


def _tinted(g: Geometry, colour: tuple[float, ...], by: Array) -> Array:
    return np.stack([c * by for c in colour])


def around(g: Geometry) -> Array:
    """The turn around the vertical axis, -0.5 … 0.5, 0 towards +z."""
    return np.arctan2(g.p[0], g.p[2]) / np.float32(2 * np.pi)


def glaze(colour: str, *, speckle: float = 0.0, second: str | None = None, at: float = 0.0) -> Surface:
    """Ceramic. `second` is the colour below height `at`, with an uneven border; `speckle` iron spots."""
    base, other = linear(colour), linear(second or colour)

    def paint(g: Geometry) -> Array:
        u, v = around(g), g.p[1]
        depth = 1 + np.float32(0.05) * texture.noise(u * 1.0, v * 0.5)
        if speckle:
            spots = texture.noise(u * 2.0, v * 0.9, octaves=2, base=64, seed=3)
            depth *= 1 - np.float32(speckle) * np.clip(spots - 1.9, 0, 0.8)
        if second is None:
            return _tinted(g, base, depth)
        border = np.clip((v - at - 0.015 * texture.noise(u * 2, v * 0, octaves=4)) * 60 + 0.5, 0, 1)
        return np.stack([(b + (a - b) * border) * depth for a, b in zip(base, other, strict=True)])

    textured = speckle > 0 or second is not None
    return Surface(paint if textured else base, gloss=1.0, rough=0.07, mottle=0.012)


def metal(colour: str = STEEL, *, rough: float = 0.12, brushed: float = 0.0, streaks: str = "around") -> Surface:
    if not brushed:
        return Surface(linear(colour), metal=1.0, rough=rough, mottle=0.0)

    def relief(g: Geometry) -> Array:
        if streaks == "around":
            return brushed * texture.brushed(around(g), g.p[1])
        return brushed * texture.brushed(g.p[1] * 0.3, g.p[0])

    return Surface(linear(colour), metal=1.0, rough=max(rough, 0.3), relief=relief, mottle=0.0)


def plastic(colour: str, *, rough: float = 0.25, gloss: float = 0.8) -> Surface:
    return Surface(linear(colour), gloss=gloss, rough=rough, mottle=0.012)


def rubber(colour: str) -> Surface:
    return Surface(linear(colour), gloss=0.35, rough=0.6, mottle=0.03)


def leather(colour: str) -> Surface:
    def relief(g: Geometry) -> Array:
        return 0.9 * texture.noise(g.p[0] * 1.5 + g.p[2] * 1.1, g.p[1] * 1.5 + g.p[2] * 0.7, octaves=3, base=32)

    return Surface(linear(colour), gloss=0.55, rough=0.45, relief=relief, relief_strength=0.18)


def timber(
    light: str = "#d6ac78",
    dark: str = "#8a5a33",
    *,
    along: str = "x",
    scale: float = 1.0,
    seed: int = 0,
    gloss: float = 0.25,
) -> Surface:
    a, b = linear(light), linear(dark)

    def paint(g: Geometry) -> Array:
        x, y, z = g.p
        u, v = {"x": (x, y + 0.6 * z), "y": (y, x + 0.6 * z), "z": (z, x + 0.6 * y)}[along]
        w = texture.wood(u * (0.45 * scale), v * (0.7 * scale), seed=seed)
        return np.stack([p + (q - p) * w for p, q in zip(a, b, strict=True)])

    return Surface(paint, gloss=gloss, rough=0.5, mottle=0.0)


def _flat_uv(g: Geometry) -> tuple[Array, Array]:
    return g.p[0], g.p[1]


def knitted(
    colour: str, *, gauge: float = 30.0, stripe: str | None = None, rows: Callable[[Array], Array] | None = None
) -> Surface:
    """Stocking stitch, `gauge` columns a unit; `rows` answers 0 … 1 where the `stripe` colour is."""
    base, second = linear(colour), linear(stripe or colour)

    def height(g: Geometry) -> Array:
        return g.once("knit", lambda: stitches(g))

    def stitches(g: Geometry) -> Array:
        u, v = _flat_uv(g)
        wobble = 0.10 * texture.noise(u * 0.4, v * 0.4, octaves=4)
        return texture.knit(u * gauge + wobble, v * gauge * 0.8 + wobble)

    def paint(g: Geometry) -> Array:
        h = height(g)
        fuzz = 1 + 0.05 * texture.noise(g.p[0] * 3, g.p[1] * 3, octaves=3, base=64)
        by = (0.55 + 0.5 * h) * fuzz
        if rows is None:
            return _tinted(g, base, by)
        w = rows(g.p[1])
        return np.stack([(a + (b - a) * w) * by for a, b in zip(base, second, strict=True)])

    return Surface(paint, sheen=0.12, relief=lambda g: height(g) * 2.2, relief_strength=0.22, mottle=0.03)


def woven(
    colour: str,
    *,
    threads: float = 150.0,
    second: str | None = None,
    print_: Callable[[Array, Array], Array] | None = None,
    contrast: float = 0.16,
) -> Surface:
    """Cloth, `threads` a unit; `print_` answers 0 … 1 where the second colour is, from x and y."""
    base, other = linear(colour), linear(second or colour)

    def paint(g: Geometry) -> Array:
        u, v = _flat_uv(g)
        w = texture.weave(u * threads, v * threads)
        by = 1 - contrast + contrast * 1.3 * w + 0.03 * texture.noise(u * 2.0, v * 2.0, octaves=3, base=64)
        if print_ is None:
            return _tinted(g, base, by)
        k = print_(u, v)
        return np.stack([(a + (b - a) * k) * by for a, b in zip(base, other, strict=True)])

    return Surface(paint, sheen=0.08, mottle=0.03)


def plush(colour: str) -> Surface:
    """Short fur: noise in the light and in the colour."""
    base = linear(colour)

    def fur(g: Geometry) -> Array:
        return g.once("fur", lambda: hairs(g))

    def hairs(g: Geometry) -> Array:
        return texture.noise(g.p[0] * 1.4 + 0.5 * g.p[2], g.p[1] * 1.4 + 0.3 * g.p[2], octaves=3, base=64, seed=5)

    def paint(g: Geometry) -> Array:
        return _tinted(
            g, base, 1 + 0.13 * fur(g) + 0.10 * texture.spread_noise(g.shape, x=11, y=3, octaves=2, base=128)
        )

    return Surface(paint, sheen=0.35, relief=lambda g: 2.2 * fur(g), relief_strength=0.16, mottle=0.05)


def paper(colour: str = "#f4f1ea") -> Surface:
    return Surface(linear(colour), gloss=0.1, rough=0.6, mottle=0.015)


def card(colour: str = "#b98f62") -> Surface:
    """Corrugated cardboard."""
    base = linear(colour)

    def paint(g: Geometry) -> Array:
        f = texture.noise(g.p[0] * 0.8 + g.p[2] * 0.8, g.p[1] * 6.0, octaves=4, base=16)
        return _tinted(g, base, 1 + 0.05 * f + 0.03 * np.sin(g.p[1] * 180))

    return Surface(paint, mottle=0.03)


def boxed(
    *, lo: tuple[float, float, float], hi: tuple[float, float, float], front: Array | None = None, side: Array | None = None,
    top: Array | None = None, rest: str = "#ffffff", gloss: float = 0.6, rough: float = 0.2, edges: str | None = None,
) -> Surface:  # fmt: skip
    """A printed box: designs on the front (+z), the sides (±x) and the top; `rest` elsewhere."""
    plain = linear(rest)

    def paint(g: Geometry) -> Array:
        x, y, z = g.p
        u, v, w = (x - lo[0]) / (hi[0] - lo[0]), 1 - (y - lo[1]) / (hi[1] - lo[1]), (z - lo[2]) / (hi[2] - lo[2])
        dx, dy, dz = (
            np.minimum(hi[0] - x, x - lo[0]),
            np.minimum(hi[1] - y, y - lo[1]),
            np.minimum(hi[2] - z, z - lo[2]),
        )
        out = np.stack([np.full(g.shape, c, np.float32) for c in plain])
        least = np.minimum(np.minimum(dx, dy), dz)
        for design, on, s, t in (
            (front, (dz <= least) & (w > 0.5), u, v),
            (side, dx <= least, np.where(u > 0.5, 1 - w, w), v),
            (top, (dy <= least) & (v < 0.5), u, w),
        ):
            if design is not None:
                seen = printed.read(design, s, t)
                for c in range(3):
                    np.copyto(out[c], seen[c], where=on)
        return out

    return Surface(paint, gloss=gloss, rough=rough, mottle=0.01)


def labelled(
    base: Surface, design: Array, *, bottom: float, top: float, turns: float, at: float = 0.0, gloss: float = 0.25
) -> Surface:
    """A design wrapped around a turned body between two heights, `turns` (0 … 1) of the way round, centred at turn `at`."""

    def paint(g: Geometry) -> Array:
        plain = callable(base.colour)
        under = base.colour(g) if plain else np.stack([np.full(g.shape, c, np.float32) for c in base.colour])  # type: ignore
        v = 1 - (g.p[1] - bottom) / (top - bottom)
        rows = np.flatnonzero((np.abs(v - 0.5) < 0.52).any(1))
        if not rows.size:
            return under
        band = np.s_[rows[0] : rows[-1] + 1]
        v = v[band]
        u = ((np.arctan2(g.p[0][band], g.p[2][band]) / np.float32(2 * np.pi) - at + 0.5) % 1.0 - 0.5) / turns + 0.5
        inside = np.minimum(np.minimum(u, 1 - u) * (turns * 6), np.minimum(v, 1 - v) * (top - bottom))
        inside = np.clip(inside * np.float32(g.px) + 0.5, 0, 1)
        seen = printed.read(design, np.clip(u, 0, 1), np.clip(v, 0, 1))
        for c in range(3):
            under[c][band] += inside * (seen[c] - under[c][band])
        return under

    return Surface(paint, gloss=max(base.gloss, gloss), rough=base.rough, metal=base.metal, mottle=base.mottle)


def wrapped(body: str, *, bottom: float, top: float, turns: float, radius: float, **words: str) -> Array:
    """A design in the proportions of the place it will be wrapped around (see `labelled`)."""
    width = 760
    return printed.art(body, width=width, height=round(width * (top - bottom) / (turns * 2 * np.pi * radius)), **words)


def glassy(tint: str, *, deep: str | None = None) -> Surface:
    """Glass or cut stone seen against the white table: bright in the middle, dark towards the rim."""
    light, dark = linear(tint), linear(deep or tint)

    def paint(g: Geometry) -> Array:
        f = g.facing
        k = np.clip(1.25 * f - 0.15, 0, 1)
        rim = 0.35 + 0.65 * np.sqrt(k)
        return np.stack([(b + (a - b) * k) * rim for a, b in zip(light, dark, strict=True)])

    return Surface(paint, gloss=1.3, rough=0.05, glow=0.0, mottle=0.0)


def faceted(
    tint: str, deep: str, *, at: tuple[float, float, float] = (0, 0, 0), tilt: float = 0.0, radius: float = 1.0
) -> Surface:
    """A cut stone: through its facets one sees the pavilion's, an eightfold mosaic of light and dark.

    `at`, `tilt` (degrees around x) and `radius` place the stone as its shape was placed.
    """
    a, b = linear(tint), linear(deep)
    c, s = float(np.cos(np.radians(tilt))), float(np.sin(np.radians(tilt)))

    def paint(g: Geometry) -> Array:
        px, py, pz = ((q - o) / radius for q, o in zip(g.p, at, strict=True))
        x, z = px, c * pz - s * py
        r, turn = np.hypot(x, z), np.arctan2(z, x) / np.float32(np.pi / 4)
        fold = np.abs((turn + 0.5) % 1 - 0.5) * 2  # 0 on a main facet's middle, 1 between two
        arrow = r * (1 + 0.35 * fold)
        shard = np.floor(arrow * 5.2) * 3 + np.floor(turn * 2 + 0.5 * np.floor(arrow * 5.2)) * 5
        spark = np.modf(np.abs(np.sin(shard * 12.9898) * 43758.5453))[0]
        rays = np.abs((arrow * 5.2) % 1 - 0.5) * 2
        k = np.clip(0.18 + 0.75 * spark**1.5 + 0.18 * rays - 0.12 * fold, 0, 1.25)
        k = k + 0.9 * (spark > 0.9) * rays
        tone = np.sin(g.n[0] * 9.0 + 1.0) * np.sin(g.n[1] * 8.0) * 0.18
        k = np.clip(k + tone, 0.02, 1.6)
        return np.stack([q + (p - q) * k for p, q in zip(a, b, strict=True)])

    return Surface(paint, gloss=2.0, rough=0.05, mottle=0.0)


def blend(a: str, b: str, t: float) -> str:
    """A colour between two, as `#rrggbb`."""
    return "#" + "".join(f"{round((c**0.5) * 255):02x}" for c in mix(linear(a), linear(b), t))


def soft_edge(x: Array, *, width: float) -> Array:
    return np.clip(x / width + 0.5, 0, 1)


def smooth(a: Array, sigma: float) -> Array:
    return cv2.GaussianBlur(a, (0, 0), sigma)

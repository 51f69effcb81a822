"""Putting a product in front of the camera: framing, tracing every part, ground, shadows, and the finished pixels."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import cv2
import numpy as np

from . import texture
from .camera import Camera, Patch, Window, refine, trace
from .light import linear
from .scene import Cloth, Geometry, Model, Solid
from .shapes import Array, Field, union

OVERHEAD = 1.26
"""Exposure of what lies flat: it faces the camera, not the lamps, and a photographer would open up."""


@dataclass(frozen=True, slots=True)
class View:
    """How a variant looks at a product. `fill`: longest side of the product over the side of the frame;
    `ground`: white, grey, wood or linen; angles are added to the model's own camera;
    `extra`: carton or measure; `close` centres the thickest part of the product in the frame."""

    yaw: float = 0.0
    pitch: float = 0.0
    fill: float = 0.9
    ground: str = "white"
    shift: tuple[float, float] = (0.0, 0.0)
    roll: float = 0.0
    extra: str = ""
    close: bool = False


class Canvas:
    """Linear light 3 × h × w with depth; parts are laid over it."""

    def __init__(self, height: int, width: int) -> None:
        self.rgb = np.ones((3, height, width), np.float32)
        self.depth = np.full((height, width), 1e6, np.float32)
        self.cover = np.zeros((height, width), np.float32)

    def lay(self, g: Geometry, light: Array, *, ordered: bool) -> None:
        """Composite a part; `ordered` = painter's order, else by depth."""
        h, w = g.shape
        at = np.s_[g.y0 : g.y0 + h, g.x0 : g.x0 + w]
        a = g.alpha
        if not ordered:
            t = g.t
            a = a * np.clip((self.depth[at] - t) * np.float32(g.px * 0.7) + 0.5, 0, 1)
            self.depth[at] = np.where(a > 0.5, t, self.depth[at])
        for c in range(3):
            plane = self.rgb[c][at]
            plane += a * (light[c] - plane)
        self.cover[at] = np.maximum(self.cover[at], a)


# ---------------------------------------------------------------- framing


def _corners(s: Solid) -> Array:
    return np.array([[x, y, z] for x in (s.lo[0], s.hi[0]) for y in (s.lo[1], s.hi[1]) for z in (s.lo[2], s.hi[2])])


def _plane_box(model: Model, camera: Camera) -> tuple[float, float, float, float]:
    """Left, bottom, right, top of the product on the picture plane."""
    if model.cloth:
        pts = _turn(np.concatenate([np.asarray(c.outline, float) for c in model.cloth]), camera.roll)
        return (*pts.min(0), *pts.max(0))  # type: ignore[return-value]
    boxes = [camera.project(_corners(s))[:, :2] for s in model.solids]
    lo, hi = np.min([b.min(0) for b in boxes], 0), np.max([b.max(0) for b in boxes], 0)
    scale = 112 / float((hi - lo).max())
    window = Window(lo[0], hi[1], scale, int(np.ceil((hi[0] - lo[0]) * scale)), int(np.ceil((hi[1] - lo[1]) * scale)))
    edge = np.full((window.height, window.width), 1.0, np.float32)
    for s, b in zip(model.solids, boxes, strict=True):
        x0, y0, x1, y1 = _pixel_box(window, b, pad=2)
        hit = trace(
            s.shape, camera, window.crop(x0, y0, x1, y1), lo=np.array(s.lo), hi=np.array(s.hi), step=1, rounds=32
        )
        view = edge[y0:y1, x0:x1]
        np.minimum(view, hit.edge, out=view)
    rows, cols = np.flatnonzero((edge < 0).any(1)), np.flatnonzero((edge < 0).any(0))
    return (
        lo[0] + cols[0] / scale,
        hi[1] - (rows[-1] + 1) / scale,
        lo[0] + (cols[-1] + 1) / scale,
        hi[1] - rows[0] / scale,
    )


def _pixel_box(window: Window, plane: Array, *, pad: int) -> tuple[int, int, int, int]:
    px = window.pixels(plane)
    lo, hi = np.floor(px.min(0)).astype(int) - pad, np.ceil(px.max(0)).astype(int) + pad
    return max(lo[0], 0), max(lo[1], 0), min(hi[0], window.width), min(hi[1], window.height)


def _turn(points: Array, degrees: float) -> Array:
    c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    return points @ np.array([[c, s], [-s, c]])


def frame(model: Model, camera: Camera, view: View, *, width: int, height: int) -> Window:
    """The window in which the product's longer side, relative to the frame, fills `view.fill`."""
    left, b, r, t = _plane_box(model, camera)
    scale = view.fill * min(width / (r - left), height / (t - b))
    cx, cy = (left + r) / 2 - view.shift[0] * width / scale, (b + t) / 2 - view.shift[1] * height / scale
    return Window(cx - width / 2 / scale, cy + height / 2 / scale, scale, width, height)


# ---------------------------------------------------------------- solids


def _solid_parts(
    model: Model, camera: Camera, window: Window, step: int, rng: np.random.Generator
) -> Iterator[tuple[Solid, Geometry]]:
    whole = union(*(s.shape for s in model.solids))
    r, u, b = camera.axes()
    for s in model.solids:
        x0, y0, x1, y1 = _pixel_box(window, camera.project(_corners(s))[:, :2], pad=4)
        if x1 - x0 < 2 or y1 - y0 < 2:
            continue
        win = window.crop(x0, y0, x1, y1)
        hit = trace(s.shape, camera, win, lo=np.array(s.lo), hi=np.array(s.hi), step=step)
        turn = np.stack([r, u, b])
        ao = np.ones(hit.hit.shape, np.float32)
        at = cv2.dilate(hit.hit.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
        ao[at] = _openness(whole, hit.p[:, at], hit.n[:, at])
        low = {"edge": hit.edge, "t": hit.t, "p": hit.p, "n": np.tensordot(turn, hit.n, 1).astype(np.float32), "ao": ao}
        patch = _patch(refine(s.shape, camera, win, hit, step=step), whole, turn)
        yield s, Geometry(window=win, x0=x0, y0=y0, step=step, px=window.scale, low=low, rng=rng, patch=patch)


def _patch(p: Patch | None, whole: Field, turn: Array) -> dict[str, Array] | None:
    if p is None:
        return None
    return {
        "rows": p.rows,
        "cols": p.cols,
        "t": p.t,
        "p": p.p,
        "n": (turn @ p.n).astype(np.float32),
        "ao": _openness(whole, p.p, p.n),
    }


def _openness(whole: Field, p: Array, n: Array) -> Array:
    """How open the sky is above points (3 × n): three looks along the normal, and the table below."""
    value = np.ones(p.shape[1], np.float32)
    for h, weight in ((0.05, 0.35), (0.16, 0.35), (0.42, 0.3)):
        q = p + n * np.float32(h)
        value -= np.float32(weight) * np.clip(1 - whole(q[0], q[1], q[2]) / np.float32(h), 0, 1)
    table = np.clip((p[1] + 0.02) / 0.16, 0, 1)
    value *= 1 - 0.45 * (1 - table) * np.clip(0.35 - n[1], 0, 1)
    return np.clip(value, 0.12, 1).astype(np.float32)


def _ground_light(model: Model, camera: Camera, window: Window, strength: float) -> tuple[Array, Array]:
    """What reaches the table: 1 open, less in contact and cast shadow. Also where the table is (positions, NaN above)."""
    step = 8
    sx, sy = window.grid(step)
    d = camera.rays(sx, sy)
    o = camera.eye()
    t = -o[1] / np.minimum(d[1], -1e-4)
    x, z = o[0] + d[0] * t, o[2] + d[2] * t
    ground = d[1] < -1e-3
    whole = union(*(s.shape for s in model.solids))
    zero = np.zeros_like(x)
    near = whole(x, zero, z)
    light = (
        1
        - strength * 0.62 * np.exp(-np.maximum(near, 0) / 0.055)
        - strength * 0.20 * np.exp(-np.maximum(near, 0) / 0.22)
    )
    lx, ly, lz = -0.52, 0.74, 0.42
    open_sky = np.ones_like(x)
    reach = 0.06
    for _ in range(7):
        v = whole(x + lx * reach, zero + ly * reach, z + lz * reach)
        open_sky = np.minimum(open_sky, np.clip(0.5 + 1.8 * v / reach, 0, 1))
        reach *= 1.62
    falloff = np.clip(1 - near / 0.55, 0, 1) ** 2
    light *= 1 - strength * 0.34 * (1 - open_sky) * falloff
    light = np.where(ground, light, 1).astype(np.float32)
    return np.clip(light * 1.015, 0.05, 1), np.stack([x, z])


def _fade_to_frame(light: Array, margin: float) -> Array:
    """Shadow fades to nothing before the frame's edge. `margin` in cells of `light`."""
    h, w = light.shape
    y = np.minimum(np.arange(h), np.arange(h)[::-1])[:, None].astype(np.float32)
    x = np.minimum(np.arange(w), np.arange(w)[::-1])[None].astype(np.float32)
    k = np.clip((np.minimum(x, y) - np.float32(margin * 0.45)) / np.float32(margin * 0.55), 0, 1)
    return 1 - (1 - light) * (k * k * (3 - 2 * k))


def _enlarge(a: Array, window: Window, step: int) -> Array:
    big = cv2.resize(a, (a.shape[1] * step, a.shape[0] * step), interpolation=cv2.INTER_LINEAR)
    return big[: window.height, : window.width]


# ---------------------------------------------------------------- grounds


def _bands(height: int) -> Iterator[slice]:
    """Rows of a picture, some at a time: grounds are made pixel by pixel, and need a dozen numbers at each."""
    yield from (slice(top, min(top + 128, height)) for top in range(0, height, 128))


def _lay_tabletop(rgb: Array, camera: Camera, window: Window, kind: str, seed: int) -> None:
    """Table and wall behind it into `rgb`, 3 × h × w linear."""
    step = 4
    sx, sy = window.grid(step)
    d, o = camera.rays(sx, sy), camera.eye()
    t_ground = np.where(d[1] < -1e-3, -o[1] / np.minimum(d[1], -1e-3), 1e6)
    _, _, back = camera.axes()
    flat = np.array([back[0], 0, back[2]]) / np.hypot(back[0], back[2])
    ahead = -(d[0] * flat[0] + d[2] * flat[2])
    t_wall = (float(o[0] * flat[0] + o[2] * flat[2]) + 3.2) / np.maximum(ahead, 1e-3)
    on_table = _enlarge(np.clip((t_wall - t_ground) * 2.5 + 0.5, 0, 1).astype(np.float32), window, step)
    t = np.minimum(t_ground, t_wall)
    x, z = o[0] + d[0] * t, o[2] + d[2] * t
    c, s = np.cos(0.5), np.sin(0.5)
    u, v = (
        _enlarge((x * c + z * s).astype(np.float32), window, step),
        _enlarge((z * c - x * s).astype(np.float32), window, step),
    )
    y = _enlarge((o[1] + d[1] * t).astype(np.float32), window, step)
    blotches = texture.spread_noise(y.shape, x=seed, y=seed, octaves=4, base=4)
    tint = {"wood": (0.93, 0.95, 1.0), "grey": (1, 1, 1), "linen": (1.0, 0.97, 0.9)}[kind]
    for rows in _bands(window.height):
        table, on = _table_colour(u[rows], v[rows], kind, seed), on_table[rows]
        wall = np.clip(0.62 - 0.035 * y[rows], 0.2, 1) * (1 + 0.03 * blotches[rows])
        for i in range(3):
            rgb[i][rows] = table[i] * on + wall * tint[i] * (1 - on)


def _table_colour(u: Array, v: Array, kind: str, seed: int) -> Array:
    if kind == "wood":
        plank = np.floor(v / 0.85 + 0.4)
        w = texture.wood(u * 0.30 + plank * 0.37, v * 0.55 + plank * 0.31, seed=seed)
        seam = np.abs(v / 0.85 + 0.4 - np.round(v / 0.85 + 0.4))
        dark = 1 - 0.55 * np.clip(1 - seam / 0.012, 0, 1)
        a, b = linear("#c79a68"), linear("#7c4f2b")
        return np.stack([(a[i] + (b[i] - a[i]) * w) * dark for i in range(3)])
    if kind == "linen":
        w = texture.weave(u * 34, v * 34) * 0.25 + 0.75 + 0.04 * texture.noise(u * 0.5, v * 0.5)
        return np.stack([w * c for c in linear("#e6dcc8")])
    w = 1 + 0.05 * texture.noise(u * 0.2, v * 0.2) + 0.02 * texture.noise(u * 2, v * 2, octaves=3, base=64)
    return np.stack([w * c for c in linear("#b9bbbd")])


# ---------------------------------------------------------------- cloth


def _cloth_geometry(c: Cloth, window: Window, roll: float, rng: np.random.Generator) -> Geometry | None:
    """A flat part's buffers; None when it lies outside the frame."""
    pts = _turn(np.asarray(c.outline, float), roll)
    px = window.pixels(pts)
    x0, y0, x1, y1 = _pixel_box(window, pts, pad=4)
    step = 4
    w, h = -(-(x1 - x0) // step) * step, -(-(y1 - y0) // step) * step
    w, h = min(w, window.width - x0), min(h, window.height - y0)
    if w < 2 * step or h < 2 * step:
        return None
    alpha = np.zeros((h, w), np.uint8)
    cv2.fillPoly(alpha, [np.round((px - [x0, y0] - 0.5) * 16).astype(np.int32)], 255, cv2.LINE_AA, shift=4)
    for hole in c.holes:
        hp = window.pixels(_turn(np.asarray(hole, float), roll))
        cv2.fillPoly(alpha, [np.round((hp - [x0, y0] - 0.5) * 16).astype(np.int32)], 0, cv2.LINE_AA, shift=4)
    nx, ny = -(-w // step), -(-h // step)
    small = cv2.resize(alpha, (nx, ny), interpolation=cv2.INTER_AREA)
    unit = np.float32(step / window.scale)
    dist = (
        cv2.distanceTransform(
            np.pad((small > 127).astype(np.uint8), 1, mode="edge"), cv2.DIST_L2, cv2.DIST_MASK_PRECISE
        )[1:-1, 1:-1]
        * unit
    )
    k = np.clip(dist / c.soft, 0, 1)
    height = cv2.GaussianBlur((c.puff * np.sqrt(np.maximum(1 - (1 - k) ** 2, 0))).astype(np.float32), (0, 0), 1.6)
    win = window.crop(x0, y0, x0 + w, y0 + h)
    sx, sy = win.grid(step)
    if c.folds:
        height = height + np.float32(c.folds) * _creases(sx, sy, rng) * np.clip(dist / (c.soft * 0.5), 0, 1)
    gx = cv2.Sobel(height, cv2.CV_32F, 1, 0, scale=1 / 8) / unit
    gy = -cv2.Sobel(height, cv2.CV_32F, 0, 1, scale=1 / 8) / unit
    k = 1 / np.sqrt(gx * gx + gy * gy + 1)
    n = np.stack([-gx * k, -gy * k, k]).astype(np.float32)
    open_sky = np.clip(0.72 + 0.28 * np.clip(dist / (c.soft * 0.6), 0, 1), 0, 1).astype(np.float32)
    own = _turn(np.stack([sx.ravel(), sy.ravel()], 1), -roll).astype(np.float32)
    p = np.stack([own[:, 0].reshape(sx.shape), own[:, 1].reshape(sx.shape), height])
    low = {"alpha": alpha.astype(np.float32) / 255, "n": n, "p": p, "ao": open_sky, "t": np.zeros_like(height)}
    return Geometry(window=win, x0=x0, y0=y0, step=step, px=window.scale, low=low, rng=rng)


def _creases(x: Array, y: Array, rng: np.random.Generator) -> Array:
    """Soft folds: stretched noise along two directions, about -1 … 1."""
    total = np.zeros_like(x)
    for long, short, weight in ((0.10, 0.32, 0.7), (0.22, 0.65, 0.3)):
        a = rng.uniform(0.9, 2.2)
        u, v = np.cos(a) * x + np.sin(a) * y, np.cos(a) * y - np.sin(a) * x
        total += np.float32(weight) * texture.noise(u * long + rng.random(), v * short + rng.random(), octaves=3)
    return np.clip(total * 0.5, -1, 1)


def _throw_shadow(canvas: Canvas, g: Geometry, strength: float, margin: int) -> None:
    """A soft shadow of a flat part, down and to the right, on all that lies below."""
    small = cv2.resize(g.alpha, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
    H, W = canvas.cover.shape
    field = np.zeros((-(-H // 4), -(-W // 4)), np.float32)
    r = g.px * 0.010 / 4
    for spread, weight in ((r * 1.2, 0.55), (r * 4, 0.45)):
        x, y = round(g.x0 / 4 + spread * 0.8), round(g.y0 / 4 + spread * 1.0)
        layer = np.zeros_like(field)
        hh, ww = min(small.shape[0], field.shape[0] - y), min(small.shape[1], field.shape[1] - x)
        layer[y : y + hh, x : x + ww] = small[:hh, :ww]
        field += np.float32(weight) * cv2.GaussianBlur(layer, (0, 0), spread)
    light = (
        1
        - strength * cv2.resize(field, (field.shape[1] * 4, field.shape[0] * 4), interpolation=cv2.INTER_LINEAR)[:H, :W]
    )
    if margin:
        light = _fade_to_frame(light, margin)
    for c in range(3):
        canvas.rgb[c] *= light


# ---------------------------------------------------------------- the finished picture


def develop(canvas: Canvas, *, seed: int, grain: float = 1.1) -> Array:
    """Linear light to height × width × 3, 8-bit sRGB, with the sensor's grain. What is pure white stays so."""
    _, h, w = canvas.rgb.shape
    rng = np.random.default_rng([seed, 99])
    out = np.empty((h, w, 3), np.uint8)
    for c in range(3):
        v = cv2.sqrt(np.clip(canvas.rgb[c], 0, 1))
        g = np.roll(texture.grain_tile(), tuple(rng.integers(0, 512, 2)), (0, 1))
        g = np.tile(g, (-(-h // 512), -(-w // 512)))[:h, :w]
        v = v * 255 + g * (np.float32(grain) * np.minimum((1 - v) * 10, 1))
        out[..., c] = cv2.convertScaleAbs(np.maximum(v, 0))
    return out


def photograph(
    model: Model, view: View, *, width: int, height: int, seed: int, step: int | None = None
) -> tuple[Array, Array]:
    """The product as height × width × 3 8-bit sRGB, and how much of each pixel it covers (0 … 1)."""
    step = step or max(2, round(max(width, height) / 320 * (1.8 if view.close else 1.0)))
    camera = replace(
        model.camera,
        yaw=model.camera.yaw + view.yaw,
        pitch=model.camera.pitch + view.pitch,
        roll=model.camera.roll + view.roll,
    )
    window = frame(model, camera, view, width=width, height=height)
    rng = np.random.default_rng([seed, 5])
    canvas = Canvas(height, width)
    margin = round(min(width, height) * (1 - view.fill) / 2) if view.ground == "white" else 0
    if model.cloth:
        _lay_cloth(canvas, model, camera, window, view, rng, margin, seed)
    else:
        _stand_solids(canvas, model, camera, window, view, rng, margin, seed, step)
    return develop(canvas, seed=seed), canvas.cover


def _lay_cloth(canvas, model, camera, window, view, rng, margin, seed) -> None:  # type: ignore[no-untyped-def]
    if view.ground != "white":
        sx, sy = window.grid(1)
        unit = 2.0 / max(window.width / window.scale, 1e-6)
        for rows in _bands(window.height):
            canvas.rgb[:, rows] = _table_colour(sx[rows] * unit * 1.3, sy[rows] * unit * 1.3, view.ground, seed)
        del sx, sy
    for c in model.cloth:
        g = _cloth_geometry(c, window, camera.roll, rng)
        if g is None:
            continue
        _throw_shadow(canvas, g, c.drop, margin)
        canvas.lay(g, c.surface.shade(g) * np.float32(OVERHEAD), ordered=True)


def _stand_solids(canvas, model, camera, window, view, rng, margin, seed, step) -> None:  # type: ignore[no-untyped-def]
    if view.ground != "white":
        _lay_tabletop(canvas.rgb, camera, window, view.ground, seed)
    if model.stands:
        low, _ = _ground_light(model, camera, window, model.shadow)
        light = _enlarge(_fade_to_frame(low, margin / 8) if margin else low, window, 8)
        for c in range(3):
            canvas.rgb[c] *= light
    for solid, g in _solid_parts(model, camera, window, step, rng):
        canvas.lay(g, solid.surface.shade(g), ordered=len(model.solids) == 1)

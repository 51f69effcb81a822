"""Signed distance fields: the shapes that pictures are rendered from.

A field is a function of three equally shaped float32 arrays (x right, y up, z towards the viewer; the
product stands on y = 0) that answers the distance to the surface in the same unit, negative inside.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache

import cv2
import numpy as np

Array = np.ndarray
Field = Callable[[Array, Array, Array], Array]
Point2 = tuple[float, float]
Point3 = tuple[float, float, float]


# ---------------------------------------------------------------- curves


def spline(points: Sequence[Sequence[float]], *, steps: int = 8, closed: bool = False) -> Array:
    """Centripetal-looking Catmull–Rom curve through `points`: n × d, float64."""
    p = np.asarray(points, float)
    q = np.concatenate([p[-1:], p, p[:2]]) if closed else np.concatenate([2 * p[:1] - p[1:2], p, 2 * p[-1:] - p[-2:-1]])
    t = np.linspace(0, 1, steps, endpoint=False)[:, None]
    out = []
    for a, b, c, d in zip(q, q[1:], q[2:], q[3:], strict=False):
        out.append(0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3))
    curve = np.concatenate(out)
    return curve if closed else np.concatenate([curve, p[-1:]])


def wall(outer: Sequence[Point2], *, thick: float, floor: float, steps: int = 7) -> Array:
    """Cross-section (radius, height) of a hollow vessel: `outer` from the foot to the rim, a wall `thick`."""
    curve = spline(outer, steps=steps)
    keep = curve[:, 1] > floor + 0.4 * thick
    inner = curve[keep].copy()
    inner[:, 0] = np.maximum(inner[:, 0] - thick, 0.0)
    rim = np.array([[curve[-1, 0] - thick * 0.5, curve[-1, 1] + thick * 0.45]])
    foot_in = np.array([[max(inner[0, 0] * 0.9, 0), floor + thick * 0.1], [0.0, floor]])
    return np.concatenate([[[0.0, curve[0, 1]]], curve, rim, inner[::-1], foot_in])


def _polygon_distance(poly: Array, x: Array, y: Array) -> Array:
    """Signed distance of points to a closed polygon, negative inside."""
    best = np.full(x.shape, 1e9, np.float32)
    sign = np.zeros(x.shape, bool)
    for (ax, ay), (bx, by) in zip(poly, np.roll(poly, -1, axis=0), strict=True):
        ex, ey = bx - ax, by - ay
        length2 = ex * ex + ey * ey
        if length2 < 1e-12:
            continue
        wx, wy = x - ax, y - ay
        t = np.clip((wx * ex + wy * ey) / length2, 0, 1)
        dx, dy = wx - ex * t, wy - ey * t
        np.minimum(best, dx * dx + dy * dy, out=best)
        if ay != by:
            sign ^= ((y >= ay) != (y >= by)) & (x < (y - ay) * (ex / ey) + ax)
    best = np.sqrt(best)
    return np.where(sign, -best, best)


class Table2:
    """A two-dimensional distance table over a box, read bilinearly; outside the box the way to it is added."""

    def __init__(self, poly: Array, *, cells: int = 160, margin: float = 0.25, symmetric: bool = False) -> None:
        lo, hi = poly.min(0), poly.max(0)
        pad = margin * float((hi - lo).max())
        self.lo = np.array([0.0 if symmetric else lo[0] - pad, lo[1] - pad], np.float32)
        self.hi = np.array([hi[0] + pad, hi[1] + pad], np.float32)
        span = self.hi - self.lo
        self.cell = float(span.max()) / cells
        nx, ny = (int(np.ceil(s / self.cell)) + 1 for s in span)
        gx, gy = np.meshgrid(
            self.lo[0] + self.cell * np.arange(nx, dtype=np.float32),
            self.lo[1] + self.cell * np.arange(ny, dtype=np.float32),
        )
        mirrored = np.concatenate([poly, (poly * [-1, 1])[::-1]]) if symmetric else poly
        self.table = cv2.GaussianBlur(_polygon_distance(mirrored, gx, gy).astype(np.float32), (0, 0), 0.8)
        self.top = np.array([nx - 1, ny - 1], np.float32)

    def __call__(self, x: Array, y: Array) -> Array:
        u = (x - self.lo[0]) * np.float32(1 / self.cell)
        v = (y - self.lo[1]) * np.float32(1 / self.cell)
        cu = np.minimum(np.maximum(u, 0), self.top[0])
        cv = np.minimum(np.maximum(v, 0), self.top[1])
        du, dv = u - cu, v - cv
        return _sample(self.table, cu, cv) + np.sqrt(du * du + dv * dv) * np.float32(self.cell)


def _sample(table: Array, u: Array, v: Array) -> Array:
    """Bilinear, in full precision: `cv2.remap` rounds places to 1/32 cell, which shows as noise in reflections."""
    width = table.shape[1]
    iu = np.minimum(u.astype(np.int32), width - 2)
    iv = np.minimum(v.astype(np.int32), table.shape[0] - 2)
    fu, fv = (u - iu).astype(np.float32), (v - iv).astype(np.float32)
    flat, at = table.ravel(), iv * width + iu
    a, c = flat.take(at), flat.take(at + width)
    top = a + fu * (flat.take(at + 1) - a)
    low = c + fu * (flat.take(at + width + 1) - c)
    return top + fv * (low - top)


@lru_cache(maxsize=64)
def _table(key: bytes, columns: int, symmetric: bool, cells: int) -> Table2:
    return Table2(np.frombuffer(key, np.float64).reshape(-1, columns), symmetric=symmetric, cells=cells)


# ---------------------------------------------------------------- solids


def revolve(section: Array | Sequence[Point2], *, cells: int = 160) -> Field:
    """A lathe-turned solid: `section` is its closed half cross-section (radius >= 0, height)."""
    poly = np.ascontiguousarray(section, np.float64)
    table = _table(poly.tobytes(), 2, True, cells)
    return lambda x, y, z: table(np.sqrt(x * x + z * z), y)


def extrude(outline: Array | Sequence[Point2], *, depth: float, edge: float = 0.02, cells: int = 192) -> Field:
    """A flat solid: `outline` in (x, y), from z = -depth/2 to depth/2, its edges rounded by `edge`."""
    poly = np.ascontiguousarray(outline, np.float64)
    table = _table(poly.tobytes(), 2, False, cells)
    half = depth / 2 - edge

    def field(x: Array, y: Array, z: Array) -> Array:
        a = table(x, y) + edge
        b = np.abs(z) - half
        outside = np.hypot(np.maximum(a, 0), np.maximum(b, 0))
        return outside + np.minimum(np.maximum(a, b), 0) - edge

    return field


def ellipsoid(*, centre: Point3, radii: Point3) -> Field:
    """Nearly exact close to the surface, which is what rendering needs."""
    cx, cy, cz = centre
    a, b, c = radii

    def field(x: Array, y: Array, z: Array) -> Array:
        px, py, pz = (x - cx) / a, (y - cy) / b, (z - cz) / c
        k0 = np.sqrt(px * px + py * py + pz * pz)
        qx, qy, qz = px / a, py / b, pz / c
        k1 = np.sqrt(qx * qx + qy * qy + qz * qz)
        return k0 * (k0 - 1) / np.maximum(k1, 1e-6)

    return field


def sphere(*, centre: Point3, radius: float) -> Field:
    cx, cy, cz = centre
    return lambda x, y, z: np.sqrt((x - cx) ** 2 + (y - cy) ** 2 + (z - cz) ** 2) - radius


def box(*, centre: Point3, half: Point3, edge: float = 0.02) -> Field:
    """A box with rounded edges; `half` includes the rounding."""
    cx, cy, cz = centre
    a, b, c = (h - edge for h in half)

    def field(x: Array, y: Array, z: Array) -> Array:
        qx, qy, qz = np.abs(x - cx) - a, np.abs(y - cy) - b, np.abs(z - cz) - c
        outside = np.sqrt(np.maximum(qx, 0) ** 2 + np.maximum(qy, 0) ** 2 + np.maximum(qz, 0) ** 2)
        return outside + np.minimum(np.maximum(np.maximum(qx, qy), qz), 0) - edge

    return field


def torus(*, centre: Point3, ring: float, tube: float, axis: str = "z", squash: float = 1.0) -> Field:
    """A ring around `axis`; `squash` < 1 makes a band that is wider along the axis than it is thick."""
    cx, cy, cz = centre

    def field(x: Array, y: Array, z: Array) -> Array:
        px, py, pz = x - cx, y - cy, z - cz
        if axis == "z":
            u, w = np.hypot(px, py) - ring, pz
        elif axis == "y":
            u, w = np.hypot(px, pz) - ring, py
        else:
            u, w = np.hypot(py, pz) - ring, px
        return np.hypot(u, w * squash) - tube

    return field


def tube(points: Sequence[Point3] | Array, *, radius: float | Sequence[float]) -> Field:
    """A bent rod through `points`; several radii are spread evenly over its length."""
    p = np.asarray(points, np.float32)
    given = np.atleast_1d(np.asarray(radius, np.float32))
    r = np.interp(np.linspace(0, 1, len(p)), np.linspace(0, 1, len(given)), given).astype(np.float32)
    reach = r.max()
    for axis in (2, 0, 1):
        if np.ptp(p[:, axis]) < 1e-6 and len(p) > 6:
            return bounded(_flat_tube(p, r, axis), lo=p.min(0) - reach, hi=p.max(0) + reach)

    def chain(x: Array, y: Array, z: Array) -> Array:
        best = np.full(x.shape, 1e9, np.float32)
        for a, b, ra, rb in zip(p, p[1:], r, r[1:], strict=False):
            e = b - a
            wx, wy, wz = x - a[0], y - a[1], z - a[2]
            t = np.clip((wx * e[0] + wy * e[1] + wz * e[2]) / max(float(e @ e), 1e-9), 0, 1)
            d = np.sqrt((wx - e[0] * t) ** 2 + (wy - e[1] * t) ** 2 + (wz - e[2] * t) ** 2) - (ra + (rb - ra) * t)
            np.minimum(best, d, out=best)
        return best

    return bounded(chain, lo=p.min(0) - reach, hi=p.max(0) + reach)


def _flat_tube(p: Array, r: Array, axis: int) -> Field:
    """A rod bent in a plane: the way to its middle line, and its thickness there, come from tables of that plane."""
    i, j = [k for k in range(3) if k != axis]
    line, level = p[:, [i, j]], np.float32(p[0, axis])
    pad = float(r.max()) * 1.5 + 0.45
    lo, hi = line.min(0) - pad, line.max(0) + pad
    cell = np.float32((hi - lo).max() / 144)
    nx, ny = (int(np.ceil(s / cell)) + 1 for s in hi - lo)
    gx, gy = np.meshgrid(lo[0] + cell * np.arange(nx, dtype=np.float32), lo[1] + cell * np.arange(ny, dtype=np.float32))
    away, thick = np.full(gx.shape, 1e9, np.float32), np.zeros(gx.shape, np.float32)
    for a, b, ra, rb in zip(line, line[1:], r, r[1:], strict=False):
        e = b - a
        t = np.clip(((gx - a[0]) * e[0] + (gy - a[1]) * e[1]) / max(float(e @ e), 1e-9), 0, 1)
        d = np.hypot(gx - a[0] - e[0] * t, gy - a[1] - e[1] * t)
        near = d < away
        away[near], thick[near] = d[near], (ra + (rb - ra) * t)[near]
    thick = cv2.GaussianBlur(thick, (0, 0), 1.0)
    same = bool(np.ptp(r) < 1e-6)

    def field(x: Array, y: Array, z: Array) -> Array:
        q = (x, y, z)
        u = np.minimum(np.maximum((q[i] - lo[0]) / cell, 0), nx - 1.001)
        v = np.minimum(np.maximum((q[j] - lo[1]) / cell, 0), ny - 1.001)
        d, h = _sample(away, u, v), q[axis] - level
        return np.sqrt(d * d + h * h) - (r[0] if same else _sample(thick, u, v))

    return field


def _point(a: Array) -> Point3:
    return float(a[0]), float(a[1]), float(a[2])


def bounded(a: Field, *, lo: Array | Point3, hi: Array | Point3, near: float | None = None) -> Field:
    """`a` where it matters; farther than `near` from its box, the distance to the box, which is much cheaper."""
    centre, half = (np.asarray(lo) + np.asarray(hi)) / 2, (np.asarray(hi) - np.asarray(lo)) / 2
    near = near if near is not None else min(max(float(half.max()) * 0.6, 0.08), 0.4)
    hull = box(centre=_point(centre), half=_point(half), edge=0.0)

    def field(x: Array, y: Array, z: Array) -> Array:
        d = hull(x, y, z).astype(np.float32)
        close = np.flatnonzero(d.ravel() < near)
        if close.size:
            flat = d.reshape(-1)
            flat[close] = a(x.ravel()[close], y.ravel()[close], z.ravel()[close])
        return d

    return field


def cylinder(*, a: Point3, b: Point3, radius: float, edge: float = 0.01) -> Field:
    """A straight rod with flat, slightly rounded ends."""
    pa, e = np.asarray(a, np.float32), np.asarray(b, np.float32) - np.asarray(a, np.float32)
    length = float(np.sqrt(e @ e))
    e = e / length

    def field(x: Array, y: Array, z: Array) -> Array:
        wx, wy, wz = x - pa[0], y - pa[1], z - pa[2]
        h = wx * e[0] + wy * e[1] + wz * e[2]
        rad = np.sqrt(np.maximum(wx * wx + wy * wy + wz * wz - h * h, 0)) - radius + edge
        cap = np.abs(h - length / 2) - length / 2 + edge
        return np.hypot(np.maximum(rad, 0), np.maximum(cap, 0)) + np.minimum(np.maximum(rad, cap), 0) - edge

    return field


# ---------------------------------------------------------------- arithmetic


def union(*fields: Field) -> Field:
    def field(x: Array, y: Array, z: Array) -> Array:
        best = fields[0](x, y, z)
        for f in fields[1:]:
            best = np.minimum(best, f(x, y, z))
        return best

    return field


def melt(a: Field, b: Field, *, by: float) -> Field:
    """Union with a fillet of about `by`."""

    def field(x: Array, y: Array, z: Array) -> Array:
        da, db = a(x, y, z), b(x, y, z)
        h = np.maximum(by - np.abs(da - db), 0) / by
        return np.minimum(da, db) - h * h * by * 0.25

    return field


def cut(a: Field, b: Field) -> Field:
    """`a` without `b`."""
    return lambda x, y, z: np.maximum(a(x, y, z), -b(x, y, z))


def common(a: Field, b: Field, *, by: float = 0.0) -> Field:
    """Where both are; the edge between them rounded by about `by`."""
    if not by:
        return lambda x, y, z: np.maximum(a(x, y, z), b(x, y, z))

    def field(x: Array, y: Array, z: Array) -> Array:
        da, db = a(x, y, z), b(x, y, z)
        h = np.maximum(by - np.abs(da - db), 0) / by
        return np.maximum(da, db) + h * h * by * 0.25

    return field


def beads(
    centres: Sequence[Point2] | Array, *, radius: float | Sequence[float] | Array, z: float = 0.0, cells: int = 256
) -> Field:
    """Spheres in the plane z, any number at the price of one: the nearest is read from a table."""
    c = np.asarray(centres, np.float32)
    r = np.broadcast_to(np.asarray(radius, np.float32), (len(c),))
    lo, hi = c.min(0) - r.max() * 2, c.max(0) + r.max() * 2
    cell = float((hi - lo).max()) / cells
    nx, ny = (int(np.ceil(s / cell)) + 1 for s in hi - lo)
    gx, gy = np.meshgrid(lo[0] + cell * np.arange(nx), lo[1] + cell * np.arange(ny))
    away = np.stack([np.hypot(gx - a, gy - b) - k for (a, b), k in zip(c, r, strict=True)])
    nearest = away.argmin(0)
    parts = (c[nearest, 0], c[nearest, 1], r[nearest])

    def field(x: Array, y: Array, zz: Array) -> Array:
        u = np.clip(((x - lo[0]) / cell + 0.5).astype(np.int32), 0, nx - 1)
        v = np.clip(((y - lo[1]) / cell + 0.5).astype(np.int32), 0, ny - 1)
        at = v * nx + u
        bx, by, br = (p.ravel().take(at) for p in parts)
        return np.sqrt((x - bx) ** 2 + (y - by) ** 2 + (zz - z) ** 2) - br

    return field


def brilliant(*, radius: float, table: float = 0.56) -> Field:
    """A round brilliant cut, its girdle at y = 0, table up: 8-fold crown and pavilion.

    Space is folded into one sixteenth, so that five planes cut all thirty-three facets.
    """
    tilts = ((0.0, 34.0, 1.0), (np.pi / 8, 43.0, 1.0), (0.0, -41.0, 1.0), (np.pi / 8, -44.0, 1.005))
    cuts = []
    for turn, tilt, push in tilts:
        t = np.radians(abs(tilt))
        cuts.append(
            (np.sin(t) * np.cos(turn), np.cos(t) * np.sign(tilt), np.sin(t) * np.sin(turn), radius * np.sin(t) * push)
        )
    top = radius * (1 - table) * np.tan(np.radians(34.0))

    def field(x: Array, y: Array, z: Array) -> Array:
        r, a = np.hypot(x, z), np.abs(np.arctan2(z, x)) % np.float32(np.pi / 4)
        a = np.minimum(a, np.float32(np.pi / 4) - a)
        u, w = r * np.cos(a), r * np.sin(a)
        best = y - np.float32(top)
        for nx, ny, nz, d in cuts:
            best = np.maximum(best, u * np.float32(nx) + y * np.float32(ny) + w * np.float32(nz) - np.float32(d))
        return best.astype(np.float32)

    return field


def shell(a: Field, *, thick: float) -> Field:
    return lambda x, y, z: np.abs(a(x, y, z)) - thick / 2


def moved(a: Field, by: Point3) -> Field:
    return lambda x, y, z: a(x - by[0], y - by[1], z - by[2])


def turned(a: Field, *, axis: str, degrees: float) -> Field:
    """`a` turned around an axis through the origin, counter-clockwise seen from its positive end."""
    c, s = np.float32(np.cos(np.radians(degrees))), np.float32(np.sin(np.radians(degrees)))
    if axis == "y":
        return lambda x, y, z: a(c * x - s * z, y, s * x + c * z)
    if axis == "x":
        return lambda x, y, z: a(x, c * y + s * z, c * z - s * y)
    return lambda x, y, z: a(c * x + s * y, c * y - s * x, z)


def scaled(a: Field, k: float) -> Field:
    return lambda x, y, z: a(x / k, y / k, z / k) * k


def stretched(a: Field, k: Point3) -> Field:
    """Unequal scaling; the distance stays a safe lower bound."""
    m = min(k)
    return lambda x, y, z: a(x / k[0], y / k[1], z / k[2]) * m

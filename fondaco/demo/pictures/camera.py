"""A camera with a long lens, and sphere tracing of one field into smooth low-resolution buffers.

Geometry is traced on a coarse grid and enlarged: positions and normals are smooth, and the silhouette
is carried by the signed smallest distance along each ray, whose zero line stays sharp when enlarged.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from .shapes import Array, Field

FAR = 1e3


@dataclass(frozen=True, slots=True)
class Camera:
    """Looks at `target` from `distance` away; angles in degrees, `pitch` > 0 looks down, `yaw` > 0 from the right."""

    yaw: float = 0.0
    pitch: float = 10.0
    distance: float = 9.0
    target: tuple[float, float, float] = (0.0, 1.0, 0.0)
    roll: float = 0.0

    def axes(self) -> tuple[Array, Array, Array]:
        """Right, up and towards-the-viewer as unit vectors in the world."""
        ya, pi, ro = np.radians([self.yaw, self.pitch, self.roll])
        back = np.array([np.sin(ya) * np.cos(pi), np.sin(pi), np.cos(ya) * np.cos(pi)])
        right = np.array([np.cos(ya), 0.0, -np.sin(ya)])
        up = np.cross(back, right)
        right, up = right * np.cos(ro) + up * np.sin(ro), up * np.cos(ro) - right * np.sin(ro)
        return right.astype(np.float32), up.astype(np.float32), back.astype(np.float32)

    def eye(self) -> Array:
        return (np.asarray(self.target) + self.axes()[2] * self.distance).astype(np.float32)

    def project(self, points: Array) -> Array:
        """n × 3 world points to n × 3: picture plane x, y (y up, the plane through the target), depth from the eye."""
        r, u, b = self.axes()
        w = np.asarray(points, np.float64) - self.eye()
        depth = -(w @ b)
        k = self.distance / np.maximum(depth, 1e-3)
        return np.stack([(w @ r) * k, (w @ u) * k, depth], 1)

    def rays(self, sx: Array, sy: Array) -> Array:
        """Unit directions (3 × …) through plane coordinates."""
        r, u, b = self.axes()
        d = [sx * r[i] + sy * u[i] - b[i] * np.float32(self.distance) for i in range(3)]
        n = 1 / np.sqrt(d[0] * d[0] + d[1] * d[1] + d[2] * d[2])
        return np.stack([c * n for c in d]).astype(np.float32)


@dataclass(frozen=True, slots=True)
class Window:
    """A part of the picture plane: left, bottom, and pixels per unit; `width` × `height` pixels, row 0 on top."""

    left: float
    top: float
    scale: float
    width: int
    height: int

    def grid(self, step: int) -> tuple[Array, Array]:
        """Plane coordinates of the centres of blocks of `step` pixels, as two 2-D arrays."""
        nx, ny = -(-self.width // step), -(-self.height // step)
        x = self.left + (np.arange(nx, dtype=np.float32) + 0.5) * (step / self.scale)
        y = self.top - (np.arange(ny, dtype=np.float32) + 0.5) * (step / self.scale)
        gx, gy = np.meshgrid(x, y)
        return gx.astype(np.float32), gy.astype(np.float32)

    def crop(self, x0: int, y0: int, x1: int, y1: int) -> Window:
        return Window(self.left + x0 / self.scale, self.top - y0 / self.scale, self.scale, x1 - x0, y1 - y0)

    def pixels(self, plane: Array) -> Array:
        """n × 2 plane coordinates to pixel coordinates (pixel centres at .5)."""
        return np.stack([(plane[:, 0] - self.left) * self.scale, (self.top - plane[:, 1]) * self.scale], 1)


def ray_span(origin: Array, d: Array, lo: Array, hi: Array) -> tuple[Array, Array]:
    """Where rays enter and leave an axis-parallel box; enter > leave when they miss."""
    near = np.full(d.shape[1:], 0.0, np.float32)
    far = np.full(d.shape[1:], FAR, np.float32)
    lo, hi = lo.astype(np.float32), hi.astype(np.float32)
    for i in range(3):
        inv = 1 / np.where(np.abs(d[i]) < 1e-7, np.float32(1e-7), d[i])
        a, b = (lo[i] - origin[i]) * inv, (hi[i] - origin[i]) * inv
        near = np.maximum(near, np.minimum(a, b))
        far = np.minimum(far, np.maximum(a, b))
    return near, far


@dataclass(slots=True)
class Hit:
    """Low-resolution result: `edge` signed distance to the silhouette in plane units (negative inside),
    `t` distance from the eye, `p` and `n` 3 × h × w world position and normal (valid near and inside)."""

    edge: Array
    t: Array
    p: Array
    n: Array
    hit: Array


@dataclass(slots=True)
class Patch:
    """Pixels traced at full resolution, where one part of a shape stands before another: rows, columns, values."""

    rows: Array
    cols: Array
    t: Array
    p: Array
    n: Array


def march(
    field: Field, o: Array, d: Array, *, near: Array, far: Array, eps: float, rounds: int
) -> tuple[Array, Array, Array]:
    """Sphere tracing of rays `o + t d` (d: 3 × n). Answers t at the hit or the closest approach, hit, closest distance."""
    n = d.shape[1]
    t, least, t_least = near.astype(np.float32), np.full(n, 1.0, np.float32), near.astype(np.float32)
    hit = np.zeros(n, bool)
    at = np.flatnonzero(near < far)  # rays on their way, and their state side by side, packed anew when many are done
    ray, now, end, low, t_low = d[:, at], t[at], far[at], least[at], t[at]
    going = np.ones(at.size, bool)
    for turn in range(rounds):
        if not at.size:
            break
        dist = field(o[0] + ray[0] * now, o[1] + ray[1] * now, o[2] + ray[2] * now)
        better = (dist < low) & going
        np.copyto(low, dist, where=better)
        np.copyto(t_low, now, where=better)
        going &= dist >= eps
        now = now + np.where(going, np.maximum(dist, eps * (1 + turn * 0.25)), 0)  # grazing rays hurry in the end
        going &= now < end
        if (left := int(going.sum())) < 0.7 * at.size:
            _store(at, ~going, (t, now), (least, low), (t_least, t_low))
            hit[at[~going & (low < eps)]] = True
            at, ray, now, end = at[going], ray[:, going], now[going], end[going]
            low, t_low, going = low[going], t_low[going], np.ones(left, bool)
    _store(at, np.ones(at.size, bool), (t, now), (least, low), (t_least, t_low))
    hit[at] = (low < eps) | (going & (low < 12 * eps))  # still creeping along a grazed rim
    return np.where(hit, t, t_least), hit, least


def _store(at: Array, which: Array, *pairs: tuple[Array, Array]) -> None:
    for whole, packed in pairs:
        whole[at[which]] = packed[which]


def trace(field: Field, camera: Camera, window: Window, *, lo: Array, hi: Array, step: int, rounds: int = 72) -> Hit:
    """March rays through the box `lo`–`hi` around a field, one for each `step` × `step` pixels."""
    sx, sy = window.grid(step)
    d, o = camera.rays(sx, sy).reshape(3, -1), camera.eye()
    near, far = ray_span(o, d, lo, hi)
    cell = step / window.scale
    t, hit, least = march(field, o, d, near=near, far=far, eps=0.05 * cell, rounds=rounds)
    shape = sx.shape
    hit = hit.reshape(shape)
    edge = _signed_edge(field, o, d, t, hit, least, cell)
    p = (o[:, None] + d * t).reshape(3, *shape)
    near_edge = cv2.dilate(hit.astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
    n = np.zeros_like(p)
    n[:, near_edge] = gradient(field, p[:, near_edge], h=max(0.4 * cell, 2e-3))
    return Hit(edge.reshape(shape), t.reshape(shape), p, _smooth(n, near_edge), hit)


def _signed_edge(field: Field, o: Array, d: Array, t: Array, hit: Array, least: Array, cell: float) -> Array:
    """Outside: the smallest distance along the ray. Inside, near the silhouette: how deep the ray dips."""
    edge = np.where(hit.ravel(), np.float32(-3 * cell), np.minimum(least, np.float32(3 * cell)))
    seven = np.ones((7, 7), np.uint8)
    inner = cv2.erode(hit.astype(np.uint8), seven, borderType=cv2.BORDER_CONSTANT, borderValue=0)
    idx = np.flatnonzero(hit & (inner == 0))
    if idx.size:
        deepest = np.zeros(idx.size, np.float32)
        for k in (0.5, 1, 2, 3, 4.5, 6, 8, 11, 15, 20, 27, 38, 54, 76, 110):
            q = o[:, None] + d[:, idx] * (t[idx] + np.float32(k * cell))
            np.minimum(deepest, field(q[0], q[1], q[2]), out=deepest)
        edge[idx] = np.maximum(deepest, -3 * cell)
    return edge


def gradient(field: Field, q: Array, *, h: float) -> Array:
    """Unit gradient at points (3 × n) by four tetrahedral samples."""
    g = np.zeros_like(q)
    for k in ((1, -1, -1), (-1, -1, 1), (-1, 1, -1), (1, 1, 1)):
        v = field(q[0] + k[0] * h, q[1] + k[1] * h, q[2] + k[2] * h)
        for i in range(3):
            g[i] += k[i] * v
    return g / np.maximum(np.sqrt((g * g).sum(0)), 1e-9)


def _smooth(n: Array, where: Array) -> Array:
    """Normals without the facets of the distance tables."""
    weight = cv2.GaussianBlur(where.astype(np.float32), (0, 0), 0.9) + 1e-6
    n = np.stack([cv2.GaussianBlur(c, (0, 0), 0.9) / weight for c in n])
    n /= np.maximum(np.sqrt((n * n).sum(0)), 1e-6)
    return n


def refine(field: Field, camera: Camera, window: Window, hit: Hit, *, step: int) -> Patch | None:
    """Trace again, pixel by pixel, where depth or normal jump inside the shape: a rim before its inside, an edge."""
    cell = np.float32(step / window.scale)
    three = np.ones((3, 3), np.uint8)
    nearest = cv2.erode(np.where(hit.hit, hit.t, 1e6).astype(np.float32), three)
    farthest = cv2.dilate(np.where(hit.hit, hit.t, -1e6).astype(np.float32), three)
    swing = np.max([cv2.dilate(c, three) - cv2.erode(c, three) for c in hit.n], 0)
    jump = (
        hit.hit & ((farthest - nearest > 8 * cell) | (swing > 0.55)) & (cv2.erode(hit.hit.astype(np.uint8), three) > 0)
    )
    if not jump.any():
        return None
    cross = cv2.getStructuringElement(cv2.MORPH_CROSS, (3, 3))
    rows, cols = np.nonzero(cv2.dilate(jump.astype(np.uint8), cross) & hit.hit)
    inside = np.arange(step)
    r = (rows[:, None, None] * step + inside[None, :, None] + 0 * inside[None, None, :]).ravel()
    c = (cols[:, None, None] * step + inside[None, None, :] + 0 * inside[None, :, None]).ravel()
    start = np.repeat(nearest[rows, cols] - 2 * cell, step * step)
    keep = (r < window.height) & (c < window.width)
    r, c, start = r[keep], c[keep], start[keep]
    sx = window.left + (c + 0.5) / window.scale
    sy = window.top - (r + 0.5) / window.scale
    d, o = camera.rays(sx.astype(np.float32), sy.astype(np.float32)), camera.eye()
    eps = 0.1 / window.scale
    t, found, _ = march(field, o, d, near=start, far=start + 6, eps=eps, rounds=60)
    r, c, t, d = r[found], c[found], t[found], d[:, found]
    p = o[:, None] + d * t
    return Patch(r, c, t, p, gradient(field, p, h=max(0.4 * float(cell), 2e-3)))

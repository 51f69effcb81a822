"""What a product is made of: solids with surfaces, or flat layers of cloth, and the lazily computed geometry of each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import cv2
import numpy as np

from .camera import Camera, Window
from .light import diffuse, gloss, look_up
from .shapes import Array, Field, Point2, Point3

Colour = tuple[float, float, float]


class Geometry:
    """One part as seen: its tile of the picture, low-resolution buffers, and their enlargements on demand.

    `alpha` h × w 0…1; `n` x and y of the normal as the camera sees it; `p` 3 × h × w position in the product's
    own axes; `t` distance from the eye; `px` pixels a unit.
    """

    def __init__(
        self,
        *,
        window: Window,
        x0: int,
        y0: int,
        step: int,
        px: float,
        low: dict[str, Array],
        rng: np.random.Generator,
        patch: dict[str, Array] | None = None,
    ) -> None:
        self.window, self.x0, self.y0, self.step, self.px, self.low, self.rng = window, x0, y0, step, px, low, rng
        self.patch = patch
        self._made: dict[str, Array] = {}
        self.shape = (window.height, window.width)

    def enlarge(self, a: Array, exact: Array | None = None) -> Array:
        """To full size; `exact` replaces the values at the patch's pixels."""
        h, w = a.shape
        big = a if self.step == 1 else cv2.resize(a, (w * self.step, h * self.step), interpolation=cv2.INTER_CUBIC)
        big = big[: self.shape[0], : self.shape[1]]
        if exact is not None:
            big[self.patch["rows"], self.patch["cols"]] = exact  # type: ignore[index]
        return big

    def _exact(self, name: str, i: int | None = None) -> Array | None:
        if self.patch is None:
            return None
        return self.patch[name] if i is None else self.patch[name][i]

    @cached_property
    def alpha(self) -> Array:
        if "alpha" in self.low:
            return self.low["alpha"]
        return np.clip(0.5 - self.enlarge(self.low["edge"]) * np.float32(self.px), 0, 1)

    @cached_property
    def n(self) -> tuple[Array, Array]:
        """The normal's x and y as the camera sees it: all that the lighting tables ask for."""
        return self.enlarge(self.low["n"][0], self._exact("n", 0)), self.enlarge(self.low["n"][1], self._exact("n", 1))

    def once(self, key: str, make: Callable[[], Array]) -> Array:
        """A texture that both colour and relief read: made once."""
        if key not in self._made:
            self._made[key] = make()
        return self._made[key]

    @cached_property
    def p(self) -> Array:
        return np.stack([self.enlarge(c, self._exact("p", i)) for i, c in enumerate(self.low["p"])])

    @cached_property
    def t(self) -> Array:
        return self.enlarge(self.low["t"], self._exact("t"))

    @cached_property
    def ao(self) -> Array:
        return np.clip(self.enlarge(self.low["ao"], self._exact("ao")), 0, 1)

    @cached_property
    def facing(self) -> Array:
        """1 towards the camera, 0 at the silhouette."""
        return np.clip(self.enlarge(self.low["n"][2], self._exact("n", 2)), 0, 1)

    def matt(self, bend: tuple[Array, Array] | None = None) -> Array:
        """Diffuse light without occlusion."""
        if bend is not None:
            return look_up(diffuse(), self.n[0] + bend[0], self.n[1] + bend[1])
        return self._looked_up(diffuse())

    def mirror(self, rough: float, bend: tuple[Array, Array] | None = None) -> Array:
        if bend is not None:
            return look_up(gloss(rough), self.n[0] + bend[0], self.n[1] + bend[1])
        if rough >= 0.25:
            return np.maximum(self._looked_up(gloss(rough)), 0)
        return look_up(gloss(rough), self.n[0], self.n[1])

    def _looked_up(self, table: Array) -> Array:
        """Smooth tables: read at low resolution, then enlarged."""
        exact = None if self.patch is None else look_up(table, self.patch["n"][0], self.patch["n"][1])
        return self.enlarge(look_up(table, self.low["n"][0], self.low["n"][1]), exact)


Paint = Callable[[Geometry], Array]  # linear colour, 3 × h × w
Relief = Callable[[Geometry], Array]  # height in pixels, h × w


@dataclass(frozen=True, slots=True)
class Surface:
    """How a part looks. `colour` is linear RGB or a function of the geometry; `gloss` 0 none … 1 lacquer;
    `metal` mirrors in its own colour; `relief` bends the light by a height map; `sheen` brightens grazing cloth."""

    colour: Colour | Paint
    gloss: float = 0.0
    rough: float = 0.35
    metal: float = 0.0
    relief: Relief | None = None
    relief_strength: float = 1.0
    sheen: float = 0.0
    glow: float = 0.0
    mottle: float = 0.02

    def shade(self, g: Geometry) -> Array:
        """Linear light, 3 × h × w."""
        bend = _slope(self.relief(g), self.relief_strength) if self.relief else None
        light = g.matt(bend) * g.ao
        if self.mottle:
            light *= 1 + np.float32(self.mottle) * _mottle(g)
        colour = self.colour(g) if callable(self.colour) else self.colour
        out = np.empty((3, *g.shape), np.float32)
        for plane, c in zip(out, colour, strict=True):
            np.multiply(light, c * (1 - self.metal * 0.85), out=plane)
        if self.metal:
            m = np.minimum(g.mirror(self.rough, bend), 1.6) * (np.float32(0.2) + np.float32(0.6) * g.ao)
            for plane, c in zip(out, colour, strict=True):
                plane += m * (c * self.metal)
        if self.gloss:
            f = 1 - g.facing
            f *= f
            fresnel = np.float32(0.045 * self.gloss) + np.float32(0.5 * self.gloss) * (f * f)
            fresnel *= g.mirror(self.rough, bend)
            fresnel *= g.ao
            out += fresnel
        if self.sheen:
            f = (1 - g.facing) ** 3 * np.float32(self.sheen)
            out += f * light
        if self.glow:
            out += np.float32(self.glow) * np.stack(
                [np.broadcast_to(np.asarray(c, np.float32), light.shape) for c in colour]
            )
        return out


def _slope(height: Array, strength: float) -> tuple[Array, Array]:
    """How much a height map (pixels) tilts the normal: (dx, dy), y up."""
    k = np.array([[-0.5, 0, 0.5]], np.float32) * np.float32(strength)
    return -cv2.filter2D(height, cv2.CV_32F, k), cv2.filter2D(height, cv2.CV_32F, k.T)


def _mottle(g: Geometry) -> Array:
    from .texture import spread_noise

    return spread_noise(g.shape, x=int(g.rng.integers(512)), y=int(g.rng.integers(512)))


@dataclass(frozen=True, slots=True)
class Solid:
    """A part with volume. `lo`, `hi`: corners of a box that holds it."""

    shape: Field
    surface: Surface
    lo: Point3
    hi: Point3


@dataclass(frozen=True, slots=True)
class Cloth:
    """A part lying flat: `outline` (x right, y up), later ones above earlier ones.

    `puff`: height of the middle over the rim; `soft`: how far from the rim it still rises (units);
    `folds`: strength of creases; `drop`: how dark a shadow it throws on what lies below.
    """

    outline: Array | Sequence[Point2]
    surface: Surface
    puff: float = 0.05
    soft: float = 0.12
    folds: float = 0.0
    drop: float = 0.35
    holes: Sequence[Array] = ()


@dataclass(frozen=True, slots=True)
class Model:
    """A product: solids standing on y = 0, or cloth lying on the ground, and how it is best looked at."""

    solids: tuple[Solid, ...] = ()
    cloth: tuple[Cloth, ...] = ()
    camera: Camera = field(default_factory=Camera)
    stands: bool = True
    name: str = ""
    shadow: float = 1.0

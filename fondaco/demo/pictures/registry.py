"""The kinds of product that can be photographed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from . import palette
from .scene import Model


@dataclass(frozen=True, slots=True)
class Draw:
    """The dice of one product: everything about it follows from them, so all its pictures show the same thing."""

    rng: np.random.Generator
    asked: str | None = None

    def colour(self, *usual: str) -> str:
        return palette.colour(self.rng, self.asked, *usual)

    def between(self, low: float, high: float) -> float:
        return float(self.rng.uniform(low, high))

    def pick(self, *options: str) -> str:
        return palette.pick(self.rng, options)

    def chance(self, p: float) -> bool:
        return bool(self.rng.random() < p)

    def number(self, low: int, high: int) -> int:
        """`low` … `high`, both included."""
        return int(self.rng.integers(low, high + 1))


Build = Callable[[Draw], Model]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of product: how it is built, and what a shop calls it."""

    name: str
    build: Build
    title: str
    department: str


KINDS: dict[str, Kind] = {}


def kind(name: str, title: str, department: str) -> Callable[[Build], Build]:
    """Registers a builder under `name` (lower_snake)."""

    def add(build: Build) -> Build:
        KINDS[name] = Kind(name, build, title, department)
        return build

    return add

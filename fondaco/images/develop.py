"""One reading of a file for everything that is wanted from it: reports and renditions. No Django, no files.

Inspecting and rendering each decode the picture; done apart, a submitted picture is decoded twice. Here its pixels
are read once, measured, and then shrunk step by step into the renditions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from fondaco.images.pipeline import inspect as inspection
from fondaco.images.pipeline import renditions
from fondaco.images.pipeline.bounds import BUDGET_S, Deadline, TooSlow
from fondaco.images.pipeline.colour import to_srgb
from fondaco.images.pipeline.decode import CorruptPixels
from fondaco.images.pipeline.inspect import Reading, Report
from fondaco.images.pipeline.profiles import Profile
from fondaco.images.pipeline.render import Array, encode, pixels_at
from fondaco.images.pipeline.renditions import Recipe

INSPECTOR_VERSION = 3
"""Change it when the same picture under the same profile would get another verdict."""


@dataclass(frozen=True, slots=True)
class Developed:
    """One report for each profile asked, and the renditions by recipe; empty where the pixels cannot be read."""

    reports: tuple[Report, ...]
    renditions: dict[Recipe, bytes] = field(default_factory=dict)

    @property
    def sha256(self) -> str:
        return self.reports[0].sha256


def develop(
    data: bytes,
    profiles: Sequence[Profile],
    *,
    name: str | None = None,
    mode: str | None = None,
    formats: Sequence[str] = ("jpeg",),
    sha256: str = "",
    budget_s: float = 4 * BUDGET_S,
    models: bool = False,
) -> Developed:
    """Inspects `data` against `profiles` and makes its renditions in `formats`, with one decoding where it can.

    Of the renditions those up to `PAGE_WIDTH`: the wider ones cost as much as all others together and nobody waits
    for them. `mode` and `models` as in `inspect`; `sha256` spares the hashing where the caller knows it. A rejected picture is
    rendered too: its owner is shown what is wrong with it.
    """
    chosen = mode or ("full" if any(p.mode == "full" for p in profiles) else "half")
    reading = Reading(data, name, chosen, Deadline.after(budget_s), digest=sha256, models=models)
    pixels = _steps(reading)
    picture, digest = inspection.picture_of(reading)
    reports = tuple(inspection.report_on(picture, digest, profile) for profile in profiles)
    return Developed(reports, _renditions(reading, pixels, formats) if reading.measures else {})


def page_recipes(width: int, height: int, *, formats: Sequence[str] = ("jpeg",)) -> list[Recipe]:
    """The renditions that pages and lists need of an upright picture of this size."""
    every = renditions.plan(width, height, formats=formats)
    return [recipe for recipe in every if recipe.width <= renditions.PAGE_WIDTH] or every[:1]


def _steps(reading: Reading) -> Array | None:
    """Runs the inspection's steps and keeps the pixels that the last of them would let go."""
    pixels: Array | None = None
    for step in inspection.STEPS:
        inspection.run_step(step, reading)
        if reading.stopped:
            break
        if reading.pixels is not None:
            pixels = reading.pixels.array
    return pixels


def _renditions(reading: Reading, pixels: Array | None, formats: Sequence[str]) -> dict[Recipe, bytes]:
    assert reading.header is not None
    recipes = page_recipes(*reading.header.upright_size, formats=formats)
    made: dict[Recipe, bytes] = {}
    deadline = Deadline.after(4 * BUDGET_S)
    above = to_srgb(pixels, reading.data, reading.header) if pixels is not None else None
    try:
        for recipe in sorted(recipes, reverse=True):
            deadline.check()
            if above is not None and above.shape[1] < recipe.width:
                above = None  # what was inspected is too small for this one: read the file again
            above = pixels_at(reading.data, reading.header, recipe.width, recipe.height, above=above, deadline=deadline)
            made[recipe] = encode(above, recipe.format, renditions.QUALITY[recipe.format])
    except (CorruptPixels, TooSlow):
        return {}
    return made

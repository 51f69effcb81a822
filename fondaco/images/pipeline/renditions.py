"""Renditions: the only pictures that are ever served. A function of content, recipe and recipe version.

A rendition is upright, sRGB, on white, without any metadata, never enlarged. Its name comes from the content's
hash, the recipe and `RECIPE_VERSION`; change the version when the same recipe would give other pixels.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from . import header as headers
from .bounds import BUDGET_S, Deadline
from .decode import CorruptPixels
from .render import encode, pixels_at

RECIPE_VERSION = 1
WIDTHS = (100, 200, 400, 800, 1600)
"""Each twice the one before: halving costs a tenth of any other shrinking (measured at 1,600 px: 0.6 against 7 to 12 ms)."""

PAGE_WIDTH = 800
"""Up to here lists and pages are served; what is wider serves zoom and dense screens, and may come later."""

FORMATS = ("webp", "jpeg")
SUFFIX = {"jpeg": "jpg", "webp": "webp", "avif": "avif"}
MEDIA_TYPE = {"jpeg": "image/jpeg", "webp": "image/webp", "avif": "image/avif"}
QUALITY = {"jpeg": 85, "webp": 80, "avif": 60}


@dataclass(frozen=True, slots=True, order=True)
class Recipe:
    """`width` × `height` in pixels of the result; the picture's proportions are kept."""

    width: int
    height: int
    format: str

    @property
    def key(self) -> str:
        """Short and stable, for a database column: "w640-webp"."""
        return f"w{self.width}-{self.format}"

    @property
    def media_type(self) -> str:
        return MEDIA_TYPE[self.format]


def plan(width: int, height: int, *, formats: Sequence[str] = FORMATS) -> list[Recipe]:
    """The recipes for an upright picture of this size: each standard width it reaches, and its own size when it
    is smaller than the largest. Never enlarges. Widths ascending, formats in the order given."""
    widths = [w for w in WIDTHS if w < width]
    if width <= WIDTHS[-1]:
        widths.append(width)
    sizes = [(w, max(1, round(height * w / width))) for w in widths]
    return [Recipe(w, h, format) for w, h in sizes for format in formats]


def name_of(content_sha256: str, recipe: Recipe) -> str:
    """The file name: content, recipe and version, nothing from the upload's own name."""
    return f"{content_sha256}.v{RECIPE_VERSION}.w{recipe.width}.{SUFFIX[recipe.format]}"


def render(data: bytes, recipe: Recipe, *, budget_s: float = 4 * BUDGET_S) -> bytes:
    """One rendition. Raises CorruptPixels for what cannot be read, TooSlow when the time is used up."""
    return render_all(data, [recipe], budget_s=budget_s)[recipe]


def render_all(data: bytes, recipes: Sequence[Recipe], *, budget_s: float = 4 * BUDGET_S) -> dict[Recipe, bytes]:
    """Several renditions from one reading of the file: each smaller size is made from the next larger."""
    header = _sound_header(data)
    deadline = Deadline.after(budget_s)
    made: dict[Recipe, bytes] = {}
    pixels = None
    for width, height in sorted({(r.width, r.height) for r in recipes}, reverse=True):
        deadline.check()
        pixels = pixels_at(data, header, width, height, above=pixels, deadline=deadline)
        for recipe in recipes:
            if (recipe.width, recipe.height) == (width, height):
                made[recipe] = encode(pixels, recipe.format, QUALITY[recipe.format])
    return {recipe: made[recipe] for recipe in recipes}


def _sound_header(data: bytes) -> headers.Header:
    try:
        header = headers.read(data)
    except headers.BrokenHeader as error:
        raise CorruptPixels(str(error)) from error
    if header is None:
        raise CorruptPixels("not a picture")
    return header

"""Renditions: never larger, never with metadata, always upright sRGB on white; the name says content and recipe."""

from __future__ import annotations

import numpy as np
import pytest

from fondaco.images.pipeline import header
from fondaco.images.pipeline.decode import CorruptPixels
from fondaco.images.pipeline.renditions import RECIPE_VERSION, WIDTHS, Recipe, name_of, plan, render, render_all

from . import hostile, pictures
from .hostile import exif, with_segment
from .pictures import product
from .test_pipeline_decode import pixels


@pytest.mark.parametrize(
    "size", [(2000, 2000), (WIDTHS[-1], 900), (WIDTHS[-1] + 1, 10), (500, 400), (WIDTHS[0], 90), (1, 1)]
)
def test_plans_every_width_up_to_the_picture_and_its_own(size: tuple[int, int]) -> None:
    recipes = plan(*size)
    own = {size[0]} if size[0] <= WIDTHS[-1] else set()
    assert {r.width for r in recipes} == {w for w in WIDTHS if w < size[0]} | own
    assert {r.format for r in recipes} == {"jpeg", "webp"}
    assert len(set(recipes)) == len(recipes)
    assert all(r.width <= size[0] and r.height <= max(1, size[1]) for r in recipes)


@pytest.mark.parametrize("format", ["jpeg", "webp", "avif"])
def test_renders_the_size_asked_in_the_format_asked(format: str) -> None:
    data = pictures.jpeg(product(1200))
    made = render(data, Recipe(640, 640, format))
    known = header.read(made)
    assert known is not None
    assert (known.format, known.width, known.height) == (format, 640, 640)
    wanted = np.asarray(pixels(render(data, Recipe(640, 640, "jpeg")))).astype(int)
    assert np.abs(pixels(made).astype(int) - wanted).mean() < 8


def test_upright_and_without_metadata() -> None:
    data = with_segment(pictures.jpeg(product(1200)[:, :800]), 0xE1, b"Exif\0\0" + exif(6, gps=True))
    recipe = plan(1200, 800)[-1]
    for made in (render(data, recipe), render(data, Recipe(320, 213, "webp"))):
        known = header.read(made)
        assert known is not None
        assert known.width > known.height
        assert (known.orientation, known.has_location, known.profile) == (1, False, "")
        assert b"Exif" not in made


def test_nothing_of_a_polyglot_is_served() -> None:
    data = hostile.CASES["jpeg: PHP in a comment"].make() + b"<script>alert(1)</script>"
    made = render(data, Recipe(320, 320, "jpeg"))
    assert b"<?php" not in made
    assert b"script" not in made


def test_wide_colours_become_srgb() -> None:
    """A Display P3 file of the same colours renders like the sRGB one."""
    plain = pixels(render(pictures.jpeg(product(), 95), Recipe(640, 640, "jpeg"))).astype(int)
    wide = pixels(render(hostile.CASES["jpeg: Display P3"].make(), Recipe(640, 640, "jpeg"))).astype(int)
    assert np.abs(plain - wide).mean() < 2.5


def test_several_from_one_reading_are_all_there() -> None:
    recipes = plan(1200, 1200)
    made = render_all(pictures.jpeg(product(1200)), recipes)
    assert list(made) == recipes
    assert all(header.read(data).width == recipe.width for recipe, data in made.items())  # type: ignore[union-attr]


def test_the_same_content_and_recipe_give_the_same_bytes_and_name() -> None:
    data, recipe = pictures.jpeg(product()), Recipe(320, 320, "webp")
    assert render(data, recipe) == render(data, recipe)
    assert name_of("ab" * 32, recipe) == "ab" * 32 + f".v{RECIPE_VERSION}.w320.webp"


@pytest.mark.parametrize("title", ["jpeg: cut off at 60 %", "text", "png: cut off"])
def test_what_cannot_be_read_is_not_rendered(title: str) -> None:
    with pytest.raises(CorruptPixels):
        render(hostile.CASES[title].make(), Recipe(160, 160, "jpeg"))

"""Texts and pictures drawn on the pictures of surfaces, ready for templates (`makers/_surface_preview.html`)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from fondaco.images.models import Picture
from fondaco.images.queries import picture_urls
from fondaco.makers.rules.customisation import family


def previews(drawn: Iterable[Mapping[str, Any]], pictures: Mapping[str, Picture]) -> list[dict[str, Any]]:
    """One row a surface that has a picture: its name, the picture's address, and what is drawn on it.

    `drawn`: rows of `rules.customisation.drawn_of`; `pictures`: by hash, those of the marks too.
    """
    return [
        {
            "name": surface["name"],
            "url": picture_urls(pictures.get(surface["picture"])).large,
            "marks": [_mark(m, pictures) for m in surface["marks"]],
        }
        for surface in drawn
    ]


def fonts_in(drawn: Iterable[Mapping[str, Any]]) -> list[str]:
    """The fonts that these surfaces need, each once: for the page's stylesheets."""
    return sorted({m["font"] for surface in drawn for m in surface["marks"] if m.get("font")})


def _mark(mark: Mapping[str, Any], pictures: Mapping[str, Picture]) -> dict[str, Any]:
    is_picture = mark["kind"] == "image"
    return {
        **mark,
        "x": f"{mark['x']:g}",
        "y": f"{mark['y']:g}",
        "size": f"{mark['size']:g}",
        "w": f"{mark['width']:g}",
        "h": f"{mark['height']:g}",
        "url": picture_urls(pictures.get(mark["value"])).large if is_picture else "",
        "family": family(mark.get("font", "")),
    }

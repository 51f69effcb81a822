"""`{% load pictures %}{% picture product.main_picture sizes="12rem" alt=product.title %}`."""

from __future__ import annotations

from typing import Any

from django import template

from fondaco.images.models import Picture
from fondaco.images.queries import picture_urls, thumb_url

register = template.Library()


@register.inclusion_tag("images/picture.html")
def picture(
    shown: Picture | None, sizes: str = "100vw", alt: str = "", css: str = "", eager: bool = False
) -> dict[str, Any]:
    """A picture with its sizes and formats; a stand-in that says so where there is none yet.

    `sizes` as in HTML. `eager=True` for what is seen first on a page; all others are loaded when they come near.
    An empty `alt` makes it decoration.
    """
    return {"urls": picture_urls(shown), "sizes": sizes, "alt": alt, "css": css, "eager": eager}


@register.inclusion_tag("images/thumb.html")
def thumb(shown: Picture | None, alt: str = "", large: bool = False) -> dict[str, Any]:
    """A small square picture for a row of a list."""
    return {"url": thumb_url(shown), "alt": alt, "large": large}


@register.filter
def urls(shown: Picture | None) -> Any:
    """The addresses of a picture's renditions: `{% with u=image.picture|urls %}{{ u.large }}`."""
    return picture_urls(shown)

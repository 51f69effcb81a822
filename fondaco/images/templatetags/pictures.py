"""`{% load pictures %}{% picture product.main_picture sizes="12rem" alt=product.title %}`."""

from __future__ import annotations

from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from fondaco.images.models import Picture
from fondaco.images.queries import picture_urls, thumb_url

register = template.Library()


# A page of a list has dozens: written here, not by a template each. The stand-ins are templates.
_THUMB = '<img class="thumb{}" src="{}" alt="{}" width="48" height="48" loading="lazy" decoding="async">'
_WEBP = '<source type="image/webp" srcset="{}" sizes="{}">'
_PICTURE = (
    '<picture{}>{}<img src="{}" srcset="{}" sizes="{}" alt="{}" width="{}" height="{}" decoding="async" {}></picture>'
)
_EAGER, _LAZY = mark_safe('fetchpriority="high"'), mark_safe('loading="lazy"')


@register.simple_tag
def picture(
    shown: Picture | None, sizes: str = "100vw", alt: str = "", css: str = "", eager: bool = False
) -> SafeString:
    """A picture with its sizes and formats; a stand-in that says so where there is none yet.

    `sizes` as in HTML. `eager=True` for what is seen first on a page; all others are loaded when they come near.
    An empty `alt` makes it decoration.
    """
    urls = picture_urls(shown)
    if not urls.src:
        return render_to_string("images/picture_none.html", {"css": css})
    return format_html(
        _PICTURE,
        format_html(' class="{}"', css) if css else "",
        format_html(_WEBP, urls.srcset_webp, sizes) if urls.srcset_webp else "",
        urls.src,
        urls.srcset,
        sizes,
        alt,
        urls.width,
        urls.height,
        _EAGER if eager else _LAZY,
    )


@register.simple_tag
def thumb(shown: Picture | None, alt: str = "", large: bool = False) -> SafeString:
    """A small square picture for a row of a list."""
    if url := thumb_url(shown):
        return format_html(_THUMB, " thumb--large" if large else "", url, alt)
    return render_to_string("images/thumb_none.html", {"large": large})


@register.filter
def urls(shown: Picture | None) -> Any:
    """The addresses of a picture's renditions: `{% with u=image.picture|urls %}{{ u.large }}`."""
    return picture_urls(shown)

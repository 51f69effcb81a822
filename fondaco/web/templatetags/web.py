"""`{% load web %}`: everything the shell offers to templates. Usage of each: `fondaco/web/README.md`."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django import template
from django.http import HttpRequest
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from fondaco.web.access import local_path as path_here
from fondaco.web.icons import FLIPS, ICONS
from fondaco.web.templatetags import web_components, web_data, web_forms
from fondaco.web.tones import icon_of, tone_of

register = template.Library()
for _part in (web_components, web_data, web_forms):
    register.tags.update(_part.register.tags)
    register.filters.update(_part.register.filters)

SHEETS = (
    "reset",
    "tokens",
    "base",
    "layout",
    "components/shell",
    "components/controls",
    "components/surfaces",
    "components/forms",
    "components/tables",
    "components/flow",
    "components/overlays",
    "components/pictures",
    "components/charts",
    "utilities",
    "print",
)
"""In the order of the layers; each is small, hashed and kept by the browser for good."""


@register.simple_tag
def stylesheets() -> SafeString:
    return format_html_join(
        "\n", '<link rel="stylesheet" href="{}">', ((static(f"web/css/{name}.css"),) for name in SHEETS)
    )


@register.simple_tag
def islands(*names: str) -> SafeString:
    """Scripts of these islands. A page may name one twice: a browser runs a module once."""
    return format_html_join(
        "\n", '<script type="module" src="{}"></script>', ((static(f"web/js/{name}.js"),) for name in names)
    )


@register.simple_tag
def icon(name: str, label: str = "", **attrs: str) -> SafeString:
    """An icon of `web.icons`; silent for screen readers unless it has a label."""
    return _icon(name, str(label), hasattr(label, "__html__"), attrs.get("class", ""))


@lru_cache(maxsize=1024)
def _icon(name: str, label: str, is_safe: bool, more: str) -> SafeString:
    """Safe text and plain text are equal to Python, so the key says which it is."""
    strokes = mark_safe(ICONS[name])
    classes = " ".join(filter(None, ("icon", "icon--flips" if name in FLIPS else "", more)))
    if label:
        return format_html(
            '<svg class="{}" viewBox="0 0 24 24" role="img" aria-label="{}">{}</svg>', classes, label, strokes
        )
    return format_html('<svg class="{}" viewBox="0 0 24 24" aria-hidden="true">{}</svg>', classes, strokes)


@register.filter
def tone(value: Any) -> str:
    return tone_of(value)


@register.filter
def tone_icon(value: Any) -> str:
    return icon_of(tone_of(value))


@register.filter
def yesno_equal(left: Any, right: Any) -> str:
    """`true` or `false`, for aria attributes."""
    return "true" if str(left) == str(right) else "false"


@register.filter
def local_path(url: str | None, request: HttpRequest) -> str:
    """An address of this site as a path; `/` for anything foreign."""
    return path_here(request, url)

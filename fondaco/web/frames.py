"""Parts that a list repeats: the template is rendered once a language, its places are filled for every row.

A page of a list spends most of its time on the same tags again. In a frame's template stand `{{ names }}`, as they are, without filters;
`{% if %}` only asks for what `fill` is given as `shape`: few different answers, since each is kept.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from django.template.loader import render_to_string
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

_OPEN, _CLOSE = "\ue000", "\ue001"  # of no script and no keyboard
_PLACES = re.compile(f"{_OPEN}([a-z_]+){_CLOSE}")


def fill(template: str, values: Mapping[str, Any], **shape: bool | str) -> SafeString:
    """The template with these values: text is escaped, safe text is not. `shape` decides its conditions."""
    parts = list(_parts(template, get_language() or "", tuple(values), tuple(shape.items())))
    for at in range(1, len(parts), 2):
        parts[at] = conditional_escape(values[parts[at]])
    return mark_safe("".join(parts))


@lru_cache(maxsize=1024)
def _parts(
    template: str, language: str, names: tuple[str, ...], shape: tuple[tuple[str, bool | str], ...]
) -> list[str]:
    """Text and names of places in turn; it begins and ends with text."""
    places = {name: mark_safe(f"{_OPEN}{name}{_CLOSE}") for name in names}
    return _PLACES.split(render_to_string(template, {**places, **dict(shape)}))

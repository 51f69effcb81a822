"""The marketplace's own names for its programmes: "Prime" and "Handmade" are only the demo's (settings)."""

from __future__ import annotations

from typing import cast

from django.conf import settings
from django.utils.functional import lazystr
from django.utils.translation import get_language


def name_of(programme: str) -> str:
    """What `prime` or `handmade` is called here, in the reader's language."""
    names = settings.FONDACO_PROGRAMMES[programme]
    return names.get(get_language() or "en") or names["en"]


class _Late:
    """A name that is looked up when it is written, not when the module is read."""

    def __init__(self, programme: str) -> None:
        self.programme = programme

    def __str__(self) -> str:
        return name_of(self.programme)


def late_name(programme: str) -> str:
    """The programme's name for labels that are made before the language is known."""
    return cast(str, lazystr(_Late(programme)))

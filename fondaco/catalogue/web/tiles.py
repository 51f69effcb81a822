"""Places on the catalogue's pages for what domains above know: files in progress, orders to ship, returns due.

A domain registers once, from its application's `ready`; what nobody registered is not shown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.http import HttpRequest

type Tile = Callable[[HttpRequest], dict[str, Any] | None]
"""Answers a stat tile (`label, value, note, tone, url`), or None when there is nothing to show."""

_tiles: list[Tile] = []


def tile(fn: Tile) -> Tile:
    """Show this on the seller's overview. Registering the same one again does nothing."""
    if fn not in _tiles:
        _tiles.append(fn)
    return fn


def tiles_for(request: HttpRequest) -> Iterator[dict[str, Any]]:
    """The tiles of other domains, in the order of registration."""
    for each in _tiles:
        if found := each(request):
            yield found

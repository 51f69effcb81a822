"""Places on the pages about a product's pictures for domains above: services to order, rights to show.

@image_doors.action
def imaging(request, product): return {"label": …, "url": …, "icon": "camera"}      # opens as a dialog; or None

@image_doors.facts
def rights(request, image): return {"template": "studio/_rights_panel.html", …}     # beside one picture; or None
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest

from fondaco.catalogue.models import ListingImage, Product

type Action = Callable[[HttpRequest, Product], dict[str, Any] | None]
type Facts = Callable[[HttpRequest, ListingImage], dict[str, Any] | None]

_actions: list[Action] = []
_facts: list[Facts] = []


def action(fn: Action) -> Action:
    """Offer this on the Images tab. Registering the same one again does nothing."""
    if fn not in _actions:
        _actions.append(fn)
    return fn


def facts(fn: Facts) -> Facts:
    """Show this beside one picture."""
    if fn not in _facts:
        _facts.append(fn)
    return fn


def actions_for(request: HttpRequest, product: Product) -> list[dict[str, Any]]:
    """What other domains offer for a product's pictures."""
    return [found for each in _actions if (found := each(request, product))]


def facts_for(request: HttpRequest, image: ListingImage) -> list[dict[str, Any]]:
    """What other domains know of one picture."""
    return [found for each in _facts if (found := each(request, image))]

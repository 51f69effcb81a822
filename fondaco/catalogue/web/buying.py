"""The place on the product page where a domain above lets people buy.

    @buying.provide
    def buy_box(request, offers): return buying.Part("orders/buy_box.html", "orders/other_offers.html", context)

Without one, the page only says what is offered.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from fondaco.catalogue.models import Offer


@dataclass(frozen=True, slots=True)
class Part:
    """Two templates and what they show: `box` beside the pictures, `others` below."""

    box: str
    others: str
    context: Mapping[str, Any]
    stylesheet: str = ""


type Provider = Callable[[HttpRequest, tuple[Offer, ...]], Part | None]

_provider: Provider | None = None


def provide(fn: Provider) -> Provider:
    """From now on this one answers."""
    global _provider
    _provider = fn
    return fn


def part_for(request: HttpRequest, offers: tuple[Offer, ...]) -> Part | None:
    """What the page lets people buy; the featured offer stands first in `offers`."""
    return _provider(request, offers) if _provider else None

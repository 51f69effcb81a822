"""What a buyer asks to have made: the place for the domain whose sellers offer that.

    making.provide(provider)

What is kept with a cart line and with an order item is JSON of the provider; `more_minor` in it is what it adds to the
price of one unit. Without a provider nothing can be asked for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from django.http import HttpRequest

from fondaco.catalogue.models import Offer


@dataclass(frozen=True, slots=True)
class Part:
    """A template of the provider and what it shows, as `made`."""

    template: str
    context: Mapping[str, Any]


class Provider(Protocol):
    """What the domain above answers."""

    def require(self, offer: Offer, customisation: Mapping[str, Any], *, at: datetime) -> None:
        """Refuses what cannot be made, or not for this price, and what has to be chosen and was not."""

    def form(self, request: HttpRequest, offer: Offer, quantities: Sequence[int]) -> Part | None:
        """In place of the plain “Add to cart” of the product page; None when the offer is sold as it is."""

    def shown(self, customisations: Sequence[Mapping[str, Any]]) -> Sequence[Part | None]:
        """What was asked for, to be read; for each of these, in order."""


_provider: Provider | None = None


def provide(provider: Provider) -> Provider:
    """From now on this one answers."""
    global _provider
    _provider = provider
    return provider


def require(offer: Offer, customisation: Mapping[str, Any], *, at: datetime) -> None:
    """Raises what the provider refuses."""
    if _provider:
        _provider.require(offer, customisation, at=at)


def form(request: HttpRequest, offer: Offer, quantities: Sequence[int]) -> Part | None:
    """The provider's form for the product page, if the offer can be customised."""
    return _provider.form(request, offer, quantities) if _provider else None


def shown(customisations: Sequence[Mapping[str, Any]]) -> Sequence[Part | None]:
    """What was asked for, for pages; nothing for what was bought as it is."""
    if _provider is None or not any(customisations):
        return [None] * len(customisations)
    return _provider.shown(customisations)


def more_minor(customisation: Mapping[str, Any] | None) -> int:
    """What it adds to the price of one unit, in minor units of the offer's currency."""
    return int((customisation or {}).get("more_minor", 0))

"""What moves an offer up, as the featured one and in search, beside its price: domains above know (PRIME-16).

    @featuring.provide
    def faster_delivery(offers, *, at): return {offer.pk: [Earned("two_day", 4, _("Two-day delivery"))]}

Every factor is a share of the price by which the offer counts as cheaper, the same for all sellers, and is shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from fondaco.catalogue.models import Offer


@dataclass(frozen=True, slots=True)
class Earned:
    """One factor: `pct` of the price, and what to call it (an English msgid)."""

    code: str
    pct: int
    label: str
    clause: str = ""


class Factors(Protocol):
    def __call__(self, offers: Sequence[Offer], *, at: datetime) -> Mapping[UUID, Sequence[Earned]]: ...


class SearchPoints(Protocol):
    def __call__(self, product_ids: Iterable[UUID], *, store: str, at: datetime) -> Mapping[UUID, int]: ...


_providers: list[Factors] = []
_search: list[SearchPoints] = []


def provide_search(fn: SearchPoints) -> SearchPoints:
    """Points that move a product up among search results whose words fit equally well."""
    if fn not in _search:
        _search.append(fn)
    return fn


def search_points(product_ids: Iterable[UUID], *, store: str, at: datetime) -> dict[UUID, int]:
    """By product; what earns nothing is left out."""
    ids = list(product_ids)
    points: dict[UUID, int] = {}
    for provider in _search if ids else ():
        for pk, earned in provider(ids, store=store, at=at).items():
            points[pk] = points.get(pk, 0) + earned
    return points


def provide(fn: Factors) -> Factors:
    """Register a provider. Registering the same one again does nothing."""
    if fn not in _providers:
        _providers.append(fn)
    return fn


def earned_by(offers: Iterable[Offer], *, at: datetime) -> dict[UUID, tuple[Earned, ...]]:
    """What each offer earns, by its id."""
    rows = list(offers)
    found: dict[UUID, tuple[Earned, ...]] = {}
    for provider in _providers:
        for pk, earned in provider(rows, at=at).items():
            found[pk] = (*found.get(pk, ()), *earned)
    return found


def order_key(offer: Offer, earned: Sequence[Earned]) -> tuple[Any, ...]:
    """The order of offers of one product: those with a unit, then the lowest compared price, then the oldest."""
    compared = offer.price_minor * (100 - min(90, sum(e.pct for e in earned)))
    return offer.units_sellable <= 0, compared, offer.price_minor, offer.created_at, str(offer.pk)


def sorted_offers(offers: Iterable[Offer], *, at: datetime) -> list[Offer]:
    """The featured one first."""
    rows = list(offers)
    earned = earned_by(rows, at=at) if len(rows) > 1 else {}
    return sorted(rows, key=lambda offer: order_key(offer, earned.get(offer.pk, ())))

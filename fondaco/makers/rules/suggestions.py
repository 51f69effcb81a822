"""Suggestions for being found and for selling, computed from a maker's own listings (HAND-24). Plain Python."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from fondaco.kit.text import fold

GOOD_PICTURES, SHORT_TITLE, LONG_TITLE, GOOD_WORDS, SLOW_DAYS = 6, 25, 120, 60, 10


@dataclass(frozen=True, slots=True)
class Listed:
    """One listing of the maker. `missing` are attributes of its type that are not stated."""

    asin: str
    title: str
    description: str
    pictures: int
    units: int
    production_days: int
    has_customisation: bool
    has_family: bool
    missing: tuple[str, ...] = ()
    is_held: bool = False
    ordered_units: int = 0


@dataclass(frozen=True, slots=True)
class Shop:
    """The maker's shop as far as suggestions go."""

    listings: tuple[Listed, ...]
    has_profile: bool
    profile_pictures: int = 0
    profile_countries: int = 0
    open_stores: int = 0
    stores_with_listings: int = 0


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Something to do. `asins` are the listings that it is about, `weight` how much it should help: 1 to 100."""

    code: str
    weight: int
    asins: tuple[str, ...] = ()
    facts: dict[str, Any] = field(default_factory=dict)


def suggest(shop: Shop) -> tuple[Suggestion, ...]:
    """What would help most, first. Nothing is suggested that is done already."""
    rows = shop.listings
    found = [
        _about("mend_held", 100, rows, lambda r: r.is_held),
        _about("restock", 90, rows, lambda r: r.units <= 0, best_first=True),
        _about("more_pictures", 80, rows, lambda r: 0 < r.pictures < GOOD_PICTURES, most=GOOD_PICTURES),
        _about("longer_title", 75, rows, lambda r: len(r.title) < SHORT_TITLE, least=SHORT_TITLE),
        _about("shorter_title", 45, rows, lambda r: len(r.title) > LONG_TITLE, most=LONG_TITLE),
        _about("state_attributes", 70, rows, lambda r: bool(r.missing)),
        _about("describe", 65, rows, lambda r: len(r.description.split()) < GOOD_WORDS, least=GOOD_WORDS),
        _about("make_faster", 50, rows, lambda r: r.production_days > SLOW_DAYS, most=SLOW_DAYS),
        *_best_sellers(rows),
        *_same_titles(rows),
        *_of_the_shop(shop),
    ]
    return tuple(sorted((s for s in found if s is not None), key=lambda s: (-s.weight, s.code)))


def _about(
    code: str, weight: int, rows: Iterable[Listed], test: Any, *, best_first: bool = False, **facts: Any
) -> Suggestion | None:
    hit = [r for r in rows if test(r)]
    if best_first:
        hit.sort(key=lambda r: -r.ordered_units)
    return Suggestion(code, weight, tuple(r.asin for r in hit), {"count": len(hit), **facts}) if hit else None


def _best_sellers(rows: Sequence[Listed]) -> list[Suggestion]:
    """What sells best deserves variations and customisation first."""
    sold = sorted((r for r in rows if r.ordered_units), key=lambda r: -r.ordered_units)[:3]
    found = []
    if plain := [r for r in sold if not r.has_family]:
        found.append(Suggestion("add_variations", 55, tuple(r.asin for r in plain), {"count": len(plain)}))
    if fixed := [r for r in sold or rows[:3] if not r.has_customisation]:
        found.append(Suggestion("offer_customisation", 40, tuple(r.asin for r in fixed), {"count": len(fixed)}))
    return found


def _same_titles(rows: Sequence[Listed]) -> list[Suggestion]:
    counts = Counter(fold(r.title) for r in rows)
    same = [r.asin for r in rows if counts[fold(r.title)] > 1]
    return [Suggestion("tell_titles_apart", 60, tuple(same), {"count": len(same)})] if same else []


def _of_the_shop(shop: Shop) -> list[Suggestion]:
    found = []
    if not shop.has_profile:
        found.append(Suggestion("write_profile", 95))
    elif shop.profile_pictures < 3:
        found.append(Suggestion("show_workshop", 42, facts={"count": shop.profile_pictures}))
    if shop.has_profile and shop.profile_countries < shop.open_stores:
        found.append(Suggestion("translate_profile", 35, facts={"count": shop.open_stores - shop.profile_countries}))
    if shop.listings and shop.stores_with_listings < shop.open_stores:
        found.append(Suggestion("list_elsewhere", 38, facts={"count": shop.open_stores - shop.stores_with_listings}))
    if not shop.listings:
        found.append(Suggestion("list_first", 99))
    return found

"""Reasons of domains above to keep a listing out of search, beside the catalogue's own (B-IMG-09).

    holds.hold(handmade_holds, {"vacation": N_("The seller is on vacation.")})

`fn(products, at)` answers product id → code for those of the given products that it holds back. It is asked inside the
transaction that publishes them, and only for products that the catalogue itself would let through. Whoever knows that an
answer has changed nudges `catalogue.nudges.publish`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from fondaco.catalogue.models import Product

type Holder = Callable[[Sequence[Product], datetime], Mapping[UUID, str]]

_holders: list[Holder] = []
_words: dict[str, str] = {}


def hold(fn: Holder, words: Mapping[str, str]) -> None:
    """Register a holder with the sentences (msgids) of its codes. Registering the same one again does nothing."""
    if fn not in _holders:
        _holders.append(fn)
    _words.update(words)


def held_by_others(products: Sequence[Product], at: datetime) -> dict[UUID, str]:
    """The first reason that anybody above has, by product."""
    found: dict[UUID, str] = {}
    for each in _holders:
        for pk, code in each([p for p in products if p.pk not in found], at).items():
            found.setdefault(pk, code)
    return found


def words_of(code: str) -> str:
    """The sentence (msgid) of a code of a domain above; empty for any other code."""
    return _words.get(code, "")

"""Policy as data: every number and table of SPEC Part 3, versioned, looked up by key, store and time.

    px = policy.value("image.px", at=submitted_at)
    px.value["min"]    # 500
    px.version         # "image.px@US#0": stored beside the decision

Rules never call this: they receive values. Operations look them up at the anchor of the case, and store
the version they used (Q-52).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from fondaco.policy import cache as _cache
from fondaco.policy.book import Book, Bundle, shipped_book
from fondaco.policy.rules import PolicyValue
from fondaco.policy.shipped import Area, Key, key_of
from fondaco.policy.shipped import shipped as _shipped
from fondaco.policy.stores import DEFAULT, STORES, Store, store_by_marketplace_id, store_of

__all__ = [
    "DEFAULT",
    "STORES",
    "Area",
    "Book",
    "Bundle",
    "Key",
    "PolicyValue",
    "Store",
    "areas",
    "bundle",
    "by_version",
    "current",
    "key_of",
    "many",
    "shipped",
    "shipped_bundle",
    "store_by_marketplace_id",
    "store_of",
    "value",
]


def value(key: str, store: str = DEFAULT, *, at: datetime) -> PolicyValue:
    """The value in force in a store at an instant (aware UTC): the operator's, or else as shipped."""
    return _cache.current().value(key, store, at=at)


def many(keys: Iterable[str], store: str = DEFAULT, *, at: datetime) -> dict[str, PolicyValue]:
    """Several values of one store and instant, by key."""
    return _cache.current().many(keys, store, at=at)


def bundle(area: str, store: str = DEFAULT, *, at: datetime) -> Bundle:
    """Everything under a prefix, by short key: `bundle("image", at=now)["px"]["min"]`; see `Bundle.versions`."""
    return _cache.current().bundle(area, store, at=at)


def by_version(name: str) -> PolicyValue:
    """The value that a decision cited by name."""
    return _cache.current().by_version(name)


def current() -> Book:
    """Everything as it stands now: the book to put drafts on for a what-if."""
    return _cache.current()


def shipped(key: str, store: str = DEFAULT, *, at: datetime) -> PolicyValue:
    """As `value`, but never asks a database: for tests of rules and for tools without one."""
    return shipped_book().value(key, store, at=at)


def shipped_bundle(area: str, store: str = DEFAULT, *, at: datetime) -> Bundle:
    """As `bundle`, but never asks a database."""
    return shipped_book().bundle(area, store, at=at)


def areas() -> tuple[Area, ...]:
    """All keys, grouped, in the order of the pages."""
    return _shipped().areas

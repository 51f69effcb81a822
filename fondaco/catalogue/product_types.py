"""Product types: the categories that rules ask about, and what a seller must state about goods of a type.

The data stand in `data/product_types.toml`. Rules never see a type's key; they get its categories as a frozenset of
the words that policy rows use.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from django.utils.translation import gettext_noop as _

from fondaco.kit.errors import Invalid


class UnknownProductType(Invalid):
    CODE = "unknown_product_type"
    WORDS = _("There is no product type called %(product_type)s.")
    FIX = _("Choose one of the list of product types.")


@dataclass(frozen=True, slots=True)
class Named:
    """Something with a key and a name (an English msgid)."""

    key: str
    name: str


@dataclass(frozen=True, slots=True)
class Theme:
    """A way in which the products of a family differ: by these attributes together."""

    key: str
    attributes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ProductType:
    """One kind of goods. `attributes` must be stated; `themes` are the variations that it allows."""

    key: str
    name: str
    categories: frozenset[str]
    department: str
    attributes: tuple[str, ...]
    themes: tuple[str, ...]

    @property
    def is_handmade(self) -> bool:
        return "handmade" in self.categories

    def missing(self, attributes: Mapping[str, Any]) -> tuple[str, ...]:
        """The attributes that must be stated and are not."""
        return tuple(name for name in self.attributes if not str(attributes.get(name) or "").strip())


def product_type(key: str) -> ProductType:
    """The type with this key. Raises UnknownProductType."""
    try:
        return all_types()[key]
    except KeyError:
        raise UnknownProductType(product_type=key[:40]) from None


def categories_of(key: str) -> frozenset[str]:
    """The rule categories of a type; none for a type that no longer exists."""
    found = all_types().get(key)
    return found.categories if found else frozenset()


@cache
def all_types() -> dict[str, ProductType]:
    """Every type by key, in the order of the data file."""
    return {key: _build(key, raw) for key, raw in _data()["type"].items()}


@cache
def departments() -> dict[str, Named]:
    """The places where buyers browse, by key, in order."""
    return {key: Named(key, raw["name"]) for key, raw in _data()["department"].items()}


@cache
def attributes() -> dict[str, Named]:
    """Everything that can be stated about goods of some type."""
    return {key: Named(key, raw["name"]) for key, raw in _data()["attribute"].items()}


def theme(key: str) -> Theme:
    """A variation theme: a combined one of the data file, or a single attribute of that name."""
    combined = _data()["theme"].get(key)
    return Theme(key, tuple(combined["attributes"]) if combined else (key,))


def types_in(department: str) -> list[ProductType]:
    """The types that are browsed in a department."""
    return [t for t in all_types().values() if t.department == department]


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads((files(__package__) / "data" / "product_types.toml").read_text(encoding="utf-8"))


def _build(key: str, raw: Mapping[str, Any]) -> ProductType:
    return ProductType(
        key=key,
        name=raw["name"],
        categories=frozenset(raw["categories"]),
        department=raw["department"],
        attributes=tuple(raw["attributes"]),
        themes=tuple(raw["themes"]),
    )

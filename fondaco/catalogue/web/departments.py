"""Departments with their product types by name, for choosing one."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from fondaco.catalogue.product_types import all_types, departments, types_in


@dataclass(frozen=True, slots=True)
class Department:
    """A department and its product types as (key, name in the reader's language), sorted by name."""

    key: str
    name: str
    types: tuple[tuple[str, str], ...]


def shown_departments() -> list[Department]:
    """Those that have types, in the order of the shop."""
    found = []
    for key, named in departments().items():
        types = sorted(((t.key, _(t.name)) for t in types_in(key)), key=lambda pair: pair[1])
        if types:
            found.append(Department(key, _(named.name), tuple(types)))
    return found


def type_name(key: str) -> str:
    """A product type's name in the reader's language; empty for one that does not exist."""
    found = all_types().get(key)
    return _(found.name) if found else ""

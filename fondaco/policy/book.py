"""A book of policies: every version known at one moment, ready to be looked up. Plain Python.

The process reads from the current book (`policy.value`); a what-if reads from a book with drafts on top;
`shipped_book()` is the one without any database.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cache
from typing import Any

from fondaco.policy.rules import (
    NotYetInForce,
    PolicyValue,
    Timeline,
    UnknownVersion,
    Version,
    parse_version,
    timeline,
)
from fondaco.policy.shipped import key_of, shipped
from fondaco.policy.stores import DEFAULT, store_of


class Bundle(dict[str, Any]):
    """The values of one area by the rest of their key: `{"px": {...}, "main.min_fill_pct": 85}`.

    `versions` names the version of each: what a case stores beside its decision.
    """

    versions: dict[str, str]


class Book:
    """Looks values up. `versions` are the operator's, on top of the shipped ones; it never changes."""

    def __init__(self, versions: Iterable[Version] = ()) -> None:
        self._published: dict[str, list[Version]] = {}
        for version in versions:
            self._published.setdefault(version.key, []).append(version)
        self._timelines: dict[tuple[str, str], Timeline] = {}

    def value(self, key: str, store: str = DEFAULT, *, at: datetime) -> PolicyValue:
        """The value of a key in force in a store at an instant (aware).

        Refuses unknown keys and stores, and a key that had no value then.
        """
        line = self._timelines.get((key, store)) or self._layout(key, store)
        found = line.at(at)
        if found is None:
            raise NotYetInForce(key=key, store=store)
        return found

    def many(self, keys: Iterable[str], store: str = DEFAULT, *, at: datetime) -> dict[str, PolicyValue]:
        """Several at once, by key."""
        return {key: self.value(key, store, at=at) for key in keys}

    def bundle(self, area: str, store: str = DEFAULT, *, at: datetime) -> Bundle:
        """Everything under a prefix (`image`, `image.url`): short key to value, and the versions used."""
        prefix = area + "."
        found = self.many((key for key in shipped().keys if key.startswith(prefix)), store, at=at)
        bundle = Bundle({key.removeprefix(prefix): item.value for key, item in found.items()})
        bundle.versions = {key: item.version for key, item in found.items()}
        return bundle

    def by_version(self, name: str) -> PolicyValue:
        """The very value that a decision cited: `image.px@US#0`. Refuses names that no version has."""
        wanted = parse_version(name)
        store_of(wanted.store)
        for version in self.versions_of(wanted.key):
            if version.store in (wanted.store, "*") and version.name_in(wanted.store) == name:
                return version.value_in(wanted.store)
        raise UnknownVersion(version=name)

    def versions_of(self, key: str) -> list[Version]:
        """Every version of a key, those for one store before those for all, the operator's first."""
        published = self._published.get(key_of(key).key, [])
        return sorted(
            [*published, *shipped().versions[key]], key=lambda version: (-version.number, version.store == "*")
        )

    def with_draft(self, drafts: Mapping[tuple[str, str], Any]) -> Book:
        """A book in which each `(key, store)` always had the drafted value (plain JSON), for a what-if.

        Refuses values that do not fit their type. Their version is cited as number 1,000,000.
        """
        drafted = [
            Version(key=key, store=store_of(store).code, number=1_000_000, value=key_of(key).type.read(raw))
            for (key, store), raw in drafts.items()
        ]
        replaced = {(version.key, version.store) for version in drafted}
        kept = (v for versions in self._published.values() for v in versions if (v.key, v.store) not in replaced)
        return Book([*kept, *drafted])

    def _layout(self, key: str, store: str) -> Timeline:
        store_of(store)
        line = timeline(self.versions_of(key), store=store)
        self._timelines[key, store] = line
        return line


@cache
def shipped_book() -> Book:
    """The policies as shipped, whatever an operator has published."""
    return Book()

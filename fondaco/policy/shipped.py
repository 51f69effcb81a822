"""The policies as shipped: every row of SPEC Part 3, read once from the files in `data/`. Plain Python."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from fondaco.policy.rules import EVERY_STORE, Basis, UnknownKey, Version
from fondaco.policy.types import Table, Type, build

# In the order in which pages list them.
AREAS = (
    "image", "feed", "imaging", "billing", "prime", "return", "refund", "claim", "hazmat", "sanction",
    "photo", "message", "handmade", "pr", "calendar",
)  # fmt: skip

# The moment whose version a case keeps, as pages say it: "the version in force …" (English msgids).
ANCHORS = {
    "order": "at the order",
    "event": "when it happens",
    "publication": "at publication",
    "image": "when the picture is published",
    "submission": "at submission",
    "daily": "on the day",
    "upload": "at the upload",
    "view": "when the page is seen",
    "label": "when the label is bought",
    "enrolment": "at enrolment",
    "request": "at the request",
    "week": "in the week",
    "message": "when the message is sent",
    "approval": "at approval",
    "listing": "when the product is listed",
    "invite": "when the invitation is sent",
    "sale": "at the sale",
    "": "now: it is shown as it is",
}


@dataclass(frozen=True, slots=True)
class Key:
    """What is known about a policy besides its value.

    `title` and `about` are English msgids. `anchor` is the moment whose version a case keeps; empty for
    texts that are always shown as they are now. `clauses` are SPEC ids.
    """

    key: str
    area: str
    title: str
    about: str
    type: Type
    anchor: str
    clauses: tuple[str, ...]

    @property
    def anchor_words(self) -> str:
        """Which version counts, as an English msgid: "at the order"."""
        return ANCHORS[self.anchor]

    @property
    def row_key(self) -> tuple[str, ...]:
        """The columns that identify a row, when the value is a table."""
        return self.type.key if isinstance(self.type, Table) else ()


@dataclass(frozen=True, slots=True)
class Area:
    """A group of keys. `title` is an English msgid."""

    name: str
    title: str
    keys: tuple[Key, ...]


@dataclass(frozen=True, slots=True)
class Shipped:
    """Everything in `data/`."""

    areas: tuple[Area, ...]
    keys: Mapping[str, Key]
    versions: Mapping[str, tuple[Version, ...]]


def key_of(key: str) -> Key:
    """The definition of a key. Refuses unknown ones."""
    try:
        return shipped().keys[key]
    except KeyError:
        raise UnknownKey(key=str(key)[:100]) from None


@cache
def shipped() -> Shipped:
    """The data files, read and validated at first use. A fault in them is a bug and raises."""
    areas: list[Area] = []
    versions: dict[str, tuple[Version, ...]] = {}
    for name in AREAS:
        document = tomllib.loads((resources.files("fondaco.policy") / "data" / f"{name}.toml").read_text("utf-8"))
        rows = [(_key(name, raw), raw) for raw in document["key"]]
        areas.append(Area(name, document["title"], tuple(key for key, _ in rows)))
        versions |= {key.key: tuple(_versions(key, raw)) for key, raw in rows}
    return Shipped(tuple(areas), {key.key: key for area in areas for key in area.keys}, versions)


def _key(area: str, raw: Mapping[str, Any]) -> Key:
    return Key(
        key=raw["key"],
        area=area,
        title=raw["title"],
        about=raw.get("about", ""),
        type=build(raw["type"]),
        anchor=raw["anchor"],
        clauses=tuple(raw["clauses"]),
    )


def _versions(key: Key, raw: Mapping[str, Any]) -> Iterator[Version]:
    for version in raw["version"]:
        yield Version(
            key=key.key,
            store=version.get("store", EVERY_STORE),
            number=0,
            value=key.type.read(None if version.get("none") else version["value"]),
            begins=version.get("effective_from"),
            ends=version.get("effective_to"),
            basis=Basis(version["basis"]),
            source=version["source"],
            note=version.get("note", ""),
            clauses=key.clauses,
        )

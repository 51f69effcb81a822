"""What stands between double braces in an article, resolved for one reader.

    {{ prime }}  {{ handmade }}  {{ marketplace }}    names that the operator chose
    {{ policy:image.display_sla_hours|24 }}           the value in force; the text after the bar if it is not simple
    {{ ui:Manage Inventory }}                         the words that stand on the screen, in the reader's language
    {{ table:image-errors }}                          a generated table (`tables.py`), on a line of its own
    {{ labels:handmade.prohibited }}                  the labels of a policy table as a list, on a line of its own

Plain Python: what it cannot know comes in as functions.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

PLACEHOLDER = re.compile(r"\{\{\s*(?P<kind>[a-z]+)(?::(?P<name>[^|}]+?))?(?:\|(?P<fallback>[^}]*?))?\s*\}\}")
_MARKDOWN = re.compile(r"([\\`*_\[\]<>|])")
BLOCKS = ("table", "labels")


class UnknownPlaceholder(ValueError):
    """A placeholder that no article may use."""


@dataclass(frozen=True, slots=True)
class Filler:
    """Everything a placeholder may ask for.

    `names` are the operator's names by key. `policy(key)` answers text for a simple value, None for any other.
    `screen(words)` answers the words of a screen in the reader's language.
    """

    names: Mapping[str, str]
    policy: Callable[[str], str | None]
    screen: Callable[[str], str]

    def text(self, source: str) -> str:
        """Placeholders replaced by plain text: for titles, summaries and search."""
        return PLACEHOLDER.sub(self._one, source)

    def markdown(self, source: str) -> str:
        """Placeholders replaced so that no value can be read as Markdown. Blocks become `BLOCK:kind:name`."""
        return PLACEHOLDER.sub(self._escaped, source)

    def _escaped(self, found: re.Match[str]) -> str:
        if found["kind"] in BLOCKS:
            return block_mark(found["kind"], found["name"].strip())
        return _MARKDOWN.sub(r"\\\1", self._one(found))

    def _one(self, found: re.Match[str]) -> str:
        kind, name = found["kind"], (found["name"] or "").strip()
        if kind in BLOCKS:
            return ""
        if kind == "policy":
            value = self.policy(name)
            return (found["fallback"] or "") if value is None else value
        if kind == "ui":
            return self.screen(name)
        if name or kind not in self.names:
            raise UnknownPlaceholder(found[0])
        return self.names[kind]


def block_mark(kind: str, name: str) -> str:
    """What stands for a generated block while the Markdown around it is rendered."""
    return f"BLOCK:{kind}:{name}"


def placeholders_of(source: str) -> list[tuple[str, str]]:
    """Every placeholder as (kind, name), sorted: the same in all languages of an article."""
    return sorted((found["kind"], (found["name"] or "").strip()) for found in PLACEHOLDER.finditer(source))


def simple(value: Any, unit: str = "") -> str | None:
    """A policy value as it stands in a sentence, or None if it is more than a number, a text or a list of those."""
    if isinstance(value, bool) or value is None:
        return None
    if unit == "bytes" and isinstance(value, int):
        return _bytes(value)
    if isinstance(value, int | str):
        return str(value)
    if hasattr(value, "normalize"):  # Decimal
        return format(value, "f")
    if isinstance(value, list | tuple) and value and all(isinstance(item, str | int) for item in value):
        return ", ".join(map(str, value))
    return None


def _bytes(count: int) -> str:
    for size, name in ((1_000_000, "MB"), (1_000, "kB")):
        if count >= size:
            return f"{count / size:g} {name}"
    return f"{count} B"

"""What every source offers: a listing, and a reader that can be sent to another process or machine."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Item:
    """One picture as listed.

    `path`: how people and the dataset call it, always storable text. `location`: what the reader needs to open it,
    as bytes because names of files need not be text. `stamp` changes when the content may have changed.
    """

    path: str
    location: bytes
    stamp: str


class Reader(Protocol):
    """Opens what was listed. Picklable and hashable; no connection before the first read."""

    @property
    def ahead(self) -> int:
        """How many reads one worker should have under way: 0 where reading does not wait."""

    def read(self, location: bytes) -> tuple[bytes, int]:
        """The content, cut after one byte more than is ever inspected, and its true size. Raises CannotRead."""


class Source(Protocol):
    """Where pictures are."""

    @property
    def name(self) -> str:
        """The whole address: an audit of another source is another audit."""

    @property
    def reader(self) -> Reader: ...

    def items(self) -> Iterator[Item]:
        """Every picture, in a stable order."""

    def locate(self, path: str) -> bytes:
        """The location of the item that is listed as `path`."""

"""Where ids, numbers and secrets come from: the machine's own randomness.

A sandbox puts a repeatable sequence in its place (`use`), so that the same calls get the same answers. Nothing else may.
"""

from __future__ import annotations

import base64
import secrets
import uuid
from collections.abc import Sequence
from typing import Protocol

import uuid_utils


class Source(Protocol):
    """`id` is a UUIDv7 that sorts after those before it, `passing_id` one for what is not kept; `draw` are random bytes."""

    def id(self) -> uuid.UUID: ...
    def passing_id(self) -> uuid.UUID: ...
    def draw(self, count: int) -> bytes: ...


class Machine:
    """The operating system's randomness and the machine's clock."""

    def id(self) -> uuid.UUID:
        return uuid.UUID(int=uuid_utils.uuid7().int)

    def passing_id(self) -> uuid.UUID:
        return self.id()

    def draw(self, count: int) -> bytes:
        return secrets.token_bytes(count)


_source: Source = Machine()


def use(source: Source | None) -> None:
    """Draw from `source` from now on; None: from the machine again."""
    global _source
    _source = source or Machine()


def is_machine() -> bool:
    """Whether chance is real here: not so in a sandbox."""
    return isinstance(_source, Machine)


def new_uuid() -> uuid.UUID:
    """A UUIDv7."""
    return _source.id()


def passing_uuid() -> uuid.UUID:
    """A UUIDv7 for what is not kept, such as a request: it shifts no sequence of those that are."""
    return _source.passing_id()


def draw(count: int) -> bytes:
    """So many bytes."""
    return _source.draw(count)


def token_urlsafe(count: int) -> str:
    """So many bytes as text for addresses."""
    return base64.urlsafe_b64encode(draw(count)).rstrip(b"=").decode("ascii")


def token_hex(count: int) -> str:
    """So many bytes, in two hexadecimal digits each."""
    return draw(count).hex()


def below(most: int) -> int:
    """A whole number from 0 to `most` - 1, each equally likely."""
    size = (most.bit_length() + 7) // 8 + 8  # 64 bits beyond the range: the rest of the division does not show
    return int.from_bytes(draw(size), "big") % most


def choice[T](signs: Sequence[T]) -> T:
    """One of them."""
    return signs[below(len(signs))]

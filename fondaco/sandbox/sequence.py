"""Chance that can be repeated: from one seed always the same ids, numbers and secrets, in the order in which they are asked for."""

from __future__ import annotations

import hashlib
import threading
import uuid
from dataclasses import dataclass, field

_BEGIN_MS = 1_767_225_600_000  # 2026-01-01: only the order of the ids counts, so they begin somewhere and count on
_VERSION, _VARIANT = 7 << 76, 2 << 62  # where RFC 9562 puts them


@dataclass(slots=True)
class Sequence:
    """A `kit.chance.Source`. `state` is all that it remembers besides its seed."""

    seed: str
    _ids: int = 0
    _drawn: int = 0
    _passing: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def id(self) -> uuid.UUID:
        with self._lock:
            self._ids += 1
            number = self._ids
        return self._uuid("id", number)

    def passing_id(self) -> uuid.UUID:
        with self._lock:
            self._passing += 1
            number = self._passing
        return self._uuid("passing", number)

    def draw(self, count: int) -> bytes:
        with self._lock:
            self._drawn += 1
            number = self._drawn
        return self._bytes("draw", number, count)

    @property
    def state(self) -> list[int]:
        with self._lock:
            return [self._ids, self._drawn, self._passing]

    @state.setter
    def state(self, state: list[int]) -> None:
        with self._lock:
            self._ids, self._drawn, self._passing = state

    def _uuid(self, name: str, number: int) -> uuid.UUID:
        ms, counter = divmod(number, 4096)
        rest = int.from_bytes(self._bytes(name, number, 8), "big") >> 2
        return uuid.UUID(int=((_BEGIN_MS + ms) << 80) | _VERSION | (counter << 64) | _VARIANT | rest)

    def _bytes(self, name: str, number: int, count: int) -> bytes:
        return hashlib.shake_256(f"{self.seed}|{name}|{number}".encode()).digest(count)

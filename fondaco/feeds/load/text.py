"""Text of rows as PostgreSQL's COPY reads and writes it. Also the form in which wanted and present rows are compared."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np

from fondaco.kit import chance, text

NULL = "\\N"
_ALPHABET = np.frombuffer(b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", dtype=np.uint8)
_ESCAPES = str.maketrans({"\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r", "\b": "\\b", "\f": "\\f", "\v": "\\v"})


def escaped(column: Sequence[str]) -> Sequence[str]:
    """The column with backslashes and line breaks escaped; itself where there are none (nearly always)."""
    joined = "".join(column)
    if "\\" in joined or "\n" in joined or "\t" in joined or "\r" in joined:
        return [value.translate(_ESCAPES) for value in column]
    return column


def as_text(value: Any) -> str:
    """One value as COPY writes it."""
    if value is None:
        return NULL
    if isinstance(value, bool):
        return "t" if value else "f"
    if isinstance(value, date):
        return value.isoformat()
    return str(value).translate(_ESCAPES)


def texts(column: Sequence[Any]) -> Sequence[str]:
    """A column of counts, money or dates as COPY writes it."""
    return [NULL if value is None else value.isoformat() if isinstance(value, date) else str(value) for value in column]


def lines(columns: Sequence[Sequence[str]]) -> list[str]:
    """The rows of these columns, each one line without its end."""
    return list(map("\t".join, zip(*columns, strict=True)))


_COUNTER = [f"{n:03x}" for n in range(4096)]


def ids(count: int) -> list[str]:
    """`count` new UUIDv7 as text, ascending: the time to the millisecond, a counter, 60 random bits.

    A database that stores keys in order likes them ascending; made in bulk they cost a third of a call each.
    """
    if not chance.is_machine():
        return [str(chance.new_uuid()) for _ in range(count)]
    made: list[str] = []
    while len(made) < count:
        some = min(4096, count - len(made))
        stamp = f"{time.time_ns() // 1_000_000:012x}"
        head = f"{stamp[:8]}-{stamp[8:]}-7"
        drawn = chance.draw(8 * some).hex()
        places = range(0, 16 * some, 16)
        made += [
            f"{head}{n}-8{drawn[p : p + 3]}-{drawn[p + 3 : p + 15]}" for n, p in zip(_COUNTER, places, strict=False)
        ]
        if some == 4096:
            time.sleep(0.001)  # the counter is used up for this millisecond
    return made


def asins(count: int) -> list[str]:
    """`count` random product numbers, `F0` and eight of `[0-9A-Z]`. Collisions are the unique constraint's to find."""
    drawn = np.frombuffer(chance.draw(8 * count), dtype=np.uint8)
    while (beyond := drawn >= 252).any():  # 252 = 7 × 36: every letter equally likely
        drawn = np.where(beyond, np.frombuffer(chance.draw(8 * count), dtype=np.uint8), drawn)
    letters = _ALPHABET[drawn % 36].tobytes().decode("ascii")
    return ["F0" + letters[at : at + 8] for at in range(0, 8 * count, 8)]


def title_keys(titles: Sequence[str]) -> Sequence[str]:
    """Titles folded for search. For ASCII that is lower case and single spaces, which takes a tenth of the time."""
    joined = "\n".join(titles)
    if joined.isascii():
        lowered = joined.lower()
        if "  " not in lowered and not any(c in lowered for c in "\t\r\f\v\x1c\x1d\x1e\x1f"):
            return lowered.split("\n")
    return [text.fold(title)[:400] for title in titles]

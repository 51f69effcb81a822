"""What changed between two rounds of a draft, so that a person can read it. Plain Python."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

_WORD = re.compile(r"\s+|[\w'’-]+|[^\w\s]")
_ALIKE = 0.35
MOST_PARAGRAPHS = 3_000


class Kind(StrEnum):
    """What happened to a paragraph or to a stretch of words."""

    SAME = "same"
    ADDED = "added"
    TAKEN = "taken"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Piece:
    """Words that stayed, came or went."""

    kind: Kind
    text: str


@dataclass(frozen=True, slots=True)
class Change:
    """One paragraph of the later round (or one that is gone), with its pieces; `number` counts from 0 in that round."""

    kind: Kind
    pieces: tuple[Piece, ...]
    number: int | None = None


def difference(before: Sequence[str], after: Sequence[str]) -> tuple[Change, ...]:
    """Every paragraph in order. Those that were reworded are compared word by word.

    Joining the pieces that are not `added` gives the earlier text, those that are not `taken` the later one.
    """
    found: list[Change] = []
    matcher = SequenceMatcher(None, before[:MOST_PARAGRAPHS], after[:MOST_PARAGRAPHS], autojunk=False)
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag == "equal":
            found += [_whole(Kind.SAME, after[j], j) for j in range(j1, j2)]
            continue
        old, new = list(range(i1, i2)), list(range(j1, j2))
        while old and new:
            i, j = old.pop(0), new.pop(0)
            found += _pair(before[i], after[j], j)
        found += [_whole(Kind.TAKEN, before[i], None) for i in old]
        found += [_whole(Kind.ADDED, after[j], j) for j in new]
    return tuple(found)


def _pair(old: str, new: str, number: int) -> list[Change]:
    one, other = _WORD.findall(old), _WORD.findall(new)
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    if len(one) + len(other) > 8_000 or matcher.ratio() < _ALIKE:
        return [_whole(Kind.TAKEN, old, None), _whole(Kind.ADDED, new, number)]
    pieces: list[Piece] = []
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag == "equal":
            pieces.append(Piece(Kind.SAME, "".join(one[i1:i2])))
            continue
        if i2 > i1:
            pieces.append(Piece(Kind.TAKEN, "".join(one[i1:i2])))
        if j2 > j1:
            pieces.append(Piece(Kind.ADDED, "".join(other[j1:j2])))
    return [Change(Kind.CHANGED, tuple(pieces), number)]


def _whole(kind: Kind, text: str, number: int | None) -> Change:
    return Change(kind, (Piece(kind, text),), number)

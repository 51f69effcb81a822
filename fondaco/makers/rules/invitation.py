"""What an invitation link is worth at a moment, and to whom (HAND-10, Q-43). Plain Python."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Standing(StrEnum):
    """What became of a link, or whether it can be used."""

    OPEN = "open"
    USED = "used"
    REPLACED = "replaced"
    EXPIRED = "expired"


class Match(StrEnum):
    """How the signed-in address compares with the one that was invited."""

    SAME = "same"
    OTHER_CASE = "other_case"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class LinkFacts:
    """The ends that a link has come to, if any."""

    expires_at: datetime
    used_at: datetime | None = None
    replaced_at: datetime | None = None


def standing(facts: LinkFacts, *, at: datetime) -> Standing:
    """A used link stays used, a replaced one replaced, whatever time passes."""
    if facts.used_at:
        return Standing.USED
    if facts.replaced_at:
        return Standing.REPLACED
    return Standing.OPEN if at < facts.expires_at else Standing.EXPIRED


def match(*, invited: str, signed_in: str) -> Match:
    """Exact, letter case included: `Ana@x.example` is not `ana@x.example` (B-HAND-06)."""
    if invited == signed_in:
        return Match.SAME
    return Match.OTHER_CASE if invited.casefold() == signed_in.casefold() else Match.OTHER


@dataclass(frozen=True, slots=True)
class Pace:
    """How guessing is slowed: after `free` wrong links in a row the next waits, doubling up to `longest_s`."""

    free: int = 8
    first_s: float = 2.0
    longest_s: float = 900.0

    def wait_s(self, *, misses: int) -> float:
        """Seconds that must pass after this many wrong links before another is looked up at all."""
        if misses < self.free:
            return 0.0
        return min(self.longest_s, self.first_s * 2.0 ** min(misses - self.free, 20))

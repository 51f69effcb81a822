"""Units of an offer: three buckets and the world outside, and the movements between them (Q-03, Q-04)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from fondaco.catalogue.rules.marked import _
from fondaco.kit.errors import Refusal


class Bucket(StrEnum):
    """Where units can be. `outside` is the world beyond the catalogue."""

    OUTSIDE = "outside"
    SELLABLE = "sellable"
    RESERVED = "reserved"
    AWAY = "away"


class MovementKind(StrEnum):
    """Why units moved."""

    COUNT = "count"
    RESERVE = "reserve"
    RELEASE = "release"
    SHIP = "ship"
    RESTOCK = "restock"
    TO_STUDIO = "to_studio"
    FROM_STUDIO = "from_studio"
    LOST = "lost"


B, K = Bucket, MovementKind

#: The ways that each kind may go.
WAYS: dict[MovementKind, frozenset[tuple[Bucket, Bucket]]] = {
    K.COUNT: frozenset({(B.OUTSIDE, B.SELLABLE), (B.SELLABLE, B.OUTSIDE)}),
    K.RESERVE: frozenset({(B.SELLABLE, B.RESERVED)}),
    K.RELEASE: frozenset({(B.RESERVED, B.SELLABLE)}),
    K.SHIP: frozenset({(B.RESERVED, B.OUTSIDE)}),
    K.RESTOCK: frozenset({(B.OUTSIDE, B.SELLABLE)}),
    K.TO_STUDIO: frozenset({(B.SELLABLE, B.AWAY)}),
    K.FROM_STUDIO: frozenset({(B.AWAY, B.SELLABLE)}),
    K.LOST: frozenset({(B.SELLABLE, B.OUTSIDE), (B.RESERVED, B.OUTSIDE), (B.AWAY, B.OUTSIDE)}),
}


class NotEnoughUnits(Refusal):
    CODE = "not_enough_units"
    WORDS = _("Only %(available)s of %(wanted)s units are left.")
    FIX = _("Ask for fewer, or wait until units come back.")
    CLAUSE = "Q-04"


@dataclass(frozen=True, slots=True)
class Units:
    """What an offer has, by bucket."""

    sellable: int = 0
    reserved: int = 0
    away: int = 0

    def of(self, bucket: Bucket) -> int:
        return {B.SELLABLE: self.sellable, B.RESERVED: self.reserved, B.AWAY: self.away}[bucket]


@dataclass(frozen=True, slots=True)
class Movement:
    """Units that go from one bucket to another."""

    kind: MovementKind
    from_bucket: Bucket
    to_bucket: Bucket
    units: int


def movement(kind: MovementKind, *, units: int, from_bucket: Bucket | None = None) -> Movement:
    """A movement of this kind; `from_bucket` is needed only where the kind goes more than one way."""
    ways = [way for way in sorted(WAYS[kind]) if from_bucket in (None, way[0])]
    if len(ways) != 1 or units <= 0:
        raise ValueError(f"{kind}: {len(ways)} ways from {from_bucket}, {units} units")
    return Movement(kind, ways[0][0], ways[0][1], units)


def count_to(units: Units, *, quantity: int) -> Movement | None:
    """The movement that makes `quantity` units sellable, as the seller states; None when they already are."""
    change = quantity - units.sellable
    if change == 0:
        return None
    return movement(K.COUNT, units=abs(change), from_bucket=B.OUTSIDE if change > 0 else B.SELLABLE)


def apply(units: Units, moved: Movement) -> Units:
    """What is there afterwards. Raises NotEnoughUnits."""
    counts = {B.SELLABLE: units.sellable, B.RESERVED: units.reserved, B.AWAY: units.away}
    if moved.from_bucket is not B.OUTSIDE:
        if counts[moved.from_bucket] < moved.units:
            raise NotEnoughUnits(available=counts[moved.from_bucket], wanted=moved.units)
        counts[moved.from_bucket] -= moved.units
    if moved.to_bucket is not B.OUTSIDE:
        counts[moved.to_bucket] += moved.units
    return Units(counts[B.SELLABLE], counts[B.RESERVED], counts[B.AWAY])

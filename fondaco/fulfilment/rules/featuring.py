"""How delivery speed moves an offer up: as the featured one, and in search (PRIME-16).

An offer's place is decided by its price as if it were lower by a share that its fastest delivery earns: the same share for
every seller, shown beside the offer. A share and not a rank, so that a fast offer never wins whatever it costs.
"""

from __future__ import annotations

from dataclasses import dataclass

SHARES_PCT = {0: 8, 1: 6, 2: 4}
"""Days on the way → percent of the price. Slower earns nothing."""

BADGE_PCT = 2


@dataclass(frozen=True, slots=True)
class Advantage:
    """What an offer earns: `pct` of its price, for `code`."""

    code: str
    pct: int


def advantages(*, transit_days: int | None, is_prime: bool) -> tuple[Advantage, ...]:
    """What an offer's fastest option earns it in the comparison."""
    found = []
    if transit_days is not None and transit_days in SHARES_PCT:
        found.append(Advantage(("same_day", "one_day", "two_day")[transit_days], SHARES_PCT[transit_days]))
    if is_prime:
        found.append(Advantage("prime", BADGE_PCT))
    return tuple(found)


def compared_minor(price_minor: int, earned: tuple[Advantage, ...]) -> int:
    """The price as it stands in the comparison, in minor units, rounded down."""
    return price_minor * (100 - sum(a.pct for a in earned)) // 100

"""Region automation: which states one-day and two-day delivery is offered in, by how far they are (B-PRIME-09).

Pure. The days are those that carriers' ordinary air service takes by zone, so that what is promised can be kept from
where the parcels leave.
"""

from __future__ import annotations

from fondaco.fulfilment.rules.address import Address, Place
from fondaco.fulfilment.rules.promise import Speed
from fondaco.fulfilment.rules.zones import CONTIGUOUS, zone_between

AUTOMATIC = frozenset({Speed.ONE_DAY, Speed.TWO_DAY})
"""The options whose regions are chosen automatically."""

_DAYS = (1, 1, 2, 2, 2, 2, 3, 3)  # by zone 1…8; beyond the contiguous states there is no fast region


def reaches(origin: Address, where: Place, state: str, *, days: int) -> bool:
    """Whether a parcel from `origin` is at a street of this state within so many delivery days."""
    if where is not Place.CONTIGUOUS_STREET or (origin.country == "US" and state.strip().upper() not in CONTIGUOUS):
        return False
    zone = zone_between(origin, Address(origin.country, state))
    return zone <= len(_DAYS) and _DAYS[zone - 1] <= days


def states_within(origin: Address, *, days: int) -> tuple[str, ...]:
    """The contiguous states and DC that automation chooses for so many days."""
    return tuple(s for s in sorted(CONTIGUOUS) if reaches(origin, Place.CONTIGUOUS_STREET, s, days=days))

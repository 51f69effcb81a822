"""How far a parcel goes: the carriers' zones 1…8 by distance, 9 beyond the contiguous states, 10 abroad.

The distance is that between the middles of the two states, which is what a price list needs and no more.
"""

from __future__ import annotations

from math import asin, cos, radians, sin, sqrt

from fondaco.fulfilment.rules.address import Address, Place, place

FAR_ZONE, ABROAD_ZONE = 9, 10
_LIMITS_KM = ((80, 1), (240, 2), (480, 3), (970, 4), (1610, 5), (2250, 6), (2900, 7))

#: Degrees north and west of the middle of each contiguous state.
_MIDDLES: dict[str, tuple[int, int]] = {
    "AL": (33, 87), "AZ": (34, 112), "AR": (35, 92), "CA": (37, 120), "CO": (39, 105), "CT": (42, 73), "DE": (39, 75),
    "DC": (39, 77), "FL": (28, 82), "GA": (33, 83), "ID": (44, 115), "IL": (40, 89), "IN": (40, 86), "IA": (42, 93),
    "KS": (38, 98), "KY": (38, 85), "LA": (31, 92), "ME": (45, 69), "MD": (39, 77), "MA": (42, 72), "MI": (44, 85),
    "MN": (46, 94), "MS": (33, 90), "MO": (38, 92), "MT": (47, 110), "NE": (41, 100), "NV": (39, 117), "NH": (44, 72),
    "NJ": (40, 75), "NM": (34, 106), "NY": (43, 75), "NC": (36, 79), "ND": (47, 100), "OH": (40, 83), "OK": (36, 97),
    "OR": (44, 121), "PA": (41, 78), "RI": (42, 72), "SC": (34, 81), "SD": (44, 100), "TN": (36, 86), "TX": (31, 99),
    "UT": (39, 112), "VT": (44, 73), "VA": (38, 79), "WA": (47, 121), "WV": (39, 81), "WI": (44, 90), "WY": (43, 108),
}  # fmt: skip

CONTIGUOUS = frozenset(_MIDDLES)
"""The 48 states and DC."""


def zone_between(origin: Address, destination: Address) -> int:
    """1…8 by distance, 9 for Alaska, Hawaii, territories and military, 10 for another country. Never raises."""
    if place(destination).place is Place.INTERNATIONAL or place(origin).place is Place.INTERNATIONAL:
        same = origin.country.strip().upper() == destination.country.strip().upper()
        return 3 if same else ABROAD_ZONE
    ends = [_MIDDLES.get(end.state.strip().upper()) for end in (origin, destination)]
    if ends[0] is None or ends[1] is None:
        return FAR_ZONE
    far = _km(ends[0], ends[1])
    return next((zone for limit, zone in _LIMITS_KM if far <= limit), 8)


def _km(a: tuple[int, int], b: tuple[int, int]) -> float:
    north, other, west = radians(a[0]), radians(b[0]), radians(b[1] - a[1])
    half = sin((other - north) / 2) ** 2 + cos(north) * cos(other) * sin(west / 2) ** 2
    return 12742 * asin(sqrt(half))

"""Which stores an approval opens (HAND-13, HAND-14, B-HAND-13, Q-44). Plain Python."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Region:
    """Stores that one approval opens together."""

    key: str
    label: str
    stores: tuple[str, ...]


def regions_of(rows: Sequence[Mapping[str, Any]]) -> tuple[Region, ...]:
    """The rows of `handmade.regions`."""
    return tuple(Region(r["region"], r["label"], tuple(r["stores"])) for r in rows)


def region_of_country(regions: Sequence[Region], country: str, *, countries: Mapping[str, str]) -> Region | None:
    """The region that a country's account belongs to. `countries`: store → ISO country (UK's is GB)."""
    return next((r for r in regions if country in {countries.get(store) for store in r.stores}), None)


def served_countries(regions: Sequence[Region], *, countries: Mapping[str, str]) -> tuple[str, ...]:
    """The countries from which one can apply, in the order of the regions."""
    return tuple(countries[store] for region in regions for store in region.stores if store in countries)

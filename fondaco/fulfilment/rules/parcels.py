"""A packed parcel: how big, how heavy, which size tier. Whole grams and millimetres; no floats.

Sources: B-PRIME-07 (tiers), B-PRIME-18 (label cost from weight and size).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from fondaco.kit.errors import Invalid

MOST_GRAMS = 1_000_000
MOST_MM = 6_000
GRAMS_PER_POUND_X100 = 45_359  # 453.59 g: comparisons with pounds stay in whole numbers
MM_PER_INCH_X10 = 254


class PackageNotValid(Invalid):
    CODE = "package_not_valid"
    WORDS = "A parcel needs a weight from 1 g to 1,000 kg and three sides from 1 mm to 6 m."
    CLAUSE = "B-PRIME-18"


@dataclass(frozen=True, slots=True)
class Package:
    """Packed: weight in grams, sides in millimetres."""

    weight_g: int
    length_mm: int
    width_mm: int
    height_mm: int

    def __post_init__(self) -> None:
        sides = (self.length_mm, self.width_mm, self.height_mm)
        if not (1 <= self.weight_g <= MOST_GRAMS and all(1 <= side <= MOST_MM for side in sides)):
            raise PackageNotValid(package=(self.weight_g, *sides))

    @property
    def sides_mm(self) -> tuple[int, int, int]:
        """Longest first."""
        longest, middle, shortest = sorted((self.length_mm, self.width_mm, self.height_mm), reverse=True)
        return longest, middle, shortest

    @property
    def girth_plus_length_mm(self) -> int:
        """The longest side and the way around the other two."""
        longest, middle, shortest = self.sides_mm
        return longest + 2 * (middle + shortest)

    def billable_g(self, cm3_per_kg: int = 5000) -> int:
        """What carriers charge for: the weight, or the space it takes if that is more."""
        volume_mm3 = self.length_mm * self.width_mm * self.height_mm
        return max(self.weight_g, -(-volume_mm3 // cm3_per_kg))


class SizeTier(StrEnum):
    STANDARD = "standard"
    OVERSIZE = "oversize"
    EXTRA_LARGE = "extra_large"


def size_tier(package: Package, tiers: Mapping[str, Any], *, is_tv: bool = False) -> SizeTier:
    """The tier by policy `prime.size_tiers`: standard fits every standard limit, extra-large reaches one of its own."""
    large, standard = tiers["extra_large"], tiers["standard"]
    longest = large["min_longest_side_tv_in"] if is_tv else large["min_longest_side_in"]
    if (
        _reaches_in(package.sides_mm[0], longest)
        or _reaches_in(package.girth_plus_length_mm, large["min_girth_plus_length_in"])
        or package.weight_g * 100 >= large["min_weight_lb"] * GRAMS_PER_POUND_X100
    ):
        return SizeTier.EXTRA_LARGE
    limits = sorted(standard["max_sides_in"], reverse=True)
    most_g = -(-standard["max_weight_lb"] * GRAMS_PER_POUND_X100 // 100)  # weighed in whole grams: 20 lb are 9,072
    fits = package.weight_g <= most_g and all(
        side * 10 <= limit * MM_PER_INCH_X10 for side, limit in zip(package.sides_mm, limits, strict=True)
    )
    return SizeTier.STANDARD if fits else SizeTier.OVERSIZE


def band_price[T](weight_g: int, bands: Sequence[tuple[int | None, T]]) -> T | None:
    """The price of the first band that the weight fits; a band without limit fits all. None: no band does."""
    ordered = sorted(bands, key=lambda band: (band[0] is None, band[0] or 0))
    return next((price for most, price in ordered if most is None or weight_g <= most), None)


def _reaches_in(mm: int, inches: int) -> bool:
    return mm * 10 >= inches * MM_PER_INCH_X10


#: What a packed unit weighs and measures when its seller has never said so, by department.
USUAL: Mapping[str, Package] = {
    "clothing": Package(400, 300, 220, 40),
    "shoes": Package(1200, 340, 220, 130),
    "jewelry": Package(120, 120, 90, 40),
    "watches": Package(350, 150, 120, 90),
    "books": Package(600, 260, 190, 40),
    "media": Package(200, 200, 150, 20),
    "software": Package(200, 200, 150, 20),
    "furniture": Package(14_000, 900, 500, 200),
    "electronics": Package(900, 300, 200, 120),
    "home": Package(1500, 320, 260, 180),
    "sports": Package(1600, 400, 250, 150),
}
PLAIN = Package(800, 260, 200, 120)


def together(units: Sequence[Package]) -> Package:
    """One box for all: the weights summed, the units laid on each other along their shortest sides."""
    if not units:
        return PLAIN
    length = max(unit.sides_mm[0] for unit in units)
    width = max(unit.sides_mm[1] for unit in units)
    height = min(MOST_MM, sum(unit.sides_mm[2] for unit in units))
    return Package(min(MOST_GRAMS, sum(unit.weight_g for unit in units)), length, width, height)

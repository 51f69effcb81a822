"""The simulated carriers' own price list: services, limits, days and prices by zone. Invented, in US cents.

This is the outside world, not policy: what the marketplace charges for a return label is policy `return.label_rates`.
"""

from __future__ import annotations

from dataclasses import dataclass

from fondaco.fulfilment.rules.parcels import Package

TERMS_VERSION = "2022-01"

#: The price in another currency, per US cent, in thousandths of its minor unit. Round numbers of an invented world.
PER_CENT_X1000 = {"USD": 1000, "CAD": 1350, "MXN": 18000, "EUR": 950, "GBP": 800, "JPY": 1400, "VND": 240_000}


@dataclass(frozen=True, slots=True)
class Service:
    """`days` and `first_kg` by zone 1…10; None: does not go there. `next_kg`: each kilogram more, by zone."""

    carrier: str
    code: str
    carrier_name: str
    name: str
    days: tuple[int | None, ...]
    first_kg: tuple[int, ...]
    next_kg: tuple[int, ...]
    most_g: int
    most_girth_plus_length_mm: int
    takes_po_boxes: bool
    delivers: frozenset[int]  # weekdays, Monday is 0
    protectable: bool = True

    def takes(self, package: Package, *, zone: int, is_po_box: bool) -> bool:
        return (
            self.days[zone - 1] is not None
            and package.billable_g() <= self.most_g
            and package.girth_plus_length_mm <= self.most_girth_plus_length_mm
            and (self.takes_po_boxes or not is_po_box)
        )

    def cents(self, package: Package, *, zone: int) -> int:
        """The price in US cents."""
        more_kg = max(0, -(-package.billable_g() // 1000) - 1)
        return self.first_kg[zone - 1] + more_kg * self.next_kg[zone - 1]


_WEEK = frozenset(range(7))
_SIX = frozenset(range(6))
_FIVE = frozenset(range(5))

SERVICES: tuple[Service, ...] = (
    Service(
        "meridian", "ground", "Meridian Post", "Ground",
        (2, 2, 3, 3, 4, 4, 5, 5, 8, None),
        (495, 515, 545, 590, 640, 690, 745, 810, 1290, 0), (85, 95, 110, 130, 150, 175, 205, 240, 420, 0),
        31_750, 3_300, True, _SIX,
    ),
    Service(
        "meridian", "priority", "Meridian Post", "Priority",
        (1, 1, 2, 2, 2, 2, 3, 3, 4, 8),
        (745, 765, 805, 860, 925, 990, 1060, 1140, 1690, 3450), (140, 155, 180, 215, 255, 300, 350, 405, 690, 1250),
        31_750, 2_740, True, _SIX,
    ),
    Service(
        "swiftline", "same_day", "Swiftline", "Same Day",
        (0, 0, None, None, None, None, None, None, None, None),
        (1290, 1590, 0, 0, 0, 0, 0, 0, 0, 0), (190, 240, 0, 0, 0, 0, 0, 0, 0, 0),
        15_000, 2_000, False, _WEEK,
    ),
    Service(
        "swiftline", "next_day", "Swiftline", "Next Day",
        (1, 1, 1, 1, 1, 1, 1, 1, None, None),
        (1690, 1790, 1990, 2290, 2590, 2890, 3190, 3490, 0, 0), (260, 290, 330, 390, 450, 520, 590, 660, 0, 0),
        68_000, 3_300, False, _SIX,
    ),
    Service(
        "swiftline", "two_day", "Swiftline", "Two Day",
        (2, 2, 2, 2, 2, 2, 2, 2, 3, None),
        (990, 1040, 1120, 1250, 1390, 1540, 1690, 1850, 3290, 0), (165, 180, 205, 240, 280, 325, 375, 430, 890, 0),
        68_000, 3_300, False, _SIX,
    ),
    Service(
        "overland", "freight", "Overland Freight", "Heavy Goods",
        (3, 3, 4, 5, 6, 6, 7, 8, None, None),
        (3900, 4100, 4500, 5200, 5900, 6600, 7400, 8200, 0, 0), (60, 65, 75, 90, 105, 120, 140, 160, 0, 0),
        1_000_000, 20_000, False, _FIVE, protectable=False,
    ),
)  # fmt: skip

CARRIERS = {service.carrier: service.carrier_name for service in SERVICES}

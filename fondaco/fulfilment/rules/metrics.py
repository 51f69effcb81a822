"""A seller's rates against the programme's targets: pure arithmetic over orders and parcels (B-PRIME-02…08).

Days are calendar days: of shipping on the ship-from clock, of delivery at the destination. Rates are hundredths of a percent.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

WHOLE = 10_000


class Code(StrEnum):
    """What is measured."""

    ON_TIME_SHIPMENT = "on_time_shipment"
    ON_TIME_DELIVERY = "on_time_delivery"
    VALID_TRACKING = "valid_tracking"
    BUY_SHIPPING = "buy_shipping"
    CANCELLATIONS = "cancellations"
    PACKAGES = "packages"


@dataclass(frozen=True, slots=True)
class ParcelFacts:
    """One parcel of a programme order, or units that should have been one by now.

    `shipped`: the carrier's first scan; `confirmed`: the seller said so. `has_label`: bought here; `is_protected`: and
    marked so. `is_disrupted`: promised within a major disruption at the destination.
    """

    ship_by: date
    promised: date
    confirmed: date | None = None
    shipped: date | None = None
    delivered: date | None = None
    has_label: bool = False
    is_protected: bool = False
    automation: bool = False
    borne_by_marketplace: bool = False
    is_disrupted: bool = False


@dataclass(frozen=True, slots=True)
class Definitions:
    """Policy `prime.metrics.definitions`."""

    shipped_is: str = "first_carrier_scan"
    shipped_late_delivered_on_time: str = "on_time"
    late_delivery_excused_if: Collection[str] = ()

    @classmethod
    def of(cls, value: Mapping[str, Any]) -> Definitions:
        return cls(value["shipped_is"], value["shipped_late_delivered_on_time"], value["late_delivery_excused_if"])


@dataclass(frozen=True, slots=True)
class Rate:
    """`good` of `of`; None of none has no rate."""

    good: int
    of: int

    @property
    def basis(self) -> int | None:
        """In hundredths of a percent, rounded down: 99 % is 9900, and 98.999 % is not."""
        return self.good * WHOLE // self.of if self.of else None


def on_time_shipment(parcels: Sequence[ParcelFacts], rules: Definitions, *, today: date) -> Rate:
    """Parcels that left in time, of those that have left or should have. Late but delivered in time counts as in time."""
    due = [p for p in parcels if _shipped(p, rules) or p.ship_by < today]
    return Rate(sum(_left_in_time(p, rules) for p in due), len(due))


def on_time_delivery(parcels: Sequence[ParcelFacts], rules: Definitions, *, labels: str, today: date) -> Rate:
    """Parcels delivered by the promised day, of those that were delivered or should have been.

    `labels`: `all`, or those `bought_elsewhere`. Excused ones do not count at all (B-PRIME-05, B-PRIME-25).
    """
    counted = [p for p in parcels if labels == "all" or not p.has_label]
    due = [p for p in counted if p.delivered or p.promised < today]
    judged = [p for p in due if _arrived_in_time(p) or not _is_excused(p, rules)]
    return Rate(sum(_arrived_in_time(p) for p in judged), len(judged))


def valid_tracking(parcels: Sequence[ParcelFacts]) -> Rate:
    """Confirmed parcels that a carrier has scanned."""
    confirmed = [p for p in parcels if p.confirmed]
    return Rate(sum(p.shipped is not None for p in confirmed), len(confirmed))


def buy_shipping(parcels: Sequence[ParcelFacts]) -> Rate:
    """Confirmed parcels whose label was bought here."""
    confirmed = [p for p in parcels if p.confirmed]
    return Rate(sum(p.has_label for p in confirmed), len(confirmed))


def is_disrupted(promised: date, *, state: str, disruptions: Sequence[Mapping[str, Any]]) -> bool:
    """Whether a parcel promised for this day to this state falls into one of policy `prime.metrics.disruptions`."""
    days = promised.isoformat()
    return any(
        str(each["first_day"]) <= days <= str(each["last_day"]) and (not each["states"] or state in each["states"])
        for each in disruptions
    )


@dataclass(frozen=True, slots=True)
class Target:
    """`least` or `most` in hundredths of a percent (a plain number for packages); `version` is the policy's."""

    version: str
    least: int | None = None
    most: int | None = None


@dataclass(frozen=True, slots=True)
class Measure:
    """A rate beside its target. `met` is None while there is nothing to measure or nothing is asked."""

    code: Code
    rate: Rate
    target: Target | None
    clause: str = "B-PRIME-03"

    @property
    def value(self) -> int | None:
        return self.rate.of if self.code is Code.PACKAGES else self.rate.basis

    @property
    def met(self) -> bool | None:
        if self.target is None or self.value is None:
            return None
        if self.target.least is not None:
            return self.value >= self.target.least
        # A share that may not be exceeded is not helped by rounding down.
        return self.target.most is None or self.rate.good * WHOLE <= self.target.most * self.rate.of


def basis(percent: Decimal | str | int) -> int:
    """A percentage of policy in hundredths of a percent."""
    return int(Decimal(percent) * 100)


def _shipped(parcel: ParcelFacts, rules: Definitions) -> date | None:
    return parcel.shipped if rules.shipped_is == "first_carrier_scan" else parcel.confirmed


def _left_in_time(parcel: ParcelFacts, rules: Definitions) -> bool:
    left = _shipped(parcel, rules)
    if left is not None and left <= parcel.ship_by:
        return True
    return rules.shipped_late_delivered_on_time == "on_time" and _arrived_in_time(parcel)


def _arrived_in_time(parcel: ParcelFacts) -> bool:
    return parcel.delivered is not None and parcel.delivered <= parcel.promised


def _is_excused(parcel: ParcelFacts, rules: Definitions) -> bool:
    if parcel.borne_by_marketplace:
        return True
    if parcel.is_disrupted and "major_disruption" in rules.late_delivery_excused_if:
        return True
    by_label = (
        parcel.automation and parcel.is_protected and parcel.shipped is not None and parcel.shipped <= parcel.ship_by
    )
    return by_label and "settings_automation_protected_label_shipped_on_time" in rules.late_delivery_excused_if

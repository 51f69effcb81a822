"""A return's life: two states that never speak for each other.

*Is it accepted?* is asked of the whole parcel (`Acceptance`). *Where is it?* is asked of each unit (`Place`). Every verb
takes the parcel as it stands and gives it as it stands then, or refuses. What the carrier says may come late, twice and
in any order: events of the same moment lead to the same parcel whichever comes first. Sources: SPEC 1.7 "Return",
Q-21, Q-30, Q-31, Q-33.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from fondaco.kit.errors import Invalid, Refusal
from fondaco.returns.rules.refund import Grade


class Acceptance(StrEnum):
    """Is the return accepted?"""

    REQUESTED = "requested"  # waits for the seller: an item outside the programme
    OUT_OF_WINDOW = "out_of_window"  # waits for customer service
    AUTHORISED = "authorised"
    DECLINED = "declined"
    BLOCKED = "blocked"  # the class became hazmat before the first scan
    CANCELLED = "cancelled"  # by the buyer, before the first scan


OPEN = frozenset({Acceptance.REQUESTED, Acceptance.OUT_OF_WINDOW, Acceptance.AUTHORISED})
"""While a return is one of these, its units cannot be in another."""

WAITING = frozenset({Acceptance.REQUESTED, Acceptance.OUT_OF_WINDOW})


class Place(StrEnum):
    """Where is the unit?"""

    AT_BUYER = "at_buyer"
    IN_TRANSIT = "in_transit"
    ARRIVED = "arrived"
    GRADED = "graded"
    MISSING = "missing"  # the parcel came without it


RECEIVED = frozenset({Place.ARRIVED, Place.GRADED})


class AlreadyScanned(Refusal):
    CODE = "return_already_scanned"
    WORDS = "The carrier has the parcel already. Only customer service can change the return now."
    FIX = "Contact customer service."
    CLAUSE = "Q-31"


class NotAuthorised(Refusal):
    CODE = "return_not_authorised"
    WORDS = "This return is not authorised."
    CLAUSE = "PRIME-33"


class NotWaiting(Refusal):
    CODE = "return_decided_already"
    WORDS = "This return has been decided already."
    CLAUSE = "PRIME-32"


class AlreadyRefunded(Refusal):
    CODE = "unit_refunded_already"
    WORDS = "This unit has been refunded already."
    CLAUSE = "PRIME-37"


class NotArrived(Refusal):
    CODE = "unit_not_arrived"
    WORDS = "This unit has not arrived yet."
    FIX = "Check it in first."
    CLAUSE = "PRIME-36"


class NotMissing(Refusal):
    CODE = "unit_not_missing"
    WORDS = "This unit is not missing."
    CLAUSE = "Q-30"


class CheckedInAlready(Refusal):
    CODE = "unit_checked_in_already"
    WORDS = "This unit was checked in, so it cannot be missing."
    CLAUSE = "Q-30"


class UnknownUnit(Invalid):
    CODE = "return_unit_unknown"
    WORDS = "This return has no unit number %(given)s."
    CLAUSE = "PRIME-36"


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit. `arrived_at` is the earlier of the carrier's "delivered" and `checked_in_at` (Q-21)."""

    number: int
    reason: str
    place: Place = Place.AT_BUYER
    checked_in_at: datetime | None = None
    arrived_at: datetime | None = None
    missing_at: datetime | None = None
    grade: Grade | None = None
    refunded: bool = False
    dropped: bool = False  # customer service closed it without money: it never came

    @property
    def is_settled(self) -> bool:
        return self.refunded or self.dropped


@dataclass(frozen=True, slots=True)
class Parcel:
    """A return: what was accepted, what the carrier said, and its units."""

    acceptance: Acceptance
    units: tuple[Unit, ...]
    scanned_at: datetime | None = None
    delivered_at: datetime | None = None

    @property
    def is_settled(self) -> bool:
        """Nothing more is to come."""
        return self.acceptance not in OPEN or all(u.is_settled for u in self.units)

    def unit(self, number: int) -> Unit:
        """Raises UnknownUnit."""
        for unit in self.units:
            if unit.number == number:
                return unit
        raise UnknownUnit(given=number)


def decide(parcel: Parcel, *, accept: bool) -> Parcel:
    """Whoever it waits for says yes or no. Raises NotWaiting."""
    if parcel.acceptance not in WAITING:
        raise NotWaiting
    return replace(parcel, acceptance=Acceptance.AUTHORISED if accept else Acceptance.DECLINED)


def cancel(parcel: Parcel) -> Parcel:
    """The buyer keeps it. Raises NotWaiting (it is over), AlreadyScanned."""
    _require_before_scan(parcel)
    if parcel.acceptance not in OPEN or any(u.refunded for u in parcel.units):
        raise NotWaiting
    return replace(parcel, acceptance=Acceptance.CANCELLED)


def block(parcel: Parcel) -> Parcel:
    """Its class became hazmat (Q-33): only a return that is open and not yet with the carrier is touched."""
    if parcel.acceptance not in OPEN or parcel.scanned_at or _anything_received(parcel):
        return parcel
    return replace(parcel, acceptance=Acceptance.BLOCKED)


def change_reason(parcel: Parcel, number: int, reason: str, *, by_service: bool) -> Parcel:
    """Free until the carrier's first scan, then for customer service alone (Q-31, Q-32). Raises AlreadyScanned,
    AlreadyRefunded, NotAuthorised when the return is over."""
    unit = parcel.unit(number)
    if unit.refunded:
        raise AlreadyRefunded
    if parcel.acceptance not in OPEN:
        raise NotAuthorised
    if not by_service:
        _require_before_scan(parcel)
    return _with(parcel, {number}, lambda u: replace(u, reason=reason))


def scan(parcel: Parcel, *, at: datetime) -> Parcel:
    """The carrier has it; the first scan counts, whenever it is told. Raises NotAuthorised."""
    _require_authorised(parcel)
    first = min(at, parcel.scanned_at or at)
    moved = _with(parcel, None, lambda u: replace(u, place=Place.IN_TRANSIT) if u.place is Place.AT_BUYER else u)
    return replace(moved, scanned_at=first)


def deliver(parcel: Parcel, *, at: datetime) -> Parcel:
    """The carrier says "delivered": every unit has arrived, unless the warehouse missed it (Q-21, Q-30)."""
    _require_authorised(parcel)
    if parcel.delivered_at and at >= parcel.delivered_at:
        return parcel
    first = min(at, parcel.delivered_at or at)
    return replace(_with(parcel, None, lambda u: _arrive(u, first)), delivered_at=first)


def check_in(parcel: Parcel, numbers: Collection[int], *, at: datetime) -> Parcel:
    """The warehouse has these units in hand; one that was missing is found. Raises NotAuthorised, UnknownUnit."""
    _require_authorised(parcel)
    for number in numbers:
        parcel.unit(number)

    def here(unit: Unit) -> Unit:
        checked = min(at, unit.checked_in_at or at)
        if unit.place is Place.MISSING:  # found: its clock starts now, not when the parcel came without it
            return replace(unit, place=Place.ARRIVED, checked_in_at=checked, arrived_at=at, missing_at=None)
        return _arrive(replace(unit, checked_in_at=checked), at)

    return _with(parcel, set(numbers), here)


def report_missing(parcel: Parcel, numbers: Collection[int], *, at: datetime) -> Parcel:
    """The parcel came without these units (Q-30). Raises NotArrived while no parcel came, CheckedInAlready,
    AlreadyRefunded."""
    _require_authorised(parcel)
    if not (parcel.delivered_at or _anything_received(parcel)):
        raise NotArrived
    for number in numbers:
        unit = parcel.unit(number)
        if unit.refunded:
            raise AlreadyRefunded
        if unit.checked_in_at:
            raise CheckedInAlready
    lost = {"place": Place.MISSING, "arrived_at": None, "grade": None}
    return _with(
        parcel,
        set(numbers),
        lambda u: replace(u, **lost, missing_at=min(at, u.missing_at or at)),  # type: ignore[arg-type]
    )


def grade(parcel: Parcel, number: int, found: Grade) -> Parcel:
    """What the warehouse found. Raises NotArrived, AlreadyRefunded."""
    unit = parcel.unit(number)
    if unit.refunded:
        raise AlreadyRefunded
    if unit.place not in RECEIVED:
        raise NotArrived
    return _with(parcel, {number}, lambda u: replace(u, grade=found, place=Place.GRADED))


def refund(parcel: Parcel, number: int, *, without_goods: bool = False) -> Parcel:
    """Mark a unit refunded, once. `without_goods`: at the first scan, or by customer service for a missing unit."""
    unit = parcel.unit(number)
    if unit.is_settled:
        raise AlreadyRefunded
    _require_authorised(parcel)
    if unit.place not in RECEIVED and not without_goods:
        raise NotArrived
    return _with(parcel, {number}, lambda u: replace(u, refunded=True))


def drop(parcel: Parcel, number: int) -> Parcel:
    """Close a missing unit without money. Raises AlreadyRefunded, NotMissing."""
    unit = parcel.unit(number)
    if unit.is_settled:
        raise AlreadyRefunded
    if unit.place is not Place.MISSING:
        raise NotMissing
    return _with(parcel, {number}, lambda u: replace(u, dropped=True))


def _arrive(unit: Unit, at: datetime) -> Unit:
    if unit.place is Place.MISSING:
        return unit
    place = Place.GRADED if unit.place is Place.GRADED else Place.ARRIVED
    return replace(unit, place=place, arrived_at=min(at, unit.arrived_at or at))


def _with(parcel: Parcel, numbers: Collection[int] | None, change: Callable[[Unit], Unit]) -> Parcel:
    return replace(
        parcel, units=tuple(change(u) if numbers is None or u.number in numbers else u for u in parcel.units)
    )


def _anything_received(parcel: Parcel) -> bool:
    return any(u.place in RECEIVED for u in parcel.units)


def _require_authorised(parcel: Parcel) -> None:
    if parcel.acceptance is not Acceptance.AUTHORISED:
        raise NotAuthorised


def _require_before_scan(parcel: Parcel) -> None:
    if parcel.scanned_at or parcel.delivered_at or _anything_received(parcel):
        raise AlreadyScanned

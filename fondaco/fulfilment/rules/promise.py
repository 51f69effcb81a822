"""What delivery a buyer is offered for an offer at an address: options, prices, dates, guarantee.

Sources: PRIME-05…15, 25; Tables A and B; Q-35, Q-36, Q-55. Amounts are whole minor units.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from fondaco.fulfilment.rules.address import Address, Place, Placed, place


class Speed(StrEnum):
    """Delivery options, fastest first."""

    SAME_DAY = "same_day"
    ONE_DAY = "one_day"
    TWO_DAY = "two_day"
    STANDARD = "standard"
    ECONOMY = "economy"


FAST = (Speed.SAME_DAY, Speed.ONE_DAY, Speed.TWO_DAY)

#: Table A: the fastest free option of a member, by place; None is not eligible.
BENEFIT: Mapping[Place, Speed | None] = {
    Place.CONTIGUOUS_STREET: Speed.TWO_DAY,
    Place.CONTIGUOUS_PO_BOX: Speed.STANDARD,
    Place.ALASKA_HAWAII_STREET: Speed.STANDARD,
    Place.ALASKA_HAWAII_PO_BOX: Speed.STANDARD,
    Place.UNINCORPORATED_STREET: Speed.STANDARD,
    Place.UNINCORPORATED_PO_BOX: Speed.STANDARD,
    Place.MILITARY: None,
    Place.INTERNATIONAL: None,
}


@dataclass(frozen=True, slots=True)
class Option:
    """What the seller's template offers. `transit_days` are delivery days after the ship day."""

    speed: Speed
    transit_days: int
    price_minor: int = 0


@dataclass(frozen=True, slots=True)
class PromiseFacts:
    """A buyer, an address, a Prime offer's template and the moment of ordering (aware)."""

    member: bool
    address: Address
    options: Sequence[Option]
    ordered_at: datetime
    ship_zone: str = "America/Chicago"
    cutoffs: Mapping[int, time] = field(default_factory=dict)  # weekday 0–6 → local time; absent: the defaults
    handling_days: int = 0
    ships_weekend: bool = False
    delivers_weekend: bool = False
    holidays: frozenset[date] = frozenset()
    ship_weekdays: frozenset[int] | None = None  # 0–6; None: Monday to Friday, or all days with `ships_weekend`
    delivery_weekdays: frozenset[int] | None = None
    home_country: str = "US"  # of the store; Table A sorts US addresses, elsewhere an address at home is a street
    ships_holidays: bool = False  # the seller's override; carriers keep the holidays (B-PRIME-27)
    bmvd: bool = False  # books, music, video, DVD: Table B's other column


@dataclass(frozen=True, slots=True)
class PromisePolicy:
    """The numbers, from policy (`prime.*`)."""

    standard_free_for_all: bool = True
    guarantee_max_days: int = 1
    weekday_cutoff: time = time(14, 0)
    weekend_cutoff: time = time(10, 30)
    zip_exceptions: Mapping[str, str] = field(default_factory=dict)  # ZIP prefix → two_day | standard | not_eligible
    benefits: Mapping[Place, Speed | None] = field(default_factory=lambda: dict(BENEFIT))
    member_prices: Mapping[str, int] = field(default_factory=dict)  # Table B: `two_day`, `two_day:bmvd`; absent: 0
    version: str = "defaults"


@dataclass(frozen=True, slots=True)
class OfferedOption:
    """One row of the checkout. `guaranteed` says whether the guarantee message appears (PRIME-25)."""

    speed: Speed
    price_minor: int
    ship_date: date
    promised_date: date
    guaranteed: bool
    clause: str
    transit_days: int = 0


@dataclass(frozen=True, slots=True)
class Promise:
    """Everything the checkout shows. With `eligible` false nothing can be chosen, and `clause` says why."""

    eligible: bool
    place: Place
    address_known: bool
    clause: str
    options: tuple[OfferedOption, ...]
    policy_version: str


def promise(facts: PromiseFacts, policy: PromisePolicy) -> Promise:
    """The options at this address. Never raises for an address, however odd."""
    placed = placed_for(facts)
    best = _benefit(placed.place, facts.address.zip, policy)
    if best is None:
        return Promise(False, placed.place, placed.known, "PRIME-08", (), policy.version)
    if not placed.known and best in FAST:
        best = Speed.STANDARD  # unknown ZIP, standard without guarantee
    order = list(Speed)
    rows = [
        _offered(option, facts, policy, known=placed.known)
        for option in sorted(facts.options, key=lambda o: order.index(o.speed))
        if best is Speed.TWO_DAY or option.speed not in FAST
    ]
    clause = "PRIME-06" if best is Speed.TWO_DAY else "PRIME-07"
    return Promise(True, placed.place, placed.known, clause, tuple(rows), policy.version)


def placed_for(facts: PromiseFacts) -> Placed:
    """The kind of place for this store: at home in a store outside the US, every address is an ordinary one."""
    home = facts.home_country
    if home != "US" and facts.address.country.strip().upper() == home:
        return Placed(Place.CONTIGUOUS_STREET, True)
    return place(facts.address) if home == "US" else Placed(Place.INTERNATIONAL, True)


def ship_date(facts: PromiseFacts, policy: PromisePolicy) -> date:
    """The day the parcel leaves: today before the cut-off on a shipping day, plus handling days."""
    local = facts.ordered_at.astimezone(ZoneInfo(facts.ship_zone))
    day = local.date()
    if not _ships(day, facts) or local.time() >= _cutoff(day, facts, policy):
        day = _next(day, lambda d: _ships(d, facts))
    for _ in range(facts.handling_days):
        day = _next(day, lambda d: _ships(d, facts))
    return day


def _offered(option: Option, facts: PromiseFacts, policy: PromisePolicy, *, known: bool) -> OfferedOption:
    leaves = ship_date(facts, policy)
    arrives = leaves
    for _ in range(option.transit_days):
        arrives = _next(arrives, lambda d: _delivers(d, facts))
    price, clause = _price(option, facts, policy)
    guaranteed = known and option.transit_days <= policy.guarantee_max_days
    return OfferedOption(option.speed, price, leaves, arrives, guaranteed, clause, option.transit_days)


def table_b_key(speed: Speed, where: Place) -> str:
    """The row of Table B for an option at a kind of place."""
    if speed is Speed.ECONOMY:
        return "free_economy"
    return f"standard_{where.value}" if speed is Speed.STANDARD else speed.value


def _member_price(option: Option, facts: PromiseFacts, policy: PromisePolicy) -> int:
    key = table_b_key(option.speed, placed_for(facts).place)
    return policy.member_prices.get(f"{key}:bmvd" if facts.bmvd else key, 0)


def _price(option: Option, facts: PromiseFacts, policy: PromisePolicy) -> tuple[int, str]:
    if facts.member:
        return _member_price(option, facts, policy), "PRIME-10" if option.speed in (
            Speed.SAME_DAY,
            Speed.ONE_DAY,
        ) else "PRIME-11"
    if option.speed not in FAST and policy.standard_free_for_all:
        return 0, "PRIME-12"
    return option.price_minor, "PRIME-13"


def _benefit(where: Place, zip_code: str, policy: PromisePolicy) -> Speed | None:
    for prefix in sorted(policy.zip_exceptions, key=len, reverse=True):
        if zip_code.startswith(prefix):
            named = policy.zip_exceptions[prefix]
            return None if named == "not_eligible" else Speed(named)
    return policy.benefits[where]


def _cutoff(day: date, facts: PromiseFacts, policy: PromisePolicy) -> time:
    default = policy.weekend_cutoff if day.weekday() >= 5 else policy.weekday_cutoff
    return facts.cutoffs.get(day.weekday(), default)


def _ships(day: date, facts: PromiseFacts) -> bool:
    works = _works(day, facts.ship_weekdays, facts.ships_weekend)
    return works and (facts.ships_holidays or day not in facts.holidays)


def _delivers(day: date, facts: PromiseFacts) -> bool:
    return _works(day, facts.delivery_weekdays, facts.delivers_weekend) and day not in facts.holidays


def _works(day: date, weekdays: frozenset[int] | None, weekend: bool) -> bool:
    return day.weekday() in weekdays if weekdays is not None else weekend or day.weekday() < 5


def _next(day: date, works: Callable[[date], bool]) -> date:
    day += timedelta(days=1)
    while not works(day):
        day += timedelta(days=1)
    return day

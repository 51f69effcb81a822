"""What stands behind offers at one moment: enrolment, volume, template, count. A fixed number of queries for any list."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import QuerySet, prefetch_related_objects

from fondaco import policy
from fondaco.catalogue.models import Channel, Offer, OfferStatus
from fondaco.engine.prepared import Prepared
from fondaco.engine.slots import any_of, prepared
from fondaco.fulfilment.models import (
    Enrolment,
    PrimeDay,
    PrimeItem,
    ShippingTemplate,
    TemplateOffer,
    VolumeControl,
)
from fondaco.fulfilment.rules import promise as rules
from fondaco.fulfilment.rules.address import Address, Place
from fondaco.fulfilment.rules.enrolment import ItemFacts, ItemState, Suspension, suspensions
from fondaco.fulfilment.rules.promise import Option, PromiseFacts, PromisePolicy, Speed
from fondaco.fulfilment.rules.regions import AUTOMATIC, reaches
from fondaco.kit.calendar import days_from, public_holidays
from fondaco.policy import store_of
from fondaco.sellers.models import SellerAccount

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

#: What a seller without a template offers: standard everywhere in the country, free.
PLAIN = (("standard", 5, 0, 0, ("contiguous", "alaska_hawaii", "unincorporated", "military")),)

_GROUP = {
    Place.CONTIGUOUS_STREET: "contiguous",
    Place.CONTIGUOUS_PO_BOX: "contiguous",
    Place.ALASKA_HAWAII_STREET: "alaska_hawaii",
    Place.ALASKA_HAWAII_PO_BOX: "alaska_hawaii",
    Place.UNINCORPORATED_STREET: "unincorporated",
    Place.UNINCORPORATED_PO_BOX: "unincorporated",
    Place.MILITARY: "military",
    Place.INTERNATIONAL: "international",
}


@dataclass(frozen=True, slots=True)
class Rate:
    """One option of a template as a value. `price_minor` for the first unit, `further_minor` for each more."""

    speed: Speed
    transit_days: int
    price_minor: int
    further_minor: int
    regions: tuple[str, ...]

    @property
    def is_ordinary(self) -> bool:
        """Whether it reaches ordinary addresses at home, or some of them."""
        return not self.regions or any(r == "contiguous" or r.startswith("US-") for r in self.regions)

    def serves(self, where: Place, state: str) -> bool:
        regions = self.regions or ("contiguous",)
        return _GROUP[where] in regions or f"US-{state.strip().upper()}" in regions


@dataclass(frozen=True, slots=True)
class Side:
    """One offer and all that its delivery depends on."""

    offer: Offer
    rates: tuple[Rate, ...]
    zone: ZoneInfo
    cutoffs: Mapping[int, time]
    ship_weekdays: frozenset[int]
    delivery_weekdays: frozenset[int]
    holidays: frozenset[date]
    ships_holidays: bool = False
    automatic_from: Address | None = None  # the template chooses regions for fast options by itself, from here
    item: PrimeItem | None = None
    enrolment: Enrolment | None = None
    volume: VolumeControl | None = None
    ship_date: date | None = None
    taken: int = 0
    today: date | None = None

    @property
    def limit(self) -> int | None:
        return self.volume.limit_per_day if self.volume else None

    @property
    def is_in_programme(self) -> bool:
        """Enrolled and not removed, whatever suspends it now."""
        return self.item is not None and self.item.state != ItemState.REMOVED

    @property
    def suspensions(self) -> tuple[Suspension, ...]:
        """Why an enrolled item is not Prime now; empty also for what is not enrolled."""
        if not self.is_in_programme or self.item is None or self.today is None:
            return ()
        return suspensions(
            ItemFacts(
                units_sellable=self.offer.units_sellable,
                today=self.today,
                restock_date=self.offer.restock_date,
                offer_active=self.offer.status == OfferStatus.ACTIVE,
                is_duplicate=self.item.reason == Suspension.DUPLICATE,
                seller_active=self.enrolment is not None and self.enrolment.is_running,
                all_off=self.volume is not None and self.volume.all_off_since is not None,
                limit=self.limit,
                taken=self.taken,
            )
        )

    @property
    def is_prime(self) -> bool:
        return self.is_in_programme and not self.suspensions

    def is_prime_for(self, *, kept: bool) -> bool:
        """Q-39: a cart that holds the Prime offer keeps it when only the day's limit speaks against it."""
        return self.is_prime or (kept and self.is_in_programme and self.suspensions == (Suspension.LIMIT_REACHED,))


_ITEMS = Prepared(lambda offers: PrimeItem.objects.filter(offer__in=offers))
_LIVE = Prepared(lambda sellers: ShippingTemplate.objects.filter(seller__in=sellers, removed_at=None))


def sides(offers: Iterable[Offer], *, at: datetime) -> dict[UUID, Side]:
    """By offer id; sellers (with ship-from address) must be loaded."""
    rows = list(offers)
    items = {i.offer_id: i for i in _ITEMS.rows(offers=[o.pk for o in rows])} if rows else {}
    in_programme = [o.seller_id for o in rows if o.pk in items]
    enrolments = {e.seller_id: e for e in _enrolments.all(*in_programme)} if in_programme else {}
    volumes = {v.seller_id: v for v in _volumes.all(*in_programme)} if in_programme else {}
    templates = _templates(rows)
    made = {
        offer.pk: _side(offer, templates.get(offer.pk), volumes.get(offer.seller_id), at, shared=offer.pk in items)
        for offer in rows
    }
    days = _days(made, items, at)
    return {
        pk: _with_programme(
            side,
            item=items.get(pk),
            enrolment=enrolments.get(side.offer.seller_id),
            volume=volumes.get(side.offer.seller_id),
            taken=days,
            at=at,
        )
        for pk, side in made.items()
    }


@prepared
def _enrolments(*sellers: Any) -> QuerySet[Enrolment]:
    return Enrolment.objects.filter(any_of("seller", sellers))


@prepared
def _volumes(*sellers: Any) -> QuerySet[VolumeControl]:
    return VolumeControl.objects.filter(any_of("seller", sellers))


@prepared
def _near(first: Any, last: Any, *sellers: Any) -> QuerySet[PrimeDay]:
    return PrimeDay.objects.filter(any_of("seller", sellers), ship_date__gte=first, ship_date__lte=last)


@prepared
def _chosen(*offers: Any) -> QuerySet[TemplateOffer, tuple[UUID, UUID]]:
    return TemplateOffer.objects.filter(any_of("offer", offers)).values_list("offer_id", "template_id")


def policy_of(store: str, *, at: datetime) -> PromisePolicy:
    """The published numbers, as the rule takes them."""
    book = policy.current()
    speed = book.value("prime.speed_table", store, at=at)
    prices = book.value("prime.price_table", store, at=at)
    cutoff = book.value("prime.cutoff", store, at=at)
    return _policy(
        speed.version,
        prices.version,
        cutoff.version,
        store,
        bool(book.value("prime.standard_free_for_all", store, at=at).value),
        int(book.value("prime.guarantee.max_days", store, at=at).value),
    )


@lru_cache(maxsize=64)
def _policy(
    speed_version: str, price_version: str, cutoff_version: str, store: str, free: bool, guarantee: int
) -> PromisePolicy:
    """Worked out once for each set of versions: versions never change."""
    speed = policy.by_version(speed_version).value
    prices = policy.by_version(price_version).value
    return PromisePolicy(
        standard_free_for_all=free,
        guarantee_max_days=guarantee,
        zip_exceptions={row["zip_prefix"]: row["benefit"] for row in speed["zip_exceptions"]},
        benefits={
            Place(row["address"]): None if row["benefit"] == "not_eligible" else Speed(row["benefit"])
            for row in speed["benefits"]
        },
        member_prices={f"{row['option']}:bmvd" if row["bmvd"] else row["option"]: row["price"].minor for row in prices},
        version=speed_version,
    )


def facts_of(side: Side, *, address: Address, member: bool, at: datetime, bmvd: bool = False) -> PromiseFacts:
    """The rule's facts without options."""
    return PromiseFacts(
        member=member,
        address=address,
        options=(),
        ordered_at=at,
        ship_zone=side.zone.key,
        cutoffs=side.cutoffs,
        holidays=side.holidays,
        ship_weekdays=side.ship_weekdays,
        ships_holidays=side.ships_holidays,
        delivery_weekdays=side.delivery_weekdays,
        home_country=store_of(side.offer.store).country,
        bmvd=bmvd,
    )


def options_of(side: Side, *, where: Place, state: str, quantity: int) -> list[Option]:
    """What the template offers at a kind of place, priced for a number of units."""
    return [
        Option(rate.speed, rate.transit_days, rate.price_minor + rate.further_minor * (quantity - 1))
        for rate in side.rates
        if _serves(side, rate, where, state)
    ]


def _serves(side: Side, rate: Rate, where: Place, state: str) -> bool:
    if side.automatic_from is not None and rate.speed in AUTOMATIC:
        return reaches(side.automatic_from, where, state, days=rate.transit_days)
    return rate.serves(where, state)


def ships_from(seller: SellerAccount) -> Address | None:
    """Where the parcels leave, as the rules take it; None: the account has not said."""
    row = seller.ship_from
    return Address(row.country, row.region, row.postal_code) if row else None


def zone_of_seller(seller: SellerAccount) -> ZoneInfo:
    """The ship-from clock: of the ship-from address, else of the account."""
    return seller.ship_from.zone if seller.ship_from else seller.zone


def cutoffs_of(volume: VolumeControl | None, store: str, *, at: datetime) -> dict[int, time]:
    """Weekday 0–6 → cut-off: the seller's own, else the marketplace's."""
    published = policy.value("prime.cutoff", store, at=at).value
    own = volume.cutoffs if volume else {}
    found: dict[int, time] = {}
    for number, name in enumerate(WEEKDAYS):
        text = own.get(name) or published[name]
        if text:
            found[number] = text if isinstance(text, time) else time.fromisoformat(str(text))
    return found


def holidays_around(store: str, *, at: datetime) -> frozenset[date]:
    """The store's public holidays and extra days off, this year and next (B-PRIME-27)."""
    days = policy.value("calendar.business", store, at=at)
    return _holidays(days.version, at.year)


@lru_cache(maxsize=64)
def _holidays(version: str, year: int) -> frozenset[date]:
    value = policy.by_version(version).value
    country, part = value["country"] or "", value["subdivision"] or ""
    named = {day for y in (year - 1, year, year + 1) for day in public_holidays(country, part, y)}
    return frozenset((named - days_from(value["open"])) | days_from(value["closed"]))


def _side(
    offer: Offer, template: ShippingTemplate | None, volume: VolumeControl | None, at: datetime, *, shared: bool
) -> Side:
    marketplace = offer.channel == Channel.MARKETPLACE
    used = None if marketplace else template
    return Side(
        offer=offer,
        rates=_rates(used),
        zone=zone_of_seller(offer.seller),
        cutoffs=cutoffs_of(volume if shared else None, offer.store, at=at),
        ship_weekdays=_weekdays(used, "ships"),
        delivery_weekdays=_weekdays(used, "delivers"),
        holidays=holidays_around(offer.store, at=at),
        ships_holidays=used is not None and used.ships_holidays,
        automatic_from=ships_from(offer.seller) if used is not None and used.automation else None,
    )


def _with_programme(
    side: Side,
    *,
    item: PrimeItem | None,
    enrolment: Enrolment | None,
    volume: VolumeControl | None,
    taken: Mapping[tuple[UUID, date], int],
    at: datetime,
) -> Side:
    if item is None:
        return side
    leaves = _leaves(side, at)
    return replace(
        side,
        item=item,
        enrolment=enrolment,
        volume=volume,
        ship_date=leaves,
        taken=taken.get((side.offer.seller_id, leaves), 0),
        today=at.astimezone(side.zone).date(),
    )


def _leaves(side: Side, at: datetime) -> date:
    """The day on which a Prime order placed now ships: today before the cut-off (B-PRIME-08)."""
    return rules.ship_date(facts_of(side, address=Address("US"), member=False, at=at), PromisePolicy())


def _days(made: Mapping[UUID, Side], items: Mapping[UUID, PrimeItem], at: datetime) -> dict[tuple[UUID, date], int]:
    """The counts of the days that an order placed now could ship on."""
    sellers = {side.offer.seller_id for pk, side in made.items() if pk in items}
    if not sellers:
        return {}
    today = at.date()
    near = _near.all(today - timedelta(days=2), today + timedelta(days=21), *sellers)
    return {(row.seller_id, row.ship_date): row.taken for row in near}


def _templates(offers: Sequence[Offer]) -> dict[UUID, ShippingTemplate]:
    own = [o for o in offers if o.channel == Channel.SELLER]
    if not own:
        return {}
    live = _LIVE.rows(sellers=sorted({o.seller_id for o in own}))
    if not live:
        return {}
    prefetch_related_objects(live, "options")
    templates = {t.pk: t for t in live}
    default = {t.seller_id: t for t in templates.values() if t.is_default}
    chosen = dict(_chosen.all(*(o.pk for o in own)))
    found = {o.pk: templates.get(chosen.get(o.pk, o.pk)) or default.get(o.seller_id) for o in own}
    return {pk: template for pk, template in found.items() if template is not None}


def _rates(template: ShippingTemplate | None) -> tuple[Rate, ...]:
    if template is None:
        return tuple(Rate(Speed(s), days, price, further, regions) for s, days, price, further, regions in PLAIN)
    return tuple(
        Rate(Speed(o.speed), o.transit_days, o.price_minor, o.further_minor, tuple(o.regions))
        for o in template.options.all()
    )


def _weekdays(template: ShippingTemplate | None, what: str) -> frozenset[int]:
    days = set(range(5))
    if template is not None:
        days |= {5} if getattr(template, f"{what}_saturday") else set()
        days |= {6} if getattr(template, f"{what}_sunday") else set()
    return frozenset(days)

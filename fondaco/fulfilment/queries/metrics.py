"""A seller's programme orders as the metrics' rules take them, and the targets in force."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Sum

from fondaco import policy
from fondaco.fulfilment.models import Label, PromiseView, ShippingTemplate
from fondaco.fulfilment.queries.packages import Good, tiers_of
from fondaco.fulfilment.rules import metrics as rules
from fondaco.fulfilment.rules.labels import first_scan_on_time
from fondaco.fulfilment.rules.metrics import Code, Definitions, Measure, ParcelFacts, Rate, Target
from fondaco.fulfilment.rules.parcels import SizeTier
from fondaco.history.models import Event
from fondaco.orders.models import Order, OrderUnit
from fondaco.sellers.addresses import zone_of
from fondaco.sellers.models import SellerAccount

DAYS = 30
WEEKS = 8
SPEEDS = ((1, "one_day"), (2, "two_day"), (5, "five_day"))


@dataclass(frozen=True, slots=True)
class Performance:
    """What was measured over the last days; `trend` by week, oldest first; `mode` says what missed targets lead to."""

    measures: tuple[Measure, ...]
    speeds: tuple[tuple[SizeTier, tuple[tuple[str, Measure], ...]], ...]
    trend: tuple[tuple[date, Rate], ...]
    mode: str
    days: int


def performance_of(seller: SellerAccount, *, at: datetime) -> Performance:
    """The account's programme orders of the last thirty days against the targets of now."""
    since = at - timedelta(days=DAYS)
    parcels = parcel_facts(seller, since=since, until=at)
    today = at.astimezone(ship_zone_of(seller)).date()
    return Performance(
        measures=_measures(seller, parcels, since=since, at=at, today=today),
        speeds=_speeds(seller, since=since, at=at),
        trend=_trend(seller, at=at),
        mode=policy.value("prime.metrics.mode", seller.store, at=at).value,
        days=DAYS,
    )


def parcel_facts(seller: SellerAccount, *, since: datetime, until: datetime) -> list[ParcelFacts]:
    """One for each parcel of a programme order placed in that time, and one for what was not sent of it."""
    units = (
        OrderUnit.objects.filter(
            item__order__seller=seller,
            item__order__placed_at__gte=since,
            item__order__placed_at__lt=until,
            item__is_prime=True,
            item__channel="seller",
        )
        .exclude(state="cancelled")
        .select_related("item__order", "parcel")
    )
    groups: dict[tuple[object, object], list[OrderUnit]] = {}
    for unit in units:
        groups.setdefault((unit.item.order_id, unit.parcel_id), []).append(unit)
    ids = [unit.parcel.label_id for unit in units if unit.parcel and unit.parcel.label_id]
    labels: dict[UUID | None, Label] = {label.pk: label for label in Label.objects.filter(pk__in=ids)}
    disruptions = policy.value("prime.metrics.disruptions", seller.store, at=until).value
    automation = ShippingTemplate.objects.filter(seller=seller, automation=True, removed_at=None).exists()
    ship_zone = ship_zone_of(seller)
    return [_facts(group, labels, automation, ship_zone, disruptions) for group in groups.values()]


def _facts(
    group: list[OrderUnit],
    labels: Mapping[UUID | None, Label],
    automation: bool,
    ship_zone: ZoneInfo,
    disruptions: Sequence[Mapping[str, Any]],
) -> ParcelFacts:
    order, parcel = group[0].item.order, group[0].parcel
    there = ZoneInfo(zone_of(country=order.postal.country, region=order.postal.region))
    ship_by, promised = min(u.item.ship_by for u in group), min(u.item.promised_date for u in group)
    disrupted = rules.is_disrupted(promised, state=order.postal.region, disruptions=disruptions)
    if parcel is None:
        return ParcelFacts(ship_by, promised, is_disrupted=disrupted)
    label = labels.get(parcel.label_id)
    in_time = label is not None and first_scan_on_time(first_scan_at=parcel.shipped_at, ship_by=ship_by, zone=ship_zone)
    protected = label is not None and label.is_protected and not label.has_late_risk
    return ParcelFacts(
        ship_by=ship_by,
        promised=promised,
        confirmed=parcel.confirmed_at.astimezone(ship_zone).date(),
        shipped=parcel.shipped_at.astimezone(ship_zone).date() if parcel.shipped_at else None,
        delivered=parcel.delivered_at.astimezone(there).date() if parcel.delivered_at else None,
        has_label=parcel.label_id is not None,
        is_protected=protected,
        automation=automation,
        borne_by_marketplace=protected and in_time and parcel.lost_at is not None,
        is_disrupted=disrupted,
    )


def _measures(
    seller: SellerAccount, parcels: list[ParcelFacts], *, since: datetime, at: datetime, today: date
) -> tuple[Measure, ...]:
    def value(key: str) -> policy.PolicyValue:
        return policy.value(f"prime.metrics.{key}", seller.store, at=at)

    defined = Definitions.of(value("definitions").value)
    delivery = value("on_time_delivery_min")
    packages = value("min_packages_per_month")
    confirmed = sum(p.confirmed is not None for p in parcels)
    return (
        Measure(
            Code.ON_TIME_DELIVERY,
            rules.on_time_delivery(parcels, defined, labels=delivery.value["labels"], today=today),
            Target(delivery.version, least=rules.basis(delivery.value["rate"])),
        ),
        Measure(
            Code.ON_TIME_SHIPMENT,
            rules.on_time_shipment(parcels, defined, today=today),
            _least(value("on_time_shipment_min")),
        ),
        Measure(Code.VALID_TRACKING, rules.valid_tracking(parcels), _least(value("valid_tracking_min"))),
        Measure(Code.BUY_SHIPPING, rules.buy_shipping(parcels), _least(value("buy_shipping_min"))),
        Measure(Code.CANCELLATIONS, cancelled_by_seller(seller, since, at), _most(value("cancellations_max"))),
        Measure(
            Code.PACKAGES,
            Rate(confirmed, confirmed),
            Target(packages.version, least=packages.value) if packages.value is not None else None,
            "B-PRIME-05",
        ),
    )


def _least(found: policy.PolicyValue) -> Target | None:
    return Target(found.version, least=rules.basis(found.value)) if found.value is not None else None


def _most(found: policy.PolicyValue) -> Target | None:
    return Target(found.version, most=rules.basis(found.value)) if found.value is not None else None


def cancelled_by_seller(seller: SellerAccount, since: datetime, until: datetime) -> Rate:
    """Programme orders that the seller cancelled for reasons of its own, of all."""
    orders = Order.objects.filter(seller=seller, has_prime=True, placed_at__gte=since, placed_at__lt=until)
    ids = [str(pk) for pk in orders.values_list("pk", flat=True)]
    own = {"no_stock", "pricing_error", "cannot_ship"}
    events = Event.objects.filter(verb="order.cancelled_by_seller", subject_kind="orders.order", subject_id__in=ids)
    gone = {event.subject_id for event in events if event.about.get("reason_code") in own}
    return Rate(len(gone), len(ids))


def _speeds(
    seller: SellerAccount, *, since: datetime, at: datetime
) -> tuple[tuple[SizeTier, tuple[tuple[str, Measure], ...]], ...]:
    """How fast delivery was promised on the pages that members saw, by size tier, against its targets (B-PRIME-06, B-PRIME-07).

    Standard size is always there, the other tiers when something of them was looked at."""
    zone = ship_zone_of(seller)
    first, last = since.astimezone(zone).date(), at.astimezone(zone).date()
    rows = list(
        PromiseView.objects.filter(offer__seller=seller, day__range=(first, last))
        .values("offer_id", "offer__product__product_type", "days")
        .annotate(seen=Sum("views"))
    )
    goods = [Good(row["offer_id"], row["offer__product__product_type"]) for row in rows]
    by_tier: dict[SizeTier, Counter[int]] = {SizeTier.STANDARD: Counter()}
    for row, tier in zip(rows, tiers_of(goods, store=seller.store, at=at), strict=True):
        by_tier.setdefault(tier, Counter())[row["days"]] += row["seen"]
    return tuple(
        (tier, _against(by_tier[tier], policy.value(f"prime.speed_targets.{tier}", seller.store, at=at)))
        for tier in SizeTier
        if tier in by_tier
    )


def _against(days: Counter[int], found: policy.PolicyValue) -> tuple[tuple[str, Measure], ...]:
    out = []
    for within, name in SPEEDS:
        asked = found.value.get(name)
        target = Target(found.version, least=rules.basis(asked)) if asked is not None else None
        rate = Rate(sum(seen for day, seen in days.items() if day <= within), days.total())
        out.append((name, Measure(Code.ON_TIME_DELIVERY, rate, target, "B-PRIME-06")))
    return tuple(out)


def _trend(seller: SellerAccount, *, at: datetime) -> tuple[tuple[date, Rate], ...]:
    """On-time delivery of the orders placed in each of the last weeks, by policy as it is now."""
    zone = ship_zone_of(seller)
    today = at.astimezone(zone).date()
    defined = Definitions.of(policy.value("prime.metrics.definitions", seller.store, at=at).value)
    found = []
    for back in range(WEEKS, 0, -1):
        begins, ends = at - timedelta(weeks=back), at - timedelta(weeks=back - 1)
        parcels = parcel_facts(seller, since=begins, until=ends)
        rate = rules.on_time_delivery(parcels, defined, labels="all", today=today)
        found.append((begins.astimezone(zone).date(), rate))
    return tuple(found)


def ship_zone_of(seller: SellerAccount) -> ZoneInfo:
    """The ship-from clock."""
    return ZoneInfo(seller.ship_from.time_zone if seller.ship_from else seller.time_zone)

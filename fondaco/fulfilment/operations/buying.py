"""Buy Shipping: the seller's way from an order to a label (PRIME-19, 20; B-PRIME-25; Q-38).

`rates_for` shows what could be bought; `buy_shipping` writes the question down with the order locked, so that no unit is in
two labels; the label's listener confirms the shipment when the carrier has sold it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_noop as N_

from fondaco import history, policy
from fondaco.engine import clock
from fondaco.fulfilment.carriers.port import Rate, RateRequest, carriers
from fondaco.fulfilment.listeners import Listener, listen
from fondaco.fulfilment.models import Label, OfferPackage, TermsAccepted, TrackingEvent
from fondaco.fulfilment.operations.labels import LabelAsk, NoServiceTakesIt, ask_label
from fondaco.fulfilment.rules.labels import (
    MARKETPLACE,
    MARKETPLACE_TERMS,
    LabelState,
    Purpose,
    ScanCode,
    is_late_risk,
    is_protected,
)
from fondaco.fulfilment.rules.parcels import Package
from fondaco.kit.calendar import to_utc, zone
from fondaco.kit.errors import Invalid, NotFound, Refusal
from fondaco.kit.money import Money
from fondaco.ledger.rules import Cause
from fondaco.orders import locks
from fondaco.orders import operations as orders
from fondaco.orders.models import Order, OrderItem, OrderUnit, Parcel
from fondaco.orders.operations.ship import NothingToShip
from fondaco.orders.rules.states import ScanKind, UnitState
from fondaco.sellers.access import Caller
from fondaco.sellers.addresses import PostalAddress, zone_of
from fondaco.sellers.rules import Capability

ORDER = "orders.order"
FURTHEST_DAYS = 14
HAND_OVER = time(12, 0)


class NoShipFrom(Refusal):
    CODE = "ship_from_address_missing"
    WORDS = N_("Your account has no ship-from address.")
    FIX = N_("Add one under Settings → Account info.")


class ShipDateWrong(Invalid):
    CODE = "ship_date_wrong"
    WORDS = N_("The ship date is today or one of the next %(days)s days.")


class UnitsHaveLabel(Refusal):
    CODE = "units_have_a_label"
    WORDS = N_("A label for some of these items is bought already, or being bought.")
    FIX = N_("Void that label first.")


class TermsNotAccepted(Refusal):
    CODE = "label_terms_not_accepted"
    WORDS = N_("Buying a label means accepting the terms of the marketplace and of the carrier.")
    FIX = N_("Read both terms and tick the boxes.")
    CLAUSE = "PRIME-20"


class RateChanged(Refusal):
    CODE = "label_rate_changed"
    WORDS = N_("The carrier’s price or day has changed since you looked: now %(price)s.")
    FIX = N_("Look at the rates again and choose.")


class NotShippedBySeller(Refusal):
    CODE = "not_shipped_by_seller"
    WORDS = N_("The marketplace ships these items itself.")


@dataclass(frozen=True, slots=True)
class Offered:
    """One rate as the seller chooses among them. `late_days`: how many days after the promise it would arrive."""

    rate: Rate
    promised_date: date
    has_late_risk: bool
    is_protected: bool

    @property
    def late_days(self) -> int:
        return max(0, (self.rate.arrives_date - self.promised_date).days)


@dataclass(frozen=True, slots=True)
class Plan:
    """A parcel of some units of an order, and what carriers ask for it."""

    order: Order
    units: tuple[OrderUnit, ...]
    request: RateRequest
    offered: tuple[Offered, ...]
    ship_by: date
    policy_version: str


def waiting_units(order: Order) -> list[OrderUnit]:
    """Units that wait to be sent by the seller and that no label is bought for, in order."""
    taken = _units_with_label(order)
    units = OrderUnit.objects.filter(item__order=order, state=UnitState.ORDERED.value).exclude(
        item__channel="marketplace"
    )
    return [u for u in units.select_related("item").order_by("item__position", "number") if str(u.pk) not in taken]


def rates_for(
    caller: Caller, *, order: Order, units: Sequence[OrderUnit | UUID | str], package: Package, ship_date: date
) -> Plan:
    """What carriers ask for these units in one parcel on that day, the cheapest first. Writes nothing.

    Raises Denied, NoShipFrom, ShipDateWrong, UnitsHaveLabel, NothingToShip, NoServiceTakesIt, CarrierSilent.
    """
    caller.require(Capability.HANDLE_ORDERS, seller=order.seller)
    chosen = _chosen(order, units)
    origin = _ship_from(order)
    request = RateRequest(
        Purpose.OUTBOUND, origin, order.postal, package, _hand_over(origin, ship_date), order.currency
    )
    rates = carriers().rates(request)
    if not rates:
        raise NoServiceTakesIt
    promised = min(unit.item.promised_date for unit in chosen)
    protection = policy.value("claim.label_protection", order.store, at=clock.now())
    offered = tuple(_offered(rate, promised, protection.value["excluded_labels"]) for rate in rates)
    return Plan(order, tuple(chosen), request, offered, min(u.item.ship_by for u in chosen), protection.version)


def buy_shipping(
    caller: Caller,
    *,
    order: Order,
    units: Sequence[OrderUnit | UUID | str],
    package: Package,
    ship_date: date,
    carrier: str,
    service: str,
    request_key: str,
    accepted: Iterable[str] = (),
    seen_price_minor: int | None = None,
) -> Label:
    """Ask for a label for these units; a task, or the caller with `labels.ask_carrier`, buys it a moment later.

    `accepted`: versions of terms that the seller ticked; what was accepted before need not be again.
    Raises what `rates_for` does, and TermsNotAccepted, RateChanged. The same `request_key`: the same label.
    """
    person = caller.require_person()
    caller.require(Capability.HANDLE_ORDERS, seller=order.seller)
    if earlier := Label.objects.filter(seller=order.seller, request_key=request_key).first():
        return earlier
    plan = rates_for(caller, order=order, units=units, package=package, ship_date=ship_date)
    chosen = next((o for o in plan.offered if (o.rate.carrier, o.rate.service) == (carrier, service)), None)
    if chosen is None:
        raise NoServiceTakesIt
    if seen_price_minor is not None and seen_price_minor != chosen.rate.price.minor:
        raise RateChanged(price=str(chosen.rate.price))
    with transaction.atomic():
        order = locks.order(order.pk)
        if earlier := Label.objects.filter(seller=order.seller, request_key=request_key).first():
            return earlier
        ready = _chosen(order, [unit.pk for unit in plan.units])  # again, now that nobody else can take them
        terms = _accept_terms(caller, order, chosen.rate, set(accepted))
        _remember(ready, package)
        return ask_label(_ask(plan, chosen, order, ready, terms, request_key, person))


def confirm_own_shipment(
    caller: Caller, *, order: Order, units: Sequence[OrderUnit | UUID | str], carrier: str, tracking: str, key: str
) -> Parcel:
    """The seller sent it with a label from elsewhere: allowed only for orders without Prime items (PRIME-19, Q-38)."""
    with transaction.atomic():
        order = locks.order(order.pk)
        if Parcel.objects.filter(order=order, key=key).exists():
            return orders.record_shipment(order=order, carrier=carrier, tracking=tracking, key=key, caller=caller)
        if not order.has_prime:
            _chosen(order, units)
        return orders.record_shipment(
            order=order, units=units, carrier=carrier, tracking=tracking, key=key, caller=caller
        )


def terms_to_accept(order: Order, rate: Rate) -> dict[str, str]:
    """Whose terms, in which version, the seller has still to accept before buying this rate: party → version."""
    wanted = {MARKETPLACE: MARKETPLACE_TERMS, rate.carrier: rate.terms_version}
    have = set(TermsAccepted.objects.filter(seller=order.seller).values_list("party", "version"))
    return {party: version for party, version in wanted.items() if (party, version) not in have}


def _offered(rate: Rate, promised: date, excluded: Iterable[str]) -> Offered:
    risk = is_late_risk(arrives_date=rate.arrives_date, promised_date=promised)
    safe = is_protected(protectable=rate.protectable, has_late_risk=risk, excluded=excluded)
    return Offered(rate, promised, risk, safe)


def _chosen(order: Order, given: Sequence[OrderUnit | UUID | str]) -> list[OrderUnit]:
    ids = {str(getattr(unit, "pk", unit)) for unit in given}
    found = [
        unit
        for unit in OrderUnit.objects.filter(item__order=order).select_related("item").order_by("item__position", "number")
        if str(unit.pk) in ids
    ]  # fmt: skip
    if not ids or len(found) != len(ids):
        raise NotFound(what="unit") if ids else NothingToShip()
    if any(unit.item.channel == "marketplace" for unit in found):
        raise NotShippedBySeller
    if any(unit.state != UnitState.ORDERED for unit in found):
        raise NothingToShip
    if ids & _units_with_label(order):
        raise UnitsHaveLabel
    return found


def _units_with_label(order: Order) -> set[str]:
    """Units of labels that are asked for, or bought and not voided."""
    live = [LabelState.ASKED.value, LabelState.BOUGHT.value, LabelState.VOIDING.value]
    labels = Label.objects.filter(cause_kind=ORDER, cause_id=str(order.pk), purpose=Purpose.OUTBOUND, state__in=live)
    return {unit for details in labels.values_list("details", flat=True) for unit in details.get("units", [])}


def _ship_from(order: Order) -> PostalAddress:
    address = order.seller.ship_from
    if address is None:
        raise NoShipFrom
    return address.postal


def _hand_over(origin: PostalAddress, ship_date: date) -> datetime:
    """Noon of that day at the ship-from address; today, now if noon is past."""
    here = zone(zone_of(country=origin.country, region=origin.region))
    now = clock.now()
    today = now.astimezone(here).date()
    if not today <= ship_date <= today + timedelta(days=FURTHEST_DAYS):
        raise ShipDateWrong(days=FURTHEST_DAYS)
    return max(now, to_utc(datetime.combine(ship_date, HAND_OVER), here))


def _accept_terms(caller: Caller, order: Order, rate: Rate, accepted: set[str]) -> dict[str, str]:
    missing = terms_to_accept(order, rate)
    if any(version not in accepted for version in missing.values()):
        raise TermsNotAccepted(missing=sorted(missing.values()))
    for party, version in missing.items():
        _row, is_new = TermsAccepted.objects.get_or_create(
            seller=order.seller, party=party, version=version, defaults={"accepted_by": caller.require_person()}
        )
        if is_new:
            about = {"party": party, "version": version}
            history.record(
                actor=caller, verb="label.terms_accepted", subject=order.seller, about=about, clause="PRIME-20"
            )
    return {MARKETPLACE: MARKETPLACE_TERMS, "carrier": rate.terms_version}


def _remember(units: Sequence[OrderUnit], package: Package) -> None:
    """A parcel of one unit says how that offer is packed."""
    if len(units) == 1:
        sizes = {"weight_g": package.weight_g, "updated_at": clock.now()} | dict(
            zip(("length_mm", "width_mm", "height_mm"), package.sides_mm, strict=True)
        )
        OfferPackage.objects.update_or_create(offer_id=units[0].item.offer_id, defaults=sizes)


def _ask(
    plan: Plan,
    chosen: Offered,
    order: Order,
    units: Sequence[OrderUnit],
    terms: Mapping[str, str],
    key: str,
    person: Any,
) -> LabelAsk:
    items: dict[UUID, tuple[OrderItem, int]] = {}
    for unit in units:
        items[unit.item_id] = (unit.item, items.get(unit.item_id, (unit.item, 0))[1] + 1)
    return LabelAsk(
        purpose=Purpose.OUTBOUND,
        seller=order.seller,
        cause=Cause(ORDER, str(order.pk), order.number),
        rate=chosen.rate,
        request=plan.request,
        price=Money(chosen.rate.price.minor, chosen.rate.price.currency),
        request_key=key,
        policy_version=plan.policy_version,
        contents=[{"quantity": n, "title": item.title, "sku": item.sku} for item, n in items.values()],
        references={"Order": order.number},
        details={"units": [str(unit.pk) for unit in units]},
        terms=terms,
        ship_by_date=plan.ship_by,
        promised_date=chosen.promised_date,
        is_protected=chosen.is_protected,
        has_late_risk=chosen.has_late_risk,
        asked_by=person,
    )


# What a label of an order tells the order. Called with the label locked; locks the order next.

_KINDS = {
    ScanCode.ACCEPTED: ScanKind.ACCEPTED,
    ScanCode.DEPARTED: ScanKind.IN_TRANSIT,
    ScanCode.ARRIVED: ScanKind.IN_TRANSIT,
    ScanCode.OUT_FOR_DELIVERY: ScanKind.OUT_FOR_DELIVERY,
    ScanCode.DELAYED: ScanKind.EXCEPTION,
    ScanCode.DELIVERED: ScanKind.DELIVERED,
    ScanCode.LOST: ScanKind.LOST,
}


def _bought(label: Label) -> None:
    order = Order.objects.get(pk=label.cause_id)
    try:
        with transaction.atomic():
            orders.record_shipment(
                order=order,
                units=label.details["units"],
                carrier=label.carrier_name,
                service=label.service_name,
                tracking=label.tracking_number,
                label_id=label.pk,
                key=label.key,
            )
    except NothingToShip:  # cancelled while the carrier was asked: the label goes back at once
        label.void_wanted = True


def _voided(label: Label) -> None:
    if parcel := Parcel.objects.filter(label_id=label.pk).first():
        orders.void_shipment(parcel=parcel)


def _scanned(label: Label, event: TrackingEvent) -> None:
    if parcel := Parcel.objects.filter(label_id=label.pk).first():
        kind = _KINDS[ScanCode(event.code)]
        orders.record_scan(parcel=parcel, kind=kind, key=event.key, at=event.at, place=event.place)


def follow_orders() -> None:
    """Called once, when the application is ready."""
    listen(ORDER, Listener(bought=_bought, voided=_voided, scanned=_scanned))

"""Parcels: what the seller confirms and what the carrier reports."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_noop as N_

from fondaco import history, policy
from fondaco.catalogue import locks as catalogue_locks
from fondaco.catalogue.operations import stock
from fondaco.catalogue.rules.stock import Bucket, MovementKind, movement
from fondaco.engine import clock
from fondaco.kit.errors import NotFound, Refusal
from fondaco.kit.text import line as one_line
from fondaco.orders import hooks, locks
from fondaco.orders.mail import tell_buyer_shipped
from fondaco.orders.models import Order, OrderUnit, Parcel, ParcelScan
from fondaco.orders.models.order import as_ids
from fondaco.orders.operations.cancel import summarise
from fondaco.orders.rules.states import ScanKind, UnitState
from fondaco.sellers.access import Caller
from fondaco.sellers.rules import Capability
from fondaco.web.programmes import name_of

NAME_LIMIT = 60


class NothingToShip(Refusal):
    CODE = "order_nothing_to_ship"
    WORDS = N_("These units are not waiting to be sent.")


class LabelElsewhere(Refusal):
    CODE = "label_bought_elsewhere"
    WORDS = N_("This order contains %(programme)s items, so every label of it is bought through Buy Shipping.")
    FIX = N_("Buy the label here. Labels from elsewhere are not taken for any parcel of the order.")
    CLAUSE = "PRIME-19"


class ScannedAlready(Refusal):
    CODE = "parcel_scanned_already"
    WORDS = N_("The carrier has this parcel already.")


def record_shipment(
    *,
    order: Order,
    carrier: str,
    tracking: str,
    key: str,
    units: Iterable[OrderUnit | UUID | str] | None = None,
    service: str = "",
    label_id: UUID | None = None,
    at: datetime | None = None,
    caller: Caller | None = None,
) -> Parcel:
    """The seller sends these units (default: all that wait) in one parcel; the same `key` of an order answers the same.

    With a `caller`, a member who may handle orders; without, the operation above has asked. Units leave the stock here.
    Raises NotFound, Denied, NothingToShip; LabelElsewhere for an order with Prime items and no `label_id` (PRIME-19, Q-38).
    """
    if caller is not None:
        caller.require(Capability.HANDLE_ORDERS, seller=order.seller)
    at = at or clock.now()
    with transaction.atomic():
        order = locks.order(order.pk)
        if earlier := Parcel.objects.filter(order=order, key=key).first():
            return earlier
        _require_label(order, label_id, at)
        chosen = _waiting(order, units)
        parcel = Parcel.objects.create(
            order=order,
            carrier=one_line(carrier, limit=NAME_LIMIT, required=True),
            service=one_line(service, limit=NAME_LIMIT),
            tracking_number=one_line(tracking, limit=NAME_LIMIT),
            label_id=label_id,
            key=key,
            confirmed_at=at,
        )
        OrderUnit.objects.filter(pk__in=[u.pk for u in chosen]).update(parcel=parcel, state=UnitState.SHIPPED.value)
        _out_of_stock(chosen, parcel, MovementKind.SHIP, at)
        summarise(order, at)
        hooks.shipped(parcel, at=at)
        about = {"carrier": parcel.carrier, "tracking": parcel.tracking_number, "units": len(chosen)}
        history.record(actor=caller, verb="order.shipped", subject=order, about=about, at=at)
        titles = Counter(unit.item.title for unit in chosen)
        tell_buyer_shipped(parcel, [f"{n} × {title}" for title, n in titles.items()])
    return parcel


def void_shipment(*, parcel: Parcel, at: datetime | None = None, caller: Caller | None = None) -> None:
    """Take a confirmed parcel back before the carrier has it: its units wait again. Raises ScannedAlready, NotFound."""
    at = at or clock.now()
    with transaction.atomic():
        order = locks.order(parcel.order_id)
        row = Parcel.objects.filter(pk=parcel.pk).first()
        if row is None:
            return
        if row.shipped_at or row.scans.exists():
            raise ScannedAlready
        units = list(row.units.select_related("item"))
        OrderUnit.objects.filter(parcel=row).update(parcel=None, state=UnitState.ORDERED.value)
        for offer_id, n in Counter(unit.item.offer_id for unit in units).items():
            offer = catalogue_locks.offer(offer_id)
            cause = f"voided:{order.number}"
            back = movement(MovementKind.RESTOCK, units=n)
            stock.move(offer, back, cause=cause, key=f"void:{row.pk}:{offer_id}"[:80], at=at)
            stock.move(offer, movement(MovementKind.RESERVE, units=n), cause=cause, at=at)
        history.record(
            actor=caller, verb="order.shipment_voided", subject=order, about={"tracking": row.tracking_number}, at=at
        )
        summarise(order, at)
        hooks.voided(row, at=at)
        row.delete()


def record_scan(
    *,
    parcel: Parcel,
    kind: str,
    key: str,
    at: datetime | None = None,
    place: str = "",
    note: str = "",
) -> ParcelScan:
    """What the carrier reports. The first scan is the moment of shipping (B-PRIME-04); `delivered` and `lost` move the
    units. The same `key` of a parcel counts once; a late report never turns a delivered parcel back."""
    at = at or clock.now()
    with transaction.atomic():
        order = locks.order(parcel.order_id)
        row = Parcel.objects.get(pk=parcel.pk)
        if earlier := ParcelScan.objects.filter(parcel=row, key=key).first():
            return earlier
        scan = ParcelScan.objects.create(
            parcel=row, kind=ScanKind(kind).value, place=place[:120], note=note[:200], at=at, key=key
        )
        _take_in(row, scan, order)
    return scan


def record_delivered(*, parcel: Parcel, key: str = "delivered", at: datetime | None = None, place: str = "") -> Parcel:
    """The carrier delivered it: its units are delivered, and what depends on that begins (return windows)."""
    record_scan(parcel=parcel, kind=ScanKind.DELIVERED, key=key, at=at, place=place)
    parcel.refresh_from_db()
    return parcel


def record_lost(*, parcel: Parcel, key: str = "lost", at: datetime | None = None) -> Parcel:
    """The carrier gave it up."""
    record_scan(parcel=parcel, kind=ScanKind.LOST, key=key, at=at)
    parcel.refresh_from_db()
    return parcel


def _require_label(order: Order, label_id: UUID | None, at: datetime) -> None:
    if label_id is not None or not order.has_prime:
        return
    channel = policy.value("prime.labels.channel", order.store, at=at)
    if channel.value == "buy_shipping":
        raise LabelElsewhere(programme=str(name_of("prime")), policy_version=channel.version)


def _waiting(order: Order, given: Iterable[Any] | None) -> list[OrderUnit]:
    units = OrderUnit.objects.filter(item__order=order).select_related("item").order_by("item__position", "number")
    if given is None:
        found = list(units.filter(state=UnitState.ORDERED.value))
    else:
        ids = as_ids(given)
        found = list(units.filter(pk__in=ids))
        if len(found) != len(set(ids)):
            raise NotFound(what="unit")
    if not found or any(unit.state != UnitState.ORDERED for unit in found):
        raise NothingToShip
    return found


def _out_of_stock(units: Sequence[OrderUnit], parcel: Parcel, kind: MovementKind, at: datetime) -> None:
    by_offer = Counter(unit.item.offer_id for unit in units)
    for offer in catalogue_locks.offers(by_offer):
        stock.move(
            offer,
            movement(kind, units=by_offer[offer.pk], from_bucket=Bucket.RESERVED),
            cause=f"order:{parcel.order.number}",
            key=f"ship:{parcel.pk.hex}:{offer.pk.hex}",
            at=at,
        )


def _take_in(parcel: Parcel, scan: ParcelScan, order: Order) -> None:
    first = parcel.shipped_at is None
    parcel.shipped_at = min(parcel.shipped_at or scan.at, scan.at)
    arrived = scan.kind == ScanKind.DELIVERED and parcel.delivered_at is None
    lost = scan.kind == ScanKind.LOST and parcel.delivered_at is None and parcel.lost_at is None
    if arrived:
        parcel.delivered_at, parcel.lost_at = scan.at, None
    if lost:
        parcel.lost_at = scan.at
    parcel.save(update_fields=["shipped_at", "delivered_at", "lost_at"])
    if arrived or lost:
        state = UnitState.DELIVERED if arrived else UnitState.LOST
        parcel.units.update(state=state.value)
        summarise(order, scan.at)
        verb = "order.delivered" if arrived else "order.lost"
        history.record(actor=None, verb=verb, subject=order, about={"tracking": parcel.tracking_number}, at=scan.at)
        if arrived:
            hooks.delivered(parcel, at=scan.at)
    elif first:
        history.record(
            actor=None, verb="order.scanned", subject=order, about={"tracking": parcel.tracking_number}, at=scan.at
        )

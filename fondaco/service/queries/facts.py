"""Rows as the rules take them: parcels, labels, refunds and contacts behind a remedy or claim."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from zoneinfo import ZoneInfo

from fondaco.fulfilment.models import Label
from fondaco.fulfilment.rules.labels import first_scan_on_time
from fondaco.ledger.models import Entry
from fondaco.orders.models import Order, OrderItem, OrderUnit, Parcel, PayBack
from fondaco.orders.operations import refundable
from fondaco.sellers.addresses import zone_of
from fondaco.service.models import GuaranteeClaim, Reimbursement, Remedy, RemedyPart
from fondaco.service.rules.claims import GuaranteeFacts, ReimbursementFacts, Verdict
from fondaco.service.rules.remedies import LateFacts, ProtectionFacts, RemedyKind


def destination_zone(order: Order) -> ZoneInfo:
    """The clock at the buyer's address: late is late there (Q-36)."""
    return ZoneInfo(zone_of(country=order.postal.country, region=order.postal.region))


def label_of(parcel: Parcel | None) -> Label | None:
    """The label bought here for a parcel."""
    if parcel is None or parcel.label_id is None:
        return None
    return Label.objects.filter(pk=parcel.label_id).first()


def protection_facts(parcel: Parcel | None) -> ProtectionFacts:
    """What the parcel's label promised and whether the carrier had it in time (B-PRIME-25)."""
    label = label_of(parcel)
    if label is None:
        return ProtectionFacts()
    in_time = first_scan_on_time(first_scan_at=label.first_scan_at, ship_by=label.ship_by_date, zone=label.origin_zone)
    return ProtectionFacts(True, label.is_protected, label.has_late_risk, in_time)


def late_facts(item: OrderItem, *, at: datetime) -> LateFacts:
    """An item's promise and arrival: of several parcels the last counts, and one that is still out is not there."""
    where = destination_zone(item.order)
    parcels = [unit.parcel for unit in item.units.select_related("parcel") if unit.state != "cancelled"]
    arrivals = [parcel.delivered_at if parcel else None for parcel in parcels]
    delivered: date | None = None
    if arrivals and all(arrivals):
        delivered = max(a for a in arrivals if a).astimezone(where).date()
    back = Remedy.objects.filter(item=item, kind=RemedyKind.LATE_DELIVERY).values_list("amount_minor", flat=True)
    return LateFacts(
        is_prime=item.is_prime,
        promised=item.promised_date,
        delivered=delivered,
        today=at.astimezone(where).date(),
        shipping_minor=item.shipping_minor,
        refunded_minor=sum(back),
    )


def charged_minor(payback: PayBack) -> int:
    """How much of a refund was charged to the seller: proceeds and debt together, in minor units."""
    if payback.posting_id is None:
        return 0
    entries = Entry.objects.filter(posting_id=payback.posting_id, account__seller__isnull=False)
    return -sum(entries.values_list("amount_minor", flat=True))


def reimbursement_facts(payback: PayBack) -> ReimbursementFacts:
    """A refund as its seller would claim it back."""
    unit = payback.unit
    parcel = unit.parcel if unit else None
    returned = _returned_at(payback)
    scans = list(parcel.scans.values_list("at", flat=True)) if parcel else []
    claim = GuaranteeClaim.objects.filter(unit=unit).first() if unit else None
    label = label_of(parcel)
    return ReimbursementFacts(
        by_marketplace=_by_marketplace(payback),
        charged_to_seller=charged_minor(payback) > 0,
        refunded_at=payback.made_at,
        returned_at=returned,
        last_scan_at=max(scans, default=None),
        delivered_at=parcel.delivered_at if parcel else None,
        has_label=label is not None,
        guarantee_granted=bool(claim and claim.verdict == Verdict.GRANTED),
        has_claim=Reimbursement.objects.filter(payback=payback).exists(),
    )


def guarantee_facts(unit: OrderUnit, *, promised_end: datetime) -> GuaranteeFacts:
    order = unit.item.order
    return GuaranteeFacts(
        contacted_at=first_contact(order),
        promised_end=promised_end,
        delivered=unit.state == "delivered",
        left_minor=refundable(order, unit).minor,
        has_claim=GuaranteeClaim.objects.filter(unit=unit).exists(),
        cancelled=unit.state == "cancelled",
        personalised_delivered_at=_delivered_at(unit) if unit.item.customisation else None,
    )


def _delivered_at(unit: OrderUnit) -> datetime | None:
    return unit.parcel.delivered_at if unit.parcel and unit.state == "delivered" else None


# Who else knows: conversations and returns stand below, and answer when they are there.

_contacts: list[Callable[[Order], datetime | None]] = []
_returns: list[Callable[[PayBack], tuple[bool, datetime | None] | None]] = []


def ask_for_contacts(fn: Callable[[Order], datetime | None]) -> None:
    """`fn` says when a buyer first wrote about an order."""
    if fn not in _contacts:
        _contacts.append(fn)


def ask_about_returns(fn: Callable[[PayBack], tuple[bool, datetime | None] | None]) -> None:
    """`fn` says of the refund of a return whether the marketplace gave it, and when the thing came back; None: no return."""
    if fn not in _returns:
        _returns.append(fn)


def first_contact(order: Order) -> datetime | None:
    """When the buyer first wrote about the order, to anybody."""
    return min((at for fn in _contacts if (at := fn(order))), default=None)


def _by_marketplace(payback: PayBack) -> bool:
    if RemedyPart.objects.filter(payback=payback).exists():
        return True
    return any(answer[0] for fn in _returns if (answer := fn(payback)))


def _returned_at(payback: PayBack) -> datetime | None:
    return next((answer[1] for fn in _returns if (answer := fn(payback))), None)

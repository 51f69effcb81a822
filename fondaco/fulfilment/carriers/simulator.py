"""Carriers with a memory: they sell labels, move parcels as the store's clock goes on, fail when told to.

Asked twice with one key they answer the same and sell once. The operator can move every parcel on by hand.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.db.models import F, Q

from fondaco.engine import clock
from fondaco.fulfilment.carriers.port import (
    CarrierRefused,
    CarrierSilent,
    Purchase,
    PurchaseRequest,
    Rate,
    RateRequest,
    Scan,
    TooLateToVoid,
)
from fondaco.fulfilment.carriers.price_list import PER_CENT_X1000, SERVICES, TERMS_VERSION, Service
from fondaco.fulfilment.models.carrier import (
    FaultKind,
    ParcelState,
    SimulatedCall,
    SimulatedFault,
    SimulatedParcel,
    SimulatedScan,
)
from fondaco.fulfilment.rules.address import Address, Place, place
from fondaco.fulfilment.rules.labels import ScanCode
from fondaco.fulfilment.rules.zones import zone_between
from fondaco.kit.calendar import to_utc
from fondaco.kit.money import Money
from fondaco.sellers.addresses import PostalAddress, zone_of

_BOXES = {Place.CONTIGUOUS_PO_BOX, Place.ALASKA_HAWAII_PO_BOX, Place.UNINCORPORATED_PO_BOX, Place.MILITARY}
PICKUP, DELIVERY = time(17, 30), time(14, 20)


class SimulatedCarriers:
    """The adapter of the demo and of tests."""

    def rates(self, request: RateRequest) -> Sequence[Rate]:
        _fail_if_told("rates", "")
        return self._rates(request)

    def _rates(self, request: RateRequest) -> list[Rate]:
        here, there = as_address(request.origin), as_address(request.destination)
        zone, is_box = zone_between(here, there), place(there).place in _BOXES
        taking = [s for s in SERVICES if s.takes(request.package, zone=zone, is_po_box=is_box)]
        found = [_rate(service, request, zone) for service in taking]
        return sorted(found, key=lambda rate: (rate.price.minor, rate.arrives_date, rate.service))

    def buy(self, request: PurchaseRequest) -> Purchase:
        if earlier := SimulatedParcel.objects.filter(key=request.key).first():
            _note("buy", request.carrier, request.key, f"again {earlier.tracking_number}")
            return _purchase(earlier)
        lost = _fail_if_told("buy", request.carrier, request.key)
        rate = next(
            (r for r in self._rates(request.rate) if (r.carrier, r.service) == (request.carrier, request.service)), None
        )
        if rate is None:
            _note("buy", request.carrier, request.key, "refused: service_not_available")
            raise CarrierRefused(reason="service_not_available")
        parcel = _sell(request, rate)
        _note("buy", request.carrier, request.key, f"sold {parcel.tracking_number}")
        if lost:
            raise CarrierSilent
        return _purchase(parcel)

    def void(self, *, key: str) -> None:
        lost = _fail_if_told("void", "", key)
        with transaction.atomic():
            parcel = SimulatedParcel.objects.select_for_update().filter(key=key).first()
            if parcel is None:
                raise CarrierRefused(reason="unknown_label")
            if parcel.state not in (ParcelState.READY, ParcelState.VOIDED):
                raise TooLateToVoid
            parcel.state = ParcelState.VOIDED
            parcel.save(update_fields=["state"])
            parcel.scans.filter(happened_at__isnull=True).delete()
        _note("void", parcel.carrier, key, f"voided {parcel.tracking_number}")
        if lost:
            raise CarrierSilent

    def track(self, tracking_number: str) -> Sequence[Scan]:
        _fail_if_told("track", "")
        run(at=clock.now(), tracking_number=tracking_number)
        scans = SimulatedScan.objects.filter(parcel__tracking_number=tracking_number, happened_at__isnull=False)
        return [
            Scan(f"{scan.number}:{scan.code}", ScanCode(scan.code), scan.happened_at, scan.place)
            for scan in scans.order_by("happened_at", "number")
            if scan.happened_at
        ]


def as_address(address: PostalAddress) -> Address:
    """A postal address as the rules of places take it."""
    return Address(
        address.country, address.region, address.postal_code, tuple(address.street.split("\n")), address.city
    )


def run(*, at: datetime, tracking_number: str = "") -> int:
    """Let every scan happen that is due by `at`; how many. Again, it does nothing."""
    due = SimulatedScan.objects.filter(due_at__lte=at, happened_at__isnull=True).exclude(
        parcel__state__in=[ParcelState.VOIDED, ParcelState.LOST]
    )
    if tracking_number:
        due = due.filter(parcel__tracking_number=tracking_number)
    count = 0
    for parcel_id in due.order_by("parcel_id").values_list("parcel_id", flat=True).distinct()[:2000]:
        with transaction.atomic():
            parcel = SimulatedParcel.objects.select_for_update().get(pk=parcel_id)
            if parcel.state in (ParcelState.VOIDED, ParcelState.LOST):
                continue
            happened = parcel.scans.filter(due_at__lte=at, happened_at__isnull=True)
            count += happened.update(happened_at=F("due_at"))
            _settle(parcel)
    return count


# What the operator does by hand: each changes the outside world only; the marketplace hears of it by tracking.


def scan_now(parcel_id: str, *, code: ScanCode | None = None) -> SimulatedScan | None:
    """The next planned scan happens now; with `code`, every planned one up to that."""
    with transaction.atomic():
        parcel = SimulatedParcel.objects.select_for_update().get(pk=parcel_id)
        if parcel.state in (ParcelState.VOIDED, ParcelState.LOST):
            return None
        coming = list(parcel.scans.filter(happened_at__isnull=True).order_by("number"))
        upto = next((i for i, scan in enumerate(coming) if scan.code == code), 0 if code is None else -1)
        for step, scan in enumerate(coming[: upto + 1]):
            scan.happened_at = clock.now() + timedelta(milliseconds=step)
            scan.save(update_fields=["happened_at"])
        _settle(parcel)
        return coming[upto] if coming and upto >= 0 else None


def delay(parcel_id: str, *, days: int) -> None:
    """Everything still to come happens that many days later; the carrier says so."""
    with transaction.atomic():
        parcel = SimulatedParcel.objects.select_for_update().get(pk=parcel_id)
        coming = list(parcel.scans.filter(happened_at__isnull=True).order_by("number"))
        if not coming or parcel.state in (ParcelState.VOIDED, ParcelState.LOST):
            return
        for scan in coming:
            scan.due_at += timedelta(days=days)
            scan.save(update_fields=["due_at"])
        if parcel.state == ParcelState.MOVING:
            _add(parcel, ScanCode.DELAYED, coming[0].place)
        parcel.arrives_date += timedelta(days=days)
        parcel.save(update_fields=["arrives_date"])


def lose(parcel_id: str) -> None:
    """It is never seen again; the carrier says so."""
    with transaction.atomic():
        parcel = SimulatedParcel.objects.select_for_update().get(pk=parcel_id)
        if parcel.state not in (ParcelState.READY, ParcelState.MOVING):
            return
        _add(parcel, ScanCode.LOST, "")
        parcel.scans.filter(happened_at__isnull=True).delete()
        parcel.state = ParcelState.LOST
        parcel.save(update_fields=["state"])


def fail(*, kind: FaultKind, carrier: str = "", call: str = "", times: int | None = None) -> SimulatedFault:
    """From now on the carrier behaves like that; `times` counts down."""
    return SimulatedFault.objects.create(kind=kind, carrier=carrier, call=call, left=times)


def heal() -> None:
    """End all faults."""
    SimulatedFault.objects.all().delete()


def _fail_if_told(call: str, carrier: str, key: str = "") -> bool:
    """Raises what the operator set; True: do it, then lose the answer."""
    faults = SimulatedFault.objects.filter(Q(call="") | Q(call=call)).order_by("set_at", "id")
    for fault in faults:
        if fault.carrier and carrier and fault.carrier != carrier:
            continue
        if fault.carrier and not carrier:
            continue
        if fault.left is not None:
            if not SimulatedFault.objects.filter(pk=fault.pk, left__gt=0).update(left=F("left") - 1):
                continue
            SimulatedFault.objects.filter(pk=fault.pk, left=0).delete()
        _note(call, carrier, key, str(fault.kind))
        if fault.kind == FaultKind.LOST_ANSWER:
            return True
        if fault.kind == FaultKind.REFUSAL:
            raise CarrierRefused(reason="not_accepted")
        raise CarrierSilent
    return False


def _rate(service: Service, request: RateRequest, zone: int) -> Rate:
    cents = service.cents(request.package, zone=zone)
    minor = -(-cents * PER_CENT_X1000.get(request.currency, 1000) // 1000)
    return Rate(
        carrier=service.carrier,
        service=service.code,
        carrier_name=service.carrier_name,
        service_name=service.name,
        price=Money(minor, request.currency),
        arrives_date=_plan(service, request, zone)[-1].date(),
        protectable=service.protectable,
        terms_version=f"{service.carrier}-{TERMS_VERSION}",
    )


def _plan(service: Service, request: RateRequest, zone: int) -> list[datetime]:
    """Wall-clock times: picked up at the origin, on its way, delivered at the destination."""
    here = _zone(request.origin)
    leaves = request.ship_at.astimezone(here)
    same_day = service.days[zone - 1] == 0
    pickup = leaves.replace(tzinfo=None) + timedelta(minutes=45)
    if not same_day:
        day = leaves.date()
        if leaves.time() > PICKUP:
            day += timedelta(days=1)
        while day.weekday() not in service.delivers:
            day += timedelta(days=1)
        pickup = datetime.combine(day, PICKUP)
    arrives = _after(pickup.date(), service.days[zone - 1] or 0, service.delivers)
    delivered = pickup + timedelta(hours=3) if same_day else datetime.combine(arrives, DELIVERY)
    if same_day:
        return [pickup, delivered - timedelta(hours=1), delivered]
    departed = pickup + timedelta(hours=4)
    hub = max(departed + timedelta(hours=2), datetime.combine(arrives, time(4, 10)))
    out = datetime.combine(arrives, time(8, 5))
    return [pickup, departed, hub, out, delivered]


def _after(day: date, days: int, delivers: frozenset[int]) -> date:
    while days:
        day += timedelta(days=1)
        days -= day.weekday() in delivers
    return day


def _zone(address: PostalAddress) -> ZoneInfo:
    return ZoneInfo(zone_of(country=address.country, region=address.region))


def _sell(request: PurchaseRequest, rate: Rate) -> SimulatedParcel:
    asked = request.rate
    service = next(s for s in SERVICES if (s.carrier, s.code) == (request.carrier, request.service))
    zone = zone_between(as_address(asked.origin), as_address(asked.destination))
    parcel = SimulatedParcel(
        key=request.key,
        carrier=request.carrier,
        service=request.service,
        tracking_number=_tracking_number(request),
        price_minor=rate.price.minor,
        currency=rate.price.currency,
        origin=_town(asked.origin),
        destination=_town(asked.destination),
        weight_g=asked.package.weight_g,
        arrives_date=rate.arrives_date,
    )
    times = _plan(service, asked, zone)
    codes = (
        [ScanCode.ACCEPTED, ScanCode.DEPARTED, ScanCode.ARRIVED, ScanCode.OUT_FOR_DELIVERY, ScanCode.DELIVERED]
        if len(times) == 5
        else [ScanCode.ACCEPTED, ScanCode.OUT_FOR_DELIVERY, ScanCode.DELIVERED]
    )
    try:
        with transaction.atomic():
            parcel.save(force_insert=True)
            SimulatedScan.objects.bulk_create(
                SimulatedScan(
                    parcel=parcel,
                    number=number,
                    code=code,
                    place=parcel.origin if (number <= 2 and len(times) == 5) or number == 1 else parcel.destination,
                    due_at=to_utc(wall, _zone(asked.origin if number <= 2 else asked.destination)),
                )
                for number, (code, wall) in enumerate(zip(codes, times, strict=True), start=1)
            )
    except IntegrityError:  # the same key at the same time
        return SimulatedParcel.objects.get(key=request.key)
    return parcel


def _tracking_number(request: PurchaseRequest) -> str:
    """Two letters of the carrier, sixteen digits, the last a check digit: the same for the same key."""
    digits = f"{int(hashlib.sha256(request.key.encode()).hexdigest(), 16) % 10**15:015d}"
    total = sum(int(d) * (3 if i % 2 == 0 else 1) for i, d in enumerate(reversed(digits)))
    return f"{request.carrier[:2].upper()}{digits}{-total % 10}"


def _add(parcel: SimulatedParcel, code: ScanCode, where: str) -> None:
    """A scan that nobody planned: between what happened and what is to come, by its time."""
    number = (parcel.scans.order_by("-number").values_list("number", flat=True).first() or 0) + 1
    now = clock.now()
    SimulatedScan.objects.create(parcel=parcel, number=number, code=code, place=where, due_at=now, happened_at=now)


def _settle(parcel: SimulatedParcel) -> None:
    codes = set(parcel.scans.filter(happened_at__isnull=False).values_list("code", flat=True))
    parcel.state = (
        ParcelState.DELIVERED
        if ScanCode.DELIVERED in codes
        else ParcelState.MOVING
        if ScanCode.ACCEPTED in codes
        else parcel.state
    )
    parcel.save(update_fields=["state"])


def _town(address: PostalAddress) -> str:
    return ", ".join(part for part in (address.city, address.region, address.country) if part)[:120]


def _purchase(parcel: SimulatedParcel) -> Purchase:
    return Purchase(parcel.tracking_number, str(parcel.pk), parcel.arrives_date)


def _note(call: str, carrier: str, key: str, answer: str) -> None:
    SimulatedCall.objects.create(call=call, carrier=carrier, key=key, answer=answer[:200])

"""What carriers tell about parcels: each scan once, the first one charges a prepaid return."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from fondaco import history
from fondaco.engine import clock
from fondaco.fulfilment.carriers.port import Scan, carriers
from fondaco.fulfilment.listeners import listener_of
from fondaco.fulfilment.models import Label, TrackingEvent
from fondaco.fulfilment.operations.labels import charge_label
from fondaco.fulfilment.rules.labels import IN_HAND, ChargeAt, LabelState, ScanCode, TrackingState, tracking_state

LOOK_EVERY = timedelta(minutes=5)
LOOK_FOR_LOST = timedelta(days=1)
STOP_LOOKING = timedelta(days=180)


def look_at_tracking(*, label_id: UUID) -> int:
    """Ask the carrier where the parcel is and write down what is new; how much. Raises CarrierSilent."""
    label = Label.objects.filter(pk=label_id, state=LabelState.BOUGHT).first()
    if label is None:
        return 0
    scans = carriers().track(label.tracking_number)
    return write_scans(label_id=label_id, scans=scans)


def write_scans(*, label_id: UUID, scans: Iterable[Scan]) -> int:
    """Write scans that are not written yet, in the order of their times. The same scans again change nothing."""
    with transaction.atomic():
        label = Label.objects.select_for_update(of=("self",)).select_related("seller").get(pk=label_id)
        if label.state != LabelState.BOUGHT:
            return 0
        known = dict(label.events.values_list("key", "code"))
        fresh = sorted((s for s in scans if s.key not in known), key=lambda s: (s.at, s.key))
        for scan in fresh:
            event = TrackingEvent.objects.create(
                label=label, key=scan.key, code=scan.code, place=scan.place, at=scan.at
            )
            _summarise(label, scan, [*known.values(), *(s.code for s in fresh)])
            listener_of(label).scanned(label, event)
        if fresh:
            codes = [str(s.code) for s in fresh]
            history.record(actor=None, verb="label.scanned", subject=label, about={"codes": codes}, clause="B-PRIME-04")
        if label.first_scan_at and label.charge_at == ChargeAt.FIRST_SCAN:
            charge_label(label, at=clock.now())
        label.next_look_at = _next_look(label, clock.now())
        label.save()
    return len(fresh)


def _summarise(label: Label, scan: Scan, codes: list[str]) -> None:
    if scan.code in IN_HAND and (label.first_scan_at is None or scan.at < label.first_scan_at):
        label.first_scan_at = scan.at
    if scan.code == ScanCode.DELIVERED and label.delivered_at is None:
        label.delivered_at = scan.at
    label.last_scan_at = max(label.last_scan_at or scan.at, scan.at)
    label.tracking = tracking_state(codes)


def _next_look(label: Label, now: datetime) -> datetime | None:
    if label.tracking == TrackingState.DELIVERED or now - label.created_at > STOP_LOOKING:
        return None
    return now + (LOOK_FOR_LOST if label.tracking == TrackingState.LOST else LOOK_EVERY)

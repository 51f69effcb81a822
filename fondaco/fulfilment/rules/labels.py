"""What a label goes through, and what its tracking says. Plain words; no database."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo


class Purpose(StrEnum):
    """Outbound and return labels go through one door."""

    OUTBOUND = "outbound"
    RETURN = "return"


class LabelState(StrEnum):
    """`asked` and `voiding` are questions to the carrier that have no answer yet; they are asked again with their key."""

    ASKED = "asked"
    BOUGHT = "bought"
    REFUSED = "refused"
    VOIDING = "voiding"
    VOIDED = "voided"


class Step(StrEnum):
    """One row each, at most once a label."""

    ASKED = "asked"
    BOUGHT = "bought"
    REFUSED = "refused"
    CHARGED = "charged"
    PRINTED = "printed"
    VOID_ASKED = "void_asked"
    VOIDED = "voided"
    VOID_REFUSED = "void_refused"


class ChargeAt(StrEnum):
    """When the seller pays: outbound when bought, a prepaid return at the carrier's first scan (B-PRIME-18)."""

    PURCHASE = "purchase"
    FIRST_SCAN = "first_scan"


class ScanCode(StrEnum):
    """What a carrier says about a parcel."""

    ACCEPTED = "accepted"
    DEPARTED = "departed"
    ARRIVED = "arrived"
    OUT_FOR_DELIVERY = "out_for_delivery"
    DELAYED = "delayed"
    DELIVERED = "delivered"
    LOST = "lost"


#: Only these mean that the carrier holds, or held, the parcel: the first of them is "shipped" (B-PRIME-04).
IN_HAND = frozenset(ScanCode) - {ScanCode.DELAYED, ScanCode.LOST}
FINAL = frozenset({ScanCode.DELIVERED, ScanCode.LOST})


class TrackingState(StrEnum):
    """Where the parcel is, summarised from its scans."""

    NOT_SCANNED = "not_scanned"
    IN_TRANSIT = "in_transit"
    DELIVERED = "delivered"
    LOST = "lost"


def tracking_state(codes: Iterable[str]) -> TrackingState:
    """Delivered beats lost: a parcel that turns up after all was delivered. Nothing depends on the order."""
    seen = {ScanCode(code) for code in codes}
    if ScanCode.DELIVERED in seen:
        return TrackingState.DELIVERED
    if ScanCode.LOST in seen:
        return TrackingState.LOST
    return TrackingState.IN_TRANSIT if seen & IN_HAND else TrackingState.NOT_SCANNED


def is_late_risk(*, arrives_date: date, promised_date: date | None) -> bool:
    """Whether the carrier would deliver after the promise: such a label is marked, and not protected (B-PRIME-25)."""
    return promised_date is not None and arrives_date > promised_date


def first_scan_on_time(*, first_scan_at: datetime | None, ship_by: date | None, zone: ZoneInfo) -> bool:
    """Whether the carrier had it by the end of the promised ship day, on the clock of the ship-from address."""
    if first_scan_at is None:
        return False
    return ship_by is None or first_scan_at.astimezone(zone).date() <= ship_by


#: The marketplace's own terms of buying labels; who accepts them accepts the carrier's beside them (PRIME-20).
MARKETPLACE = "marketplace"
MARKETPLACE_TERMS = "buy-shipping-2022-01"

PROTECTED, LATE_RISK = "claims_protected_label", "late_delivery_risk"


def is_protected(*, protectable: bool, has_late_risk: bool, excluded: Iterable[str]) -> bool:
    """Whether a label carries "claims protected" (B-PRIME-25): the service must offer it, and no excluded mark be on it."""
    return protectable and not (has_late_risk and LATE_RISK in set(excluded))


def pause_before_asking(asks: int) -> timedelta:
    """How long an unanswered question to a carrier rests before it is asked again with the same key."""
    return min(timedelta(minutes=1) * 2 ** min(max(0, asks - 1), 10), timedelta(hours=2))

"""Words of fulfilment's pages."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from fondaco.fulfilment.models.carrier import FaultKind, ParcelState
from fondaco.fulfilment.rules.labels import LabelState, ScanCode, TrackingState

SCANS: dict[str, Any] = {
    ScanCode.ACCEPTED: _("Accepted by the carrier"),
    ScanCode.DEPARTED: _("Left the carrier’s facility"),
    ScanCode.ARRIVED: _("Arrived at the carrier’s facility"),
    ScanCode.OUT_FOR_DELIVERY: _("Out for delivery"),
    ScanCode.DELAYED: pgettext_lazy("parcel", "Delayed"),
    ScanCode.DELIVERED: pgettext_lazy("parcel", "Delivered"),
    ScanCode.LOST: pgettext_lazy("parcel", "Lost"),
}
SCAN_TONES = {ScanCode.DELAYED: "warn", ScanCode.DELIVERED: "good", ScanCode.LOST: "bad"}

TRACKING: dict[str, Any] = {
    TrackingState.NOT_SCANNED: _("Not scanned yet"),
    TrackingState.IN_TRANSIT: _("On its way"),
    TrackingState.DELIVERED: pgettext_lazy("parcel", "Delivered"),
    TrackingState.LOST: pgettext_lazy("parcel", "Lost"),
}
TRACKING_TONES = {
    TrackingState.NOT_SCANNED: "neutral",
    TrackingState.IN_TRANSIT: "progress",
    TrackingState.DELIVERED: "good",
    TrackingState.LOST: "bad",
}

LABEL_STATES: dict[str, Any] = {
    LabelState.ASKED: _("Waiting for the carrier"),
    LabelState.BOUGHT: pgettext_lazy("label", "Bought"),
    LabelState.REFUSED: pgettext_lazy("label", "Refused by the carrier"),
    LabelState.VOIDING: pgettext_lazy("label", "Being voided"),
    LabelState.VOIDED: pgettext_lazy("label", "Voided"),
}
LABEL_TONES = {
    LabelState.ASKED: "progress",
    LabelState.BOUGHT: "good",
    LabelState.REFUSED: "bad",
    LabelState.VOIDING: "progress",
    LabelState.VOIDED: "neutral",
}

PARCELS: dict[str, Any] = {
    ParcelState.READY: _("Waits for pickup"),
    ParcelState.MOVING: _("On its way"),
    ParcelState.DELIVERED: pgettext_lazy("parcel", "Delivered"),
    ParcelState.LOST: pgettext_lazy("parcel", "Lost"),
    ParcelState.VOIDED: pgettext_lazy("label", "Voided"),
}
PARCEL_TONES = {
    ParcelState.READY: "neutral",
    ParcelState.MOVING: "progress",
    ParcelState.DELIVERED: "good",
    ParcelState.LOST: "bad",
    ParcelState.VOIDED: "neutral",
}

FAULTS: dict[str, Any] = {
    FaultKind.OUTAGE: _("Does not answer, does nothing"),
    FaultKind.LOST_ANSWER: _("Does it, but the answer is lost"),
    FaultKind.REFUSAL: _("Refuses"),
}

CALLS: dict[str, Any] = {
    "rates": _("Asking for rates"),
    "buy": _("Buying a label"),
    "void": _("Voiding a label"),
    "track": _("Tracking a parcel"),
}

FORMATS: dict[str, Any] = {
    "pdf": _("PDF, 4 × 6 in"),
    "a4": _("PDF, A4 with slip"),
    "png": _("PNG, 4 × 6 in"),
    "zpl203": _("ZPL, 203 dpi"),
    "zpl300": _("ZPL, 300 dpi"),
}

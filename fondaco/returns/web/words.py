"""What codes of returns read like."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from fondaco.returns.models.refund import RefundedBy
from fondaco.returns.rules.life import Acceptance, Place
from fondaco.returns.rules.reasons import Payer
from fondaco.returns.rules.refund import Grade
from fondaco.returns.rules.window import Lateness
from fondaco.returns.terms import Terms

ACCEPTANCES: dict[str, Any] = {
    Acceptance.REQUESTED: _("Waits for the seller"),
    Acceptance.OUT_OF_WINDOW: _("Waits for customer service"),
    Acceptance.AUTHORISED: _("Authorised"),
    Acceptance.DECLINED: pgettext_lazy("return", "Declined"),
    Acceptance.BLOCKED: _("Stopped: hazardous"),
    Acceptance.CANCELLED: pgettext_lazy("return", "Cancelled"),
}
ACCEPTANCE_TONES: dict[str, str] = {
    Acceptance.REQUESTED: "warn",
    Acceptance.OUT_OF_WINDOW: "warn",
    Acceptance.AUTHORISED: "good",
    Acceptance.DECLINED: "bad",
    Acceptance.BLOCKED: "bad",
    Acceptance.CANCELLED: "neutral",
}
PLACES: dict[str, Any] = {
    Place.AT_BUYER: _("With the buyer"),
    Place.IN_TRANSIT: _("On its way"),
    Place.ARRIVED: _("Arrived"),
    Place.GRADED: _("Graded"),
    Place.MISSING: _("Not in the parcel"),
}
PLACE_TONES: dict[str, str] = {
    Place.AT_BUYER: "neutral",
    Place.IN_TRANSIT: "progress",
    Place.ARRIVED: "warn",
    Place.GRADED: "warn",
    Place.MISSING: "bad",
}
GRADES: dict[str, Any] = {
    Grade.ORIGINAL: _("Original condition"),
    Grade.OPENED: pgettext_lazy("unsealed", "Opened"),
    Grade.USED: _("Obviously used"),
    Grade.DAMAGED: _("Damaged"),
    Grade.MISSING_PARTS: _("Parts are missing"),
    Grade.NOT_ORIGINAL: _("Not in original condition"),
}
PAYERS: dict[str, Any] = {Payer.BUYER: _("The buyer"), Payer.SELLER: _("The seller")}
LATENESS: dict[str, Any] = {
    Lateness.IN_TIME: _("In time"),
    Lateness.ACCEPTED: _("Accepted by customer service: as if in time"),
    Lateness.LATE: _("Late"),
}
LINES: dict[str, Any] = {
    "item": _("Price paid"),
    "tax": _("Tax"),
    "shipping": _("Shipping to you"),
    "deduction": _("Deduction"),
    "tax_on_deduction": _("Tax on the deduction"),
    "refunded_before": _("Refunded before"),
    "label": _("Return shipping"),
}
REFUNDED_BY: dict[str, Any] = {
    RefundedBy.SELLER: _("Refunded by the seller"),
    RefundedBy.DUE_TIME: _("Refunded by the marketplace at the due time"),
    RefundedBy.FIRST_SCAN: _("Refunded at the carrier's first scan"),
    RefundedBy.SERVICE: _("Refunded by customer service"),
}
WHYS: dict[str, Any] = {
    "deduction": _("The deduction changes"),
    "label": _("The return shipping changes"),
    "deduction+label": _("Deduction and return shipping change"),
    "before": _("What was refunded before counts otherwise"),
}
POINTS: dict[str, Any] = {
    "kind": _("It is a kind of document that is accepted"),
    "age": _("It is young enough"),
    "sections": _("All its sections are there"),
    "product": _("Its product name is that of the listing"),
    "brand": _("Its brand is that of the listing"),
}


def reason(key: str, terms: Terms | None = None) -> str:
    """A reason as Table C words it, in the reader's language."""
    rows = terms.reasons if terms else _shipped()
    return next((gettext(row.label) for row in rows if row.key == key), key)


def _shipped() -> Any:
    from fondaco import policy
    from fondaco.engine import clock
    from fondaco.returns.terms import terms_for

    now = clock.now()
    return terms_for(policy.DEFAULT, placed_at=now, requested_at=now).reasons


DISPUTES = {"filed": _("Waiting for customer service"), "recoded": _("Reason changed"), "declined": _("Reason kept")}
DISPUTE_TONES = {"filed": "progress", "recoded": "good", "declined": "neutral"}

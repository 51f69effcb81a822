"""Labels, rates and parcels as the templates take them."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from fondaco.fulfilment.carriers.price_list import CARRIERS, TERMS_VERSION
from fondaco.fulfilment.models import Label
from fondaco.fulfilment.operations.buying import Plan, terms_to_accept
from fondaco.fulfilment.queries.labels import events_of
from fondaco.fulfilment.rules.labels import MARKETPLACE, MARKETPLACE_TERMS, LabelState, ScanCode, TrackingState
from fondaco.fulfilment.web import words
from fondaco.ledger import reasons


def label_row(label: Label) -> dict[str, Any]:
    """One line of a list, and the head of the label's page."""
    bought = label.state == LabelState.BOUGHT
    state, tone = (
        (words.TRACKING[label.tracking], words.TRACKING_TONES[TrackingState(label.tracking)])
        if bought and label.tracking != TrackingState.NOT_SCANNED
        else (words.LABEL_STATES[label.state], words.LABEL_TONES[LabelState(label.state)])
    )
    return {
        "label": label,
        "state": state,
        "tone": tone,
        "url": reverse("fulfilment:label", args=[label.pk]),
        "purpose": _("Return") if label.purpose == "return" else _("Outbound"),
        "marks": marks(is_protected=label.is_protected, has_late_risk=label.has_late_risk),
        "kilograms": f"{label.weight_g / 1000:.2f} kg",
        "centimetres": " × ".join(f"{side / 10:.0f}" for side in label.package.sides_mm) + " cm",
    }


def marks(*, is_protected: bool, has_late_risk: bool) -> list[tuple[str, str]]:
    """What a label or rate is marked with: words and tone (B-PRIME-25)."""
    found = []
    if is_protected:
        found.append((_("Claims protected"), "good"))
    if has_late_risk:
        found.append((_("Late delivery risk"), "warn"))
    return found


def rates(plan: Plan) -> list[dict[str, Any]]:
    """The rates to choose among."""
    fastest = min((each.rate.arrives_date for each in plan.offered), default=None)
    return [
        {
            "value": f"{each.rate.carrier}/{each.rate.service}",
            "price_name": f"price-{each.rate.carrier}-{each.rate.service}",
            "carrier": each.rate.carrier_name,
            "service": each.rate.service_name,
            "price": each.rate.price,
            "arrives": each.rate.arrives_date,
            "against": _against(each.late_days),
            "against_tone": "warn" if each.has_late_risk else "good",
            "marks": marks(is_protected=each.is_protected, has_late_risk=each.has_late_risk),
            "is_cheapest": position == 0,
            "is_fastest": each.rate.arrives_date == fastest,
        }
        for position, each in enumerate(plan.offered)
    ]


def terms(plan: Plan) -> list[dict[str, str]]:
    """Terms that the seller has still to accept for one of the rates."""
    missing: dict[str, str] = {}
    for each in plan.offered:
        missing |= terms_to_accept(plan.order, each.rate)
    return [
        {
            "version": version,
            "url": reverse("fulfilment:terms", args=[party]),
            "words": _("I accept the marketplace’s terms for buying labels.")
            if party == MARKETPLACE
            else _("I accept the terms of %(carrier)s, if I choose it.") % {"carrier": CARRIERS.get(party, party)},
        }
        for party, version in missing.items()
    ]


def terms_version(party: str) -> str:
    return MARKETPLACE_TERMS if party == MARKETPLACE else f"{party}-{TERMS_VERSION}"


def tracking(label: Label) -> list[dict[str, Any]]:
    """The scans, newest first, as `timeline.html` takes them."""
    return [
        {
            "title": words.SCANS[event.code],
            "at": event.at,
            "by": event.place,
            "text": "",
            "tone": words.SCAN_TONES.get(ScanCode(event.code), "progress"),
            "icon": "",
        }
        for event in events_of(label)
    ]


def cause_url(label: Label) -> str:
    """Where the order or return of a label is for its seller; empty where no page says so."""
    return reasons.url_of(label.cause_kind, label.cause_id)


def _against(late_days: int) -> str:
    if not late_days:
        return _("Within the promise")
    return ngettext(
        "%(days)s day after the promise", "%(days)s days after the promise", late_days
    ) % {"days": late_days}  # fmt: skip

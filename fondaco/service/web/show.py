"""Orders, remedies and claims as the templates take them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.urls import reverse

from fondaco.fulfilment.models import Label
from fondaco.orders.models import Order, OrderItem
from fondaco.orders.operations import refundable
from fondaco.service.models import ClaimNote, GuaranteeClaim, Reimbursement, Remedy
from fondaco.service.queries.facts import late_facts, protection_facts
from fondaco.service.rules.claims import ClaimState, GuaranteeState, Verdict
from fondaco.service.rules.remedies import NotLate, late_refund
from fondaco.service.web import words
from fondaco.web import dates


def item_rows(order: Order, *, at: datetime) -> list[dict[str, Any]]:
    """Items with their units, promise, and what a late delivery would give."""
    rows = []
    for item in order.items.all():
        units = sorted(item.units.all(), key=lambda unit: unit.number)
        rows.append(
            {
                "item": item,
                "units": [
                    {
                        "unit": unit,
                        "state": words.UNIT_STATES[unit.state],
                        "left": refundable(order, unit),
                    }
                    for unit in units
                ],
                "late": _late(item, at),
            }
        )
    return rows


def parcel_rows(order: Order) -> list[dict[str, Any]]:
    """Parcels with their scans and what their labels protect."""
    labels = {label.pk: label for label in Label.objects.filter(pk__in=[p.label_id for p in order.parcels.all()])}
    return [
        {
            "parcel": parcel,
            "label": labels.get(parcel.label_id) if parcel.label_id else None,
            "protection": protection_facts(parcel),
            "scans": sorted(parcel.scans.all(), key=lambda scan: (scan.at, str(scan.pk)), reverse=True),
        }
        for parcel in order.parcels.all()
    ]


def remedy_row(remedy: Remedy) -> dict[str, Any]:
    return {
        "remedy": remedy,
        "kind": words.KINDS[remedy.kind],
        "amount": remedy.amount,
        "paybacks": [part.payback_id for part in remedy.parts.all()],
    }


def claim_row(claim: Reimbursement, *, at_desk: bool) -> dict[str, Any]:
    """One line of a list, and the head of the page."""
    return {
        "claim": claim,
        "state": words.VERDICTS[claim.verdict] if claim.verdict else words.CLAIM_STATES[claim.state],
        "tone": words.VERDICT_TONES[Verdict(claim.verdict)]
        if claim.verdict
        else words.CLAIM_TONES[ClaimState(claim.state)],
        "ground": words.GROUNDS[claim.ground],
        "url": reverse("service:claim" if at_desk else "service:seller_claim", args=[claim.number]),
    }


def guarantee_row(claim: GuaranteeClaim) -> dict[str, Any]:
    return {
        "claim": claim,
        "state": words.VERDICTS[claim.verdict] if claim.verdict else words.GUARANTEE_STATES[claim.state],
        "tone": words.VERDICT_TONES[Verdict(claim.verdict)]
        if claim.verdict
        else words.GUARANTEE_TONES[GuaranteeState(claim.state)],
        "fault": words.FAULTS[claim.fault],
        "url": reverse("service:guarantee", args=[claim.number]),
    }


def letters(notes: list[ClaimNote], *, number: str, person_id: Any) -> list[dict[str, Any]]:
    """The thread as `letter.html` takes it, each with its documents."""
    return [
        {
            "letter": {
                "by": str(note.author) if note.author else str(words.ACTS[note.act]),
                "is_support": note.side == "service",
                "own": note.author_id == person_id,
                "at": note.at,
                "text": note.text,
            },
            "act": words.ACTS[note.act],
            "documents": [
                {
                    "text": f"{words.EVIDENCE[each['kind']]}: {each['name']} ({dates.size(each['size_bytes'])})",
                    "url": reverse("service:document", args=[number, each["sha256"]]),
                }
                for each in note.documents
            ],
        }
        for note in notes
    ]


def _late(item: OrderItem, at: datetime) -> dict[str, Any] | None:
    try:
        plan = late_refund(late_facts(item, at=at))
    except NotLate:
        return None
    return {"days": plan.days_late, "minor": plan.refund_minor}

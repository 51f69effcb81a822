"""Orders, remedies and claims as the templates take them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from fondaco.fulfilment.models import Label
from fondaco.kit.money import Money
from fondaco.messaging import wording
from fondaco.messaging.models import Conversation
from fondaco.messaging.rules.words import Audience, Side
from fondaco.messaging.web.show import page_of
from fondaco.orders.models import Order, OrderItem, PayBack
from fondaco.orders.operations import refundable
from fondaco.orders.web import words as order_words
from fondaco.returns.models import Refund, Return
from fondaco.returns.web import words as return_words
from fondaco.service.models import ClaimNote, GuaranteeClaim, Reimbursement, Remedy, ReturnEvidence
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
            "scans": [
                {"at": scan.at, "words": order_words.SCANS.get(scan.kind, scan.kind), "place": scan.place}
                for scan in sorted(parcel.scans.all(), key=lambda scan: (scan.at, str(scan.pk)), reverse=True)
            ],
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
        "about": words.GROUNDS[claim.ground],
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
        "about": words.FAULTS[claim.fault],
        "url": reverse("service:guarantee", args=[claim.number]),
    }


def return_row(row: Return) -> dict[str, Any]:
    return {
        "number": row.number,
        "url": reverse("returns:desk_return", args=[row.number]),
        "at": row.requested_at,
        "state": return_words.ACCEPTANCES[row.acceptance],
        "tone": return_words.ACCEPTANCE_TONES[row.acceptance],
    }


def conversation_row(row: Conversation) -> dict[str, Any]:
    """At the desk: what customer service answers can be opened; what the seller answers is named. `directed_url` is for
    the seller."""
    ours = row.audience == Audience.SERVICE
    return {
        "subject": wording.SUBJECTS[row.subject],
        "url": reverse("messaging:contact", args=[row.number]) if ours else "",
        "directed_url": reverse("messaging:seller_conversation", args=[row.number]) if ours else "",
        "number": row.number,
        "at": row.last_at,
        "with": _("Customer service") if ours else str(row.seller),
        "is_open": row.closed_at is None,
    }


def return_refund_row(refund: Refund, payback: PayBack) -> dict[str, Any]:
    """A refund of a return that the marketplace let go, as the seller's list takes it."""
    return {
        "order": refund.parcel.order.number,
        "at": refund.at,
        "amount": Money(refund.amount_minor, refund.currency),
        "words": return_words.REFUNDED_BY[refund.refunded_by],
        "by": str(refund.by or ""),
        "payback": payback.pk,
        "number": refund.parcel.number,
    }


def evidence_row(placed: ReturnEvidence, *, side: str) -> dict[str, Any]:
    """One photograph beside a return: its copy, its label, the hash of the original, and where it was sent."""
    conversation = placed.photo.message.conversation
    pages = {"buyer": Side.BUYER, "seller": Side.SELLER, "staff": Side.SERVICE}
    is_open = side != "seller" or conversation.audience == Audience.SELLER
    return {
        **photo_row(placed.photo_id, placed.photo.label or placed.photo.file_name, placed.photo.sha256),
        "at": placed.at,
        "sent_at": placed.photo.created_at,
        "conversation": conversation.number,
        "url": page_of(conversation, pages[side]) if is_open else "",
    }


def photo_row(pk: Any, label: str, sha256: str) -> dict[str, Any]:
    return {
        "label": label,
        "sha256": sha256,
        "thumb": reverse("messaging:photo", args=[pk, "thumb"]),
        "preview": reverse("messaging:photo", args=[pk, "preview"]),
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
            "photos": [
                photo_row(each["photo"], each["name"].rpartition(".")[0], each["original"])
                for each in note.documents
                if "photo" in each
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

"""Conversations, threads and photographs as the templates take them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from fondaco import history
from fondaco.history.queries import Row
from fondaco.images.pipeline.findings import CATALOGUE, spoken
from fondaco.images.queries import picture_urls
from fondaco.messaging import wording
from fondaco.messaging.models import Attachment, Conversation, Message, PhotoRequest
from fondaco.messaging.operations import checks
from fondaco.messaging.queries.lists import is_unread
from fondaco.messaging.rules.photos import PhotoType
from fondaco.messaging.rules.privacy import public_name
from fondaco.messaging.rules.words import Audience, RequestState, Side
from fondaco.messaging.web.forms import FORMAT_NAMES
from fondaco.sellers.access import Caller
from fondaco.web import dates

_PAGES = {
    Side.BUYER: "messaging:conversation",
    Side.SELLER: "messaging:seller_conversation",
    Side.SERVICE: "messaging:contact",
}
_LISTS = {Side.BUYER: "messaging:list", Side.SELLER: "messaging:seller_list", Side.SERVICE: "messaging:contacts"}
_THREADS = {
    Side.BUYER: "messaging:thread",
    Side.SELLER: "messaging:seller_thread",
    Side.SERVICE: "messaging:contact_thread",
}


def page_of(conversation: Conversation, side: Side) -> str:
    return page_at(conversation.number, side)


def page_at(number: str, side: Side) -> str:
    return reverse(_PAGES[side], args=[number])


def list_of(side: Side) -> str:
    return reverse(_LISTS[side])


def thread_url(conversation: Conversation, side: Side) -> str:
    return reverse(_THREADS[side], args=[conversation.number])


def row_of(conversation: Conversation, side: Side) -> dict[str, Any]:
    """One line of a list."""
    return {
        "conversation": conversation,
        "url": page_of(conversation, side),
        "subject": wording.SUBJECTS[conversation.subject],
        "with": party(conversation) if side is Side.BUYER else buyer_name(conversation),
        "about": title_of(conversation),
        "unread": is_unread(conversation, side),
        "outcome": wording.OUTCOMES.get(conversation.outcome, ""),
        "own_last": (conversation.last_side == Side.BUYER) == (side is Side.BUYER),
    }


def party(conversation: Conversation) -> str:
    """Who answers the buyer, by name."""
    return _("Customer service") if conversation.audience == Audience.SERVICE else conversation.seller.display_name


def buyer_name(conversation: Conversation) -> str:
    return public_name(conversation.buyer.name, instead=_("A buyer"))


def title_of(conversation: Conversation) -> str:
    if conversation.item:
        return conversation.item.title
    return conversation.product.title if conversation.product else ""


def letters(
    messages: Sequence[Message], caller: Caller, *, side: Side, conversation: Conversation
) -> list[dict[str, Any]]:
    """The letters of a thread with their photographs."""
    shown = []
    for message in messages:
        own = (message.side == Side.BUYER) == (side is Side.BUYER)
        shown.append(
            {
                "message": message,
                "own": own,
                "by": _by(message, conversation, side),
                "text": message.text,
                "at": message.created_at,
                "channel": message.channel,
                "photos": [photo_of(a) for a in sorted(message.attachments.all(), key=lambda a: a.place)],
                "can_report": not own,
                "reported": any(r.reporter_id == (caller.person and caller.person.pk) for r in message.reports.all()),
                "is_critical": message.is_critical,
            }
        )
    return shown


def _by(message: Message, conversation: Conversation, side: Side) -> str:
    if message.side == Side.BUYER:
        return buyer_name(conversation)
    answers = _("Customer service") if message.side == Side.SERVICE else conversation.seller.display_name
    return answers if side is Side.BUYER else public_name(message.author.name, instead=answers)


def events(conversation: Conversation) -> list[Row]:
    """What happened, newest first; people without a name are not called by their address."""
    return [replace(row, by=public_name(row.by, instead=_("Without a name"))) for row in history.timeline(conversation)]


def photo_of(photo: Attachment) -> dict[str, Any]:
    """One photograph: where its copies are, and what was found on it."""
    return {
        "photo": photo,
        "label": photo.label or photo.file_name,
        "thumb": reverse("messaging:photo", args=[photo.pk, "thumb"]),
        "preview": reverse("messaging:photo", args=[photo.pk, "preview"]),
        "copy": reverse("messaging:photo", args=[photo.pk, "copy"]),
        "original": reverse("messaging:original", args=[photo.pk]),
        "is_pdf": not photo.is_picture,
        "format": FORMAT_NAMES.get(photo.format, photo.format.upper()),
        "advice": [finding_words(f) for f in photo.findings],
        "shared": photo.shared_at is not None,
    }


def finding_words(finding: Mapping[str, Any]) -> str:
    """One finding in a sentence, ours or the inspector's, in the reader's language."""
    code = finding["code"]
    if code in wording.FINDINGS:
        limit = finding.get("limit")
        facts = {"measured": finding.get("measured"), "limit": limit}
        if code == "attachment_too_large":
            facts["limit"] = dates.size(int(limit or 0))
        elif isinstance(limit, list | tuple):
            facts["limit"] = ", ".join(FORMAT_NAMES.get(str(f), str(f)) for f in limit)
        return str(wording.FINDINGS[code]) % facts
    kind = CATALOGUE.get(code)
    if kind is None:
        return str(code)
    said = {"measured": spoken(kind.unit, finding.get("measured")), "limit": spoken(kind.unit, finding.get("limit"))}
    return f"{_(kind.message) % said} {_(kind.fix) % said}"


def reminder_words(reminder: Mapping[str, Any]) -> str:
    """One reminder before sending, as a sentence."""
    facts = dict(reminder)
    measured = reminder.get("measured")
    facts["measured"] = measured.get("value") if isinstance(measured, dict) else measured
    limit = reminder.get("limit")
    facts["limit"] = ", ".join(FORMAT_NAMES.get(str(f), str(f)) for f in limit) if isinstance(limit, list) else limit
    facts["shot"] = gettext_of(reminder.get("shot", ""))
    facts["language"] = wording.LANGUAGES.get(reminder.get("language", ""), "")
    return str(wording.REMINDERS[reminder["code"]]) % facts


def request_of(request: PhotoRequest) -> dict[str, Any]:
    """A photo request with what must be shown and what the seller asked for."""
    kind = checks.photo_type(request.type, by_version=request.policy_version)
    return {
        "request": request,
        "kind": kind,
        "title": _(kind.title),
        "purpose": _(kind.purpose),
        "state": wording.REQUEST_STATES[request.state],
        "tone": wording.REQUEST_TONES[request.state],
        "shots": shots_of(kind),
        "wishes": wishes_of(request.preferences),
        "since": request.instructed_at or request.created_at,
        "wants_photos": request.state != RequestState.OPEN and request.state != RequestState.RESOLVED,
        "is_open": request.state == RequestState.OPEN,
        "waits_for_buyer": request.state == RequestState.INSTRUCTED,
        "to_review": request.state == RequestState.SUBMITTED,
        "version": request.policy_version,
    }


def shots_of(kind: PhotoType) -> list[dict[str, Any]]:
    return [
        {
            "view": s.view,
            "title": _(s.title),
            "required": s.required,
            "either": bool(s.group),
            "label": f"{kind.label}_{s.view}",
        }
        for s in kind.shots
    ]


def wishes_of(wishes: Mapping[str, Any]) -> list[str]:
    """What a seller asks of photographs, line by line."""
    said = []
    if formats := wishes.get("formats"):
        said.append(
            _("Format: %(formats)s") % {"formats": ", ".join(FORMAT_NAMES.get(str(f), str(f)) for f in formats)}
        )
    if count := wishes.get("count"):
        said.append(_("Number of photos: %(count)s") % {"count": count})
    if px := wishes.get("min_px"):
        said.append(_("At least %(px)s px on the longer side") % {"px": px})
    if labelling := wishes.get("labelling"):
        said.append(_("Labels: %(labelling)s") % {"labelling": labelling})
    if note := wishes.get("note"):
        said.append(note)
    return said


def about(conversation: Conversation) -> dict[str, Any]:
    """The order and product that a conversation stands beside (PHOTO-02, PHOTO-28)."""
    product = (conversation.item.product if conversation.item else None) or conversation.product
    return {
        "title": title_of(conversation),
        "asin": product.asin if product else "",
        "picture": picture_urls(product.main_picture) if product else None,
        "order": conversation.order,
        "item": conversation.item,
        "unit": conversation.unit,
        "product_url": reverse("catalogue:product", args=[product.asin]) if product else "",
    }


def tips() -> list[dict[str, Any]]:
    """The tips for taking photographs (PHOTO-09…13)."""
    return [
        {"title": gettext_of(row["title"]), "text": gettext_of(row["text"]), "code": row["code"]}
        for row in _rows("photo.tips")
    ]


def practices() -> list[dict[str, Any]]:
    return [
        {"title": gettext_of(row["title"]), "text": gettext_of(row["text"]), "code": row["code"]}
        for row in _rows("photo.practices")
    ]


def gettext_of(msgid: str) -> str:
    """A sentence of policy in the reader's language; nothing for nothing."""
    return _(msgid) if msgid else ""


def _rows(key: str) -> Any:
    from fondaco import policy
    from fondaco.engine import clock

    return policy.value(key, at=clock.now()).value

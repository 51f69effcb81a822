"""Rows as the API answers them."""

from __future__ import annotations

from typing import Any

from django.conf import settings

from fondaco.messaging.models import Attachment, Conversation, Message, PhotoRequest
from fondaco.messaging.queries import lists
from fondaco.messaging.queries.access import Seen
from fondaco.messaging.rules.words import Side
from fondaco.messaging.signing import signed_url
from fondaco.sellers.access import Caller


def conversation_of(conversation: Conversation, caller: Caller) -> dict[str, Any]:
    side = Side.BUYER if caller.person and conversation.buyer_id == caller.person.pk else Side.SELLER
    return {
        "number": conversation.number,
        "subject": conversation.subject,
        "audience": conversation.audience,
        "order": conversation.order_number,
        "asin": conversation.product.asin if conversation.product else "",
        "last_at": conversation.last_at,
        "due_at": conversation.due_at,
        "unread": lists.is_unread(conversation, side),
        "outcome": conversation.outcome,
    }


def thread_of(seen: Seen, caller: Caller) -> dict[str, Any]:
    return {
        **conversation_of(seen.conversation, caller),
        "messages": [message_of(m, caller) for m in lists.thread_of(seen.conversation)],
        "photo_requests": [request_of(r) for r in lists.requests_of(seen.conversation)],
    }


def message_of(message: Message, caller: Caller) -> dict[str, Any]:
    photos = sorted(message.attachments.all(), key=lambda a: a.place)
    return {
        "id": str(message.pk),
        "side": message.side,
        "channel": message.channel,
        "text": message.text,
        "written_at": message.created_at,
        "due_at": message.due_at,
        "answered_at": message.answered_at,
        "photos": [photo_of(a, caller) for a in photos],
    }


def photo_of(photo: Attachment, caller: Caller) -> dict[str, Any]:
    base = settings.FONDACO_BASE_URL
    return {
        "id": str(photo.pk),
        "label": photo.label,
        "view": photo.view,
        "format": photo.format,
        "sha256": photo.sha256,
        "width": photo.width,
        "height": photo.height,
        "size_bytes": photo.size_bytes,
        "preview_url": base + signed_url(caller, photo, "preview"),
        "copy_url": base + signed_url(caller, photo, "copy"),
        "findings": photo.findings,
    }


def request_of(request: PhotoRequest) -> dict[str, Any]:
    return {
        "type": request.type,
        "state": request.state,
        "asked_by": request.asked_by,
        "instructions": request.instructions,
        "preferences": request.preferences,
        "created_at": request.created_at,
        "policy_version": request.policy_version,
    }

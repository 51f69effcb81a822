"""The one place where a message is written: clocks, photographs, state of the request, history, mail. In a transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fondaco import history, policy
from fondaco.kit.deadlines import message_response
from fondaco.kit.text import shorten
from fondaco.messaging import letters
from fondaco.messaging.models import Attachment, Conversation, Message, PhotoRequest
from fondaco.messaging.operations.files import Kept, attach
from fondaco.messaging.rules import privacy
from fondaco.messaging.rules.words import Channel, RequestState, Side
from fondaco.sellers.models import Person


@dataclass(frozen=True, slots=True)
class Said:
    """A message that is about to be written. `excused`: it wants no answer."""

    author: Person
    side: Side
    text: str
    channel: Channel = Channel.PAGE
    kept: Sequence[Kept] = ()
    request_key: str = ""
    mail_id: str = ""
    is_critical: bool = False
    policy_version: str = ""


def without_addresses(text: str) -> str:
    """The text as others may read it: every address but our own aliases is taken out."""
    return privacy.without_addresses(text, own_domain=letters.domain(), instead="[…]")


def write(conversation: Conversation, said: Said, *, request: PhotoRequest | None, at: datetime) -> Message:
    """Write one message into a locked conversation and settle everything that follows from it.

    A buyer's message starts the response clock and opens a closed conversation again; the desk's answers every
    message that waits. Photographs of the buyer go to the request that waits for them.
    """
    message = Message(
        conversation=conversation,
        author=said.author,
        side=said.side,
        channel=said.channel,
        text=without_addresses(said.text),
        is_critical=said.is_critical,
        policy_version=said.policy_version,
        mail_id=said.mail_id,
        request_key=said.request_key,
        created_at=at,
    )
    if said.side is Side.BUYER:
        hours = policy.value("message.response_hours", conversation.seller.store, at=at)
        message.due_at = message_response(received_at=at, hours=int(hours.value)).due_at
        message.policy_version = hours.version
    message.save(force_insert=True)
    photos = attach(message, said.kept, request=request if said.side is Side.BUYER else None)
    if said.side is Side.BUYER and photos and request:
        submit(request, at=at)
    if said.side is not Side.BUYER:
        answer(conversation, at=at)
    settle(conversation, message, photos, at=at)
    history.record(
        actor=said.author,
        verb=f"conversation.{said.side}_wrote",
        subject=conversation,
        about={"message": str(message.pk), "photos": len(photos), "channel": str(said.channel)},
        policy_version=message.policy_version,
        at=at,
    )
    letters.send(message, photos)
    return message


def answer(conversation: Conversation, *, at: datetime) -> int:
    """Every message of the buyer that waits counts as answered now."""
    return conversation.messages.filter(due_at__isnull=False, answered_at=None, excused_at=None).update(answered_at=at)


def submit(request: PhotoRequest, *, at: datetime) -> None:
    """Photographs arrived for a request that waited, or more of them. A buyer who did not wait for instructions goes
    through that state in the same moment."""
    if request.state in (RequestState.OPEN, RequestState.INSTRUCTED, RequestState.SUBMITTED, RequestState.REVIEWED):
        request.instructed_at = request.instructed_at or at
        request.state, request.submitted_at, request.remind_at = RequestState.SUBMITTED, at, None
        request.save(update_fields=["state", "submitted_at", "remind_at", "instructed_at"])


def settle(conversation: Conversation, message: Message, photos: Sequence[Attachment], *, at: datetime) -> None:
    """The columns that lists are made of, as the thread now leaves them."""
    fields: dict[str, Any] = {
        "last_side": message.side,
        "last_text": shorten(" ".join(message.text.split()), 160),
        "last_at": at,
        "due_at": earliest_due(conversation),
        "has_photos": conversation.has_photos or bool(photos),
    }
    if message.side == Side.BUYER:
        fields |= {"last_buyer_at": at, "buyer_read_at": at, "closed_at": None, "outcome": ""}
    else:
        fields |= {"last_desk_at": at, "desk_read_at": at}
    for name, value in fields.items():
        setattr(conversation, name, value)
    conversation.save(update_fields=list(fields))


def earliest_due(conversation: Conversation) -> datetime | None:
    """The first moment by which an answer is owed."""
    waiting = conversation.messages.filter(due_at__isnull=False, answered_at=None, excused_at=None)
    return waiting.order_by("due_at").values_list("due_at", flat=True).first()

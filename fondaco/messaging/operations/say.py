"""Another message in a conversation, by either side, with or without files."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from fondaco.engine import clock
from fondaco.kit.errors import NotFound
from fondaco.messaging.models import Conversation, Message
from fondaco.messaging.operations import checks
from fondaco.messaging.operations.files import Kept, check_all
from fondaco.messaging.operations.requests import lock, make_request
from fondaco.messaging.operations.write import Said, write
from fondaco.messaging.queries.access import Seen, conversation_for, writable
from fondaco.messaging.queries.lists import active_request
from fondaco.messaging.rules.words import Channel, Side
from fondaco.sellers.access import Caller


def send(
    caller: Caller,
    *,
    number: str,
    text: str,
    kept: Sequence[Kept] = (),
    request_key: str = "",
    channel: Channel = Channel.PAGE,
    mail_id: str = "",
    confirmed: bool = False,
    at: datetime | None = None,
) -> Message:
    """Write into a conversation. The same `request_key` (or mail) again gives the message that was written first.

    Raises NotFound, Denied, NothingSaid, ContentBlocked (a seller's), AttachmentsRefused, AttachmentsTooLarge,
    LabelsRefused, and PleaseCheck unless `confirmed`.
    """
    seen, at = writable(caller, number), at or clock.now()
    if earlier := _earlier(seen.conversation, request_key, mail_id):
        return earlier
    store = seen.conversation.seller.store
    check_all(kept, store=store, at=at)
    if channel is not Channel.EMAIL:  # a mail's files are labelled from their names, and doubled ones numbered
        checks.require_labels(kept, store=store, at=at)
    said = checks.clean_text(text, has_files=bool(kept))
    version = _permitted(seen, said, kept, store=store, at=at)
    request = active_request(seen.conversation)
    reminders = checks.reminders_for(
        text=said, side=seen.side, conversation=seen.conversation, request=request, kept=kept, at=at
    )
    checks.require_checked(reminders, confirmed=confirmed or channel is Channel.EMAIL)
    with transaction.atomic():
        conversation = (
            Conversation.objects.select_for_update(of=("self",))
            .select_related("buyer", "seller")
            .get(pk=seen.conversation.pk)
        )
        if earlier := _earlier(conversation, request_key, mail_id):
            return earlier
        words = Said(
            caller.require_person(), seen.side, said, channel, kept, request_key, mail_id, policy_version=version
        )
        return write(conversation, words, request=active_request(conversation), at=at)


def send_photos(
    caller: Caller,
    *,
    number: str,
    photo_type: str,
    text: str,
    kept: Sequence[Kept],
    request_key: str = "",
    channel: Channel = Channel.PAGE,
    confirmed: bool = False,
    at: datetime | None = None,
) -> Message:
    """A buyer's photographs of one kind: for the request that waits, or for one that is made here because the buyer
    sends them unasked. Refuses as `send` does; nothing is made when it does."""
    seen, at = conversation_for(caller, number), at or clock.now()
    if seen.side is not Side.BUYER:
        raise NotFound(what="conversation")
    with transaction.atomic():
        conversation = lock(seen.conversation)
        if active_request(conversation) is None and not _earlier(conversation, request_key, ""):
            make_request(conversation, photo_type, by=Side.BUYER, instructed=True, at=at)
        return send(
            caller,
            number=number,
            text=text,
            kept=kept,
            request_key=request_key,
            channel=channel,
            confirmed=confirmed,
            at=at,
        )


def _permitted(seen: Seen, text: str, kept: Sequence[Kept], *, store: str, at: datetime) -> str:
    if seen.side is not Side.SELLER:
        return ""
    return checks.require_permitted(text, store=store, at=at, is_first=False, kept=kept)


def _earlier(conversation: Conversation, request_key: str, mail_id: str) -> Message | None:
    if request_key and (found := conversation.messages.filter(request_key=request_key).first()):
        return found
    return conversation.messages.filter(mail_id=mail_id).first() if mail_id else None

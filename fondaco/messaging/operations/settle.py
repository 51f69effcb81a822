"""The end of a conversation, and what is done about single messages: no response needed, read, reported, shared."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q

from fondaco import history
from fondaco.engine import clock
from fondaco.kit.errors import Denied, NotFound
from fondaco.kit.text import line
from fondaco.messaging.models import Attachment, ContactWish, Conversation, Message, Report
from fondaco.messaging.operations import checks
from fondaco.messaging.operations.errors import AlreadyClosed
from fondaco.messaging.operations.requests import lock, resolve
from fondaco.messaging.operations.write import Said, answer, earliest_due, write
from fondaco.messaging.queries.access import SERVICE_ROLES, Seen, conversation_for, desk_side, writable
from fondaco.messaging.queries.lists import active_request, is_unread
from fondaco.messaging.rules.words import DESK_OUTCOMES, Outcome, ReportReason, Side
from fondaco.sellers.access import Caller


def close(
    caller: Caller,
    *,
    number: str,
    outcome: Outcome,
    text: str = "",
    request_key: str = "",
    at: datetime | None = None,
) -> Conversation:
    """End a conversation with an outcome (PHOTO-33): the desk with one of its own, the buyer by withdrawing.

    Whatever waits for an answer has it; an open photo request is resolved. Raises NotFound, Denied, AlreadyClosed,
    ContentBlocked.
    """
    seen, at = writable(caller, number), at or clock.now()
    allowed = {Outcome.WITHDRAWN} if seen.side is Side.BUYER else DESK_OUTCOMES
    if outcome not in allowed:
        raise Denied(outcome=str(outcome))
    store = seen.conversation.seller.store
    said = checks.clean_text(text, has_files=True)
    if said and seen.side is Side.SELLER:
        checks.require_permitted(said, store=store, at=at, is_first=False)
    with transaction.atomic():
        conversation = lock(seen.conversation)
        if request_key and conversation.messages.filter(request_key=request_key).exists():
            return conversation
        if conversation.closed_at:
            raise AlreadyClosed
        if said and seen.side is not Side.BUYER:
            words = Said(caller.require_person(), seen.side, said, request_key=request_key)
            write(conversation, words, request=None, at=at)
        if seen.side is Side.BUYER:
            _excuse(conversation, at=at)
        else:
            answer(conversation, at=at)
        if request := active_request(conversation):
            resolve(request, at=at)
        conversation.outcome, conversation.closed_at = outcome, at
        conversation.due_at = earliest_due(conversation)
        conversation.save(update_fields=["outcome", "closed_at", "due_at"])
        history.record(
            actor=caller,
            verb="conversation.closed",
            subject=conversation,
            about={"outcome": outcome},
            clause="PHOTO-33",
            at=at,
        )
    return conversation


def excuse(caller: Caller, *, number: str, at: datetime | None = None) -> Conversation:
    """ "No response needed": what waits is left out of the clock (B-PHOTO-02). Raises NotFound, Denied."""
    seen, at = desk_side(caller, number), at or clock.now()
    with transaction.atomic():
        conversation = lock(seen.conversation)
        if _excuse(conversation, at=at):
            conversation.due_at = earliest_due(conversation)
            conversation.save(update_fields=["due_at"])
            history.record(actor=caller, verb="conversation.excused", subject=conversation, clause="B-PHOTO-02", at=at)
    return conversation


def mark_read(seen: Seen, *, at: datetime | None = None) -> None:
    """The side on which the caller stands has read everything up to now. Nothing new is nothing to write."""
    if not is_unread(seen.conversation, seen.side):
        return
    if seen.side is Side.SERVICE and not seen.may_write:
        return  # looking at a reported message is not the seller's reading
    at = at or clock.now()
    field = "buyer_read_at" if seen.side is Side.BUYER else "desk_read_at"
    unread = Conversation.objects.filter(pk=seen.conversation.pk).filter(Q(**{field: None}) | Q(**{f"{field}__lt": at}))
    unread.update(**{field: at})


def report(
    caller: Caller, *, message_id: str | UUID, reason: ReportReason, note: str = "", at: datetime | None = None
) -> Report:
    """Report a message that one received (Q-51). Nothing is deleted. Raises NotFound, Denied (one's own message)."""
    person, at = caller.require_person(), at or clock.now()
    message = _message_for(caller, message_id)
    if message.author_id == person.pk:
        raise Denied
    cleaned = line(note, limit=500)
    try:
        with transaction.atomic():
            made = Report.objects.create(message=message, reporter=person, reason=reason, note=cleaned, created_at=at)
            history.record(
                actor=caller,
                verb="message.reported",
                subject=message.conversation,
                about={"reason": reason},
                clause="Q-51",
                at=at,
            )
            return made
    except IntegrityError:
        return Report.objects.get(message=message, reporter=person)


def settle_report(caller: Caller, *, report_id: UUID, at: datetime | None = None) -> None:
    """Customer service has looked at a report. Raises Denied, NotFound."""
    person, at = caller.require_role(*SERVICE_ROLES), at or clock.now()
    changed = Report.objects.filter(pk=report_id, settled_at=None).update(settled_at=at, settled_by=person)
    if not changed and not Report.objects.filter(pk=report_id).exists():
        raise NotFound(what="report")


def share_photos(caller: Caller, *, number: str, attachment_ids: Sequence[str] = (), at: datetime | None = None) -> int:
    """Customer service lets the seller look at photographs, and at nothing else (Q-42); how many are new.

    Without ids all photographs of the buyer. Raises NotFound, Denied.
    """
    seen, at = desk_side(caller, number), at or clock.now()
    if seen.side is not Side.SERVICE:
        raise Denied
    return _share(caller, seen.conversation, attachment_ids, at=at)


def share_own_photos(caller: Caller, *, number: str) -> int:
    """The buyer lets the seller look at the photographs of a conversation; how many are new. Raises NotFound, Denied."""
    seen = conversation_for(caller, number)
    if seen.side is not Side.BUYER:
        raise Denied
    return _share(caller, seen.conversation, (), at=clock.now())


def _share(caller: Caller, conversation: Conversation, attachment_ids: Sequence[str], *, at: datetime) -> int:
    with transaction.atomic():
        conversation = lock(conversation)
        rows = Attachment.objects.filter(message__conversation=conversation, message__side=Side.BUYER, shared_at=None)
        if attachment_ids:
            rows = rows.filter(pk__in=[str(pk) for pk in attachment_ids][:200])
        count = rows.update(shared_at=at)
        if count:
            conversation.shared_at = at
            conversation.save(update_fields=["shared_at"])
            history.record(
                actor=caller, verb="photos.shared", subject=conversation, about={"photos": count}, clause="Q-42", at=at
            )
    return count


def wish_contact(caller: Caller, *, only_critical: bool, at: datetime | None = None) -> ContactWish:
    """Whether sellers may begin conversations about anything, or only about what is critical (B-PHOTO-03)."""
    person, at = caller.require_person(), at or clock.now()
    wish, _ = ContactWish.objects.update_or_create(
        person=person, defaults={"only_critical": only_critical, "changed_at": at}
    )
    return wish


def _excuse(conversation: Conversation, *, at: datetime) -> int:
    waiting = conversation.messages.filter(due_at__isnull=False, answered_at=None, excused_at=None)
    return waiting.update(excused_at=at)


def _message_for(caller: Caller, message_id: str | UUID) -> Message:
    from fondaco.sellers.queries import as_id

    found = Message.objects.filter(pk=as_id(message_id)).select_related("conversation").first()
    if found is None:
        raise NotFound(what="message")
    conversation_for(caller, found.conversation.number)
    return found

"""Photo requests: instruct, review, remind. Every verb locks the conversation first (README, "Locks")."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from fondaco import history, policy
from fondaco.engine import clock
from fondaco.kit.text import line
from fondaco.messaging import letters
from fondaco.messaging.models import Conversation, Message, PhotoRequest, PhotoWish
from fondaco.messaging.operations import checks
from fondaco.messaging.operations.errors import NoSuchPhotoType, WrongState
from fondaco.messaging.operations.write import Said, without_addresses, write
from fondaco.messaging.queries.access import desk_side
from fondaco.messaging.queries.lists import active_request
from fondaco.messaging.rules.photos import preferences_of
from fondaco.messaging.rules.words import NEXT_STATES, Channel, RequestState, Side
from fondaco.sellers.access import Caller
from fondaco.sellers.models import SellerAccount
from fondaco.sellers.rules import Capability


def ask_for_photos(
    caller: Caller,
    *,
    number: str,
    photo_type: str,
    text: str,
    preferences: Mapping[str, Any] | None = None,
    request_key: str = "",
    channel: Channel = Channel.PAGE,
    confirmed: bool = False,
    at: datetime | None = None,
) -> Message:
    """The seller or customer service says what to photograph (PHOTO-20): a request that the buyer opened is
    instructed, a new one is made otherwise, and one that was answered asks for more.

    Raises NotFound, Denied, NoSuchPhotoType, NothingSaid, ContentBlocked, PleaseCheck.
    """
    seen, at = desk_side(caller, number), at or clock.now()
    if request_key and (earlier := seen.conversation.messages.filter(request_key=request_key).first()):
        return earlier
    store = seen.conversation.seller.store
    types, version = checks.types_now(store, at=at)
    if photo_type not in types:
        raise NoSuchPhotoType(type=photo_type)
    said, wishes = checks.clean_text(text, has_files=False), _clean(preferences or {}, store=store, at=at)
    if seen.side is Side.SELLER:
        whole = "\n".join((said, wishes["labelling"], wishes["note"]))
        checks.require_permitted(whole, store=store, at=at, is_first=False)
    reminders = checks.reminders_for(
        text=said, side=seen.side, conversation=seen.conversation, request=None, kept=(), at=at
    )
    checks.require_checked(reminders, confirmed=confirmed)
    with transaction.atomic():
        conversation = lock(seen.conversation)
        if request_key and (earlier := conversation.messages.filter(request_key=request_key).first()):
            return earlier
        request = active_request(conversation) or PhotoRequest(
            conversation=conversation, asked_by=seen.side, created_at=at
        )
        _move(request, RequestState.INSTRUCTED)
        _reopen(conversation)
        request.type, request.policy_version = photo_type, version
        request.instructions, request.instructed_at = without_addresses(said), at
        request.preferences = {**wishes, **{name: without_addresses(wishes[name]) for name in ("labelling", "note")}}
        request.remind_at, request.reminders = first_reminder(store, at=at), 0
        request.save()
        history.record(
            actor=caller,
            verb="photos.asked",
            subject=conversation,
            about={"type": photo_type},
            policy_version=version,
            at=at,
        )
        words = Said(caller.require_person(), seen.side, said, channel, request_key=request_key)
        return write(conversation, words, request=request, at=at)


def make_request(conversation: Conversation, code: str, *, by: Side, instructed: bool, at: datetime) -> PhotoRequest:
    """A new request of a kind of policy; inside the transaction of the message it comes with. Raises NoSuchPhotoType."""
    types, version = checks.types_now(conversation.seller.store, at=at)
    if code not in types or by not in types[code].asked_by:
        raise NoSuchPhotoType(type=code)
    return PhotoRequest.objects.create(
        conversation=conversation,
        type=code,
        state=RequestState.INSTRUCTED if instructed else RequestState.OPEN,
        asked_by=by,
        preferences=wishes_of(conversation.seller),
        policy_version=version,
        created_at=at,
        instructed_at=at if instructed else None,
        remind_at=first_reminder(conversation.seller.store, at=at) if instructed and by is not Side.BUYER else None,
    )


def review_photos(caller: Caller, *, number: str, at: datetime | None = None) -> PhotoRequest:
    """The desk has looked at the photographs. Again, it changes nothing. Raises NotFound, Denied, WrongState."""
    seen, at = desk_side(caller, number), at or clock.now()
    with transaction.atomic():
        conversation = lock(seen.conversation)
        request = active_request(conversation)
        if request is None:
            raise WrongState
        if request.state != RequestState.REVIEWED:
            _move(request, RequestState.REVIEWED)
            request.reviewed_at = at
            request.save()
            history.record(actor=caller, verb="photos.reviewed", subject=conversation, at=at)
        return request


def resolve(request: PhotoRequest, *, at: datetime) -> None:
    """The request is over; inside the transaction of the outcome that ends it."""
    if request.state != RequestState.RESOLVED:
        _move(request, RequestState.RESOLVED)
        request.resolved_at, request.remind_at = at, None
        request.save()


def wish_photos(caller: Caller, *, wishes: Mapping[str, Any], at: datetime | None = None) -> PhotoWish:
    """What the account asks of photographs from now on (PHOTO-29). Raises SignInRequired, SellerRequired, Denied,
    ContentBlocked."""
    seller, at = caller.require_seller(Capability.HANDLE_ORDERS), at or clock.now()
    clean = _clean(wishes, store=seller.store, at=at)
    words = "\n".join((clean["labelling"], clean["note"])).strip()
    checks.require_permitted(words, store=seller.store, at=at, is_first=False)
    with transaction.atomic():
        wish, _ = PhotoWish.objects.update_or_create(seller=seller, defaults={"wishes": clean, "changed_at": at})
        history.record(actor=caller, verb="photo_wishes.changed", subject=seller, about=clean, at=at)
    return wish


def remind(request_id: UUID, *, at: datetime | None = None) -> bool:
    """Remind the buyer of photographs that are owed, once for each moment that policy names; True when it was due."""
    at = at or clock.now()
    with transaction.atomic():
        found = PhotoRequest.objects.filter(pk=request_id).select_related("conversation").first()
        if found is None:
            return False
        lock(found.conversation)
        request = PhotoRequest.objects.select_related("conversation__buyer", "conversation__seller").get(pk=request_id)
        if request.state != RequestState.INSTRUCTED or request.remind_at is None or request.remind_at > at:
            return False
        request.reminders += 1
        request.remind_at = _next_reminder(request)
        request.save(update_fields=["reminders", "remind_at"])
        letters.remind(request, at=at)
        history.record(
            actor=None, verb="photos.reminded", subject=request.conversation, about={"number": request.reminders}, at=at
        )
    return True


def lock(conversation: Conversation) -> Conversation:
    """The conversation's row, locked: the first lock of every verb here."""
    rows = Conversation.objects.select_for_update(of=("self",))
    return rows.select_related("buyer", "seller").get(pk=conversation.pk)


def wishes_of(seller: SellerAccount) -> dict[str, Any]:
    found = PhotoWish.objects.filter(seller=seller).first()
    return dict(found.wishes) if found else {}


def first_reminder(store: str, *, at: datetime) -> datetime | None:
    hours = policy.value("photo.reminder_hours", store, at=at).value
    return at + timedelta(hours=hours[0]) if hours else None


def _next_reminder(request: PhotoRequest) -> datetime | None:
    since = request.instructed_at or request.created_at
    hours = policy.value("photo.reminder_hours", request.conversation.seller.store, at=since).value
    return since + timedelta(hours=hours[request.reminders]) if request.reminders < len(hours) else None


def _reopen(conversation: Conversation) -> None:
    """Who asks for photographs wants an answer: a conversation that had ended goes on."""
    if conversation.closed_at:
        conversation.closed_at, conversation.outcome = None, ""
        conversation.save(update_fields=["closed_at", "outcome"])


def _move(request: PhotoRequest, to: RequestState) -> None:
    now = RequestState(request.state)
    if to is not now and to not in NEXT_STATES[now]:
        raise WrongState(state=str(now), wanted=str(to))
    request.state = to


def _clean(wishes: Mapping[str, Any], *, store: str, at: datetime) -> dict[str, Any]:
    formats = [f for f in policy.value("photo.formats", store, at=at).value if f in (wishes.get("formats") or ())]
    kept = preferences_of(
        {
            "formats": formats,
            "min_px": max(0, min(10_000, int(wishes.get("min_px") or 0))),
            "count": max(0, min(20, int(wishes.get("count") or 0))),
            "labelling": line(str(wishes.get("labelling") or ""), limit=120),
            "note": line(str(wishes.get("note") or ""), limit=500),
        }
    )
    return kept.as_dict()

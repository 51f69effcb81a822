"""The native API's part about conversations and photo requests."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from ninja import Router

from fondaco.api import IdempotencyKey, Limit, PageOut, answers, paged
from fondaco.engine import clock
from fondaco.kit.errors import Invalid, NotFound
from fondaco.messaging import operations
from fondaco.messaging.api.schemas import (
    AskIn,
    BeginIn,
    CloseIn,
    ConversationOut,
    MessageOut,
    PhotoRequestOut,
    RateOut,
    SendIn,
    ThreadOut,
)
from fondaco.messaging.api.shown import conversation_of, message_of, request_of, thread_of
from fondaco.messaging.operations import About, Chosen, uploads
from fondaco.messaging.queries import access, lists
from fondaco.messaging.rules.words import Channel, Filter, Outcome, Subject
from fondaco.sellers.access import Request
from fondaco.sellers.rules import Capability
from fondaco.web.paging import page_of

router = Router(tags=["messaging"])


@router.get("/conversations", response=answers(PageOut[ConversationOut]), summary="Your conversations as a buyer")
def conversations(request: Request, limit: Limit = 50, order: str = "") -> dict[str, Any]:
    rows = access.with_order(access.conversations_of_buyer(request.caller), order)
    page = page_of(rows, request=request, order=("-last_at", "-id"), size=limit)
    return paged(page, lambda c: conversation_of(c, request.caller))


@router.get("/seller/conversations", response=answers(PageOut[ConversationOut]), summary="Conversations of the account")
def seller_conversations(
    request: Request, limit: Limit = 50, order: str = "", show: str = "response_needed"
) -> dict[str, Any]:
    chosen = _one_of(Filter, show, "show")
    rows = lists.filtered(access.with_order(access.conversations_of_seller(request.caller), order), chosen)
    page = page_of(rows, request=request, order=("-last_at", "-id"), size=limit)
    return paged(page, lambda c: conversation_of(c, request.caller))


@router.get("/seller/response-rates", response=answers(list[RateOut]), summary="Late responses over 7, 30 and 90 days")
def response_rates(request: Request) -> list[dict[str, Any]]:
    seller = request.caller.require_seller(Capability.VIEW)
    return [{"days": r.days, "counted": r.counted, "late": r.late} for r in lists.late_rates_of(seller, at=clock.now())]


@router.get("/conversations/{number}", response=answers(ThreadOut), summary="A thread with its photographs")
def conversation(request: Request, number: str) -> dict[str, Any]:
    return thread_of(access.conversation_for(request.caller, number), request.caller)


@router.post("/conversations", response=answers(ConversationOut, status=201), summary="Begin as a buyer")
def begin(request: Request, body: BeginIn, key: IdempotencyKey) -> tuple[int, dict[str, Any]]:
    made = operations.begin(
        request.caller,
        about=About(body.order, body.item, body.unit, body.asin, body.seller),
        subject=_one_of(Subject, body.subject, "subject"),
        text=body.text,
        photos=body.photos,
        request_key=key,
        channel=Channel.API,
        confirmed=body.confirmed,
    )
    return 201, conversation_of(made, request.caller)


@router.post("/conversations/{number}/messages", response=answers(MessageOut, status=201), summary="Write")
def send(request: Request, number: str, body: SendIn, key: IdempotencyKey) -> tuple[int, dict[str, Any]]:
    chosen = [Chosen(u.get("upload", ""), u.get("label", ""), u.get("view", "")) for u in body.uploads]
    kept = operations.kept_of(request.caller, chosen)
    made = operations.send(
        request.caller,
        number=number,
        text=body.text,
        kept=kept,
        request_key=key,
        channel=Channel.API,
        confirmed=body.confirmed,
    )
    uploads.use(request.caller, chosen)
    return 201, message_of(made, request.caller)


@router.post(
    "/conversations/{number}/photo-requests",
    response=answers(PhotoRequestOut, status=201),
    summary="Ask for photographs",
)
def ask(request: Request, number: str, body: AskIn, key: IdempotencyKey) -> tuple[int, dict[str, Any]]:
    operations.ask_for_photos(
        request.caller,
        number=number,
        photo_type=body.type,
        text=body.text,
        preferences=body.preferences,
        request_key=key,
        channel=Channel.API,
        confirmed=body.confirmed,
    )
    found = lists.active_request(access.conversation_for(request.caller, number).conversation)
    if found is None:
        raise NotFound(what="photo request")
    return 201, request_of(found)


@router.post("/conversations/{number}/review", response=answers(PhotoRequestOut), summary="Photographs were reviewed")
def review(request: Request, number: str) -> dict[str, Any]:
    return request_of(operations.review_photos(request.caller, number=number))


@router.post(
    "/conversations/{number}/no-response-needed", response=answers(ConversationOut), summary="Leave it out of the clock"
)
def excuse(request: Request, number: str) -> dict[str, Any]:
    return conversation_of(operations.excuse(request.caller, number=number), request.caller)


@router.post("/conversations/{number}/outcome", response=answers(ConversationOut), summary="End it with an outcome")
def close(request: Request, number: str, body: CloseIn, key: IdempotencyKey) -> dict[str, Any]:
    outcome = _one_of(Outcome, body.outcome, "outcome")
    made = operations.close(request.caller, number=number, outcome=outcome, text=body.text, request_key=key)
    return conversation_of(made, request.caller)


@router.get(
    "/photo-requests", response=answers(list[PhotoRequestOut]), summary="Photographs that you owe, the oldest first"
)
def photo_requests(request: Request) -> list[dict[str, Any]]:
    return [request_of(r) for r in lists.open_requests_of_buyer(request.caller)]


def _one_of[W: StrEnum](words: type[W], given: str, field: str) -> W:
    if given not in {str(w) for w in words}:
        raise Invalid(field=field, allowed=[str(w) for w in words])
    return words(given)

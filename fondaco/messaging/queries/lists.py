"""Lists of conversations, threads, open photo requests, and how promptly a seller answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet

from fondaco.messaging.models import Conversation, Message, PhotoRequest, Report
from fondaco.messaging.queries.access import SERVICE_ROLES
from fondaco.messaging.rules.response import WINDOWS_DAYS, LateRate
from fondaco.messaging.rules.words import Audience, Filter, RequestState, Side
from fondaco.sellers.access import Caller
from fondaco.sellers.models import SellerAccount

_UNREAD = Q(last_buyer_at__isnull=False) & (Q(desk_read_at=None) | Q(last_buyer_at__gt=F("desk_read_at")))
_UNREAD_BY_BUYER = Q(last_desk_at__isnull=False) & (Q(buyer_read_at=None) | Q(last_desk_at__gt=F("buyer_read_at")))
MOST_OF_AN_ORDER = 12
_OF_A_LINE = (
    "number", "subject", "audience", "order_number", "last_side", "last_text", "last_at", "last_buyer_at", "last_desk_at",
    "buyer_read_at", "desk_read_at", "due_at", "shared_at", "has_photos", "outcome", "closed_at",
)  # fmt: skip
_OPEN = [str(s) for s in RequestState if s is not RequestState.RESOLVED]


def filtered(rows: QuerySet[Conversation], chosen: Filter) -> QuerySet[Conversation]:
    """One of the desk's lists."""
    match chosen:
        case Filter.RESPONSE_NEEDED:
            return rows.filter(due_at__isnull=False)
        case Filter.UNREAD:
            return rows.filter(_UNREAD)
        case Filter.WAITING:
            return rows.filter(due_at=None, closed_at=None)
        case Filter.PHOTOS:
            return rows.filter(photo_requests__state__in=_OPEN)
        case Filter.CLOSED:
            return rows.filter(closed_at__isnull=False)
    return rows


def as_lines(rows: QuerySet[Conversation]) -> QuerySet[Conversation]:
    """With what a line of a list shows, and no more: products and items have long texts of their own."""
    shown = ("buyer__name", "seller__display_name", "product__title", "item__title")
    return rows.select_related("buyer", "seller", "product", "item").defer(None).only(*_OF_A_LINE, *shown)


def unread_of_buyer(rows: QuerySet[Conversation]) -> QuerySet[Conversation]:
    return rows.filter(_UNREAD_BY_BUYER)


def is_unread(conversation: Conversation, side: Side) -> bool:
    """Whether the other side wrote since this side last looked."""
    if side is Side.BUYER:
        wrote, read = conversation.last_desk_at, conversation.buyer_read_at
    else:
        wrote, read = conversation.last_buyer_at, conversation.desk_read_at
    return wrote is not None and (read is None or wrote > read)


def thread_of(conversation: Conversation) -> list[Message]:
    """The messages of a conversation that was found by its caller, with their files, in the order they were written."""
    return list(
        conversation.messages.select_related("author").prefetch_related("attachments", "reports").order_by("id")
    )


def active_request(conversation: Conversation) -> PhotoRequest | None:
    """The photo request that is not resolved, if there is one."""
    return conversation.photo_requests.exclude(state=RequestState.RESOLVED).order_by("-created_at").first()


def requests_of(conversation: Conversation) -> list[PhotoRequest]:
    return list(conversation.photo_requests.order_by("created_at", "id"))


def open_requests_of_buyer(caller: Caller) -> list[PhotoRequest]:
    """Photographs that the caller owes, the oldest first (PHOTO-31)."""
    rows = PhotoRequest.objects.filter(
        conversation__buyer=caller.require_person(), state=RequestState.INSTRUCTED
    ).select_related("conversation__seller", "conversation__item", "conversation__product", "conversation__order")
    return list(rows.order_by("instructed_at", "id")[:100])


def open_requests_of_desk(rows: QuerySet[Conversation]) -> QuerySet[PhotoRequest]:
    """Photo requests of these conversations that are not resolved."""
    wanted = PhotoRequest.objects.filter(state__in=_OPEN, conversation__in=rows.values("pk"))
    return wanted.select_related(
        "conversation__buyer", "conversation__item", "conversation__product", "conversation__order"
    )


def open_reports(caller: Caller) -> list[Report]:
    """Reported messages that nobody has looked at, the oldest first. Raises SignInRequired, Denied."""
    caller.require_role(*SERVICE_ROLES)
    rows = Report.objects.filter(settled_at=None).select_related(
        "message__conversation__seller", "message__author", "reporter"
    )
    return list(rows.order_by("created_at", "id")[:200])


def late_rates_of(seller: SellerAccount, *, at: datetime) -> tuple[LateRate, ...]:
    """How often the seller answered late, over 7, 30 and 90 days (B-PHOTO-02). Counted by the database: a busy account
    has tens of thousands of messages in ninety days."""
    asked = Message.objects.filter(
        conversation__seller=seller,
        conversation__audience=Audience.SELLER,
        due_at__isnull=False,
        excused_at=None,
        created_at__gt=at - timedelta(days=max(WINDOWS_DAYS)),
        created_at__lte=at,
    ).filter(Q(answered_at__isnull=False) | Q(due_at__lt=at))
    late = Q(answered_at__gt=F("due_at")) | Q(answered_at=None)
    sums: dict[str, Count] = {}
    for days in WINDOWS_DAYS:
        within = Q(created_at__gt=at - timedelta(days=days))
        sums |= {f"counted_{days}": Count("id", filter=within), f"late_{days}": Count("id", filter=within & late)}
    found = asked.aggregate(**sums)
    return tuple(LateRate(days, found[f"counted_{days}"], found[f"late_{days}"]) for days in WINDOWS_DAYS)


@dataclass(frozen=True, slots=True)
class Counts:
    """How many conversations wait, at most `MOST` each: nobody reads an exact large number."""

    response_needed: int
    unread: int

    MOST = 100


def counts_of(rows: QuerySet[Conversation]) -> Counts:
    def at_most(some: QuerySet[Conversation]) -> int:
        return some.order_by()[: Counts.MOST].count()

    return Counts(at_most(filtered(rows, Filter.RESPONSE_NEEDED)), at_most(filtered(rows, Filter.UNREAD)))


def conversations_about(rows: QuerySet[Conversation], order_ids: Sequence[UUID]) -> list[Conversation]:
    """Conversations of these orders, the last first: for the pages of orders."""
    return list(_about(rows, order_ids))


def titles_about(rows: QuerySet[Conversation], order_ids: Sequence[UUID]) -> list[tuple[str, str]]:
    """Number and subject of the same ones."""
    return list(_about(rows, order_ids).select_related(None).values_list("number", "subject"))


def _about(rows: QuerySet[Conversation], order_ids: Sequence[UUID]) -> QuerySet[Conversation]:
    return rows.filter(order__in=order_ids).order_by("-last_at")[:MOST_OF_AN_ORDER]

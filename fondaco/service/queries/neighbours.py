"""What conversations and returns know of an order: when its buyer first wrote, and which refund of a return was ours."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from fondaco.messaging.models import Conversation
from fondaco.messaging.rules.words import Side
from fondaco.orders.models import Order, PayBack
from fondaco.returns.models import Refund, Return
from fondaco.returns.models.refund import RefundedBy
from fondaco.sellers.models import SellerAccount

_OURS = frozenset(RefundedBy) - {RefundedBy.SELLER}


def first_message(order: Order) -> datetime | None:
    """When the buyer first wrote about the order, whoever answers."""
    begun = Conversation.objects.filter(order=order, opened_by=Side.BUYER.value).order_by("created_at")
    return begun.values_list("created_at", flat=True).first()


def first_return(order: Order) -> datetime | None:
    """Asking for a return tells the seller too."""
    asked = Return.objects.filter(order=order).order_by("requested_at")
    return asked.values_list("requested_at", flat=True).first()


def refund_of_return(payback: PayBack) -> tuple[bool, datetime | None] | None:
    """Whether the marketplace let the refund of a return go, and when the thing came back. None: not of a return."""
    if not payback.key.startswith("return:"):
        return None
    unit_id = UUID(payback.key.removeprefix("return:"))
    refund = Refund.objects.select_related("unit").filter(unit_id=unit_id).first()
    return (refund.refunded_by in _OURS, refund.unit.arrived_at) if refund else None


def return_refunds_by_us(seller: SellerAccount, *, limit: int = 50) -> list[tuple[Refund, PayBack]]:
    """Refunds of returns that the marketplace gave and charged the seller for, the newest first."""
    given = Refund.objects.filter(seller=seller, refunded_by__in=[str(by) for by in _OURS], amount_minor__gt=0)
    rows = list(given.select_related("parcel__order", "by").order_by("-at")[:limit])
    backs = {back.key: back for back in PayBack.objects.filter(key__in=[f"return:{row.unit_id}" for row in rows])}
    return [(row, backs[f"return:{row.unit_id}"]) for row in rows if f"return:{row.unit_id}" in backs]


def returns_of(order: Order) -> list[Return]:
    """The returns of an order that the caller has found, newest first."""
    return list(Return.objects.filter(order=order).order_by("-requested_at"))


def conversations_of(order: Order) -> list[Conversation]:
    """What was written about an order that the caller has found, newest first."""
    return list(Conversation.objects.filter(order=order).order_by("-last_at", "-id"))

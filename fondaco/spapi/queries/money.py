"""Lines of a seller's books as the interface lists them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from fondaco.ledger.models import Entry, Period
from fondaco.orders.models import Order
from fondaco.sellers.models import SellerAccount

ORDER = "orders.order"


@dataclass(frozen=True, slots=True)
class Question:
    """Which lines. Empty means all."""

    after: datetime | None = None
    before: datetime | None = None
    order_number: str = ""
    period: Period | None = None


def lines(
    seller: SellerAccount, question: Question, *, size: int, after: Sequence[Any] | None
) -> tuple[list[Entry], bool]:
    """One page of lines, the latest first, and whether there are more."""
    found = Entry.objects.filter(seller=seller)
    if question.after:
        found = found.filter(at__gte=question.after)
    if question.before:
        found = found.filter(at__lte=question.before)
    if question.period is not None:
        found = found.filter(period=question.period)
    if question.order_number:
        order = Order.objects.filter(seller=seller, number=question.order_number[:19]).first()
        if order is None:
            return [], False
        found = found.filter(posting__cause_kind=ORDER, posting__cause_id=str(order.pk))
    if after:
        moment = datetime.fromisoformat(after[0])
        found = found.filter(Q(at__lte=moment) & (Q(at__lt=moment) | Q(pk__lt=UUID(after[1]))))
    rows = list(found.select_related("posting", "period").order_by("-at", "-pk")[: size + 1])
    return rows[:size], len(rows) > size


def position_of(entry: Entry) -> list[str]:
    """Where a line stands in the list."""
    return [entry.at.isoformat(), str(entry.pk)]


def order_numbers(entries: Sequence[Entry]) -> dict[str, str]:
    """The orders' numbers by the cause of their postings: one query."""
    ids = {pk for e in entries if e.posting.cause_kind == ORDER and (pk := _uuid(e.posting.cause_id))}
    if not ids:
        return {}
    return {str(pk): number for pk, number in Order.objects.filter(pk__in=ids).values_list("pk", "number")}


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None

"""A seller's orders as the interface lists them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from fondaco.engine.prepared import Prepared, hold
from fondaco.kit.errors import NotFound
from fondaco.orders.models import Order, OrderItem, OrderUnit, Parcel
from fondaco.orders.rules.states import UnitState
from fondaco.sellers.models import SellerAccount


@dataclass(frozen=True, slots=True)
class Question:
    """What a list asks for. Empty means everything; with `by_change` the moments are those of the last change."""

    stores: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    after: datetime | None = None
    before: datetime | None = None
    by_change: bool = False


def loaded(orders: QuerySet[Order]) -> QuerySet[Order]:
    """With everything that replies tell."""
    items = Prefetch("items", OrderItem.objects.select_related("offer"))
    return orders.select_related("seller__ship_from", "buyer").prefetch_related(items, "items__units", "parcels__units")


def order_of(seller: SellerAccount, number: str) -> Order:
    """An order of the account. Raises NotFound."""
    found = _BY_NUMBER.first(seller=seller.pk, number=number[:19])
    if found is None:
        raise NotFound(what="order")
    return found


def whole_order_of(seller: SellerAccount, number: str) -> Order:
    """An order of the account to tell of: its items, units and parcels can be gone through. Raises NotFound."""
    found = order_of(seller, number)
    units = _UNITS.rows(order=found.pk)
    items = _ITEMS.rows(order=found.pk)
    for item in items:
        hold(item, "units", [u for u in units if u.item_id == item.pk])
    parcels = _PARCELS.rows(order=found.pk)
    for parcel in parcels:
        hold(parcel, "units", [u for u in units if u.parcel_id == parcel.pk])
    hold(found, "items", items)
    hold(found, "parcels", parcels)
    return found


# One order is asked for more often than all lists together.
_BY_NUMBER = Prepared(
    lambda seller, number: (
        Order.objects.filter(seller=seller, number=number).select_related("seller__ship_from", "buyer").order_by()
    )
)
_ITEMS = Prepared(lambda order: OrderItem.objects.filter(order=order).select_related("offer"))
_UNITS = Prepared(lambda order: OrderUnit.objects.filter(item__order=order))
_PARCELS = Prepared(lambda order: Parcel.objects.filter(order=order))


def page_of(
    seller: SellerAccount, question: Question, *, size: int, after: Sequence[Any] | None
) -> tuple[list[Order], bool]:
    """One page, the latest first, and whether there is another."""
    key = "updated_at" if question.by_change else "placed_at"
    found = _matching(seller, question, key)
    if after:
        moment = datetime.fromisoformat(after[0])
        found = found.filter(Q(**{f"{key}__lte": moment}) & (Q(**{f"{key}__lt": moment}) | Q(pk__lt=UUID(after[1]))))
    rows = list(loaded(found).order_by(f"-{key}", "-pk")[: size + 1])
    return rows[:size], len(rows) > size


def position_of(order: Order, question: Question) -> list[str]:
    """Where an order stands in the list."""
    at = order.updated_at if question.by_change else order.placed_at
    return [at.isoformat(), str(order.pk)]


def _matching(seller: SellerAccount, question: Question, key: str) -> QuerySet[Order]:
    found = Order.objects.filter(seller=seller)
    if question.stores:
        found = found.filter(store__in=question.stores)
    if question.numbers:
        found = found.filter(number__in=question.numbers)
    if question.after:
        found = found.filter(**{f"{key}__gte": question.after})
    if question.before:
        found = found.filter(**{f"{key}__lte": question.before})
    if question.channels:
        items = OrderItem.objects.filter(order=OuterRef("pk"), channel__in=question.channels)
        found = found.filter(Exists(items))
    if question.statuses:
        wanted = Q(pk__in=[])
        for status in question.statuses:
            wanted |= _with_status(status)
        found = found.filter(wanted)
    return found


_SENT = [UnitState.SHIPPED.value, UnitState.DELIVERED.value, UnitState.LOST.value]


def _with_status(status: str) -> Q:
    sent = Exists(OrderUnit.objects.filter(item__order=OuterRef("pk"), state__in=_SENT))
    if status == "UNSHIPPED":
        return Q(status="placed") & ~Q(sent)
    if status == "PARTIALLY_SHIPPED":
        return Q(status="placed") & Q(sent)
    if status == "SHIPPED":
        return Q(status__in=["shipped", "delivered"])
    if status == "CANCELLED":
        return Q(status="cancelled")
    return Q(pk__in=[])

"""The studio's locks, and the one order in which they are taken: studio day, imaging order, then the catalogue's
(product, offer, image), then the ledger's. Every operation locks here before it checks what it is about to change."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db import connection, transaction

from fondaco.kit.errors import NotFound
from fondaco.studio.models import ImagingOrder, Shot, StudioDay


def day(store: str, on: date) -> StudioDay:
    """The studio's day, locked; made when it is new."""
    _require_transaction()
    StudioDay.objects.get_or_create(store=store, day=on)
    return StudioDay.objects.select_for_update().get(store=store, day=on)


def order(order_id: UUID) -> ImagingOrder:
    """The order with product, offer and seller, itself locked. Raises NotFound."""
    return _one(orders([order_id]))


def orders(ids: Iterable[UUID]) -> list[ImagingOrder]:
    """These orders, locked, by ascending id."""
    _require_transaction()
    rows = ImagingOrder.objects.filter(pk__in=list(ids)).select_related("product", "offer", "seller")
    return list(rows.order_by("pk").select_for_update(of=("self",)))


def shot(shot_id: UUID) -> Shot:
    """A shot of a locked order. Raises NotFound."""
    _require_transaction()
    return _one(list(Shot.objects.filter(pk=shot_id).select_related("picture", "final")))


def _one[T](rows: list[T]) -> T:
    if not rows:
        raise NotFound
    return rows[0]


def _require_transaction() -> None:
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("a lock outside a transaction holds nothing")

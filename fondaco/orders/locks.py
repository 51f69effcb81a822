"""The one order of locks: order, offers by id (`catalogue.locks`), then the ledger's own."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import QuerySet

from fondaco.engine.slots import prepared
from fondaco.kit.errors import NotFound
from fondaco.orders.models import Checkout, Order


def order(order_id: UUID) -> Order:
    """The order, locked until the transaction ends, with its seller and buyer. Raises NotFound."""
    _require_transaction()
    row = _order.first(order_id)
    if row is None:
        raise NotFound(what="order")
    return row


def checkout(checkout_id: UUID) -> Checkout:
    """The checkout, locked. Raises NotFound."""
    _require_transaction()
    row = _checkout.first(checkout_id)
    if row is None:
        raise NotFound(what="checkout")
    return row


@prepared
def _order(pk: Any) -> QuerySet[Order]:
    orders = Order.objects.select_for_update(no_key=True, of=("self",)).select_related("seller", "buyer")
    return orders.filter(pk=pk)


@prepared
def _checkout(pk: Any) -> QuerySet[Checkout]:
    return Checkout.objects.select_for_update(no_key=True, of=("self",)).select_related("person").filter(pk=pk)


def _require_transaction() -> None:
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("a lock outside a transaction holds nothing")

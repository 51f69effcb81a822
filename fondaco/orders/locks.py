"""The one order of locks: order, offers by id (`catalogue.locks`), then the ledger's own."""

from __future__ import annotations

from uuid import UUID

from django.db import connection, transaction

from fondaco.kit.errors import NotFound
from fondaco.orders.models import Checkout, Order


def order(order_id: UUID) -> Order:
    """The order, locked until the transaction ends, with its seller and buyer. Raises NotFound."""
    _require_transaction()
    orders = Order.objects.select_for_update(no_key=True, of=("self",)).select_related("seller", "buyer")
    row = orders.filter(pk=order_id).first()
    if row is None:
        raise NotFound(what="order")
    return row


def checkout(checkout_id: UUID) -> Checkout:
    """The checkout, locked. Raises NotFound."""
    _require_transaction()
    row = Checkout.objects.select_for_update(no_key=True).filter(pk=checkout_id).first()
    if row is None:
        raise NotFound(what="checkout")
    return row


def _require_transaction() -> None:
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("a lock outside a transaction holds nothing")

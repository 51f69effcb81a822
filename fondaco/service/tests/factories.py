"""Small makers for customer service: an order that arrived, a desk, and remedies on it."""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime
from typing import Any

from fondaco.catalogue.tests.factories import make_offer
from fondaco.kit.money import Money
from fondaco.orders.models import Order, OrderItem, OrderUnit
from fondaco.orders.tests.factories import delivered_order, placed_order
from fondaco.sellers.access import Caller
from fondaco.sellers.models import SellerAccount
from fondaco.sellers.rules import Role
from fondaco.sellers.tests.factories import make_caller, make_seller
from fondaco.service.models import Remedy
from fondaco.service.operations import remedies
from fondaco.service.rules.remedies import RemedyKind

_count = itertools.count(1)
NOW = datetime(2022, 6, 20, 15, 0, tzinfo=UTC)
ARRIVED = datetime(2022, 6, 10, 18, 0, tzinfo=UTC)


def make_desk() -> Caller:
    return make_caller(role=Role.CUSTOMER_SERVICE)


def make_order(
    *,
    seller: SellerAccount | None = None,
    quantity: int = 1,
    prime: bool = True,
    delivered: datetime | None = ARRIVED,
    shipping_minor: int = 0,
    promised: date = date(2022, 6, 9),
    **fields: Any,
) -> Order:
    """An order of mugs at $19.99, by default Prime, arrived a day after the promise. `shipping_minor` was paid for it."""
    shop = seller or make_seller(f"Harbor Goods {next(_count)}", return_to="IL")
    offer = make_offer(make_caller(seller=shop), quantity=quantity + 5)
    item = {"is_prime": prime, "promised_date": promised, "ship_by": date(2022, 6, 7)}
    options = {"offer": offer, "quantity": quantity, "item": item, **fields}
    order = delivered_order(delivered_at=delivered, **options) if delivered else placed_order(**options)
    if shipping_minor:
        # As the checkout books it: the buyer's card paid it, the sale carries it.
        from fondaco.ledger import operations as ledger
        from fondaco.ledger.rules import AccountKind, Cause, PostingKind

        OrderItem.objects.filter(order=order).update(shipping_minor=shipping_minor)
        ledger.credit_seller(
            seller=order.seller, amount=Money(shipping_minor, "USD"), cause=Cause("orders.order", str(order.pk), order.number),
            reason="sale", key=f"shipping:{order.pk}", kind=PostingKind.SALE, source=AccountKind.BUYER_PAYMENTS,
        )  # fmt: skip
    return Order.objects.get(pk=order.pk)


def units_of(order: Order) -> list[OrderUnit]:
    return list(OrderUnit.objects.filter(item__order=order).select_related("item").order_by("item__position", "number"))


def give(order: Order, desk: Caller | None = None, **options: Any) -> Remedy:
    """A refund by customer service, charged to the seller."""
    values: dict[str, Any] = {
        "units": [units_of(order)[0].pk],
        "kind": RemedyKind.NOT_RECEIVED,
        "why": "Tracking says delivered, the buyer has nothing.",
        "request_key": f"give-{next(_count)}",
        **options,
    }
    return remedies.refund(desk or make_desk(), number=order.number, **values)

"""Small makers of returns, in the market of the orders' factories, through the operations."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from fondaco import policy
from fondaco.catalogue.models import Offer
from fondaco.catalogue.tests.factories import make_offer
from fondaco.engine import clock
from fondaco.engine.testing import run_tasks
from fondaco.orders.models import Order, OrderUnit
from fondaco.orders.tests.factories import delivered_order
from fondaco.policy.operations import publish
from fondaco.returns import labels
from fondaco.returns.models import Return
from fondaco.returns.operations import carrier
from fondaco.returns.operations.request import Wanted, request_return
from fondaco.sellers.access import Caller
from fondaco.sellers.models import SellerAccount
from fondaco.sellers.rules import Role
from fondaco.sellers.tests.factories import make_address, make_caller, make_person, make_seller

_count = itertools.count(1)
WEDNESDAY = datetime(2022, 11, 23, 18, 0, tzinfo=UTC)  # noon in Chicago; the 24th is a holiday


def make_returning_seller(name: str = "Swift Outfitters", **fields: Any) -> SellerAccount:
    """A seller with a return address in Chicago's zone."""
    seller = make_seller(name, **fields)
    seller.return_address = seller.ship_from = make_address(seller=seller, time_zone="America/Chicago")
    seller.save(update_fields=["return_address", "ship_from"])
    return seller


_TYPES = {
    "lamp": {"product_type": "lamp", "attributes": {"color": "white"}},
    "shirt": {"product_type": "shirt", "attributes": {"size": "M", "color": "blue", "material": "cotton"}},
    "headphones": {"product_type": "headphones", "attributes": {"color": "black"}},
    "software": {"product_type": "software", "attributes": {"platform": "any"}},
}


def make_ware(seller: SellerAccount, kind: str = "lamp", *, price_minor: int = 4000, **fields: Any) -> Offer:
    """An offer of a new product with twenty units."""
    values = {"title": kind.capitalize(), "quantity": 20, "sku": f"{kind}-{next(_count)}", **_TYPES[kind], **fields}
    return make_offer(make_caller(seller=seller), price_minor=price_minor, **values)


def arrived_order(
    seller: SellerAccount | None = None, *, delivered_at: datetime | None = None, is_prime: bool = True, **fields: Any
) -> Order:
    """An order of a Prime item that was delivered (default: a week ago)."""
    shop = seller or make_returning_seller()
    values = {"offer": make_ware(shop)} if not {"offer", "offers"} & fields.keys() else {}
    return delivered_order(
        delivered_at=delivered_at or clock.now() - timedelta(days=7),
        item={"is_prime": is_prime, **fields.pop("item", {})},
        **values,
        **fields,
    )


def units_of(order: Order) -> list[OrderUnit]:
    return list(OrderUnit.objects.filter(item__order=order).order_by("item__position", "number"))


def ask(
    order: Order, *reasons: str | int, caller: Caller | None = None, key: str = "", units: Sequence[OrderUnit] = ()
) -> list[Return]:
    """Ask for the first units of an order, one for each reason (default: no longer needed)."""
    chosen = units or units_of(order)
    given = reasons or ("NO_LONGER_NEEDED",) * len(chosen)
    return request_return(
        caller or make_caller(order.buyer),
        order_number=order.number,
        wanted=[Wanted(unit.pk, reason) for unit, reason in zip(chosen, given, strict=False)],
        request_key=key or f"ask-{next(_count)}",
    )


def make_return(
    order: Order | None = None, *reasons: str | int, received_at: datetime | None = None, label: bool = True
) -> Return:
    """An authorised return, with its label bought; with `received_at` delivered to the warehouse then."""
    (row,) = ask(order or arrived_order(), *reasons)
    if label:
        labels.settle_now(row.pk)
        run_tasks()
    row.refresh_from_db()
    if received_at:
        carrier.record_delivered(return_id=row.pk, at=received_at)
        row.refresh_from_db()
    return row


def service() -> Caller:
    """Somebody of customer service."""
    return make_caller(role=Role.CUSTOMER_SERVICE)


def label_price(minor: int) -> None:
    """From now on every return label costs this much."""
    publish(
        key="return.label_rates",
        store=policy.DEFAULT,
        value=[{"price": {"minor": minor, "currency": "USD"}}],
        author=make_person("Grete Holm"),
    )

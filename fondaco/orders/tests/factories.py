"""Small makers of orders: through the operations, so that stock, money and history are true."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from fondaco.catalogue.models import Offer
from fondaco.catalogue.tests.factories import make_offer
from fondaco.engine import clock
from fondaco.orders import operations
from fondaco.orders.models import Order, OrderItem, Parcel
from fondaco.orders.operations import Line
from fondaco.sellers.access import Caller
from fondaco.sellers.addresses import PostalAddress
from fondaco.sellers.models import Card, Person
from fondaco.sellers.tests.factories import make_caller, make_card, make_person

_count = itertools.count(1)

OHIO = PostalAddress(
    name="Mara Lindqvist", street="212 Maple Street", city="Columbus", region="OH", postal_code="43215", country="US"
)


def make_buyer(name: str = "Mara Lindqvist", *, member: bool = False, **fields: Any) -> Person:
    """A person with a card that pays."""
    person = make_person(name, prime_until_date=date(2099, 12, 31) if member else None, **fields)
    make_card(person=person)
    return person


def placed_order(
    *,
    buyer: Person | None = None,
    offer: Offer | None = None,
    offers: Sequence[Offer] = (),
    quantity: int = 1,
    address: PostalAddress = OHIO,
    request_key: str = "",
    item: dict[str, Any] | None = None,
    **line: Any,
) -> Order:
    """A paid order of one seller: `quantity` units of each offer. `item` overrides columns of the items afterwards, for
    what tests need as it was agreed: `is_prime`, `had_badge`, `speed`, `ship_by`, `promised_date`, `hazmat_class`, `categories`."""
    person = buyer or make_buyer()
    if not Card.objects.filter(person=person, removed_at=None).exists():
        make_card(person=person)
    wanted = list(offers) or [offer or make_offer(quantity=quantity + 5)]
    (order,) = operations.place_order(
        make_caller(person),
        lines=[Line(each.pk, quantity, **line) for each in wanted],
        address=address,
        request_key=request_key or f"order-{next(_count)}",
    )
    if item:
        OrderItem.objects.filter(order=order).update(**item)
        Order.objects.filter(pk=order.pk).update(has_prime=order.items.filter(is_prime=True).exists())
        order.refresh_from_db()
    return order


def shipped_order(*, tracking: str = "", at: datetime | None = None, label_id: Any = None, **fields: Any) -> Order:
    """An order whose units are all in one parcel that the carrier has."""
    order = placed_order(**fields)
    parcel = ship(order, tracking=tracking, at=at, label_id=label_id)
    operations.record_scan(parcel=parcel, kind="accepted", key="first", at=at or clock.now())
    order.refresh_from_db()
    return order


def delivered_order(*, delivered_at: datetime | None = None, **fields: Any) -> Order:
    """An order that has arrived, by default now; shipped two days before."""
    arrived = delivered_at or clock.now()
    order = shipped_order(at=arrived - timedelta(days=2), **fields)
    parcel = order.parcels.get()
    operations.record_delivered(parcel=parcel, at=arrived)
    order.refresh_from_db()
    return order


def ship(order: Order, *, tracking: str = "", at: datetime | None = None, label_id: Any = None) -> Parcel:
    """Confirm everything that waits as one parcel; for an order with Prime items a label bought here is pretended."""
    from fondaco.kit.ids import new_id

    return operations.record_shipment(
        order=order,
        carrier="Parcel Simulator",
        tracking=tracking or f"SIM{next(_count):08d}",
        key=f"ship-{next(_count)}",
        label_id=label_id or (new_id() if order.has_prime else None),
        at=at,
    )


def caller_of_buyer(order: Order) -> Caller:
    return make_caller(order.buyer)


def caller_of_seller(order: Order) -> Caller:
    return make_caller(seller=order.seller)

"""The states of units and orders, and what an order's units make of it."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum


class UnitState(StrEnum):
    """Where one bought unit is. `lost`: the carrier lost it. A cancelled unit was never sent."""

    ORDERED = "ordered"
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    LOST = "lost"
    CANCELLED = "cancelled"


class OrderStatus(StrEnum):
    """An order as its units leave it: as far as the unit that is furthest behind."""

    PLACED = "placed"
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    CANCELLED = "cancelled"


class Speed(StrEnum):
    """Delivery options, fastest first (Table B)."""

    SAME_DAY = "same_day"
    ONE_DAY = "one_day"
    TWO_DAY = "two_day"
    STANDARD = "standard"
    ECONOMY = "economy"


class CheckoutState(StrEnum):
    """A checkout: the card has been asked; then orders stand, or nothing was bought."""

    ASKED = "asked"
    PLACED = "placed"
    DECLINED = "declined"


class ScanKind(StrEnum):
    """What a carrier reports about a parcel."""

    ACCEPTED = "accepted"
    IN_TRANSIT = "in_transit"
    OUT_FOR_DELIVERY = "out_for_delivery"
    DELIVERED = "delivered"
    EXCEPTION = "exception"
    LOST = "lost"


_RANK = {UnitState.ORDERED: 0, UnitState.SHIPPED: 1, UnitState.LOST: 1, UnitState.DELIVERED: 2}
_STATUS = (OrderStatus.PLACED, OrderStatus.SHIPPED, OrderStatus.DELIVERED)


def order_status(states: Iterable[str]) -> OrderStatus:
    """What the units make of the order. Cancelled units count only when there are no others."""
    ranks = [_RANK[UnitState(s)] for s in states if s != UnitState.CANCELLED]
    return _STATUS[min(ranks)] if ranks else OrderStatus.CANCELLED

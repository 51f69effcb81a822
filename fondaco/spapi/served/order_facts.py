"""What both versions of the orders interface tell of an order, in plain values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from fondaco.orders.models import Order, OrderItem, Parcel
from fondaco.orders.rules.states import UnitState
from fondaco.policy import stores
from fondaco.policy.stores import Store
from fondaco.sellers.addresses import PostalAddress, zone_of

_SENT = (UnitState.SHIPPED, UnitState.DELIVERED, UnitState.LOST)
LEVELS = {
    "same_day": ("SameDay", "Sameday US D2D Dom"),
    "one_day": ("NextDay", "Next US D2D Dom"),
    "two_day": ("SecondDay", "Second US D2D Dom"),
    "standard": ("Standard", "Std US D2D Dom"),
    "economy": ("FreeEconomy", "Econ US Dom"),
}
_ORDER = tuple(LEVELS)


@dataclass
class Facts:
    """An order (loaded by `queries.orders.loaded`) and what follows from its units."""

    order: Order

    @cached_property
    def store(self) -> Store:
        return stores.store_of(self.order.store)

    @cached_property
    def items(self) -> list[OrderItem]:
        return sorted(self.order.items.all(), key=lambda i: i.position)

    @cached_property
    def parcels(self) -> list[Parcel]:
        return sorted(self.order.parcels.all(), key=lambda p: (p.confirmed_at, p.pk))

    @property
    def status(self) -> str:
        """UNSHIPPED, PARTIALLY_SHIPPED, SHIPPED or CANCELLED."""
        if self.order.status == "cancelled":
            return "CANCELLED"
        if self.order.status in ("shipped", "delivered"):
            return "SHIPPED"
        return "PARTIALLY_SHIPPED" if any(sent(item) for item in self.items) else "UNSHIPPED"

    @property
    def is_by_marketplace(self) -> bool:
        """Whether the marketplace's centres ship it."""
        return all(item.channel == "marketplace" for item in self.items)

    @property
    def speed(self) -> str:
        """The fastest speed that was promised for any of its items."""
        return min((item.speed for item in self.items), key=_ORDER.index, default="standard")

    @property
    def ship_zone(self) -> ZoneInfo:
        address = self.order.seller.ship_from
        return ZoneInfo(address.time_zone if address else self.order.seller.time_zone)

    @property
    def ship_window(self) -> tuple[datetime, datetime]:
        """From the order to the end of the last ship day promised, in ship-from time."""
        last = max(item.ship_by for item in self.items)
        return self.order.placed_at, _end_of(last, self.ship_zone)

    @property
    def delivery_window(self) -> tuple[datetime, datetime]:
        """From the day after the first ship day to the end of the last promised day, at the destination."""
        zone = ZoneInfo(zone_of(country=self.postal.country, region=self.postal.region))
        first = min(item.ship_by for item in self.items)
        last = max(item.promised_date for item in self.items)
        begin = datetime.combine(min(first + timedelta(days=1), last), time(0), zone).astimezone(UTC)
        return begin, _end_of(last, zone)

    @property
    def postal(self) -> PostalAddress:
        return self.order.postal

    @property
    def changed_at(self) -> datetime:
        return max(self.order.updated_at, self.order.placed_at)


def sent(item: OrderItem) -> int:
    """Units of the item that left the seller."""
    return sum(unit.state in _SENT for unit in item.units.all())


def waiting(item: OrderItem) -> int:
    """Units that are still to be sent."""
    return sum(unit.state == UnitState.ORDERED for unit in item.units.all())


def street_lines(address: PostalAddress) -> list[str]:
    """At most three lines of street."""
    lines = [line for line in address.street.split("\n") if line] or [""]
    return [*lines[:2], ", ".join(lines[2:])] if len(lines) > 3 else lines


def _end_of(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(23, 59, 59), zone).astimezone(UTC)

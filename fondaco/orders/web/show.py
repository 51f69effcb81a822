"""An order as pages show it: items with their promises, parcels with their scans, what happened."""

from __future__ import annotations

from typing import Any

from fondaco import history
from fondaco.kit.money import Money
from fondaco.orders import making
from fondaco.orders.models import Order, OrderItem, Parcel
from fondaco.orders.rules.states import UnitState
from fondaco.orders.web import panels, words
from fondaco.sellers.access import Caller


def order_page(order: Order, caller: Caller, side: panels.Side) -> dict[str, Any]:
    """The context of an order's page. The order was found by its caller, everything loaded."""
    items = list(order.items.all())
    made = making.shown([item.customisation for item in items])
    statuses = words.STATUSES if side == "buyer" else words.SELLER_STATUSES
    return {
        "order": order,
        "status": statuses[order.status],
        "tone": words.TONES[order.status],
        "items": [_item(i, order, caller, side) | {"made": part} for i, part in zip(items, made, strict=True)],
        "parcels": [_parcel(parcel) for parcel in sorted(order.parcels.all(), key=lambda p: p.confirmed_at)],
        "goods": Money(sum(item.price_minor * item.quantity for item in items), order.currency),
        "shipping": Money(sum(item.shipping_minor for item in items), order.currency),
        "tax": Money(sum(item.tax_minor * item.quantity for item in items), order.currency),
        "total": Money(sum(item.total_minor for item in items), order.currency),
        "back": Money(sum(p.amount_minor for p in order.paybacks.all()), order.currency),
        "events": [row for row in history.timeline(order) if side != "buyer" or row.verb.startswith("order.")],
        "extras": panels.extras(order, item=None, caller=caller, side=side),
        "may_cancel": any(u.state == UnitState.ORDERED for item in items for u in item.units.all()),
        "side": side,
    }


def row_of(order: Order, caller: Caller, side: panels.Side) -> dict[str, Any]:
    """One order in a list."""
    items = sorted(order.items.all(), key=lambda item: item.position)
    statuses = words.STATUSES if side == "buyer" else words.SELLER_STATUSES
    return {
        "order": order,
        "items": items,
        "first": items[0] if items else None,
        "units": sum(item.quantity for item in items),
        "status": statuses[order.status],
        "tone": words.TONES[order.status],
        "total": Money(sum(item.total_minor for item in items), order.currency),
        "promised": max((item.promised_date for item in items), default=None),
        "ship_by": min((item.ship_by for item in items), default=None),
        "delivered_at": max((p.delivered_at for p in order.parcels.all() if p.delivered_at), default=None),
    }


def _item(item: OrderItem, order: Order, caller: Caller, side: panels.Side) -> dict[str, Any]:
    states = [unit.state for unit in item.units.all()]
    counted = [(words.UNITS[s.value], states.count(s.value)) for s in UnitState if s.value in states]
    return {
        "item": item,
        "speed": words.SPEEDS[item.speed],
        "states": counted,
        "sum": Money(item.price_minor * item.quantity, order.currency),
        "picture": item.product.main_picture,
        "extras": panels.extras(order, item=item, caller=caller, side=side),
    }


def _parcel(parcel: Parcel) -> dict[str, Any]:
    events = [
        {
            "title": words.SCANS[scan.kind],
            "at": scan.at,
            "by": scan.place,
            "text": scan.note,
            "tone": words.SCAN_TONES.get(scan.kind, "progress"),
        }
        for scan in sorted(parcel.scans.all(), key=lambda s: s.at, reverse=True)
    ]
    state = "delivered" if parcel.delivered_at else "lost" if parcel.lost_at else "shipped"
    return {
        "parcel": parcel,
        "events": events,
        "state": words.UNITS[state] if parcel.shipped_at or state != "shipped" else None,
        "tone": {"delivered": "good", "lost": "bad", "shipped": "progress"}[state],
        "units": len(parcel.units.all()),
    }

"""What a maker reads on the page of an order with handmade items: by when to make them, and the guidance (HAND-23)."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from fondaco.makers.handmade import is_type
from fondaco.orders.models import Order, OrderItem
from fondaco.orders.web.panels import Panel, Side
from fondaco.sellers.access import Caller


def guidance(order: Order, *, item: OrderItem | None, caller: Caller, side: Side) -> Iterable[Panel]:
    """For the seller, once for the order: what is to be made by when, and what is different about handmade orders."""
    if side != "seller" or item is not None:
        return
    rows = [i for i in order.items.all() if is_type(i.product_type)]
    if not rows or order.status not in ("placed", "shipped"):
        return
    context = {
        "items": rows,
        "ship_by": min(i.ship_by for i in rows),
        "is_customised": any(i.customisation for i in rows),
        "is_waiting": order.status == "placed",
    }
    yield Panel(_("Made by you"), "makers/_order_guidance.html", context)

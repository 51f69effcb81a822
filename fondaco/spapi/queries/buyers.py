"""How sellers reach buyers: by the alias that messages use, never by an address of their own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fondaco.messaging import letters
from fondaco.orders.models import Order


def aliases_of(orders: Sequence[Order]) -> dict[Any, str]:
    """The lasting aliases of the buyers of these orders of one seller, by the buyer's key: one query for all.

    An order's alias is made when it is placed; only for older ones is it made here.
    """
    if not orders:
        return {}
    found = letters.aliases_for(buyers=[order.buyer for order in orders], seller=orders[0].seller)
    return {buyer_id: letters.address_of(alias) for buyer_id, alias in found.items()}


def alias_of(order: Order) -> str:
    """The alias of one order's buyer towards its seller."""
    return aliases_of([order])[order.buyer_id]

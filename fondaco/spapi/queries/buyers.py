"""How sellers reach buyers: by the alias that messages use, never by an address of their own."""

from __future__ import annotations

from fondaco.messaging import letters
from fondaco.messaging.rules.words import Side
from fondaco.orders.models import Order


def alias_of(order: Order) -> str:
    """The lasting alias of an order's buyer towards its seller."""
    return letters.address_of(letters.alias_for(buyer=order.buyer, seller=order.seller, stands_for=Side.BUYER))

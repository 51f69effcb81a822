"""How sellers reach buyers: by an alias that lasts, never by an address of their own."""

from __future__ import annotations

import hashlib
import hmac

from django.conf import settings

from fondaco.orders.models import Order


def alias_of(order: Order) -> str:
    """The alias of an order's buyer towards its seller."""
    text = f"{order.buyer_id}|{order.seller_id}"
    digest = hmac.new(settings.SECRET_KEY.encode(), text.encode(), hashlib.sha256).hexdigest()
    return f"{digest[:16]}@buyers.{getattr(settings, 'FONDACO_MAIL_DOMAIN', '') or 'fondaco.example'}"

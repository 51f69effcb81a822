"""What conversations add to the pages of an order: the buttons to write, and what was said about it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from fondaco.messaging.models import Attachment
from fondaco.messaging.queries import access, lists
from fondaco.messaging.rules.words import Audience, Side
from fondaco.messaging.web import show
from fondaco.orders.models import Order, OrderItem
from fondaco.orders.web import panels
from fondaco.sellers.access import Caller
from fondaco.sellers.rules import Capability

MOST_PHOTOS = 12


def provide() -> None:
    """Called once, when the application is ready."""
    panels.provider(messages)


def messages(
    order: Order, *, item: OrderItem | None, caller: Caller, side: panels.Side
) -> Iterable[panels.Action | panels.Panel]:
    """Contact Seller and Get Product Support for the buyer (PHOTO-17), writing for the seller, photographs for both."""
    if side == "buyer":
        yield from _for_buyer(order, item)
    elif side == "seller" and item is None:
        yield from _for_seller(order, caller)


def _for_buyer(order: Order, item: OrderItem | None) -> Iterable[panels.Action | panels.Panel]:
    about = {"order": order.number, **({"item": str(item.pk)} if item else {})}
    address = reverse("messaging:new")
    if item is None:
        yield panels.Action(_("Contact Seller"), f"{address}?{urlencode(about)}", icon="message")
    else:
        support = {**about, "subject": "product_defect", "photos": "ask"}
        yield panels.Action(_("Get Product Support"), f"{address}?{urlencode(support)}", icon="lifebuoy")


def _for_seller(order: Order, caller: Caller) -> Iterable[panels.Action | panels.Panel]:
    if caller.may(Capability.HANDLE_ORDERS, seller=order.seller):
        address = f"{reverse('messaging:seller_new')}?{urlencode({'order': order.number})}"
        yield panels.Action(_("Write to the buyer"), address, icon="message")
    context = _said(order, caller)
    if context["rows"] or context["photos"]:
        yield panels.Panel(_("Messages and photos"), "messaging/order_panel.html", context)


def _said(order: Order, caller: Caller) -> dict[str, Any]:
    """Conversations about the order and the buyer's photographs (PHOTO-02)."""
    rows = lists.conversations_about(access.conversations_of_seller(caller), [order.pk])
    photos = Attachment.objects.filter(
        message__conversation__order=order, message__conversation__audience=Audience.SELLER, message__side=Side.BUYER
    ).select_related("message")
    return {
        "rows": [show.row_of(c, Side.SELLER) for c in rows],
        "photos": [show.photo_of(p) for p in photos.order_by("-message_id", "place")[:MOST_PHOTOS]],
    }

"""What fulfilment adds to the pages of an order: Buy Shipping, labels, where the parcels are."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from fondaco.fulfilment.operations import buying
from fondaco.fulfilment.queries.labels import labels_of
from fondaco.fulfilment.web import shown
from fondaco.orders.models import Order, OrderItem
from fondaco.orders.web import panels
from fondaco.sellers.access import Caller
from fondaco.sellers.rules import Capability


def show() -> None:
    """Called once, when the pages are mounted."""
    panels.provider(_of_order)


def _of_order(
    order: Order, *, item: OrderItem | None, caller: Caller, side: panels.Side
) -> Iterator[panels.Action | panels.Panel]:
    if item is not None or side == "buyer":
        return
    if side == "seller" and caller.may(Capability.HANDLE_ORDERS, seller=order.seller) and buying.waiting_units(order):
        yield panels.Action(
            _("Buy Shipping"), reverse("fulfilment:buy", args=[order.number]), icon="truck", primary=True
        )
        if not order.has_prime:
            yield panels.Action(_("I have a label"), reverse("fulfilment:confirm", args=[order.number]), icon="tag")
    labels = labels_of(buying.ORDER, order.pk)
    if labels:
        rows = [shown.label_row(label) for label in labels]
        yield panels.Panel(_("Labels"), "fulfilment/_order_labels.html", {"rows": rows, "is_staff": side == "staff"})

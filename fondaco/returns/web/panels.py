"""What returns put on the pages of an order: the way to the Online Returns Center, and how each return stands."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from fondaco.orders.models import Order, OrderItem
from fondaco.orders.rules.states import UnitState
from fondaco.orders.web.panels import Action, Panel, Side
from fondaco.returns.queries.lists import returns_of_order
from fondaco.returns.web import show
from fondaco.sellers.access import Caller

_PAGES = {"buyer": "returns:return", "seller": "returns:seller_return", "staff": "returns:desk_return"}


def of_order(order: Order, *, item: OrderItem | None, caller: Caller, side: Side) -> Iterator[Action | Panel]:
    """Buttons beside items for the buyer; a list of the order's returns for everybody who sees it."""
    if item is not None:
        if side == "buyer" and any(u.state == UnitState.DELIVERED for u in item.units.all()):
            url = f"{reverse('returns:start', args=[order.number])}?item={item.pk}"
            yield Action(_("Return items"), url, icon="return")
        return
    rows = returns_of_order(order.pk)
    if rows:
        shown = [show.row_for_list(row, url_name=_PAGES[side]) for row in rows]
        yield Panel(_("Returns"), "returns/_order_panel.html", {"rows": shown})

"""Your Orders: the list and the page of one order."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from fondaco.orders import operations
from fondaco.orders.operations.cancel import BUYERS_REASONS
from fondaco.orders.queries import order_of_buyer, orders_of_buyer
from fondaco.orders.queries.lists import ORDER
from fondaco.orders.rules.states import OrderStatus
from fondaco.orders.web import show, words
from fondaco.sellers.access import Request
from fondaco.web.access import signed_in
from fondaco.web.paging import page_of


@signed_in
def listing(request: Request) -> HttpResponse:
    """What the caller bought, the newest first."""
    status = request.GET.get("status", "")
    status = status if status in list(OrderStatus) else ""
    text = request.GET.get("q", "")
    page = page_of(orders_of_buyer(request.caller, text=text, status=status), request=request, order=ORDER, size=20)
    context = {
        "page": page,
        "rows": [show.row_of(order, request.caller, "buyer") for order in page],
        "tabs": _tabs(status),
        "query": text,
        "narrow": bool(status or text),
    }
    return render(request, "orders/list.html", context)


@signed_in
def order(request: Request, number: str) -> HttpResponse:
    """One order with its parcels and what can be done about it."""
    found = order_of_buyer(request.caller, number)
    context = show.order_page(found, request.caller, "buyer")
    context["reasons"] = [(r.value, words.CANCEL[r.value]) for r in BUYERS_REASONS]
    return render(request, "orders/order.html", context)


@require_POST
@signed_in
def cancel(request: Request, number: str) -> HttpResponse:
    """Cancel what has not been sent."""
    found = order_of_buyer(request.caller, number)
    operations.cancel_order(request.caller, number=found.number, reason=request.POST.get("reason", ""))
    messages.success(request, _("Cancelled. What you paid goes back to your card."))
    return redirect("orders:order", found.number)


def _tabs(status: str) -> list[dict[str, Any]]:
    every = [{"label": _("All"), "url": "?", "current": not status}]
    return every + [
        {"label": label, "url": f"?status={key}", "current": key == status} for key, label in words.STATUSES.items()
    ]

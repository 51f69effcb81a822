"""The seller's Orders: list with filters, one order, confirming a shipment, cancelling."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from fondaco.catalogue.models import Channel
from fondaco.kit.errors import NotFound
from fondaco.orders import operations
from fondaco.orders.models import Order
from fondaco.orders.operations.cancel import BUYERS_REASONS, SELLERS_REASONS
from fondaco.orders.queries import order_of_seller, orders_of_seller
from fondaco.orders.queries.lists import ORDER, Filters
from fondaco.orders.web import show, words
from fondaco.sellers.access import Request, caller_of_request
from fondaco.sellers.queries import as_id
from fondaco.sellers.rules import Capability
from fondaco.web.access import require_seller
from fondaco.web.paging import page_of


@require_seller
def listing(request: Request) -> HttpResponse:
    """What the account sold, the newest first, by state, programme, channel or text."""
    filters = Filters.of(request.GET)
    page = page_of(orders_of_seller(request.caller, filters), request=request, order=ORDER, size=25)
    context = {
        "page": page,
        "rows": [show.row_of(order, request.caller, "seller") for order in page],
        "tabs": _tabs(filters),
        "filters": filters,
        "channels": Channel.values,
        "narrow": filters != Filters(),
    }
    return render(request, "orders/seller_list.html", context)


@require_seller
def order(request: Request, number: str) -> HttpResponse:
    """One order: what to send where, parcels, money, what happened."""
    found = order_of_seller(request.caller, number)
    context = show.order_page(found, request.caller, "seller")
    context |= {
        "may_cancel": context["may_cancel"] and request.caller.may(Capability.HANDLE_ORDERS),
        "reasons": [(r.value, words.CANCEL[r.value]) for r in (*SELLERS_REASONS, *BUYERS_REASONS)],
        "trail": [(_("Orders"), reverse("orders:seller_list")), (found.number, "")],
    }
    return render(request, "orders/seller_order.html", context)


@require_seller
def by_id(request: Request, order_id: str) -> HttpResponse:
    """The same by the row's id, as the ledger's lines name it."""
    found = Order.objects.filter(pk=as_id(order_id), seller=request.caller.require_seller()).first()
    if found is None:
        raise NotFound(what="order")
    return redirect("orders:seller_order", found.number)


@require_POST
@require_seller
def cancel(request: Request, number: str) -> HttpResponse:
    """Cancel what has not been sent."""
    found = order_of_seller(request.caller, number)
    operations.cancel_order(
        request.caller,
        number=found.number,
        reason=request.POST.get("reason", ""),
        note=request.POST.get("note", "")[:500],
    )
    messages.success(request, _("Cancelled. The buyer gets the money back."))
    return redirect("orders:seller_order", found.number)


def waiting_tile(request: HttpRequest) -> dict[str, Any] | None:
    """The tile on the seller's overview: what is to be sent."""
    caller = getattr(request, "caller", None) or caller_of_request(request)
    if caller.seller is None or not caller.may(Capability.VIEW):
        return None
    count = Order.objects.filter(seller=caller.seller, status="placed").count()
    return {
        "label": _("Orders to be sent"),
        "value": count,
        "tone": "warn" if count else "good",
        "note": _("nothing waits") if not count else "",
        "url": f"{reverse('orders:seller_list')}?status=placed",
    }


def _tabs(filters: Filters) -> list[dict[str, Any]]:
    keep = {"q": filters.text, "prime": filters.prime, "channel": filters.channel}
    keep = {key: value for key, value in keep.items() if value}

    def tab(label: Any, status: str) -> dict[str, Any]:
        query = urlencode({**keep, **({"status": status} if status else {})})
        return {"label": label, "url": f"?{query}", "current": filters.status == status}

    return [tab(_("All"), ""), *(tab(label, key) for key, label in words.SELLER_STATUSES.items())]

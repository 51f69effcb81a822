"""Buy Shipping: from the order to the printed label, and the labels of the account."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from fondaco import history
from fondaco.engine import clock
from fondaco.fulfilment.carriers.port import CarrierSilent
from fondaco.fulfilment.carriers.price_list import CARRIERS
from fondaco.fulfilment.operations import buying
from fondaco.fulfilment.operations.labels import ask_carrier, void_label
from fondaco.fulfilment.queries import labels as queries
from fondaco.fulfilment.queries.packages import package_for
from fondaco.fulfilment.rules.labels import LabelState
from fondaco.fulfilment.web import shown, words
from fondaco.fulfilment.web.forms import IMPERIAL, METRIC, BuyForm, OwnLabelForm, ParcelForm, shown_in
from fondaco.kit.errors import NotFound, Refusal
from fondaco.orders.models import Order, OrderUnit
from fondaco.orders.queries import order_of_seller
from fondaco.sellers.access import Request
from fondaco.sellers.rules import Capability
from fondaco.web.access import require_seller
from fondaco.web.forms import refuse_with
from fondaco.web.paging import page_of


@require_seller
def buy(request: Request, number: str) -> HttpResponse:
    """Parcel, rates, purchase: one page, three moments. Rates are asked for by GET, bought by POST."""
    order = order_of_seller(request.caller, number)
    request.caller.require(Capability.HANDLE_ORDERS, seller=order.seller)
    waiting = buying.waiting_units(order)
    given = request.POST if request.method == "POST" else request.GET
    form = ParcelForm(given if "weight" in given else None, units=waiting, initial=_first_values(order, waiting))
    plan, status = None, 200
    if form.is_bound and form.is_valid():
        try:
            plan = buying.rates_for(request.caller, order=order, **_parcel(form))
            if request.method == "POST" and (answer := _bought(request, order, form)):
                return answer
        except Refusal as refusal:
            refuse_with(form, refusal)
    if form.is_bound and form.errors:
        status = 422
    context = {
        "order": order,
        "form": form,
        "waiting": waiting,
        "promised": min((unit.item.promised_date for unit in waiting), default=None),
        "ship_by": min((unit.item.ship_by for unit in waiting), default=None),
        "rates": shown.rates(plan) if plan else [],
        "terms": shown.terms(plan) if plan else [],
        "request_key": BuyForm.fresh_key(),
        "parcel_fields": [(name, value) for name in form.fields for value in given.getlist(name)] if plan else [],
        "trail": _trail(order, _("Buy Shipping")),
    }
    return render(request, "fulfilment/buy.html", context, status=status)


def _bought(request: Request, order: Order, form: ParcelForm) -> HttpResponse | None:
    choice = BuyForm(request.POST)
    choice.fields["accept"].choices = [(v, v) for v in request.POST.getlist("accept")]  # type: ignore[attr-defined]
    if not choice.is_valid():
        form.add_error(None, _("Choose one of the rates."))
        return None
    carrier, _slash, service = choice.cleaned_data["rate"].partition("/")
    seen = request.POST.get(f"price-{carrier}-{service}", "")
    label = buying.buy_shipping(
        request.caller,
        order=order,
        carrier=carrier,
        service=service,
        request_key=choice.cleaned_data["request_key"],
        accepted=choice.cleaned_data["accept"],
        seen_price_minor=int(seen) if seen.isascii() and seen.isdigit() else None,
        **_parcel(form),
    )
    try:
        ask_carrier(label_id=label.pk)
    except CarrierSilent:
        messages.warning(request, _("The carrier does not answer yet. We keep asking; the label appears here."))
    label.refresh_from_db()
    if label.state == LabelState.BOUGHT:
        messages.success(request, _("The label is bought, and the shipment is confirmed."))
    elif label.state == LabelState.REFUSED:
        messages.error(request, _("The carrier refused this label. Nothing was charged."))
    return redirect("fulfilment:label", label.pk)


@require_seller
def confirm(request: Request, number: str) -> HttpResponse:
    """A label from elsewhere: its tracking number. Refused for orders with Prime items."""
    order = order_of_seller(request.caller, number)
    request.caller.require(Capability.HANDLE_ORDERS, seller=order.seller)
    waiting = buying.waiting_units(order)
    form = OwnLabelForm(
        request.POST if request.method == "POST" else None,
        units=waiting,
        initial={"units": [str(u.pk) for u in waiting]},
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            buying.confirm_own_shipment(
                request.caller,
                order=order,
                units=given["units"],
                carrier=given["carrier"],
                tracking=given["tracking"],
                key=f"own:{given['request_key']}",
            )
        except Refusal as refusal:
            refuse_with(form, refusal)
        else:
            messages.success(request, _("The shipment is confirmed."))
            return redirect(_order_url(order))
    context = {
        "order": order,
        "form": form,
        "waiting": waiting,
        "trail": _trail(order, _("Label from elsewhere")),
    }
    return render(request, "fulfilment/confirm.html", context, status=422 if form.is_bound else 200)


@require_seller
def listing(request: Request) -> HttpResponse:
    """The labels of the account, the newest first."""
    page = page_of(queries.labels_of_seller(request.caller), request=request, order=("-created_at", "-id"), size=50)
    context = {"page": page, "rows": [shown.label_row(label) for label in page], "tabs": shipping_tabs("labels")}
    return render(request, "fulfilment/labels.html", context)


@require_seller
def label_page(request: Request, label_id: UUID) -> HttpResponse:
    """One label: print it, void it, see where its parcel is."""
    label = queries.label_for(request.caller, label_id)
    context = {
        **shown.label_row(label),
        "events": shown.tracking(label),
        "history": history.timeline(label),
        "formats": [
            (words.FORMATS[form], reverse("fulfilment:label_file", args=[label.pk, form])) for form in words.FORMATS
        ],
        "may_void": label.state == LabelState.BOUGHT
        and label.first_scan_at is None
        and request.caller.may(Capability.HANDLE_ORDERS, seller=label.seller),
        "order_url": shown.cause_url(label),
        "is_waiting": label.next_ask_at is not None,
    }
    return render(request, "fulfilment/label.html", context)


@require_POST
@require_seller
def void(request: Request, label_id: UUID) -> HttpResponse:
    """Give the label back."""
    label = queries.label_for(request.caller, label_id)
    request.caller.require(Capability.HANDLE_ORDERS, seller=label.seller)
    if label.purpose != "outbound":
        raise NotFound
    void_label(label_id=label.pk, actor=request.caller)
    try:
        ask_carrier(label_id=label.pk)
    except CarrierSilent:
        messages.warning(request, _("The carrier does not answer yet. We keep asking."))
    label.refresh_from_db()
    if label.state == LabelState.VOIDED:
        messages.success(request, _("The label is voided, and its price is back in your account."))
    return redirect("fulfilment:label", label.pk)


def terms(request: Request, party: str) -> HttpResponse:
    """The terms of buying labels: the marketplace's, or a carrier's."""
    if party != "marketplace" and party not in CARRIERS:
        raise NotFound
    context = {"party": party, "carrier": CARRIERS.get(party, ""), "version": shown.terms_version(party)}
    return render(request, "fulfilment/terms.html", context)


def shipping_tabs(current: str) -> list[dict[str, Any]]:
    """The parts of Shipping in the seller portal; a part that does not exist is left out."""
    from fondaco.web.nav import url_or_none

    parts = (
        ("labels", _("Labels"), ("fulfilment:labels",)),
        ("settings", _("Shipping settings"), ("fulfilment:settings",)),
        ("performance", _("Performance"), ("fulfilment:performance",)),
    )
    return [
        {"label": label, "url": url, "current": key == current}
        for key, label, names in parts
        if (url := url_or_none(*names))
    ]


def _first_values(order: Order, waiting: list[OrderUnit]) -> dict[str, Any]:
    counts: dict[Any, tuple[Any, int]] = {}
    for unit in waiting:
        counts[unit.item_id] = (unit.item, counts.get(unit.item_id, (unit.item, 0))[1] + 1)
    system = IMPERIAL if order.store == "US" else METRIC
    zone = order.seller.ship_from.time_zone if order.seller.ship_from else order.seller.time_zone
    from fondaco.kit.calendar import zone as zone_named

    return {
        "units": [str(unit.pk) for unit in waiting],
        "system": system,
        "ship_date": clock.now().astimezone(zone_named(zone)).date(),
        **shown_in(system, package_for(counts.values())),
    }


def _parcel(form: ParcelForm) -> dict[str, Any]:
    given = form.cleaned_data
    return {"units": given["units"], "package": given["package"], "ship_date": given["ship_date"]}


def _order_url(order: Order) -> str:
    from fondaco.web.nav import url_or_none

    if url_or_none("orders:seller_list"):
        return reverse("orders:seller_order", args=[order.number])
    return reverse("fulfilment:labels")


def _trail(order: Order, here: str) -> list[tuple[str, str]]:
    from fondaco.web.nav import url_or_none

    return [(_("Orders"), url_or_none("orders:seller_list") or ""), (order.number, _order_url(order)), (here, "")]

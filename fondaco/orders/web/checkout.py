"""The checkout: address, delivery for each line, card, and the order itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from fondaco.kit.errors import Refusal
from fondaco.kit.ids import new_id
from fondaco.kit.money import Money
from fondaco.orders import delivery, making, operations
from fondaco.orders.operations import Line, carts
from fondaco.orders.operations.addresses import add_delivery_address, only_doubts
from fondaco.orders.queries.cart import Row, addresses_of_buyer, cards_of_buyer
from fondaco.orders.web import words
from fondaco.orders.web.cart import cart_rows
from fondaco.orders.web.where import Where, choose_address, where_of
from fondaco.sellers import queries as sellers_queries
from fondaco.sellers.access import Request
from fondaco.sellers.operations import add_card
from fondaco.sellers.operations.addresses import AddressRefused
from fondaco.sellers.web.forms import AddressForm, CardForm
from fondaco.web.access import signed_in
from fondaco.web.forms import refuse_with
from fondaco.web.refusals import spoken


@dataclass(frozen=True, slots=True)
class Choice:
    """One radio button. `value` carries what the buyer sees, so that the order is held to it."""

    option: delivery.Option
    label: Any
    value: str
    is_chosen: bool


@signed_in
def checkout(request: Request) -> HttpResponse:
    """Everything on one page; a posted form places the order, once."""
    if request.method == "GET" and (wanted := request.GET.get("address")):
        choose_address(request, sellers_queries.address_for(request.caller, wanted))
        return redirect("orders:checkout")
    rows = cart_rows(request)
    where = where_of(request)
    refused = None
    if request.method == "POST" and request.POST.get("show") != "total":
        try:
            return _placed(request, rows, where)
        except Refusal as refusal:
            refused = spoken(refusal)
            rows = cart_rows(request)
    context = _context(request, rows, where, request.POST if request.method == "POST" else {})
    context["refused"] = refused
    return render(request, "orders/checkout.html", context, status=409 if refused else 200)


@signed_in
def new_address(request: Request) -> HttpResponse:
    """A further delivery address. Doubts about a ZIP can be overruled by who lives there."""
    form = AddressForm(request.POST or None)
    doubtful = False
    if request.method == "POST" and request.POST.get("show") == "address":
        form = AddressForm(initial=request.POST.dict())
    elif request.method == "POST" and form.is_valid():
        try:
            row = add_delivery_address(
                request.caller,
                address=form.address(),
                request_key=form.key,
                as_typed=request.POST.get("as_typed") == "yes",
            )
        except AddressRefused as refusal:
            doubtful = only_doubts(refusal.facts["findings"])
            form.refuse(refusal)
        else:
            choose_address(request, row)
            messages.success(request, _("The address is saved."))
            return redirect("orders:checkout")
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "orders/address_form.html", {"form": form, "doubtful": doubtful}, status=status)


@signed_in
def new_card(request: Request) -> HttpResponse:
    """A card to pay with."""
    form = CardForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            add_card(
                request.caller,
                number=data["number"],
                expiry_year=data["expiry_year"],
                expiry_month=data["expiry_month"],
                request_key=form.key,
            )
        except Refusal as refusal:
            refuse_with(form, refusal)
        else:
            messages.success(request, _("The card is on file."))
            return redirect("orders:checkout")
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "orders/card_form.html", {"form": form}, status=status)


def _placed(request: Request, rows: list[Row], where: Where) -> HttpResponse:
    key = request.POST.get("request_key", "")[:64]
    if earlier := operations.orders_of_request(request.caller, request_key=key):
        return _thanks(request, earlier)
    card = sellers_queries.card_for(request.caller, request.POST["card"]) if request.POST.get("card") else None
    try:
        orders = operations.place_order(
            request.caller,
            lines=[_line(row, request.POST.get(f"speed-{row.line.pk}", "")) for row in rows],
            address=where.postal,
            card=card,
            request_key=key,
            language=request.LANGUAGE_CODE,
        )
    except Refusal:  # the other click of a double click may have been first, and have emptied the cart
        orders = operations.orders_of_request(request.caller, request_key=key)
        if not orders:
            raise
    carts.take_out_bought(request.caller, line_ids=[row.line.pk for row in rows])
    return _thanks(request, orders)


def _thanks(request: Request, orders: list[Any]) -> HttpResponse:
    words_ = ngettext("Thank you: your order is placed.", "Thank you: your orders are placed.", len(orders))
    messages.success(request, words_)
    if len(orders) == 1:
        return redirect("orders:order", orders[0].number)
    return redirect("orders:list")


def _line(row: Row, value: str) -> Line:
    """What was sent, held to what was shown: `speed|price|shipping|date|prime`."""
    parts = value.split("|")
    seen: dict[str, Any] = {}
    if len(parts) == 5:
        try:
            seen = {
                "seen_price_minor": int(parts[1]),
                "seen_shipping_minor": int(parts[2]),
                "seen_promised_date": date.fromisoformat(parts[3]),
                "seen_prime": parts[4] == "1",
            }
        except ValueError:
            seen = {}
    line = row.line
    return Line(
        line.offer_id,
        line.quantity,
        speed=parts[0][:8],
        keeps_prime=line.is_prime,
        customisation=line.customisation,
        **seen,
    )


def _context(request: Request, rows: list[Row], where: Where, sent: Mapping[str, Any]) -> dict[str, Any]:
    made = making.shown([row.line.customisation for row in rows])
    shown = [
        _shown(row, str(sent.get(f"speed-{row.line.pk}", "")).split("|")[0]) | {"made": part}
        for row, part in zip(rows, made, strict=True)
    ]
    groups: dict[Any, list[dict[str, Any]]] = {}
    for each in shown:
        groups.setdefault(each["row"].line.offer.seller, []).append(each)
    currency = rows[0].line.offer.currency if rows else "USD"
    goods = sum(row.total_minor for row in rows)
    shipping = sum(each["chosen"].price_minor for each in shown if each["chosen"])
    cards = cards_of_buyer(request.caller)
    return {
        "groups": [{"seller": seller, "rows": lines} for seller, lines in groups.items()],
        "where": where,
        "addresses": addresses_of_buyer(request.caller),
        "cards": cards,
        "chosen_card": str(sent.get("card") or (cards[0].pk if cards else "")),
        "currency": currency,
        "goods": Money(goods, currency),
        "shipping": Money(shipping, currency),
        "total": Money(goods + shipping, currency),
        "request_key": str(sent.get("request_key") or new_id().hex),
        "can_buy": bool(rows and cards and where.row and not any(row.problem for row in rows)),
        "rows": rows,
    }


def _shown(row: Row, speed: str) -> dict[str, Any]:
    chosen = row.chosen(speed)
    return {
        "row": row,
        "problem": words.PROBLEMS.get(row.problem, ""),
        "chosen": chosen,
        "choices": [
            Choice(
                option=option,
                label=words.SPEEDS[option.speed.value],
                value="|".join(
                    (
                        option.speed.value,
                        str(row.line.unit_minor),
                        str(option.price_minor),
                        option.promised_date.isoformat(),
                        "1" if row.choices.is_prime else "0",
                    )
                ),
                is_chosen=option is chosen or (chosen is not None and option.speed == chosen.speed),
            )
            for option in row.choices.options
        ],
    }

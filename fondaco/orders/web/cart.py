"""The cart: what is in it, what can be delivered when."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from fondaco.engine import clock
from fondaco.orders import making
from fondaco.orders.operations import WrongQuantity, carts
from fondaco.orders.operations.place import MOST_QUANTITY
from fondaco.orders.queries.cart import Row, cart_for, rows_of, sum_of
from fondaco.orders.web import words
from fondaco.orders.web.where import SESSION_CART, cart_token, choose_zip, where_of
from fondaco.sellers.access import Request


def show(request: Request) -> HttpResponse:
    """What is in the cart."""
    rows = cart_rows(request)
    context = {
        "rows": [
            {"row": row, "problem": words.PROBLEMS.get(row.problem, ""), "best": row.choices.best, "made": part}
            for row, part in zip(rows, making.shown([row.line.customisation for row in rows]), strict=True)
        ],
        "sum": sum_of(rows),
        "count": sum(row.line.quantity for row in rows),
        "where": where_of(request),
        "speeds": words.SPEEDS,
        "can_buy": bool(rows) and not any(row.problem in ("gone", "too_many") for row in rows),
    }
    return render(request, "orders/cart.html", context)


@require_POST
def add(request: Request) -> HttpResponse:
    """Put an offer in; then to the cart, or straight to the checkout."""
    line = carts.put_in(
        request.caller,
        token=cart_token(request, make=True),
        offer_id=request.POST.get("offer", ""),
        quantity=_number(request.POST.get("quantity", "1")),
        address=where_of(request).postal,
    )
    messages.success(request, _("%(title)s is in your cart.") % {"title": line.offer.product.title})
    return redirect("orders:checkout" if request.POST.get("then") == "checkout" else "orders:cart")


@require_POST
def change(request: Request, line_id: str) -> HttpResponse:
    """Another quantity; zero takes it out."""
    quantity = _number(request.POST.get("quantity", ""))
    if quantity == 0:
        return remove(request, line_id)
    carts.change_quantity(request.caller, token=cart_token(request), line_id=line_id, quantity=quantity)
    return redirect("orders:cart")


@require_POST
def remove(request: Request, line_id: str) -> HttpResponse:
    """Out of the cart."""
    carts.take_out(request.caller, token=cart_token(request), line_id=line_id)
    messages.success(request, _("Taken out of your cart."))
    return redirect("orders:cart")


@require_POST
def deliver_to(request: Request) -> HttpResponse:
    """A ZIP for the promises on pages."""
    choose_zip(request, request.POST.get("zip", ""))
    back = request.POST.get("next") or request.headers.get("Referer") or ""
    if url_has_allowed_host_and_scheme(back, {request.get_host()}, request.is_secure()):
        return redirect(back)
    return redirect("orders:cart")


def cart_rows(request: Request) -> list[Row]:
    """The rows of the caller's cart; what a session held moves to the person who signed in."""
    token = cart_token(request)
    if request.caller.person is not None and token:
        carts.own_cart(request.caller, token=token)
        del request.session[SESSION_CART]
    cart = cart_for(request.caller, token=token)
    return rows_of(cart, caller=request.caller, address=where_of(request).postal, at=clock.now())


def _number(text: str) -> int:
    text = text.strip()
    if not (text.isascii() and text.lstrip("-").isdigit() and len(text) < 12):
        raise WrongQuantity(most=MOST_QUANTITY)
    return int(text)

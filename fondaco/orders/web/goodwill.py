"""The seller gives money back for goods that stay with the buyer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fondaco.kit.errors import Refusal
from fondaco.kit.ids import new_id
from fondaco.kit.money import Money
from fondaco.orders import operations
from fondaco.orders.models import Order, OrderItem
from fondaco.orders.queries import order_of_seller
from fondaco.orders.rules.states import UnitState
from fondaco.orders.web import words
from fondaco.orders.web.panels import Action, Side
from fondaco.sellers.access import Caller, Request
from fondaco.sellers.rules import Capability
from fondaco.web import dates
from fondaco.web.access import require_seller
from fondaco.web.forms import refuse_with


class GoodwillForm(forms.Form):
    """For which item, how much and why. The operation judges the amount."""

    item = forms.ChoiceField(label=gettext_lazy("Item"))
    amount = forms.CharField(label=gettext_lazy("Amount"), max_length=20)
    reason = forms.ChoiceField(label=gettext_lazy("Why?"), choices=list(words.REFUNDS.items()))
    request_key = forms.CharField(max_length=32, widget=forms.HiddenInput)

    def __init__(self, *args: Any, items: Iterable[tuple[OrderItem, Money]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["request_key"].initial = lambda: new_id().hex
        choices = []
        for item, left in items:
            told = _("%(title)s: up to %(amount)s") % {"title": item.title, "amount": dates.money(left)}
            choices.append((str(item.pk), told))
        self.fields["item"].choices = choices  # type: ignore[attr-defined]
        self.fields["amount"].widget.attrs["inputmode"] = "decimal"


@require_seller
def refund(request: Request, number: str) -> HttpResponse:
    """What can go back without a return, and the form."""
    order = order_of_seller(request.caller, number)
    request.caller.require_seller(Capability.HANDLE_RETURNS)
    found = operations.refundable_without_return(order)
    form = GoodwillForm(request.POST or None, items=[(item, left) for item, left in found if left])
    if request.method == "POST" and form.is_valid():
        try:
            back = _refund(request.caller, order, form.cleaned_data)
        except Refusal as refusal:
            refuse_with(form, refusal, "amount")
        else:
            said = _("Refunded: the buyer gets %(amount)s.") % {"amount": dates.money(back)}
            messages.success(request, said)
            return redirect("orders:seller_order", order.number)
    context = {
        "order": order,
        "form": form,
        "rows": [{"item": item, "left": left} for item, left in found],
        "can": any(left for _item, left in found),
        "trail": [
            (_("Orders"), reverse("orders:seller_list")),
            (order.number, reverse("orders:seller_order", args=[order.number])),
            (_("Refund without return"), ""),
        ],
    }
    return render(request, "orders/goodwill.html", context, status=422 if form.is_bound else 200)


def _refund(caller: Caller, order: Order, said: dict[str, Any]) -> Money:
    return operations.refund_item(
        caller,
        order=order,
        item_id=said["item"],
        amount=Money.parse(said["amount"], order.currency),
        reason=said["reason"],
        key=f"page:{order.pk.hex}:{said['request_key']}",
    )


def button(order: Order, *, item: OrderItem | None, caller: Caller, side: Side) -> Iterator[Action]:
    """The way here from the seller's page of an order, once something was sent."""
    if item is not None or side != "seller" or not caller.may(Capability.HANDLE_RETURNS):
        return
    waiting = (UnitState.ORDERED, UnitState.CANCELLED)
    if any(unit.state not in waiting for each in order.items.all() for unit in each.units.all()):
        yield Action(_("Refund without return"), reverse("orders:goodwill", args=[order.number]), icon="money")

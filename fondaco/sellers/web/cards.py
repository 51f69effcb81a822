"""The cards that unpaid balances are charged to."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from fondaco.kit.errors import NotFound, Refusal
from fondaco.sellers import operations, queries
from fondaco.sellers.access import Request
from fondaco.sellers.models import Card
from fondaco.sellers.rules import Capability
from fondaco.sellers.web.back import form_page
from fondaco.sellers.web.forms import CardForm
from fondaco.web.access import require_seller
from fondaco.web.forms import refuse_with


@require_seller
def listing(request: Request) -> HttpResponse:
    """Cards on file, and the form for another one."""
    caller, seller = request.caller, request.caller.require_seller(Capability.MANAGE_CARDS)
    form = CardForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            operations.add_card(
                caller,
                seller=seller,
                number=form.cleaned_data["number"],
                expiry_year=form.cleaned_data["expiry_year"],
                expiry_month=form.cleaned_data["expiry_month"],
                request_key=form.key,
            )
        except Refusal as refusal:
            refuse_with(form, refusal)
        else:
            messages.success(request, _("The card is on file."))
            return redirect("sellers:cards")
    return form_page(request, "sellers/cards.html", form=form, cards=queries.cards_of(caller, seller))


@require_POST
@require_seller
def make_default(request: Request, card_id: str) -> HttpResponse:
    """Charge this one first."""
    operations.make_card_default(request.caller, _own(request, card_id))
    messages.success(request, _("This card is charged first from now on."))
    return redirect("sellers:cards")


@require_POST
@require_seller
def remove(request: Request, card_id: str) -> HttpResponse:
    """Off the file."""
    operations.remove_card(request.caller, _own(request, card_id))
    messages.success(request, _("The card is removed."))
    return redirect("sellers:cards")


def _own(request: Request, card_id: str) -> Card:
    card = queries.card_for(request.caller, card_id)
    if card.seller_id != request.caller.require_seller(Capability.MANAGE_CARDS).pk:
        raise NotFound
    return card

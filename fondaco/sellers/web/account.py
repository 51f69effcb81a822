"""Account info: what the seller account is, its profile, its vacation."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from fondaco import history
from fondaco.engine import clock
from fondaco.kit.errors import Refusal
from fondaco.sellers import operations, queries
from fondaco.sellers.access import Request
from fondaco.sellers.models import SellerAccount
from fondaco.sellers.rules import Capability
from fondaco.sellers.web import words
from fondaco.sellers.web.back import form_page
from fondaco.sellers.web.forms import ProfileForm, VacationForm
from fondaco.web.access import require_seller
from fondaco.web.forms import refuse_with


@require_seller
def overview(request: Request) -> HttpResponse:
    """Everything about the account on one page, each part with its way to change it."""
    caller, seller = request.caller, request.caller.require_seller()
    return render(
        request,
        "sellers/account.html",
        {
            "seller": seller,
            "status": words.STATUSES[seller.status],
            "status_tone": words.STATUS_TONES[seller.status],
            "plan": words.PLANS[seller.plan],
            "country": words.country_name(seller.country),
            "role": words.MEMBER_ROLES.get(caller.member_role or "", ""),
            "may": {str(c) for c in caller.capabilities},
            "addresses": queries.addresses_of(caller, seller),
            "members": queries.members_of(caller, seller),
            "brands": seller.owned_brands.order_by("name"),
            "timeline": history.timeline(seller),
            "is_away": seller.is_on_vacation(on=_today(seller)),
        },
    )


@require_seller
def profile(request: Request) -> HttpResponse:
    """Names and time zone."""
    seller = request.caller.require_seller(Capability.EDIT_ACCOUNT)
    form = ProfileForm(request.POST or None, seller=seller)
    if request.method == "POST" and form.is_valid():
        try:
            operations.change_profile(request.caller, seller, **form.cleaned_data)
        except Refusal as refusal:
            refuse_with(form, refusal)
        else:
            messages.success(request, _("The profile is saved."))
            return redirect("sellers:account")
    return form_page(request, "sellers/form.html", form=form, title=_("Profile"))


@require_seller
def vacation(request: Request) -> HttpResponse:
    """Days on which the account is away: its offers do not show."""
    seller = request.caller.require_seller(Capability.EDIT_ACCOUNT)
    days = {"from_date": seller.vacation_from_date or _today(seller), "until_date": seller.vacation_until_date}
    form = VacationForm(request.POST or None, initial=days)
    if request.method == "POST" and form.is_valid():
        try:
            operations.start_vacation(request.caller, seller, **form.cleaned_data)
        except Refusal as refusal:
            refuse_with(form, refusal)
        else:
            messages.success(request, _("Your offers do not show while you are away."))
            return redirect("sellers:account")
    return form_page(request, "sellers/form.html", form=form, title=_("Vacation"))


@require_POST
@require_seller
def vacation_over(request: Request) -> HttpResponse:
    """The account is back."""
    operations.close_vacation(request.caller, request.caller.require_seller(Capability.EDIT_ACCOUNT))
    messages.success(request, _("Welcome back. Your offers show again."))
    return redirect("sellers:account")


def _today(seller: SellerAccount) -> date:
    return clock.now().astimezone(seller.zone).date()

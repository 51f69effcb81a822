"""Selling begins here: the page that says what it is, and the form that opens a seller account."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from fondaco.kit.errors import Refusal
from fondaco.sellers import operations
from fondaco.sellers.access import SESSION_SELLER, Request
from fondaco.sellers.operations.accounts import TERMS_VERSION
from fondaco.sellers.rules import Plan
from fondaco.sellers.web.back import form_page
from fondaco.sellers.web.forms import RegistrationForm
from fondaco.web.access import signed_in


def start(request: Request) -> HttpResponse:
    """Why and how to sell here; open to everyone."""
    return render(request, "sellers/start.html", {"register_url": reverse("sellers:register_form")})


@signed_in
def register(request: Request) -> HttpResponse:
    """The registration form. `show=address` only shows the address of another country and registers nothing."""
    form = RegistrationForm(request.POST or None, initial={"name": request.caller.require_person().name})
    if request.method == "POST" and request.POST.get("show") == "address":
        form = RegistrationForm(initial=request.POST.dict())
    elif request.method == "POST" and form.is_valid() and (done := _registered(request, form)):
        return done
    return form_page(request, "sellers/register.html", form=form, terms_version=TERMS_VERSION)


def _registered(request: Request, form: RegistrationForm) -> HttpResponse | None:
    given = form.cleaned_data
    try:
        account = operations.register_seller(
            request.caller,
            display_name=given["display_name"],
            legal_name=given["legal_name"],
            country=given["country"],
            plan=Plan(given["plan"]),
            store=settings.FONDACO_DEFAULT_STORE,
            accepts_terms=given["accepts_terms"],
            address=form.address(),
            request_key=form.key,
        )
    except Refusal as refusal:
        form.refuse(refusal)
        return None
    request.session[SESSION_SELLER] = account.number
    messages.success(request, _("%(seller)s is registered. You can list your first product now.") % {"seller": account})
    return redirect("sellers:account")

"""The invitation's link: who it is for, and the three ways to register (HAND-10, HAND-11, Q-43)."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from fondaco.kit.errors import Refusal
from fondaco.makers import words
from fondaco.makers.operations import inviting
from fondaco.makers.queries.applications import maker_of
from fondaco.makers.rules.application import Option
from fondaco.sellers.access import SESSION_SELLER, Request
from fondaco.sellers.rules import Capability, Plan
from fondaco.sellers.web.forms import RegistrationForm
from fondaco.web.forms import refuse_with


@sensitive_variables("secret")
def open_link(request: Request, secret: str) -> HttpResponse:
    """Signed out: what to do with it. Signed in with the right address: the options, and registering."""
    peer = str(request.META.get("REMOTE_ADDR", ""))
    caller = request.caller
    if not caller.is_signed_in:
        invitation = inviting.invitation_behind(secret, peer=peer)
        response = render(
            request, "makers/invitation_signed_out.html", {"email": invitation.email, "here": request.path}
        )
        return _quiet(response)
    option = request.POST.get("option", "")
    form = RegistrationForm(
        request.POST if option == Option.NEW else None, initial={"name": caller.require_person().name}
    )
    if request.method == "POST" and option in list(Option):
        done = _registered(request, secret, peer, Option(option), form)
        if done is not None:
            return done
    elif request.method == "POST":
        messages.error(request, _("Choose one of the options."))
    invitation = inviting.open_link(caller, secret=secret, peer=peer)
    context: dict[str, Any] = {
        "invitation": invitation,
        "application": invitation.application,
        "accounts": _accounts(request),
        "form": form,
        "chosen": option,
        "options": [{"value": str(o), "label": words.OPTIONS[o], "help": words.OPTION_HELP[o]} for o in Option],
    }
    return _quiet(render(request, "makers/invitation.html", context, status=422 if request.method == "POST" else 200))


def _registered(
    request: Request, secret: str, peer: str, option: Option, form: RegistrationForm
) -> HttpResponse | None:
    account = None
    if option is Option.NEW:
        if not form.is_valid():
            return None
        given = form.cleaned_data
        try:
            address = form.address()
        except Refusal as refusal:
            form.refuse(refusal)
            return None
        account = inviting.NewAccount(
            display_name=given["display_name"],
            legal_name=given["legal_name"],
            country=given["country"],
            store=settings.FONDACO_DEFAULT_STORE,
            address=address,
            accepts_terms=given["accepts_terms"],
        )
    try:
        maker = inviting.register(
            request.caller,
            secret=secret,
            option=option,
            seller_number=request.POST.get("seller", ""),
            account=account,
            peer=peer,
        )
    except Refusal as refusal:
        if option is not Option.NEW or refusal.STATUS in (403, 404, 410, 429):
            raise
        refuse_with(form, refusal)
        return None
    request.session[SESSION_SELLER] = maker.seller.number
    messages.success(request, _("%(seller)s is registered as a maker.") % {"seller": maker.seller})
    return redirect("makers:registered")


def _accounts(request: Request) -> list[dict[str, Any]]:
    """Accounts that the person may set up, with the option that fits each."""
    caller = request.caller
    return [
        {
            "seller": m.seller,
            "option": str(Option.PROFESSIONAL if m.seller.plan == Plan.PROFESSIONAL else Option.INDIVIDUAL),
        }
        for m in caller.memberships
        if caller.may(Capability.EDIT_ACCOUNT, seller=m.seller) and maker_of(m.seller) is None
    ]


def _quiet(response: HttpResponse) -> HttpResponse:
    """The address holds a secret: it goes into no cache and to no other site."""
    response.headers["Referrer-Policy"] = "same-origin"  # with “no-referrer” browsers send no usable Origin either
    response.headers["Cache-Control"] = "no-store"
    return response

"""Applications in the seller portal: registered, allowed to act, given new secrets, removed."""

from __future__ import annotations

from urllib.parse import urlencode, urlsplit

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from fondaco.kit.errors import NotFound, Refusal
from fondaco.sellers.access import Request
from fondaco.sellers.rules import Capability
from fondaco.sellers.web.back import form_page
from fondaco.sellers.web.forms import OnceForm
from fondaco.spapi.models import Application
from fondaco.spapi.operations import access
from fondaco.spapi.queries.accounts import applications_of
from fondaco.spapi.rules.roles import ALL, ApiRole
from fondaco.web.access import require_seller
from fondaco.web.forms import refuse_with

ROLE_WORDS = {
    ApiRole.PRODUCT_LISTING: gettext_lazy("Product listing: listings, catalogue, feeds"),
    ApiRole.INVENTORY_AND_ORDERS: gettext_lazy("Inventory and order tracking"),
    ApiRole.SHIPPING: gettext_lazy("Shipping to buyers: labels, addresses (personal data)"),
    ApiRole.FINANCE: gettext_lazy("Finance and accounting"),
    ApiRole.COMMUNICATION: gettext_lazy("Messages to buyers"),
    ApiRole.SOLICITATION: gettext_lazy("Requests for reviews"),
    ApiRole.INSIGHTS: gettext_lazy("Account and performance"),
}


class ApplicationForm(OnceForm):
    """What an application is called, what it may do, and where a consenting seller is sent."""

    name = forms.CharField(label=gettext_lazy("Application name"), max_length=80)
    roles = forms.MultipleChoiceField(
        label=gettext_lazy("What it may do"),
        choices=[(role.value, ROLE_WORDS[role]) for role in ALL],
        widget=forms.CheckboxSelectMultiple,
        initial=[ApiRole.PRODUCT_LISTING.value, ApiRole.INVENTORY_AND_ORDERS.value],
    )
    redirect_url = forms.CharField(
        label=gettext_lazy("Redirect address"),
        max_length=500,
        required=False,
        help_text=gettext_lazy("Only if other sellers are to allow it on a page of their own."),
    )


@require_seller
def listing(request: Request) -> HttpResponse:
    """The account's applications, and those that may act for it."""
    return _page(request)


@require_seller
def register(request: Request) -> HttpResponse:
    """Register an application; its secret is shown on this answer only."""
    form = ApplicationForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return _page(request, form=form)
    data = form.cleaned_data
    try:
        made = access.register(
            request.caller,
            name=data["name"],
            roles=data["roles"],
            redirect_url=data["redirect_url"],
            request_key=form.key,
        )
    except Refusal as refusal:
        refuse_with(form, refusal)
        return _page(request, form=form)
    if not made.secret:
        messages.info(request, _("The application %(name)s was registered already.") % {"name": made.application.name})
        return redirect("spapi:applications")
    return _page(request, application=made.application, secret=made.secret)


@require_POST
@require_seller
def grant(request: Request, application_id: str) -> HttpResponse:
    """Let an application act for this account; its refresh token is shown on this answer only."""
    made = access.grant(request.caller, application_id=application_id)
    return _page(request, application=made.grant.application, refresh_token=made.refresh_token)


@require_POST
@require_seller
def rotate(request: Request, application_id: str) -> HttpResponse:
    """A new secret, shown on this answer only."""
    made = access.rotate_secret(request.caller, application_id=application_id)
    return _page(request, application=made.application, secret=made.secret, rotated=True)


@require_POST
@require_seller
def end(request: Request, application_id: str) -> HttpResponse:
    """Remove an application."""
    access.end_application(request.caller, application_id=application_id)
    messages.success(request, _("The application is removed. Its tokens no longer work."))
    return redirect("spapi:applications")


@require_POST
@require_seller
def revoke(request: Request, grant_id: str) -> HttpResponse:
    """End the access of an application to this account."""
    access.revoke(request.caller, grant_id=grant_id)
    messages.success(request, _("The application can no longer act for this account."))
    return redirect("spapi:applications")


@require_seller
def consent(request: Request) -> HttpResponse:
    """Another developer's application asks this account for access; yes sends the browser back with a code."""
    request.caller.require_seller(Capability.EDIT_ACCOUNT)
    client_id = request.POST.get("application_id") or request.GET.get("application_id", "")
    found = Application.objects.filter(client_id=client_id[:80], ended_at__isnull=True).select_related("seller").first()
    if found is None or not found.redirect_url:
        raise NotFound(what="application")
    state = (request.POST.get("state") or request.GET.get("state", ""))[:500]
    if request.method != "POST":
        words = [ROLE_WORDS[ApiRole(role)] for role in found.roles]
        return render(request, "spapi/consent.html", {"application": found, "roles": words, "state": state})
    application, code = access.consent(request.caller, client_id=client_id)
    account = request.caller.require_seller(Capability.EDIT_ACCOUNT)
    query = urlencode({"state": state, "selling_partner_id": account.number, "spapi_oauth_code": code})
    mark = "&" if urlsplit(application.redirect_url).query else "?"
    return HttpResponseRedirect(f"{application.redirect_url}{mark}{query}")


def _page(request: Request, **shown: object) -> HttpResponse:
    form = shown.pop("form", None) or ApplicationForm()
    assert isinstance(form, ApplicationForm)
    found = applications_of(request.caller)
    own = [(each, [ROLE_WORDS[ApiRole(role)] for role in each.roles]) for each in found.own]
    base = request.build_absolute_uri("/").rstrip("/")
    return form_page(
        request, "spapi/applications.html", form=form, own=own, grants=found.grants, base_url=base, **shown
    )

"""The operator's view of sellers and people: who they are, what they may do, whether they may sell."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from fondaco import history
from fondaco.kit.errors import NotFound, Refusal
from fondaco.sellers import operations, queries
from fondaco.sellers.access import Request
from fondaco.sellers.models import Person, SellerAccount
from fondaco.sellers.rules import Role, SellerStatus, fold_email
from fondaco.sellers.web import words
from fondaco.sellers.web.forms import BrandForm, StaffRoleForm, StatusForm
from fondaco.web.access import require_role
from fondaco.web.forms import refuse_with
from fondaco.web.paging import page_of


@require_role(Role.OPERATOR, Role.SUPPORT)
def sellers(request: Request) -> HttpResponse:
    """Find a seller account by name or number."""
    text = request.GET.get("q", "")
    rows = [_seller_row(s) for s in queries.find_sellers(request.caller, text=text, limit=100)]
    return render(request, "sellers/admin_sellers.html", {"rows": rows, "text": text})


@require_role(Role.OPERATOR, Role.SUPPORT)
def seller(request: Request, number: str) -> HttpResponse:
    """One account: its people, its brands, its status with the form that changes it."""
    account = queries.seller_for(request.caller, number=number)
    may_sanction = request.caller.has(Role.OPERATOR)
    form = StatusForm(request.POST or None, seller=account) if may_sanction else None
    if form and request.method == "POST" and form.is_valid():
        try:
            status = SellerStatus(form.cleaned_data["status"])
            operations.change_status(request.caller, account, status=status, reason=form.cleaned_data["reason"])
        except Refusal as refusal:
            refuse_with(form, refusal)
        else:
            messages.success(request, _("The status is saved, and the seller can read the reason."))
            return redirect("sellers:admin_seller", number)
    context = {
        **_seller_row(account),
        "form": form,
        "brand_form": BrandForm(),
        "brands": account.owned_brands.order_by("name"),
        "members": [(m.person, words.MEMBER_ROLES[m.role]) for m in queries.members_of(request.caller, account)],
        "country": words.country_name(account.country),
        "plan": words.PLANS[account.plan],
        "timeline": history.timeline(account),
    }
    return render(request, "sellers/admin_seller.html", context, status=422 if form and form.errors else 200)


@require_POST
@require_role(Role.OPERATOR, Role.SUPPORT)
def claim_brand(request: Request, number: str) -> HttpResponse:
    """The account owns this brand."""
    account = queries.seller_for(request.caller, number=number)
    operations.claim_brand(request.caller, account, name=request.POST.get("name", ""))
    return redirect("sellers:admin_seller", number)


@require_POST
@require_role(Role.OPERATOR, Role.SUPPORT)
def release_brand(request: Request, number: str, brand_id: str) -> HttpResponse:
    """The account owns this brand no more."""
    operations.release_brand(request.caller, brand_id)
    return redirect("sellers:admin_seller", number)


@require_role(Role.OPERATOR)
def people(request: Request) -> HttpResponse:
    """Everybody with a role of the marketplace, or the person with the e-mail that was asked for."""
    text = request.GET.get("q", "").strip()
    found = Person.objects.prefetch_related("staff_roles")
    found = found.filter(email_folded__startswith=fold_email(text)) if text else found.filter(staff_roles__isnull=False)
    page = page_of(found.distinct(), request=request, order=("email_folded", "id"), size=50)
    rows = [(p, [(r.role, words.ROLES[r.role]) for r in p.staff_roles.all()]) for p in page]
    context = {"page": page, "rows": rows, "text": text, "form": StaffRoleForm()}
    return render(request, "sellers/admin_people.html", context)


@require_POST
@require_role(Role.OPERATOR)
def grant(request: Request, person_id: str) -> HttpResponse:
    """Give a role of the marketplace."""
    operations.grant_staff_role(request.caller, _person(person_id), role=_role(request))
    messages.success(request, _("The role is given."))
    return redirect("sellers:people")


@require_POST
@require_role(Role.OPERATOR)
def revoke(request: Request, person_id: str) -> HttpResponse:
    """Take a role of the marketplace away."""
    operations.revoke_staff_role(request.caller, _person(person_id), role=_role(request))
    messages.success(request, _("The role is taken away."))
    return redirect("sellers:people")


def _person(person_id: str) -> Person:
    return get_object_or_404(Person, pk=queries.as_id(person_id))


def _role(request: Request) -> Role:
    wanted = request.POST.get("role", "")
    if wanted not in list(Role):
        raise NotFound
    return Role(wanted)


def _seller_row(account: SellerAccount) -> dict[str, Any]:
    return {"seller": account, "status": words.STATUSES[account.status], "tone": words.STATUS_TONES[account.status]}

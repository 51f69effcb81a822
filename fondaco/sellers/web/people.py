"""Who works in the seller account, and the page behind an invitation's link."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from fondaco.kit.errors import NotFound, Refusal
from fondaco.sellers import operations, queries
from fondaco.sellers.access import SESSION_SELLER, Request
from fondaco.sellers.models import Membership
from fondaco.sellers.rules import Capability, MemberRole, grantable_by
from fondaco.sellers.web import words
from fondaco.sellers.web.back import first_page, form_page
from fondaco.sellers.web.forms import InviteForm
from fondaco.web.access import require_seller
from fondaco.web.forms import refuse_with


@require_seller
def listing(request: Request) -> HttpResponse:
    """Members and open invitations, and the form for another invitation."""
    caller, seller = request.caller, request.caller.require_seller(Capability.MANAGE_PEOPLE)
    role = caller.member_role
    grantable = grantable_by(role=role) if role else frozenset()
    form = InviteForm(request.POST or None, grantable=grantable)
    if request.method == "POST" and form.is_valid():
        try:
            operations.invite(
                caller, seller, email=form.cleaned_data["email"], role=MemberRole(form.cleaned_data["role"])
            )
        except Refusal as refusal:
            refuse_with(form, refusal)
        else:
            messages.success(request, _("The invitation is on its way to %(email)s.") % form.cleaned_data)
            return redirect("sellers:members")
    context = {
        "members": [_shown(m, grantable) for m in queries.members_of(caller, seller)],
        "invitations": [
            {"row": i, "role": words.MEMBER_ROLES[i.role]} for i in queries.open_invitations_of(caller, seller)
        ],
        "roles": words.choices(words.MEMBER_ROLES, only=grantable),
        "explained": [(words.MEMBER_ROLES[r], words.MEMBER_ROLES_MAY[r]) for r in MemberRole],
    }
    return form_page(request, "sellers/members.html", form=form, **context)


@require_POST
@require_seller
def change_role(request: Request, membership_id: str) -> HttpResponse:
    """Another role for a member."""
    wanted = request.POST.get("role", "")
    if wanted not in list(MemberRole):
        raise NotFound
    seller = request.caller.require_seller(Capability.MANAGE_PEOPLE)
    operations.change_member_role(request.caller, seller, membership_id, role=MemberRole(wanted))
    messages.success(request, _("The role is changed."))
    return redirect("sellers:members")


@require_POST
@require_seller
def remove(request: Request, membership_id: str) -> HttpResponse:
    """A member leaves."""
    seller = request.caller.require_seller(Capability.MANAGE_PEOPLE)
    operations.remove_member(request.caller, seller, membership_id)
    messages.success(request, _("The member is removed."))
    return redirect("sellers:members")


@require_POST
@require_seller
def withdraw(request: Request, invitation_id: str) -> HttpResponse:
    """An invitation's link dies."""
    seller = request.caller.require_seller(Capability.MANAGE_PEOPLE)
    operations.withdraw_invitation(request.caller, seller, invitation_id)
    messages.success(request, _("The invitation is withdrawn."))
    return redirect("sellers:members")


def join(request: Request, secret: str) -> HttpResponse:
    """What the invitation is for; signed in, the button that accepts it."""
    if request.method == "POST":
        membership = operations.accept_invitation(request.caller, secret=secret)
        request.session[SESSION_SELLER] = membership.seller.number
        messages.success(request, _("You work in %(seller)s now.") % {"seller": membership.seller})
        return redirect(first_page(request))
    invitation = operations.invitation_for(secret)
    context = {"invitation": invitation, "role": words.MEMBER_ROLES[invitation.role]}
    return render(request, "sellers/join.html", context)


def _shown(membership: Membership, grantable: frozenset[MemberRole]) -> dict[str, Any]:
    role = MemberRole(membership.role)
    return {
        "row": membership,
        "person": membership.person,
        "role": words.MEMBER_ROLES[role],
        "role_value": str(role),
        "may_change": role in grantable,
    }

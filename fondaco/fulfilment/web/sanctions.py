"""The operator's sanctions: three separate actions, and their way back (PRIME-03, Q-53)."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from fondaco.fulfilment.operations import sanctions
from fondaco.fulfilment.queries.programme import enrolments_for_operator, prime_offers_of, sanctions_for_operator
from fondaco.fulfilment.queries.standing import open_plans
from fondaco.fulfilment.web import prime_words as words
from fondaco.fulfilment.web import standing
from fondaco.kit.errors import NotFound
from fondaco.sellers.access import Request
from fondaco.sellers.queries import seller_for
from fondaco.web.access import require_role
from fondaco.web.paging import page_of


@require_role("operator")
def listing(request: Request) -> HttpResponse:
    """Who is in the programme, and what was taken away from whom."""
    page = page_of(sanctions_for_operator(request.caller), request=request, order=("-made_at", "-id"), size=50)
    context = {
        "page": page,
        "rows": [(row, words.SANCTIONS[row.kind]) for row in page],
        "plans": [standing.plan_row(plan) for plan in open_plans(request.caller)[:50]],
        "enrolments": [
            (e, words.STATES[e.state], words.STATE_TONES[e.state])
            for e in enrolments_for_operator(request.caller)[:200]
        ],
    }
    return render(request, "fulfilment/sanctions.html", context)


@require_role("operator")
def seller(request: Request, number: str) -> HttpResponse:
    """One account: its offers in the programme, what can be removed, what was."""
    account = seller_for(request.caller, number=number)
    rows = sanctions_for_operator(request.caller).filter(seller=account).order_by("-made_at")
    enrolment = getattr(account, "prime", None)
    context = {
        "standing": standing.shown(enrolment) if enrolment else None,
        "decides": True,
        "seller": account,
        "items": prime_offers_of(account),
        "rows": [(row, words.SANCTIONS[row.kind]) for row in rows[:100]],
        "enrolment": enrolment,
        "trail": [(_("Sanctions"), reverse("fulfilment:sanctions")), (account.display_name, "")],
    }
    return render(request, "fulfilment/sanctions_seller.html", context)


@require_POST
@require_role("operator")
def make(request: Request, number: str) -> HttpResponse:
    """One of the three."""
    account = seller_for(request.caller, number=number)
    kind, reason = request.POST.get("kind", ""), request.POST.get("reason", "")
    if kind == "remove_offers":
        sanctions.sanction_offer(request.caller, offer_id=request.POST.get("offer", ""), reason=reason)
    elif kind == "remove_eligibility":
        sanctions.sanction_eligibility(request.caller, seller=account, reason=reason)
    elif kind == "remove_selling_privileges":
        sanctions.sanction_selling(request.caller, seller=account, reason=reason)
    else:
        raise NotFound
    messages.success(request, _("Done. The seller is told, with your reason."))
    return redirect("fulfilment:sanctions_seller", number)


@require_POST
@require_role("operator")
def lift(request: Request, sanction_id: str) -> HttpResponse:
    """Taken back."""
    row = sanctions.lift(request.caller, sanction_id=sanction_id, reason=request.POST.get("reason", ""))
    messages.success(request, _("Taken back. The seller is told."))
    return redirect("fulfilment:sanctions_seller", row.seller.number)

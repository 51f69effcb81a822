"""Support's judgement on a disputed hazard class: a part of the case's page, and where its form goes."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from fondaco.cases.models import Case
from fondaco.engine import clock
from fondaco.kit.errors import NotFound, Refusal
from fondaco.returns.models import HazmatClearing
from fondaco.returns.operations import hazmat
from fondaco.returns.web import words
from fondaco.returns.web.forms import ClearForm
from fondaco.sellers.access import Request
from fondaco.sellers.rules import Role
from fondaco.web.access import require_role
from fondaco.web.refusals import spoken


@require_POST
@require_role(Role.SUPPORT, Role.OPERATOR)
def judgement(request: Request, number: str) -> HttpResponse:
    """Clear the class or keep it."""
    form = ClearForm(request.POST)
    given: dict[str, Any] = form.cleaned_data if form.is_valid() else {}
    try:
        if request.POST.get("verb") == "keep":
            hazmat.keep_class(request.caller, case_number=number, note=request.POST.get("note", ""))
            messages.success(request, _("The class stays, and the seller is told why."))
        else:
            hazmat.clear_class(
                request.caller,
                case_number=number,
                note=given.get("note", ""),
                sections=given.get("sections"),
                all_the_same=given.get("all_the_same", False),
            )
            messages.success(request, _("The class is cleared. Buyers can return the item again."))
    except NotFound:
        raise
    except Refusal as refusal:
        said = spoken(refusal)
        messages.error(request, " ".join(filter(None, (said.words, said.fix))))
    return redirect("cases:desk_case", number)


def panel(request: HttpRequest, case: Case, at_desk: bool) -> dict[str, Any] | None:
    """What support sees beside a hazmat dispute."""
    if not at_desk:
        return None
    try:
        dispute = hazmat.dispute_of(case)
    except NotFound:
        return None
    points = hazmat.points_of(case, dispute.product, at=clock.now())
    return {
        "template": "returns/_case_panel.html",
        "dispute": dispute,
        "product": dispute.product,
        "points": [{"label": words.POINTS[p.code], "met": p.met} for p in points],
        "cleared": HazmatClearing.objects.filter(case=case).first(),
        "form": ClearForm(auto_id="clear_%s"),
        "is_hazardous": dispute.product.hazmat_class != "none",
        "asks_sections": any(p.code == "sections" for p in points),
    }

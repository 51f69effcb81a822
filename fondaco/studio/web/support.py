"""What support sees and does beside an imaging case."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from fondaco.cases.models import Case
from fondaco.cases.rules import CaseType
from fondaco.cases.web.panels import panel
from fondaco.kit.errors import Refusal
from fondaco.sellers.access import Request
from fondaco.studio import operations
from fondaco.studio.models import Cancellation, ImagingOrder
from fondaco.studio.web import words
from fondaco.web.access import require_role
from fondaco.web.refusals import spoken

ROLES = ("support", "operator")


@panel(CaseType.IMAGING_CANCELLATION, CaseType.IMAGING_QUALITY, CaseType.IMAGING_DELAYED, CaseType.NO_MODEL_IMAGING)
def orders_of(request: HttpRequest, case: Case, at_desk: bool) -> dict[str, Any] | None:
    """The imaging orders that a case is about, and what support can do with them."""
    if case.seller_id is None:
        return None
    asins = case.contents.get("asins") or [case.contents.get("asin", "")]
    rows = ImagingOrder.objects.filter(seller=case.seller_id, product__asin__in=asins).select_related("product")
    if label := case.contents.get("order"):
        rows = rows | ImagingOrder.objects.filter(seller=case.seller_id, label=label).select_related("product")
    found = list(rows.order_by("-placed_at")[:20])
    cancellation = Cancellation.objects.filter(case=case).select_related("order").first()
    if not found and case.type != CaseType.NO_MODEL_IMAGING:
        return None
    return {
        "template": "studio/_case_panel.html",
        "at_desk": at_desk,
        "orders": [
            {"order": o, "state": words.state_of(o), "tone": words.STATE_TONES[o.state], "where": words.WHERE[o.where]}
            for o in found
        ],
        "cancellation": cancellation,
        "cancellation_words": words.CANCELLATIONS[cancellation.state] if cancellation else "",
        "cancellation_tone": words.CANCELLATION_TONES[cancellation.state] if cancellation else "",
        "may_decide": at_desk and cancellation is not None and cancellation.state == "requested",
        "may_order": at_desk and case.type == CaseType.NO_MODEL_IMAGING,
    }


@require_POST
@require_role(*ROLES)
def cancellation(request: Request, number: str) -> HttpResponse:
    """Accept or refuse; what came too late is said and stays refused (Q-05)."""
    accept = request.POST.get("verb") == "accept"
    try:
        operations.decide_cancellation(request.caller, number=number, accept=accept)
    except Refusal as refusal:
        said = spoken(refusal)
        messages.error(request, f"{said.words} {said.fix}".strip())
    else:
        messages.success(
            request,
            _("Cancelled. The unit goes back into stock, and nothing is charged.")
            if accept
            else _("The cancellation is refused."),
        )
    return redirect("cases:desk_case", number)


@require_POST
@require_role(*ROLES)
def no_model(request: Request, number: str) -> HttpResponse:
    """Make or convert the orders of a no-model case."""
    for each in operations.fulfil_no_model(request.caller, number=number):
        if each.refusal is not None:
            said = spoken(each.refusal)
            messages.error(request, f"{each.asin}: {said.words} {said.fix}".strip())
        elif each.converted:
            messages.success(request, _("%(asin)s: the open order is made without a model.") % {"asin": each.asin})
        else:
            messages.success(
                request,
                _("%(asin)s: ordered without a model, %(label)s.") % {"asin": each.asin, "label": each.order},
            )
    return redirect("cases:desk_case", number)

"""Customer service: exceptions, stopped returns, units that never came, recoded reasons (PRIME-22, PRIME-32, Q-30, Q-32)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from fondaco.engine import clock
from fondaco.kit.errors import Refusal
from fondaco.returns import labels
from fondaco.returns.models import ReturnUnit
from fondaco.returns.operations import decide, reasons, refund
from fondaco.returns.operations.dispute import decide_dispute
from fondaco.returns.queries import lists
from fondaco.returns.queries.access import DESK_ROLES, return_at_desk
from fondaco.returns.rules.life import OPEN, Acceptance, Place
from fondaco.returns.web import beside, show
from fondaco.returns.web.forms import ReasonForm, WhyForm
from fondaco.sellers.access import Request
from fondaco.sellers.rules import Role
from fondaco.web.access import require_role
from fondaco.web.forms import refuse_with
from fondaco.web.paging import page_of

_FOLDERS = ("exceptions", "disputes", "blocked", "missing", "no_label", "all")


@require_GET
@require_role(*DESK_ROLES)
def listing(request: Request) -> HttpResponse:
    """What waits for customer service, by matter."""
    folder = request.GET.get("show", "exceptions")
    if folder not in _FOLDERS:
        folder = "exceptions"
    labels_ = {
        "exceptions": _("Exceptions to decide"),
        "disputes": _("Disputed reasons"),
        "blocked": _("Stopped: call the buyer"),
        "missing": _("Missing units"),
        "no_label": _("Without a label"),
        "all": _("All"),
    }
    page = page_of(
        lists.at_desk(request.caller, folder=folder), request=request, order=("-requested_at", "-id"), size=25
    )
    counts = {f: lists.at_desk(request.caller, folder=f).count() for f in _FOLDERS if f != "all"}
    context = {
        "page": page,
        "rows": [show.row_for_list(row, url_name="returns:desk_return") for row in page],
        "tabs": [
            {"label": labels_[f], "url": f"?show={f}", "current": f == folder, "count": counts.get(f, "")}
            for f in _FOLDERS
        ],
    }
    return render(request, "returns/desk.html", context)


@require_role(Role.CUSTOMER_SERVICE)
def detail(request: Request, number: str) -> HttpResponse:
    """One return, with what customer service may decide about it."""
    row = return_at_desk(request.caller, number)
    verb = request.POST.get("verb", "")
    why = WhyForm(request.POST if verb in ("accept", "decline", "refund_missing", "drop_missing") else None)
    recode: tuple[int, ReasonForm] | None = None
    status = 200
    if request.method == "POST":
        try:
            done = _done(request, number, verb, why)
        except Refusal as refusal:
            if verb in ("recode", "recode_dispute", "keep_dispute"):
                raise
            refuse_with(why, refusal)
            status = 422
        else:
            messages.success(request, done)
            return redirect("returns:desk_return", number)
    return _page(request, row.number, why, recode, status)


def _done(request: Request, number: str, verb: str, why: WhyForm) -> str:
    caller = request.caller
    unit = int(request.POST.get("unit") or 0) if request.POST.get("unit", "0").isdigit() else 0
    if verb in ("recode_dispute", "keep_dispute"):
        decide_dispute(
            caller,
            number=number,
            unit=unit,
            reason=request.POST.get("reason", "") if verb == "recode_dispute" else None,
            answer=request.POST.get("answer", ""),
        )
        return _("The dispute is decided. The seller reads your answer.")
    if verb == "recode":
        reasons.change_reason(
            caller,
            number=number,
            unit=unit,
            reason=request.POST.get("reason", ""),
            comment=request.POST.get("comment", ""),
            by_service=True,
        )
        return _("The reason is changed.")
    why.is_valid()
    said = why.cleaned_data.get("why", "")
    if verb in ("refund_missing", "drop_missing"):
        refund.settle_missing(caller, number=number, unit=unit, refund=verb == "refund_missing", why=said)
        return _("The missing unit is settled.")
    row = decide.decide_exception(caller, number=number, accept=verb == "accept", why=said)
    labels.settle_now(row.pk)
    return _("The return is authorised.") if verb == "accept" else _("The return is declined.")


def _page(request: Request, number: str, why: WhyForm, recode: Any, status: int) -> HttpResponse:
    row, now = return_at_desk(request.caller, number), clock.now()
    terms = show.terms_of(row)
    units = list(
        ReturnUnit.objects.filter(parcel=row)
        .select_related("unit__item__product__main_picture", "refund")
        .prefetch_related("photos__picture")
        .order_by("number")
    )
    cards = [show.unit_card(row, unit, terms=terms, now=now, of_buyer=False) for unit in units]
    for card in cards:
        unit = card["unit"]
        card["may_recode"] = row.acceptance in OPEN and not card["refund"] and not unit.dropped_at
        card["form"] = ReasonForm(
            terms=terms, categories=unit.categories, initial={"reason": unit.reason}, auto_id=f"r{unit.number}_%s"
        )
        card["dispute"] = unit.disputes.filter(state="filed").select_related("author").first()
        card["is_missing"] = unit.place == Place.MISSING and not card["refund"] and not unit.dropped_at
    state, tone = show.state_of(row, units)
    context = {
        "row": row,
        "beside": beside.panels_of(row, caller=request.caller, side="staff"),
        "cards": cards,
        "state": state,
        "tone": tone,
        "steps": show.steps_of(row, units),
        "events": show.timeline_of(row, terms=terms, units=units),
        "may_decide": row.acceptance == Acceptance.OUT_OF_WINDOW,
        "is_blocked": row.acceptance == Acceptance.BLOCKED,
        "why_form": why,
        "missing_after": terms.missing_after_days,
        "label_words": show.label_words(row),
        "trail": [(_("Returns"), reverse("returns:desk")), (row.number, "")],
    }
    return render(request, "returns/desk_return.html", context, status=status)

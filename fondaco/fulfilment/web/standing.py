"""Trial, notices and plan of action: what the seller's and the operator's pages show and send."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from fondaco.engine import clock
from fondaco.fulfilment.models import Enrolment, Notice, PlanOfAction, Trial
from fondaco.fulfilment.operations import standing as operations
from fondaco.fulfilment.queries.standing import standing_of
from fondaco.fulfilment.rules.metrics import Code
from fondaco.fulfilment.web import prime_words as words
from fondaco.fulfilment.web.performance import measure_row, measure_words
from fondaco.sellers.access import Request
from fondaco.sellers.queries import seller_for
from fondaco.web.access import require_role, require_seller


def shown(enrolment: Enrolment) -> dict[str, Any]:
    """For the panels of both pages."""
    found = standing_of(enrolment, at=clock.now())
    return {
        "trial": found.trial,
        "trial_days": found.trial_days,
        "most_trials": found.most_trials,
        "measures": [measure_row(m, measure_words(m.code)) for m in found.measures],
        "earlier": [_trial(t) for t in found.earlier],
        "notices": [_notice(n) for n in found.notices],
        "plan": plan_row(found.plan) if found.plan else None,
        "may_appeal": found.may_appeal,
        "appeal_until": found.appeal_until,
    }


def plan_row(plan: PlanOfAction) -> dict[str, Any]:
    return {"plan": plan, "state": words.PLAN_STATES[plan.state], "tone": words.PLAN_TONES[plan.state]}


def _trial(trial: Trial) -> dict[str, Any]:
    missed = [code for code, (_good, _of, met) in trial.measured.items() if met is not True]
    return {
        "trial": trial,
        "state": words.TRIAL_STATES[trial.state],
        "tone": words.TRIAL_TONES[trial.state],
        "missed": [measure_words(Code(code)) for code in missed],
    }


def _notice(notice: Notice) -> dict[str, Any]:
    return {
        "notice": notice,
        "kind": words.NOTICE_KINDS[notice.kind],
        "step": words.NOTICE_STEPS[notice.step],
        "tone": "bad" if notice.step == "ineligible" else "warn",
        "missed": [measure_words(Code(code)) for code in notice.missed],
    }


@require_POST
@require_seller
def begin(request: Request) -> HttpResponse:
    """The trial begins."""
    operations.begin_trial(request.caller)
    messages.success(request, _("The trial has begun. Now enrol offers: what you send counts."))
    return redirect("fulfilment:prime")


@require_POST
@require_seller
def file_plan(request: Request) -> HttpResponse:
    """A plan of action."""
    operations.file_plan(
        request.caller, root_cause=request.POST.get("root_cause", ""), steps=request.POST.get("steps", "")
    )
    messages.success(request, _("Your plan of action is filed. The marketplace answers here and by e-mail."))
    return redirect("fulfilment:prime")


@require_POST
@require_role("operator")
def decide_plan(request: Request, plan_id: str) -> HttpResponse:
    """Accepted or declined."""
    accept = request.POST.get("accept") == "yes"
    plan = operations.decide_plan(request.caller, plan_id=plan_id, accept=accept, answer=request.POST.get("answer", ""))
    messages.success(request, _("Decided. The seller is told."))
    return redirect("fulfilment:sanctions_seller", plan.enrolment.seller.number)


@require_POST
@require_role("operator")
def size_error(request: Request, number: str) -> HttpResponse:
    """A size that was said wrong."""
    account = seller_for(request.caller, number=number)
    operations.record_size_error(
        request.caller, seller=account, offer_id=request.POST.get("offer", ""), why=request.POST.get("why", "")
    )
    messages.success(request, _("The notice is written. The seller is told."))
    return redirect("fulfilment:sanctions_seller", number)

"""Returns and refunds for programs. The preview is the one plan that pages show and operations carry out."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _
from ninja import Router, Schema

from fondaco.api import IdempotencyKey, Limit, PageOut, answers, paged
from fondaco.engine import clock
from fondaco.kit.errors import NotFound
from fondaco.orders.queries.access import order_of_buyer
from fondaco.policy import store_of
from fondaco.returns.models import Refund, Return, ReturnUnit
from fondaco.returns.operations import decide, reasons
from fondaco.returns.operations import refund as refunds
from fondaco.returns.operations import request as requests
from fondaco.returns.queries.access import own_return, return_of_seller
from fondaco.returns.queries.expected import expect, planned
from fondaco.returns.queries.judging import Wanted
from fondaco.returns.queries.lists import FOLDERS, loaded, returns_of_buyer, returns_of_seller
from fondaco.returns.rules.refund import RefundPlan, UnitPlan
from fondaco.returns.terms import terms_for
from fondaco.sellers.access import Request
from fondaco.web.paging import page_of

router = Router(tags=["returns"])


class ReasonOut(Schema):
    """A row of Table C."""

    number: int
    key: str
    label: str
    payer: str


class WantedIn(Schema):
    """One unit, by the id that the order's answer names, and why: the key or number of a reason."""

    unit: str
    reason: str | int
    comment: str = ""


class AskIn(Schema):
    order: str
    units: list[WantedIn]


class LineOut(Schema):
    """One line of the sum: positive is paid, negative is kept. Minor units."""

    kind: str
    minor: int
    clause: str


class UnitPlanOut(Schema):
    unit: str
    refund_minor: int
    payer: str
    most_deduct_pct: int
    cap_clause: str
    photo_and_grade_from_pct: int
    label_share_minor: int
    label_on_seller_minor: int
    lateness: str
    lines: list[LineOut]


class PlanOut(Schema):
    """The lines of all units sum to the refund."""

    currency: str
    refund_minor: int
    label_on_seller_minor: int
    policy_version: str
    units: list[UnitPlanOut]


class AnswerOut(Schema):
    """What a unit's request would be answered."""

    unit: str
    reason: str
    answer: str
    clause: str
    payer: str
    window_ends: date | None


class PreviewOut(Schema):
    """`plan` is null when nothing could come back now; `label_minor` while no carrier can say."""

    answers: list[AnswerOut]
    label_minor: int | None
    plan: PlanOut | None


class UnitOut(Schema):
    number: int
    unit: str
    title: str
    reason: str
    payer: str
    place: str
    grade: str
    window_ends: date
    due_at: datetime | None
    refunded_minor: int | None


class ReturnOut(Schema):
    number: str
    order: str
    acceptance: str
    is_prime: bool
    requested_at: datetime
    currency: str
    label_state: str
    label_minor: int
    tracking: str
    units: list[UnitOut]


class ReasonIn(Schema):
    reason: str | int
    comment: str = ""


class RefundIn(Schema):
    """`expected_minor`: what the preview said; another plan by now is refused. `label_minor`: the label deduction, stated;
    above what is left of the refund, or other than the plan's, it is refused."""

    deduct_pct: int = 0
    expected_minor: int | None = None
    currency: str = ""
    label_minor: int | None = None


class RefundOut(Schema):
    """What was refunded for one unit."""

    amount_minor: int
    currency: str
    deduct_pct: int
    by: str
    is_breach: bool
    at: datetime
    label_on_seller_minor: int


@router.get("/reasons", response=answers(list[ReasonOut]), summary="The reasons for a return, and who pays the label")
def chooser(request: Request, store: str = "US") -> list[dict[str, Any]]:
    now = clock.now()
    terms = terms_for(store_of(store).code, placed_at=now, requested_at=now)
    return [{"number": r.number, "key": r.key, "label": _(r.label), "payer": r.payer} for r in terms.reasons]


@router.post("/previews", response=answers(PreviewOut), summary="What a return would be answered and bring")
def preview(request: Request, body: AskIn) -> dict[str, Any]:
    """Of something you bought. Writes nothing."""
    found = expect(order_of_buyer(request.caller, body.order), _wanted(body), now=clock.now())
    return {
        "answers": [
            {
                "unit": str(j.unit.pk),
                "reason": j.reason,
                "answer": str(j.decision.answer),
                "clause": j.decision.clause,
                "payer": j.decision.payment.payer.value if j.decision.payment else "",
                "window_ends": j.window.last_day if j.window else None,
            }
            for j in found.judged
        ],
        "label_minor": found.label_minor,
        "plan": _plan(found.plan) if found.plan else None,
    }


@router.post("/returns", response=answers(list[ReturnOut], status=201), summary="Ask to return units")
def ask(request: Request, body: AskIn, key: IdempotencyKey) -> tuple[int, list[dict[str, Any]]]:
    """One return for each answer, usually one. The same key again answers the same."""
    made = requests.request_return(request.caller, order_number=body.order, wanted=_wanted(body), request_key=key)
    return 201, [_return(own_return(request.caller, row.number)) for row in made]


@router.get("/returns", response=answers(PageOut[ReturnOut]), summary="What you send back")
def sent_back(request: Request, limit: Limit = 50) -> dict[str, Any]:
    page = page_of(returns_of_buyer(request.caller), request=request, order=("-requested_at", "-id"), size=limit)
    return paged(page, _return)


@router.get("/returns/{number}", response=answers(ReturnOut), summary="One of your returns")
def one(request: Request, number: str) -> dict[str, Any]:
    return _return(own_return(request.caller, number))


@router.delete("/returns/{number}", response=answers(ReturnOut), summary="Take a return back")
def cancel(request: Request, number: str) -> dict[str, Any]:
    """Until the carrier's first scan. Again, nothing changes."""
    decide.cancel_return(request.caller, number=number)
    return _return(own_return(request.caller, number))


@router.put("/returns/{number}/units/{unit}/reason", response=answers(ReturnOut), summary="Another reason")
def recode(request: Request, number: str, unit: int, body: ReasonIn) -> dict[str, Any]:
    """Until the carrier's first scan; all versions are kept (Q-31)."""
    reasons.change_reason(request.caller, number=number, unit=unit, reason=body.reason, comment=body.comment)
    return _return(own_return(request.caller, number))


@router.get("/seller/returns", response=answers(PageOut[ReturnOut]), summary="Returns to the account")
def coming(request: Request, limit: Limit = 50, folder: str = "all") -> dict[str, Any]:
    """`folder`: to_answer, on_the_way, to_refund, done, all."""
    rows = returns_of_seller(request.caller, folder=folder if folder in FOLDERS else "all")
    page = page_of(rows, request=request, order=("-requested_at", "-id"), size=limit)
    return paged(page, _return)


@router.get("/seller/returns/{number}", response=answers(ReturnOut), summary="One return to the account")
def coming_one(request: Request, number: str) -> dict[str, Any]:
    return _return(return_of_seller(request.caller, number))


@router.get(
    "/seller/returns/{number}/units/{unit}/refund-preview",
    response=answers(PlanOut),
    summary="The plan of a refund, line by line",
)
def refund_preview(request: Request, number: str, unit: int, deduct_pct: int = 0) -> dict[str, Any]:
    """The same plan that the refund carries out. Writes nothing; a deduction above the cap is refused."""
    row = return_of_seller(request.caller, number)
    found = ReturnUnit.objects.filter(parcel=row, number=unit).first()
    if found is None:
        raise NotFound(what="unit")
    return _plan(planned(row, found, now=clock.now(), deduct_pct=deduct_pct).plan)


@router.post(
    "/seller/returns/{number}/units/{unit}/refund", response=answers(RefundOut), summary="Refund an arrived unit"
)
def refund(request: Request, number: str, unit: int, body: RefundIn) -> dict[str, Any]:
    """A unit is refunded once: again, it answers the same refund."""
    done: Refund = refunds.refund_unit(
        request.caller,
        number=number,
        unit=unit,
        deduct_pct=body.deduct_pct,
        expected_minor=body.expected_minor,
        currency=body.currency,
        label_minor=body.label_minor,
    )
    return {
        "amount_minor": done.amount_minor,
        "currency": done.currency,
        "deduct_pct": done.deduct_pct,
        "by": done.refunded_by,
        "is_breach": done.is_breach,
        "at": done.at,
        "label_on_seller_minor": done.label_on_seller_minor,
    }


def _wanted(body: AskIn) -> list[Wanted]:
    return [Wanted(each.unit, each.reason, each.comment[:1000]) for each in body.units]


def _plan(plan: RefundPlan) -> dict[str, Any]:
    return {
        "currency": plan.currency,
        "refund_minor": plan.refund_minor,
        "label_on_seller_minor": plan.label_on_seller_minor,
        "policy_version": plan.policy_version,
        "units": [_unit_plan(unit) for unit in plan.units],
    }


def _unit_plan(unit: UnitPlan) -> dict[str, Any]:
    return {
        "unit": unit.unit,
        "refund_minor": unit.refund_minor,
        "payer": str(unit.payer.value),
        "most_deduct_pct": unit.cap.pct,
        "cap_clause": unit.cap.clause,
        "photo_and_grade_from_pct": unit.cap.photo_and_grade_from_pct,
        "label_share_minor": unit.label_share_minor,
        "label_on_seller_minor": unit.label_on_seller_minor,
        "lateness": str(unit.lateness.value),
        "lines": [{"kind": c.kind, "minor": c.minor, "clause": c.clause} for c in unit.components],
    }


def _return(row: Return) -> dict[str, Any]:
    found = loaded(Return.objects.filter(pk=row.pk)).get() if not hasattr(row, "_prefetched_objects_cache") else row
    return {
        "number": found.number,
        "order": found.order.number,
        "acceptance": found.acceptance,
        "is_prime": found.is_prime,
        "requested_at": found.requested_at,
        "currency": found.currency,
        "label_state": found.label_state,
        "label_minor": found.label_minor,
        "tracking": found.tracking_number,
        "units": [
            {
                "number": u.number,
                "unit": str(u.unit_id),
                "title": u.unit.item.title,
                "reason": u.reason,
                "payer": u.payer,
                "place": u.place,
                "grade": u.grade,
                "window_ends": u.last_day,
                "due_at": u.due_at,
                "refunded_minor": u.refund.amount_minor if hasattr(u, "refund") else None,
            }
            for u in sorted(found.units.all(), key=lambda u: u.number)
        ],
    }

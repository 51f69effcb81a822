"""Claims as their sides see them: the seller's list, filing, the thread; the buyer's guarantee claim."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from fondaco import history
from fondaco.engine import clock, files
from fondaco.kit.errors import NotFound, Refusal
from fondaco.kit.money import Money
from fondaco.messaging.queries.access import Seen, conversation_for, shared_conversation
from fondaco.messaging.rules.words import Side
from fondaco.messaging.uses import PhotoCopy, copies_of
from fondaco.orders.models import OrderUnit, PayBack
from fondaco.orders.queries import order_of_buyer
from fondaco.sellers.access import Request
from fondaco.sellers.rules import Capability
from fondaco.service import photos
from fondaco.service.models import GuaranteeClaim, Reimbursement
from fondaco.service.operations import guarantees, reimbursements
from fondaco.service.queries import access, neighbours
from fondaco.service.queries.facts import charged_minor
from fondaco.service.rules.claims import ClaimState, Fault, Ground, GuaranteeState
from fondaco.service.terms import Terms
from fondaco.service.web import show, words
from fondaco.service.web.forms import AnswerForm, DecideForm, FileForm, OpenForm, ProveForm, SayForm, refuse
from fondaco.web.access import require_role, require_seller, signed_in


@require_seller
def seller_claims(request: Request) -> HttpResponse:
    """Refunds that the marketplace gave, the claims about them, and what buyers claim."""
    given = list(access.remedies_of_seller(request.caller).order_by("-made_at", "-id")[:50])
    claimed = set(access.reimbursements_of_seller(request.caller).values_list("payback_id", flat=True))
    rows = []
    for remedy in given:
        row = show.remedy_row(remedy)
        row["to_claim"] = [pk for pk in row["paybacks"] if remedy.charges_seller and pk not in claimed]
        rows.append(row)
    claims = access.reimbursements_of_seller(request.caller).order_by("-updated_at", "-id")[:50]
    guarantees_ = access.guarantees_of_seller(request.caller).order_by("-updated_at", "-id")[:50]
    returned = neighbours.return_refunds_by_us(request.caller.require_seller())
    context = {
        "returned": [
            show.return_refund_row(refund, payback) | {"to_claim": payback.pk not in claimed}
            for refund, payback in returned
        ],
        "remedies": rows,
        "claims": [show.claim_row(each, at_desk=False) for each in claims],
        "guarantees": [show.guarantee_row(each) for each in guarantees_],
        "may_claim": request.caller.may(Capability.HANDLE_RETURNS),
    }
    return render(request, "service/seller_claims.html", context)


@require_seller
def file(request: Request, payback_id: UUID) -> HttpResponse:
    """Claim a refund back."""
    seller = request.caller.require_seller(Capability.HANDLE_RETURNS)
    payback = (
        PayBack.objects.select_related("order__seller", "unit__item")
        .filter(pk=payback_id, order__seller=seller)
        .first()
    )
    if payback is None:
        raise NotFound(what="refund")
    sent = _photos_of(request, payback)
    form = FileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            claim = reimbursements.file(
                request.caller,
                payback_id=payback_id,
                ground=Ground(given["ground"]),
                text=given["text"],
                documents=form.evidence(),
                photos=sent,
                amount=form.money("amount", payback.currency),
                request_key=given["request_key"],
            )
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("The claim is filed. Customer service looks at it."))
            return redirect("service:seller_claim", claim.number)
    charged = Money(charged_minor(payback), payback.currency)
    grounds = [
        {"words": words.GROUNDS[ground], "filing": reimbursements.can_file(payback, ground, at=clock.now())}
        for ground in Ground
    ]
    for each in grounds:
        each["why"] = words.WHY_NOT.get(each["filing"].code, "")
    shown = [show.photo_row(photo.pk, photo.label, photo.sha256) for photo in sent]
    context = {"form": form, "payback": payback, "charged": charged, "grounds": grounds, "photos": shown}
    return render(request, "service/file.html", context, status=422 if form.is_bound else 200)


def _photos_of(request: Request, payback: PayBack) -> list[PhotoCopy]:
    """The buyer's photographs of the conversation that `?photos=` names, if it is about the refund's order. Raises NotFound."""
    number = request.GET.get("photos", "")
    if not number:
        return []
    try:
        seen = conversation_for(request.caller, number)
    except NotFound:
        seen = Seen(shared_conversation(request.caller, number), Side.SELLER, False, only_shared=True)
    if seen.conversation.order_id != payback.order_id or seen.side is not Side.SELLER:
        raise NotFound(what="conversation")
    return copies_of(seen)


@require_seller
def seller_claim(request: Request, number: str) -> HttpResponse:
    """A reimbursement claim, as its seller."""
    return _claim(request, number, at_desk=False)


@require_role(*access.DESK_ROLES)
def desk_claim(request: Request, number: str) -> HttpResponse:
    """A reimbursement claim, as customer service."""
    return _claim(request, number, at_desk=True)


@signed_in
def document(request: Request, number: str, sha256: str) -> HttpResponse:
    """Evidence: as a download, never shown in the page."""
    claim = access.reimbursement_for(request.caller, number)
    kept = next((each for note in claim.notes.all() for each in note.documents if each["sha256"] == sha256), None)
    if kept is None:
        raise NotFound
    response = HttpResponse(files.read("documents", sha256), content_type="application/octet-stream")
    response["Content-Disposition"] = content_disposition_header(True, kept["name"]) or ""
    return response


@signed_in
def open_guarantee(request: Request, number: str) -> HttpResponse:
    """The buyer claims a unit."""
    order = order_of_buyer(request.caller, number)
    units = [u for item in order.items.all() for u in sorted(item.units.all(), key=lambda u: u.number)]
    units = [unit for unit in units if unit.state != "cancelled"]
    form = OpenForm(request.POST or None, units=units)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            claim = guarantees.open_claim(
                request.caller, number=number, unit=given["unit"], fault=Fault(given["fault"]), text=given["text"]
            )
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("The claim is open. The seller answers first; then we decide."))
            return redirect("service:guarantee", claim.number)
    terms = Terms(order.store, at=clock.now())
    times = {name: terms(f"claim.guarantee.{name}") for name in ("wait_hours", "latest_days")}
    mine = GuaranteeClaim.objects.filter(order=order).select_related("order")
    context = {
        **times,
        "order": order,
        "form": form,
        "claims": [show.guarantee_row(each) for each in mine],
        "opens": _opens(units),
    }
    return render(request, "service/open_guarantee.html", context, status=422 if form.is_bound else 200)


@signed_in
def guarantee(request: Request, number: str) -> HttpResponse:
    """A guarantee claim, for its buyer, its seller and customer service, each with what they may do now."""
    claim = access.guarantee_for(request.caller, number)
    side = _side(request, claim)
    is_answer = request.method == "POST" and request.POST.get("verb") != "photos"
    form = _guarantee_form(claim, side, request.POST if is_answer else None)
    if request.method == "POST":
        try:
            if request.POST.get("verb") == "withdraw":
                guarantees.withdraw(request.caller, number=number)
            elif request.POST.get("verb") == "photos" and side == "buyer":
                photos.put_all(request.caller, claim)
            elif form is None or not form.is_valid():
                raise NotFound if form is None else _Unfinished
            else:
                _act_on_guarantee(request, claim, side, form)
        except _Unfinished:
            pass
        except Refusal as refusal:
            if form is None:
                raise
            refuse(form, refusal)
        else:
            messages.success(request, _("Done."))
            return redirect("service:guarantee", number)
    context = {
        **show.guarantee_row(claim),
        "side": side,
        "form": form,
        "can_withdraw": side == "buyer" and claim.state in (GuaranteeState.AWAITING_SELLER, GuaranteeState.UNDER_REVIEW) and not claim.round,
        "photos": [
            show.photo_row(each.photo_id, each.photo.label or each.photo.file_name, each.photo.sha256)
            for each in claim.evidence.select_related("photo").order_by("at", "photo__message_id", "photo__place")
        ],
        "can_add_photos": side == "buyer" and bool(photos.photos_for(request.caller, claim)),
        "can_appeal": bool(form) and claim.state == GuaranteeState.RESOLVED,
        "events": history.timeline(claim),
    }  # fmt: skip
    return render(request, "service/guarantee.html", context, status=422 if form is not None and form.is_bound else 200)


class _Unfinished(Exception):
    """The form has faults of its own."""


def _claim(request: Request, number: str, *, at_desk: bool) -> HttpResponse:
    claim = access.reimbursement_for(request.caller, number)
    ask, decide, say = _claim_forms(request, claim, at_desk=at_desk)
    bound = next((form for form in (ask, decide, say) if form is not None and form.is_bound), None)
    if bound is not None and bound.is_valid():
        try:
            _act_on_claim(request, claim, bound, is_question=bound is ask)
        except Refusal as refusal:
            refuse(bound, refusal)
        else:
            messages.success(request, _("Done."))
            return redirect("service:claim" if at_desk else "service:seller_claim", number)
    person = request.caller.person
    notes = list(claim.notes.select_related("author").order_by("id"))
    context = {
        **show.claim_row(claim, at_desk=at_desk),
        "at_desk": at_desk,
        "letters": show.letters(notes, number=claim.number, person_id=person and person.pk),
        "ask_form": ask,
        "decide_form": decide,
        "say_form": say,
        "is_appeal": claim.state == ClaimState.RESOLVED,
        "events": history.timeline(claim),
    }
    return render(request, "service/claim.html", context, status=422 if bound is not None else 200)


def _claim_forms(request: Request, claim: Reimbursement, *, at_desk: bool) -> tuple[Any, Any, Any]:
    """The forms that this side may use now: ask and decide, or answer and appeal."""
    data, verb = (request.POST, request.POST.get("verb")) if request.method == "POST" else (None, "")
    if at_desk:
        if claim.state != ClaimState.UNDER_INVESTIGATION:
            return None, None, None
        return (
            SayForm(data if verb == "ask" else None, prefix="ask"),
            DecideForm(data if verb == "decide" else None, prefix="decide"),
            None,
        )
    may = request.caller.may(Capability.HANDLE_RETURNS, seller=claim.seller)
    in_time = claim.appeal_due_at is not None and clock.now() <= claim.appeal_due_at
    if may and (claim.state == ClaimState.AWAITING_SELLER or (claim.state == ClaimState.RESOLVED and in_time)):
        uploads = request.FILES if verb == "say" else None
        return None, None, ProveForm(data if verb == "say" else None, uploads, prefix="say")
    return None, None, None


def _act_on_claim(request: Request, claim: Reimbursement, form: Any, *, is_question: bool) -> None:
    given, caller = form.cleaned_data, request.caller
    key = given["request_key"]
    if isinstance(form, DecideForm):
        reimbursements.decide(
            caller, number=claim.number, grant=given["verdict"] == "granted", why=given["text"],
            amount=form.money("amount", claim.currency), request_key=key,
        )  # fmt: skip
    elif is_question:
        reimbursements.ask(caller, number=claim.number, text=given["text"], request_key=key)
    else:
        verb = reimbursements.appeal if claim.state == ClaimState.RESOLVED else reimbursements.reply
        verb(caller, number=claim.number, text=given["text"], documents=form.evidence(), request_key=key)


def _side(request: Request, claim: GuaranteeClaim) -> str:
    if request.caller.person and claim.buyer_id == request.caller.person.pk:
        return "buyer"
    return "seller" if request.caller.role_in(claim.seller) else "desk"


def _guarantee_form(claim: GuaranteeClaim, side: str, data: Any) -> Any:
    """What this side may do now, or nothing."""
    if side == "seller" and claim.state == GuaranteeState.AWAITING_SELLER:
        return AnswerForm(data)
    if side == "desk" and claim.state == GuaranteeState.UNDER_REVIEW:
        form = DecideForm(data)
        del form.fields["amount"]
        return form
    lost = "buyer" if claim.verdict == "declined" else "seller"
    in_time = claim.appeal_due_at is not None and clock.now() <= claim.appeal_due_at
    if claim.state == GuaranteeState.RESOLVED and in_time and side == lost:
        return SayForm(data)
    return None


def _act_on_guarantee(request: Request, claim: GuaranteeClaim, side: str, form: Any) -> None:
    given, caller = form.cleaned_data, request.caller
    if isinstance(form, AnswerForm):
        guarantees.answer(caller, number=claim.number, accept=given["accept"] == "yes", text=given["text"])
    elif isinstance(form, DecideForm):
        guarantees.decide(caller, number=claim.number, grant=given["verdict"] == "granted", why=given["text"])
    else:
        guarantees.appeal(caller, number=claim.number, text=given["text"])


def _opens(units: list[OrderUnit]) -> Any:
    """From when a claim can be opened, if the buyer has written and only has to wait."""
    answers = [guarantees.can_open(unit, Fault.NOT_AS_DESCRIBED, at=clock.now()) for unit in units]
    waiting = [answer.opens_at for answer in answers if answer.code == "wait" and answer.opens_at]
    return min(waiting, default=None)

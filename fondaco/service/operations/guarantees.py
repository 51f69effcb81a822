"""Guarantee claims of buyers (B-PRIME-24): after the seller had its time, decided here, appealed once."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from fondaco import history
from fondaco.engine import clock
from fondaco.kit.calendar import add_calendar_days, end_of_day
from fondaco.kit.errors import Denied, NotFound
from fondaco.kit.text import paragraphs
from fondaco.ledger import operations as ledger
from fondaco.ledger.rules import AccountKind, Cause, PostingKind
from fondaco.orders import locks
from fondaco.orders import operations as orders
from fondaco.orders.models import OrderUnit
from fondaco.orders.queries import order_of_buyer
from fondaco.sellers.access import Caller
from fondaco.sellers.rules import Capability
from fondaco.service.models import GuaranteeClaim, Remedy
from fondaco.service.operations.refusals import CannotBeClaimed, NotThatState, TooLateToAppeal, WhyNeeded
from fondaco.service.operations.remedies import Decision, carry_out, marketplace_bears
from fondaco.service.queries.access import DESK_ROLES, guarantee_for, require_stranger
from fondaco.service.queries.facts import destination_zone, guarantee_facts
from fondaco.service.rules.claims import Fault, GuaranteeState, Opening, Verdict, opening
from fondaco.service.rules.remedies import CLAUSES, RemedyKind, shares
from fondaco.service.terms import Terms

TEXT_LIMIT = 4000


def can_open(unit: OrderUnit, fault: Fault, *, at: datetime, terms: Terms | None = None) -> Opening:
    """Whether the buyer can claim this unit now, and if not yet, from when."""
    order = unit.item.order
    terms = terms or Terms(order.store, at=at)
    zone = destination_zone(order)
    return opening(
        guarantee_facts(unit, promised_end=end_of_day(unit.item.promised_date, zone)),
        fault=fault,
        wait_hours=terms("claim.guarantee.wait_hours"),
        latest_days=terms("claim.guarantee.latest_days"),
        handmade_notice_days=terms("claim.guarantee.handmade_notice_days"),
        zone=zone,
        at=at,
    )


def open_claim(caller: Caller, *, number: str, unit: UUID | str, fault: Fault, text: str) -> GuaranteeClaim:
    """The buyer claims one unit. The unit has one claim: asked again, it is that. Raises NotFound, WhyNeeded, CannotBeClaimed."""
    order = order_of_buyer(caller, number)
    row = OrderUnit.objects.select_related("item__order__seller", "parcel").filter(
        pk=str(unit), item__order=order
    ).first()  # fmt: skip
    if row is None:
        raise NotFound(what="unit")
    said, now = _said(text), clock.now()
    try:
        with transaction.atomic():
            locks.order(order.pk)
            if earlier := GuaranteeClaim.objects.filter(unit=row).first():
                return earlier
            terms = Terms(order.store, at=now)
            answer = can_open(row, fault, at=now, terms=terms)
            if not answer.is_open:
                raise CannotBeClaimed(why=answer.code, code=answer.code, opens_at=answer.opens_at, clause=answer.clause)
            claim = GuaranteeClaim.objects.create(
                buyer=order.buyer,
                seller=order.seller,
                order=order,
                unit=row,
                fault=fault,
                text=said,
                seller_due_at=now + timedelta(hours=terms("claim.guarantee.seller_answer_hours")),
                terms=terms.versions,
                opened_at=now,
                updated_at=now,
            )
            _tell(claim, caller, "guarantee.opened", fault=str(fault), due=claim.seller_due_at)
    except IntegrityError:
        if earlier := GuaranteeClaim.objects.filter(unit=row).first():
            return earlier
        raise
    return claim


def answer(caller: Caller, *, number: str, accept: bool, text: str) -> GuaranteeClaim:
    """The seller refunds the claim, or says why not and customer service decides. Raises NotThatState, WhyNeeded, Denied."""
    claim = guarantee_for(caller, number)
    caller.require(Capability.HANDLE_RETURNS, seller=claim.seller)
    said, now = _said(text), clock.now()
    with transaction.atomic():
        claim = _locked(claim, GuaranteeState.AWAITING_SELLER)
        claim.answer, claim.answered_at = said, now
        if accept:
            _grant(claim, caller, said, now, by_seller=True)
        else:
            claim.state = GuaranteeState.UNDER_REVIEW
        _keep(claim, now)
        _tell(claim, caller, "guarantee.seller_refunds" if accept else "guarantee.answered")
    return claim


def withdraw(caller: Caller, *, number: str) -> GuaranteeClaim:
    """The buyer needs no decision any more. Raises NotThatState, Denied."""
    claim = guarantee_for(caller, number)
    if claim.buyer_id != caller.require_person().pk:
        raise Denied
    with transaction.atomic():
        claim = _locked(claim, GuaranteeState.AWAITING_SELLER, GuaranteeState.UNDER_REVIEW)
        if claim.round:
            raise NotThatState(state=claim.state)
        claim.state = GuaranteeState.WITHDRAWN
        _keep(claim, clock.now())
        _tell(claim, caller, "guarantee.withdrawn")
    return claim


def pass_on(*, claim_id: UUID) -> GuaranteeClaim | None:
    """The seller's time is over without an answer: customer service decides. None: answered, or not due."""
    now = clock.now()
    with transaction.atomic():
        claim = GuaranteeClaim.objects.select_for_update(no_key=True).get(pk=claim_id)
        if claim.state != GuaranteeState.AWAITING_SELLER or now <= claim.seller_due_at:
            return None
        claim.state = GuaranteeState.UNDER_REVIEW
        _keep(claim, now)
        _tell(claim, None, "guarantee.unanswered")
    return claim


def decide(caller: Caller, *, number: str, grant: bool, why: str) -> GuaranteeClaim:
    """Customer service decides: granted, everything left of the unit goes back; the seller is charged unless its label
    protects it (B-PRIME-25). After an appeal of the seller, "no" gives the seller the charge back and the buyer keeps the
    refund. Raises NotThatState, WhyNeeded, Denied."""
    caller.require_role(*DESK_ROLES)
    claim = guarantee_for(caller, number)
    require_stranger(caller, claim.order)
    said, now = _said(why), clock.now()
    with transaction.atomic():
        claim = _locked(claim, GuaranteeState.UNDER_REVIEW)
        if grant and claim.remedy_id is None:
            _grant(claim, caller, said, now, by_seller=False)
        else:
            _resolve(claim, Verdict.GRANTED if grant else Verdict.DECLINED, said, now)
            if not grant and claim.remedy_id:
                _give_back_to_seller(claim, now)
        _keep(claim, now)
        _tell(claim, caller, f"guarantee.{claim.verdict}", why=said)
    return claim


def appeal(caller: Caller, *, number: str, text: str) -> GuaranteeClaim:
    """Whoever the decision went against asks for a second look, once and in time. Raises TooLateToAppeal, Denied."""
    claim = guarantee_for(caller, number)
    said, now = _said(text), clock.now()
    side = "buyer" if claim.buyer_id == caller.require_person().pk else "seller"
    if side == "seller":
        caller.require(Capability.HANDLE_RETURNS, seller=claim.seller)
    with transaction.atomic():
        claim = _locked(claim, GuaranteeState.RESOLVED)
        lost = "buyer" if claim.verdict == Verdict.DECLINED else "seller"
        if side != lost or claim.round >= 2 or claim.appeal_due_at is None or now > claim.appeal_due_at:
            raise TooLateToAppeal
        claim.state, claim.verdict, claim.appeal_due_at = GuaranteeState.UNDER_REVIEW, "", None
        claim.appeal, claim.appealed_by = said, side
        _keep(claim, now)
        _tell(claim, caller, "guarantee.appealed")
    return claim


def _grant(claim: GuaranteeClaim, caller: Caller, why: str, now: datetime, *, by_seller: bool) -> None:
    order = locks.order(claim.order_id)
    unit = OrderUnit.objects.select_related("item__order", "parcel").get(pk=claim.unit_id)
    left = orders.refundable(order, unit).minor
    bears, version = marketplace_bears([unit], kind=RemedyKind.GUARANTEE, at=now)
    bears = bears and not by_seller and claim.fault == Fault.NOT_RECEIVED
    if left:
        claim.remedy = carry_out(
            Decision(
                order, RemedyKind.GUARANTEE, shares([(str(unit.pk), left)], amount=None), not bears, bears, why,
                CLAUSES[RemedyKind.GUARANTEE], version, f"guarantee:{claim.pk}", caller.require_person(),
            )
        )  # fmt: skip
    claim.terms = {**claim.terms, "claim.label_protection": version}
    _resolve(claim, Verdict.GRANTED, why, now)
    if by_seller:
        claim.appeal_due_at = None  # nobody lost


def _resolve(claim: GuaranteeClaim, verdict: Verdict, why: str, now: datetime) -> None:
    terms = Terms(claim.order.store, at=now)
    days = terms("claim.guarantee.appeal_days")
    claim.round += 1
    claim.state, claim.verdict, claim.decided_at, claim.decision = GuaranteeState.RESOLVED, verdict, now, why
    protected = claim.remedy is not None and not claim.remedy.charges_seller
    open_to_appeal = claim.round < 2 and not (verdict is Verdict.GRANTED and protected)
    claim.appeal_due_at = add_calendar_days(now, days, claim.seller.zone) if open_to_appeal else None
    claim.terms = {**claim.terms, **terms.versions}


def _give_back_to_seller(claim: GuaranteeClaim, now: datetime) -> None:
    remedy = Remedy.objects.filter(claim=claim).first()
    if remedy is None or not remedy.charges_seller or claim.returned_posting_id:
        return
    posting = ledger.credit_seller(
        seller=claim.seller,
        amount=remedy.amount,
        cause=Cause("service.guarantee", str(claim.pk), claim.number),
        reason="reimbursement",
        key=f"guarantee:{claim.pk}:appeal",
        clause="B-PRIME-24",
        policy_version=str(claim.terms.get("claim.guarantee.appeal_days", "")),
        kind=PostingKind.REIMBURSEMENT,
        source=AccountKind.REIMBURSEMENTS,
        at=now,
    )
    claim.returned_posting_id = posting.pk


def _locked(claim: GuaranteeClaim, *states: GuaranteeState) -> GuaranteeClaim:
    row = (
        GuaranteeClaim.objects.select_for_update(no_key=True, of=("self",))
        .select_related("order", "seller", "remedy")
        .get(pk=claim.pk)
    )
    if row.state not in states:
        raise NotThatState(state=row.state)
    return row


def _said(text: str) -> str:
    said = paragraphs(text, limit=TEXT_LIMIT)
    if not said:
        raise WhyNeeded
    return said


def _keep(claim: GuaranteeClaim, now: datetime) -> None:
    claim.updated_at = now
    claim.save()


def _tell(claim: GuaranteeClaim, actor: Any, verb: str, *, why: str = "", **about: Any) -> None:
    facts = {"claim": claim.number, "order": claim.order.number, **about}
    for subject in (claim, claim.order):
        history.record(actor=actor, verb=verb, subject=subject, about=facts, why=why, clause="B-PRIME-24")

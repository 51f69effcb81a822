"""Claims of sellers against the marketplace (B-PRIME-22, 23): filed in time with evidence, asked, decided, appealed once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from fondaco import history
from fondaco.cases.operations import keep_document
from fondaco.engine import clock
from fondaco.kit.errors import Invalid, NotFound
from fondaco.kit.money import Money
from fondaco.kit.text import line, paragraphs
from fondaco.ledger import operations as ledger
from fondaco.ledger.rules import AccountKind, Cause, PostingKind
from fondaco.messaging.uses import PhotoCopy
from fondaco.orders.models import PayBack
from fondaco.sellers.access import Caller
from fondaco.sellers.rules import Capability
from fondaco.service.models import ClaimNote, Reimbursement
from fondaco.service.operations.evidence import as_documents
from fondaco.service.operations.refusals import (
    AmountBeyondClaim,
    CannotBeClaimed,
    EvidenceMissing,
    NotThatState,
    TooLateToAppeal,
    WhyNeeded,
)
from fondaco.service.queries.access import DESK_ROLES, reimbursement_for, require_stranger
from fondaco.service.queries.facts import charged_minor, reimbursement_facts
from fondaco.service.rules.claims import (
    ClaimState,
    Filing,
    Ground,
    Verdict,
    business_due,
    filing,
    may_appeal,
    missing_evidence,
)
from fondaco.service.terms import Terms

TEXT_LIMIT = 4000
MOST_DOCUMENTS = 10

type Document = tuple[str, str, bytes]
"""Kind (`item_photos`, `packaging_photos`, `documents`), file name, content."""


def can_file(payback: PayBack, ground: Ground, *, at: datetime, terms: Terms | None = None) -> Filing:
    """Whether the seller can claim this refund back on that ground now. Policy is that of the refund (its event)."""
    terms = terms or Terms(payback.order.store, at=payback.made_at)
    return filing(
        reimbursement_facts(payback),
        ground=ground,
        window_days=terms("claim.reimbursement.window_days"),
        starts=terms("claim.reimbursement.window_start"),
        excluded_when=terms("claim.reimbursement.excluded_when"),
        zone=payback.order.seller.zone,
        at=at,
    )


def file(
    caller: Caller,
    *,
    payback_id: UUID | str,
    ground: Ground,
    text: str,
    request_key: str,
    documents: Sequence[Document] = (),
    photos: Sequence[PhotoCopy] = (),
    amount: Money | None = None,
) -> Reimbursement:
    """Claim a refund back that the marketplace gave and charged; once for each refund. `photos` are the buyer's, out of
    a conversation about the order.

    Raises NotFound, Denied, WhyNeeded, CannotBeClaimed, EvidenceMissing, AmountBeyondClaim, DocumentTooLarge.
    """
    seller = caller.require_seller(Capability.HANDLE_RETURNS)
    payback = PayBack.objects.select_related("order__seller", "unit__parcel").filter(
        pk=str(payback_id), order__seller=seller
    ).first()  # fmt: skip
    if payback is None:
        raise NotFound(what="refund")
    if earlier := _filed_before(payback, request_key):
        return earlier
    now, terms = clock.now(), Terms(payback.order.store, at=payback.made_at)
    answer = can_file(payback, ground, at=now, terms=terms)
    if not answer.is_open:
        raise CannotBeClaimed(why=answer.code, code=answer.code, clause=answer.clause, due_at=answer.due_at)
    charged = charged_minor(payback)
    asked = amount.minor if amount is not None else charged
    if not 0 < asked <= charged or (amount is not None and amount.currency != payback.currency):
        raise AmountBeyondClaim(most=Money(charged, payback.currency))
    said, kept = _said(text), [*_kept(documents), *as_documents(photos)]
    needs = next(row["photos"] for row in terms("claim.reimbursement.grounds") if row["code"] == ground)
    if missing := missing_evidence(needs_photos=needs, kinds={each["kind"] for each in kept}):
        raise EvidenceMissing(missing=list(missing))
    try:
        with transaction.atomic():
            claim = Reimbursement.objects.create(
                seller=seller,
                order=payback.order,
                payback=payback,
                ground=ground,
                asked_minor=asked,
                charged_minor=charged,
                currency=payback.currency,
                file_by=answer.due_at,
                terms=terms.versions,
                opened_by=caller.require_person(),
                opened_at=now,
                updated_at=now,
            )
            _note(claim, caller, "seller", "filed", said, kept, request_key)
            _tell(claim, caller, "reimbursement.filed", ground=str(ground), asked=str(claim.asked))
    except IntegrityError:  # filed twice at once
        if earlier := _filed_before(payback, request_key):
            return earlier
        raise
    return claim


def ask(caller: Caller, *, number: str, text: str, request_key: str = "") -> Reimbursement:
    """Customer service asks the seller; the answer is due in policy's business days. Raises NotThatState, WhyNeeded."""
    claim = _at_desk(caller, number)
    said, now = _said(text), clock.now()
    with transaction.atomic():
        claim = _locked(claim, ClaimState.UNDER_INVESTIGATION, request_key)
        if _is_repeated(claim, request_key):
            return claim
        terms = Terms(claim.order.store, at=now)
        days = terms("claim.reimbursement.reply_business_days")
        claim.state = ClaimState.AWAITING_SELLER
        claim.reply_due_at = business_due(
            since=now, business_days=days, calendar=terms.calendar(), zone=claim.seller.zone
        )
        _keep(claim, terms, now)
        _note(claim, caller, "service", "asked", said, [], request_key)
        _tell(claim, caller, "reimbursement.asked", due=claim.reply_due_at)
    return claim


def reply(
    caller: Caller, *, number: str, text: str, documents: Sequence[Document] = (), request_key: str = ""
) -> Reimbursement:
    """The seller answers, and may add evidence. Raises NotThatState, Denied, NotFound."""
    claim = _of_seller(caller, number)
    said, kept = _said(text), _kept(documents)
    with transaction.atomic():
        claim = _locked(claim, ClaimState.AWAITING_SELLER, request_key)
        if _is_repeated(claim, request_key):
            return claim
        claim.state, claim.reply_due_at = ClaimState.UNDER_INVESTIGATION, None
        _keep(claim, None, clock.now())
        _note(claim, caller, "seller", "replied", said, kept, request_key)
        _tell(claim, caller, "reimbursement.replied")
    return claim


def add_photos(caller: Caller, *, number: str, photos: Sequence[PhotoCopy]) -> Reimbursement:
    """The buyer's photographs go into a claim that is not decided; those that are there already are left out.

    It answers no question: who has to act stays the same. Raises NotFound, Denied, NotThatState.
    """
    claim = _of_seller(caller, number)
    with transaction.atomic():
        row = Reimbursement.objects.select_for_update(no_key=True, of=("self",)).get(pk=claim.pk)
        fresh = not_yet_in(row, photos)
        if not fresh:
            return claim
        if row.state == ClaimState.RESOLVED:
            raise NotThatState(state=row.state)
        _keep(row, None, clock.now())
        _note(row, caller, "seller", "added", "", as_documents(fresh), "")
        _tell(claim, caller, "reimbursement.photos_added", photos=len(fresh))
    return claim


def not_yet_in(claim: Reimbursement, photos: Sequence[PhotoCopy]) -> list[PhotoCopy]:
    """Those of the photographs that do not stand in the claim's thread."""
    have = {each.get("photo") for note in claim.notes.all() for each in note.documents}
    return [photo for photo in photos if str(photo.pk) not in have]


def decide(
    caller: Caller, *, number: str, grant: bool, why: str, amount: Money | None = None, request_key: str = ""
) -> Reimbursement:
    """Customer service grants, in all or `amount`, or declines. What is granted goes to the seller's proceeds, once.

    After an appeal, `amount` is what is granted over both rounds. Raises NotThatState, AmountBeyondClaim, WhyNeeded, Denied.
    """
    claim = _at_desk(caller, number)
    said, now = _said(why), clock.now()
    with transaction.atomic():
        claim = _locked(claim, ClaimState.UNDER_INVESTIGATION, request_key)
        if _is_repeated(claim, request_key):
            return claim
        wanted = (amount.minor if amount is not None else claim.asked_minor) if grant else claim.granted_minor
        if not claim.granted_minor <= wanted <= claim.asked_minor or (grant and not wanted):
            raise AmountBeyondClaim(most=claim.asked)
        more = wanted - claim.granted_minor
        claim.round += 1
        claim.granted_minor = wanted
        _resolve(claim, Verdict.GRANTED if grant else Verdict.DECLINED, now)
        _note(claim, caller, "service", "granted" if grant else "declined", said, [], request_key)
        _tell(claim, caller, f"reimbursement.{claim.verdict}", why=said, granted=str(claim.granted))
        if more:
            _pay(claim, more, now)
    return claim


def appeal(
    caller: Caller, *, number: str, text: str, documents: Sequence[Document] = (), request_key: str = ""
) -> Reimbursement:
    """The seller asks for a second look, once and in time. Raises TooLateToAppeal, NotThatState."""
    claim = _of_seller(caller, number)
    said, kept, now = _said(text), _kept(documents), clock.now()
    with transaction.atomic():
        claim = _locked(claim, ClaimState.RESOLVED, request_key)
        if _is_repeated(claim, request_key):
            return claim
        if not may_appeal(
            state=claim.state,
            decided_at=claim.decided_at,
            appeal_due_at=claim.appeal_due_at,
            rounds=claim.round,
            at=now,
        ):
            raise TooLateToAppeal
        claim.state, claim.verdict, claim.appeal_due_at = ClaimState.UNDER_INVESTIGATION, "", None
        _keep(claim, None, now)
        _note(claim, caller, "seller", "appealed", said, kept, request_key)
        _tell(claim, caller, "reimbursement.appealed")
    return claim


def close_unanswered(*, claim_id: UUID) -> Reimbursement | None:
    """The time to answer has passed: declined, and open to an appeal. None: answered, or not due."""
    now = clock.now()
    with transaction.atomic():
        claim = Reimbursement.objects.select_for_update(no_key=True).get(pk=claim_id)
        if claim.state != ClaimState.AWAITING_SELLER or claim.reply_due_at is None or now <= claim.reply_due_at:
            return None
        claim.reply_due_at = None
        claim.round += 1
        _resolve(claim, Verdict.DECLINED, now)
        _note(claim, None, "service", "declined", "", [], "")
        _tell(claim, None, "reimbursement.unanswered")
    return claim


def _resolve(claim: Reimbursement, verdict: Verdict, now: datetime) -> None:
    terms = Terms(claim.order.store, at=now)
    days = terms("claim.reimbursement.appeal_business_days")
    claim.state, claim.verdict, claim.decided_at = ClaimState.RESOLVED, verdict, now
    due = business_due(since=now, business_days=days, calendar=terms.calendar(), zone=claim.seller.zone)
    claim.appeal_due_at = due if claim.round < 2 and claim.granted_minor < claim.asked_minor else None
    _keep(claim, terms, now)


def _pay(claim: Reimbursement, minor: int, now: datetime) -> None:
    ledger.credit_seller(
        seller=claim.seller,
        amount=Money(minor, claim.currency),
        cause=Cause("service.reimbursement", str(claim.pk), claim.number),
        reason="reimbursement",
        key=f"reimbursement:{claim.pk}:{claim.round}",
        clause="B-PRIME-22",
        policy_version=str(claim.terms.get("claim.reimbursement.window_days", "")),
        kind=PostingKind.REIMBURSEMENT,
        source=AccountKind.REIMBURSEMENTS,
        at=now,
    )


def _at_desk(caller: Caller, number: str) -> Reimbursement:
    caller.require_role(*DESK_ROLES)
    claim = reimbursement_for(caller, number)
    require_stranger(caller, claim.order)
    return claim


def _of_seller(caller: Caller, number: str) -> Reimbursement:
    claim = reimbursement_for(caller, number)
    caller.require(Capability.HANDLE_RETURNS, seller=claim.seller)
    return claim


def _locked(claim: Reimbursement, state: ClaimState, request_key: str) -> Reimbursement:
    row = (
        Reimbursement.objects.select_for_update(no_key=True, of=("self",))
        .select_related("order", "seller")
        .get(pk=claim.pk)
    )
    if row.state != state and not _is_repeated(row, request_key):
        raise NotThatState(state=row.state)
    return row


def _is_repeated(claim: Reimbursement, request_key: str) -> bool:
    return bool(request_key) and ClaimNote.objects.filter(claim=claim, request_key=request_key).exists()


def _filed_before(payback: PayBack, request_key: str) -> Reimbursement | None:
    """The same request; another one for the same refund is refused by `filing`."""
    notes = ClaimNote.objects.filter(claim__payback=payback, request_key=request_key, act="filed")
    found = notes.select_related("claim").first() if request_key else None
    return found.claim if found else None


def _said(text: str) -> str:
    said = paragraphs(text, limit=TEXT_LIMIT)
    if not said:
        raise WhyNeeded
    return said


def _kept(documents: Sequence[Document]) -> list[dict[str, Any]]:
    if len(documents) > MOST_DOCUMENTS:
        raise Invalid(most=MOST_DOCUMENTS)
    found: list[dict[str, Any]] = []
    for kind, name, data in documents:
        kept = keep_document(name=line(name, limit=120) or "document", data=data)
        if not kept.kind or (kind.endswith("photos") and kept.kind not in ("jpeg", "png")):
            raise EvidenceMissing(missing=[kind])
        found.append(
            {"kind": kind, "name": kept.name, "sha256": kept.sha256, "type": kept.kind, "size_bytes": kept.size_bytes}
        )
    return found


def _keep(claim: Reimbursement, terms: Terms | None, now: datetime) -> None:
    claim.terms = {**claim.terms, **(terms.versions if terms else {})}
    claim.updated_at = now
    claim.save()


def _note(
    claim: Reimbursement,
    caller: Caller | None,
    side: str,
    act: str,
    text: str,
    documents: Sequence[Mapping[str, Any]],
    request_key: str,
) -> None:
    ClaimNote.objects.create(
        claim=claim,
        side=side,
        act=act,
        text=text,
        documents=list(documents),
        author=caller.person if caller else None,
        request_key=request_key,
        at=clock.now(),
    )


def _tell(claim: Reimbursement, actor: Any, verb: str, *, why: str = "", **about: Any) -> None:
    history.record(
        actor=actor, verb=verb, subject=claim, about={"order": claim.order.number, **about}, why=why, clause="B-PRIME-22",
        policy_version=str(claim.terms.get("claim.reimbursement.window_days", "")),
    )  # fmt: skip

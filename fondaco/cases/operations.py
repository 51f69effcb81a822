"""Writes of cases: open, reply, close. Each locks the case's row, then adds one message."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

from fondaco import history
from fondaco.cases import hooks
from fondaco.cases.checks import checks_for
from fondaco.cases.documents import MOST_BYTES, kind_of
from fondaco.cases.models import Case, CaseMessage
from fondaco.cases.queries import DESK_ROLES, case_for, desk_people
from fondaco.cases.rules import (
    CLAUSES,
    SUPPORT_OUTCOMES,
    TEXT_LIMIT,
    WITHOUT_SELLER,
    CaseType,
    Checks,
    Document,
    Outcome,
    Side,
    State,
    check_contents,
    state_of,
)
from fondaco.engine import clock, files, outbox
from fondaco.kit.errors import Denied, Invalid, Refusal
from fondaco.kit.text import paragraphs
from fondaco.sellers.access import Caller, SellerRequired, caller_for
from fondaco.sellers.models import Person, SellerAccount
from fondaco.sellers.rules import Capability


class CaseIncomplete(Invalid):
    """`findings` name every item that is missing or wrong (`rules.check_contents`)."""

    CODE = "case_incomplete"
    WORDS = N_("The case cannot be opened yet. Missing or wrong: %(items)s.")
    CLAUSE = "Q-20"


class NothingSaid(Invalid):
    CODE = "case_message_empty"
    WORDS = N_("Write something before you send it.")


class CaseClosed(Refusal):
    CODE = "case_closed"
    WORDS = N_("This case is closed already.")


class DocumentTooLarge(Invalid):
    CODE = "case_document_too_large"
    STATUS = 413
    WORDS = N_("A document may have 10 MB at most.")


def keep_document(*, name: str, data: bytes) -> Document:
    """Keep a handed-in file and say what its content is. Raises DocumentTooLarge."""
    if len(data) > MOST_BYTES:
        raise DocumentTooLarge
    kind = kind_of(data)
    return Document(name=name, sha256=files.put("documents", data) if kind else "", kind=kind, size_bytes=len(data))


def open_case(
    caller: Caller,
    *,
    case_type: CaseType,
    contents: Mapping[str, Any],
    request_key: str = "",
    origin: str = "",
    checks: Checks | None = None,
) -> Case:
    """A new case of the account being worked in; without an account, of the person where the type allows it.

    Raises SignInRequired, SellerRequired, Denied, CaseIncomplete. The same `request_key` again gives the same case.
    """
    person = caller.require_person()
    seller = _account_for(caller, case_type)
    clean, findings = check_contents(
        case_type=case_type, given=contents, checks=checks if checks is not None else checks_for(seller)
    )
    if findings:
        raise CaseIncomplete(items=[f.measured for f in findings], findings=findings)
    if request_key and (earlier := Case.objects.filter(opened_by=person, request_key=request_key).first()):
        return earlier
    now = clock.now()
    case = Case(
        type=case_type,
        seller=seller,
        opened_by=person,
        contents=clean,
        origin=origin,
        request_key=request_key,
        created_at=now,
        updated_at=now,
    )
    try:
        with transaction.atomic():
            case.save(force_insert=True)
            CaseMessage.objects.create(case=case, author=person, side=Side.SELLER, created_at=now)
            about = {"type": case_type, "number": case.number}
            history.record(actor=caller, verb="case.opened", subject=case, about=about, clause=CLAUSES[case_type])
            hooks.opened(case)
    except IntegrityError:  # the same form, sent twice at once
        if request_key and (earlier := Case.objects.filter(opened_by=person, request_key=request_key).first()):
            return earlier
        raise
    return case


def reply(caller: Caller, *, number: str, text: str, request_key: str = "") -> CaseMessage:
    """Another message in the thread. Writing into a closed case opens it again. Raises NotFound, NothingSaid."""
    return _say(caller, number=number, text=text, outcome=None, request_key=request_key)


def close_case(caller: Caller, *, number: str, outcome: Outcome, text: str = "", request_key: str = "") -> CaseMessage:
    """End the case with an outcome: support with its own, who opened it by withdrawing. Raises Denied, CaseClosed."""
    case = case_for(caller, number)
    allowed = SUPPORT_OUTCOMES if _side_of(caller, case) is Side.SUPPORT else {Outcome.WITHDRAWN}
    if outcome not in allowed:
        raise Denied(outcome=str(outcome))
    return _say(caller, number=number, text=text, outcome=outcome, request_key=request_key)


def assign(caller: Caller, *, number: str, to: Person | None) -> Case:
    """Give a case to somebody of the desk, or to nobody. Again, it changes nothing. Raises NotFound, Denied."""
    caller.require_role(*DESK_ROLES)
    case = case_for(caller, number)
    if to and not desk_people().filter(pk=to.pk).exists():
        raise Denied(to=str(to.pk))
    with transaction.atomic():
        case = Case.objects.select_for_update().get(pk=case.pk)
        _require_desk_side(caller, case)
        if to and _side_of(caller_for(to), case) is not Side.SUPPORT:
            raise Denied(to=str(to.pk))
        if case.assigned_to_id != (to and to.pk):
            case.assigned_to = to
            case.save(update_fields=["assigned_to"])
            verb = "case.assigned" if to else "case.released"
            history.record(actor=caller, verb=verb, subject=case, about={"to": str(to)} if to else None)
    return case


def _say(caller: Caller, *, number: str, text: str, outcome: Outcome | None, request_key: str) -> CaseMessage:
    person, case = caller.require_person(), case_for(caller, number)
    side = _side_of(caller, case)
    _require_writer(caller, case, side)
    said = paragraphs(text, limit=TEXT_LIMIT)
    if not said and not outcome:
        raise NothingSaid
    with transaction.atomic():
        case = Case.objects.select_for_update().get(pk=case.pk)
        same = CaseMessage.objects.filter(case=case, request_key=request_key).first() if request_key else None
        if same:
            return same
        if outcome and case.state == State.CLOSED:
            raise CaseClosed
        message = CaseMessage.objects.create(
            case=case, author=person, side=side, text=said, outcome=outcome or "", request_key=request_key
        )
        if side is Side.SUPPORT and case.assigned_to_id is None:
            case.assigned_to = person  # who answers first cares for it
        _settle(case, message)
        verb = "case.closed" if outcome else f"case.{side}_replied"
        history.record(actor=caller, verb=verb, subject=case, about={"outcome": outcome} if outcome else None)
        if side is Side.SUPPORT:
            _mail_seller(case, message)
    return message


def _settle(case: Case, message: CaseMessage) -> None:
    """State and outcome as the thread now leaves them."""
    thread = case.messages.order_by("id").values_list("side", "outcome")
    state = state_of((Side(side), Outcome(outcome) if outcome else None) for side, outcome in thread)
    case.state, case.outcome = state, message.outcome if state is State.CLOSED else ""
    case.updated_at = message.created_at
    case.save(update_fields=["state", "outcome", "updated_at", "assigned_to"])


def _account_for(caller: Caller, case_type: CaseType) -> SellerAccount | None:
    if caller.seller is None:
        if case_type not in WITHOUT_SELLER:
            raise SellerRequired
        return None
    needed = Capability.SUBMIT_PR if case_type is CaseType.PR_REVIEW else Capability.OPEN_CASES
    return caller.require_seller(needed)


def _side_of(caller: Caller, case: Case) -> Side:
    """A member of the account writes as the seller, even one who also works for support."""
    is_own = case.opened_by_id == (caller.person and caller.person.pk) or bool(
        case.seller and caller.role_in(case.seller)
    )
    return Side.SUPPORT if caller.has(*DESK_ROLES) and not is_own else Side.SELLER


def _require_desk_side(caller: Caller, case: Case) -> None:
    """Nobody handles the case of their own account at the desk."""
    if _side_of(caller, case) is not Side.SUPPORT:
        raise Denied(number=case.number)


def _require_writer(caller: Caller, case: Case, side: Side) -> None:
    if side is Side.SUPPORT or case.seller is None or case.opened_by_id == caller.require_person().pk:
        return
    needed = Capability.SUBMIT_PR if case.type == CaseType.PR_REVIEW else Capability.OPEN_CASES
    caller.require(needed, seller=case.seller)


def _mail_seller(case: Case, message: CaseMessage) -> None:
    """Tell who opened the case, in their language (IMG-28: the answer must reach the seller)."""
    person = case.opened_by
    with translation.override(person.language or settings.LANGUAGE_CODE):
        link = f"{settings.FONDACO_BASE_URL}{reverse('cases:case', args=[case.number])}"
        opening = (
            _("Support closed your case %(number)s.")
            if message.outcome
            else _("Support answered your case %(number)s.")
        )
        parts = [opening % {"number": case.number}, message.text, _("Read and answer it here:") + f"\n{link}"]
        outbox.post(
            to=person.email,
            subject=_("Your case %(number)s") % {"number": case.number},
            text="\n\n".join(part for part in parts if part),
            key=f"case-message:{message.pk}",
        )

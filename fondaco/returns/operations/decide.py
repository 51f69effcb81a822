"""Yes or no where nobody said so by policy: the seller within policy, customer service as an exception (PRIME-32)."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from django.db import transaction

from fondaco import history
from fondaco.engine import clock
from fondaco.kit.calendar import local_date
from fondaco.kit.text import paragraphs
from fondaco.returns import mail, nudges, refusals
from fondaco.returns.keeping import keep
from fondaco.returns.locks import Held, hold
from fondaco.returns.models import Return
from fondaco.returns.models.request import LabelState
from fondaco.returns.queries.access import own_return, return_at_desk, return_of_seller
from fondaco.returns.rules import life
from fondaco.sellers.access import Caller
from fondaco.sellers.rules import Capability

NOTE_LIMIT = 2000


def decide_exception(caller: Caller, *, number: str, accept: bool, why: str) -> Return:
    """Customer service accepts or declines a return outside the window (PRIME-32, PRIME-42). The day of acceptance
    counts at the return address. Raises NotFound, WhyNeeded, NotWaiting, Denied."""
    found = return_at_desk(caller, number)
    said = paragraphs(why, limit=NOTE_LIMIT)
    if not said:
        raise refusals.WhyNeeded
    return _decide(caller, found, accept=accept, why=said, is_exception=True)


def answer_request(caller: Caller, *, number: str, accept: bool, why: str = "") -> Return:
    """The seller of an item outside the programme authorises or declines. Inside the window only yes is allowed.

    Raises NotFound, Denied, NotWaiting, WithinPolicy, WhyNeeded.
    """
    found = return_of_seller(caller, number)
    caller.require(Capability.HANDLE_RETURNS, seller=found.seller)
    said = paragraphs(why, limit=NOTE_LIMIT)
    if not accept and not said:
        raise refusals.WhyNeeded
    return _decide(caller, found, accept=accept, why=said, is_exception=False)


def cancel_return(caller: Caller, *, number: str) -> Return:
    """The buyer keeps it; a label that was made is voided. Again, it changes nothing. Raises NotFound, AlreadyScanned."""
    found = own_return(caller, number)
    now = clock.now()
    with transaction.atomic():
        held = hold(found.pk, order_id=found.order_id)
        if held.row.acceptance == life.Acceptance.CANCELLED:
            return held.row
        keep(held, life.cancel(held.parcel), at=now)
        void_label_of(held)
        history.record(actor=caller, verb="return.cancelled", subject=held.row, clause="Q-31", at=now)
    return held.row


def void_label_of(held: Held) -> None:
    """Take the label back, or the wish for one. In the transaction of its cause."""
    row = held.row
    if row.label_state == LabelState.WANTED or row.label_state == LabelState.BOUGHT:
        # One that is being bought may exist at the carrier already: void asks for it by its key.
        row.label_state = LabelState.VOIDING
        row.save(update_fields=["label_state"])
        nudges.label(row.pk)


def _decide(caller: Caller, found: Return, *, accept: bool, why: str, is_exception: bool) -> Return:
    now = clock.now()
    with transaction.atomic():
        held = hold(found.pk, order_id=found.order_id)
        waits_for = life.Acceptance.OUT_OF_WINDOW if is_exception else life.Acceptance.REQUESTED
        if held.parcel.acceptance is not waits_for:
            raise life.NotWaiting
        row, today = held.row, local_date(now, ZoneInfo(held.row.zone))
        asked_on = local_date(row.requested_at, ZoneInfo(row.zone))
        in_window = all(u.first_day <= asked_on <= u.last_day for u in held.units)
        if not accept and not is_exception and in_window:
            raise refusals.WithinPolicy
        row.decided_at, row.decided_by, row.decision_note = now, caller.require_person(), why
        row.accepted_on = today if accept and not in_window else None
        if accept and row.label_note != "exempt":
            row.label_state = LabelState.WANTED
        row.save(update_fields=["decided_at", "decided_by", "decision_note", "accepted_on", "label_state"])
        keep(held, life.decide(held.parcel, accept=accept), at=now)
        history.record(
            actor=caller,
            verb="return.exception_accepted"
            if accept and is_exception
            else "return.accepted"
            if accept
            else "return.declined",
            subject=row,
            why=why,
            clause="PRIME-32" if is_exception else "PRIME-30",
            policy_version=row.terms.get("return.exception_grace_days", ""),
            at=now,
        )
        if row.label_state == LabelState.WANTED:
            nudges.label(row.pk)
        mail.tell_decided(row)
    return row

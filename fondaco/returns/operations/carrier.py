"""What the carrier says about a return parcel. Reports may come late, twice and in any order (Q-21)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from fondaco import history
from fondaco.engine import clock
from fondaco.returns import nudges
from fondaco.returns.keeping import keep, terms_of
from fondaco.returns.locks import hold
from fondaco.returns.models import Return
from fondaco.returns.rules import life


def record_scan(*, return_id: UUID, at: datetime) -> Return:
    """The carrier's first scan of the parcel was then; an earlier one told later counts instead."""
    return _told(return_id, at=at, delivered=False)


def record_delivered(*, return_id: UUID, at: datetime) -> Return:
    """The carrier says it was delivered to the return address then."""
    return _told(return_id, at=at, delivered=True)


def _told(return_id: UUID, *, at: datetime, delivered: bool) -> Return:
    now = clock.now()
    with transaction.atomic():
        held = hold(return_id)
        if held.parcel.acceptance is not life.Acceptance.AUTHORISED:
            # The buyer sent it although the return was over: nothing is decided by that, but somebody must look.
            _note_stray(held.row, at=at, delivered=delivered)
            return held.row
        terms = terms_of(held)
        moved = life.scan(held.parcel, at=at)
        if delivered:
            moved = life.deliver(moved, at=at)
        if moved == held.parcel:
            return held.row
        is_first_scan = held.parcel.scanned_at is None
        keep(held, moved, at=now, terms=terms)
        if is_first_scan:
            history.record(actor=None, verb="return.scanned", subject=held.row, clause="Q-31", at=at)
            if terms.at_first_scan:
                nudges.first_scan(held.row.pk)
        if delivered:
            history.record(actor=None, verb="return.delivered", subject=held.row, clause="Q-21", at=at)
    return held.row


def _note_stray(row: Return, *, at: datetime, delivered: bool) -> None:
    verb = "return.stray_delivered" if delivered else "return.stray_scanned"
    if not history.events_for(row, verbs=[verb]).exists():
        history.record(actor=None, verb=verb, subject=row, about={"acceptance": row.acceptance}, clause="Q-33", at=at)

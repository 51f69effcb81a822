"""A seller disputes a reason with photographs; customer service chooses another one, or declines (Q-25, Q-32)."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from fondaco import history
from fondaco.engine import clock
from fondaco.kit.text import paragraphs
from fondaco.returns import refusals
from fondaco.returns.locks import hold
from fondaco.returns.models import DisputeState, ReasonDispute, Refund, ReturnPhoto, ReturnUnit
from fondaco.returns.operations.reasons import change_reason
from fondaco.returns.operations.warehouse import NewPhoto, add_photos
from fondaco.returns.queries.access import return_at_desk, return_of_seller
from fondaco.returns.rules import life
from fondaco.sellers.access import Caller
from fondaco.sellers.rules import Capability

TEXT_LIMIT = 2000


def dispute(caller: Caller, *, number: str, unit: int, text: str, photos: Sequence[NewPhoto] = ()) -> ReasonDispute:
    """The reason of an arrived unit is not so; photos of the unit are the evidence. One waits at a time: again, that one.

    The time to refund goes on meanwhile. Raises NotFound, Denied, UnknownUnit, NotDisputable, DisputeIncomplete, and as
    `add_photos`.
    """
    found = return_of_seller(caller, number)
    caller.require(Capability.HANDLE_RETURNS, seller=found.seller)
    said, at = paragraphs(text, limit=TEXT_LIMIT), clock.now()
    with transaction.atomic():
        held = hold(found.pk, order_id=found.order_id)
        row = held.unit(unit)
        if waiting := row.disputes.filter(state=DisputeState.FILED).first():
            return waiting
        if row.place not in life.RECEIVED or Refund.objects.filter(unit=row).exists():
            raise refusals.NotDisputable
        if photos:
            add_photos(caller, number=number, unit=unit, photos=photos)
        if not said or not ReturnPhoto.objects.filter(unit=row).exists():
            raise refusals.DisputeIncomplete
        made = ReasonDispute.objects.create(
            unit=row, reason=row.reason, text=said, author=caller.require_person(), filed_at=at
        )
        history.record(
            actor=caller, verb="return.disputed", subject=held.row, about={"unit": unit}, why=said, clause="Q-32", at=at
        )
    return made


def decide_dispute(caller: Caller, *, number: str, unit: int, reason: str | int | None, answer: str) -> ReasonDispute:
    """Customer service: another `reason`, or None to decline; the answer is read by seller and, when recoded, buyer.

    Raises Denied, NotFound, NoDispute, WhyNeeded, UnknownReason, ReasonSame, AlreadyRefunded.
    """
    found = return_at_desk(caller, number)
    said, at = paragraphs(answer, limit=TEXT_LIMIT), clock.now()
    if not said:
        raise refusals.WhyNeeded
    with transaction.atomic():
        held = hold(found.pk, order_id=found.order_id)
        row: ReturnUnit = held.unit(unit)
        waiting = row.disputes.filter(state=DisputeState.FILED).first()
        if waiting is None:
            raise refusals.NoDispute
        if reason is not None:
            change_reason(caller, number=number, unit=unit, reason=reason, comment=said[:1000], by_service=True)
        waiting.state = DisputeState.DECLINED if reason is None else DisputeState.RECODED
        waiting.decided_at, waiting.decided_by, waiting.answer = at, caller.require_person(), said
        waiting.save()
        if reason is None:
            about = {"unit": unit}
            history.record(
                actor=caller,
                verb="return.dispute_declined",
                subject=held.row,
                about=about,
                why=said,
                clause="Q-32",
                at=at,
            )
    return waiting

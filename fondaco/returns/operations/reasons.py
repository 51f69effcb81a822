"""Another reason: the buyer until the carrier's first scan, then customer service alone (Q-31, Q-32)."""

from __future__ import annotations

from django.db import transaction

from fondaco import history
from fondaco.engine import clock
from fondaco.kit.text import paragraphs
from fondaco.returns import refusals
from fondaco.returns.keeping import keep, terms_of
from fondaco.returns.locks import hold
from fondaco.returns.models import ReasonChoice
from fondaco.returns.operations.request import COMMENT_LIMIT
from fondaco.returns.queries.access import own_return, return_at_desk
from fondaco.returns.rules import life
from fondaco.returns.rules.reasons import read_reason, who_pays
from fondaco.sellers.access import Caller


def change_reason(
    caller: Caller, *, number: str, unit: int, reason: str | int, comment: str = "", by_service: bool = False
) -> ReasonChoice:
    """Choose another reason for a unit; all versions are kept, the last one sets the payer.

    `by_service`: customer service recodes, and says why in `comment`. Raises NotFound, UnknownReason, UnknownUnit,
    ReasonSame, AlreadyScanned, AlreadyRefunded, NotAuthorised, WhyNeeded, Denied.
    """
    found = return_at_desk(caller, number) if by_service else own_return(caller, number)
    said = paragraphs(comment, limit=COMMENT_LIMIT)
    if by_service and not said:
        raise refusals.WhyNeeded
    now = clock.now()
    with transaction.atomic():
        held = hold(found.pk, order_id=found.order_id)
        terms = terms_of(held)
        chosen = read_reason(reason, terms.keys)
        row = held.unit(unit)
        moved = life.change_reason(held.parcel, unit, chosen, by_service=by_service)
        if row.reason == chosen:
            raise refusals.ReasonSame
        before = row.reason
        keep(held, moved, at=now, terms=terms)
        row.payer = who_pays(
            reason=chosen,
            categories=row.categories,
            buyer_paid=terms.refund.buyer_paid,
            free=terms.refund.free_categories,
        ).payer.value
        row.save(update_fields=["payer"])
        choice = ReasonChoice.objects.create(
            unit=row,
            version=row.reasons.count() + 1,
            reason=chosen,
            comment=said,
            by=caller.require_person(),
            by_service=by_service,
            at=now,
        )
        history.record(
            actor=caller,
            verb="return.recoded" if by_service else "return.reason_changed",
            subject=held.row,
            about={"unit": unit, "before": before, "after": chosen},
            why=said,
            clause="Q-32" if by_service else "Q-31",
            policy_version=terms.versions["return.reason_codes"],
            at=now,
        )
    return choice

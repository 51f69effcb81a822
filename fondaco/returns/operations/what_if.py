"""The operator's what-if: which refunds of a past period would differ under a draft, and by how much.

Nothing is published and nothing moves: stored facts go through the pure rule again with the draft on the book. Long
periods are walked in stretches by a task; each stretch, its sums and how far it came are one transaction.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext_noop as N_

from fondaco import history, policy
from fondaco.engine import clock
from fondaco.kit.calendar import start_of_day
from fondaco.kit.errors import Invalid, NotFound
from fondaco.policy.book import Book
from fondaco.returns import nudges
from fondaco.returns.facts import from_json
from fondaco.returns.models import Difference, Refund, WhatIf
from fondaco.returns.models.whatif import WhatIfState
from fondaco.returns.rules.refund import RefundPlan, plan_refund
from fondaco.returns.rules.whatif import replan
from fondaco.returns.terms import terms_for
from fondaco.sellers.access import Caller
from fondaco.sellers.rules import Role

STRETCH = 1000

KEYS = (
    "refund.late_after_days",
    "refund.late_max_pct",
    "refund.condition_max_pct",
    "refund.opened_software_max_pct",
    "refund.combination",
    "refund.photo_required_from_pct",
    "return.exception_grace_days",
    "return.free_categories",
    "return.reason_codes",
)
"""What a refund is made of: the policy values whose draft can be tried."""


class NothingToTry(Invalid):
    CODE = "what_if_without_draft"
    WORDS = N_("Change at least one value.")


class PeriodBackwards(Invalid):
    CODE = "what_if_period_backwards"
    WORDS = N_("The period ends before it begins.")


def start(
    caller: Caller, *, store: str, draft: Mapping[str, Any], first_date: date, last_date: date, request_key: str
) -> WhatIf:
    """Begin a what-if; a task walks the refunds. The same key again: the same. Raises Denied, NothingToTry,
    PeriodBackwards, NotFound (a key that does not decide refunds), and what policy finds wrong in a value."""
    person = caller.require_role(Role.OPERATOR)
    if not draft:
        raise NothingToTry
    if last_date < first_date:
        raise PeriodBackwards
    if not set(draft) <= set(KEYS):
        raise NotFound(what="policy key")
    book_with(store, draft)  # refuses what cannot be
    where = policy.store_of(store)
    zone = where.zone
    begins, ends = start_of_day(first_date, zone), start_of_day(last_date + timedelta(days=1), zone)
    try:
        with transaction.atomic():
            row = WhatIf.objects.create(
                author=person,
                store=store,
                draft=dict(draft),
                first_date=first_date,
                last_date=last_date,
                begins_at=begins,
                ends_at=ends,
                total=Refund.objects.filter(store=store, at__gte=begins, at__lt=ends).count(),
                currency=where.currency,
                request_key=request_key,
                created_at=clock.now(),
            )
            history.record(actor=caller, verb="what_if.started", subject=row, about={"keys": sorted(draft)})
            nudges.what_if(row.pk)
    except IntegrityError:
        return WhatIf.objects.get(author=person, request_key=request_key)
    return row


def advance(*, what_if_id: UUID, stretch: int = STRETCH) -> WhatIf:
    """Walk the next refunds, and ask for the stretch after. Killed anywhere, it goes on where it stood."""
    with transaction.atomic():
        row = WhatIf.objects.select_for_update(no_key=True).get(pk=what_if_id)
        if row.state == WhatIfState.DONE:
            return row
        refunds = _next(row, stretch)
        book = book_with(row.store, row.draft)
        found = [d for d in (_compare(row, refund, book) for refund in refunds) if d]
        Difference.objects.bulk_create(found, batch_size=500)
        row.done += len(refunds)
        row.differing += len(found)
        row.before_minor += sum(d.before_minor for d in found)
        row.after_minor += sum(d.after_minor for d in found)
        if refunds:
            row.cursor_at, row.cursor_id = refunds[-1].at, refunds[-1].pk
        if len(refunds) < stretch:
            row.state, row.finished_at, row.total = WhatIfState.DONE.value, clock.now(), row.done
        else:
            nudges.what_if(row.pk)
        row.save()
    return row


def unfinished(*, limit: int = 20) -> list[UUID]:
    """What-ifs to go on with, for the sweep."""
    rows = WhatIf.objects.filter(state=WhatIfState.RUNNING.value).order_by("created_at")
    return list(rows.values_list("pk", flat=True)[:limit])


def book_with(store: str, draft: Mapping[str, Any]) -> Book:
    """Policy as it stands with the draft on it. Raises what policy finds wrong in a value."""
    return policy.current().with_draft({(key, store): value for key, value in draft.items()})


def _next(row: WhatIf, stretch: int) -> list[Refund]:
    rows = Refund.objects.filter(store=row.store, at__gte=row.begins_at, at__lt=row.ends_at, currency=row.currency)
    if row.cursor_at:
        rows = rows.filter(Q(at__gt=row.cursor_at) | Q(at=row.cursor_at, id__gt=row.cursor_id))
    return list(rows.select_related("parcel").order_by("at", "id")[:stretch])


def _compare(row: WhatIf, refund: Refund, book: Book) -> Difference | None:
    facts = from_json(refund.facts)
    placed_at, requested_at = refund.placed_at, refund.parcel.requested_at
    before: RefundPlan = plan_refund(facts, terms_for(row.store, placed_at=placed_at, requested_at=requested_at).refund)
    other = replan(
        facts,
        before=before,
        other=terms_for(row.store, placed_at=placed_at, requested_at=requested_at, book=book).refund,
    )
    if other.plan.refund_minor == refund.amount_minor:
        return None
    return Difference(
        what_if=row,
        refund=refund,
        before_minor=refund.amount_minor,
        after_minor=other.plan.refund_minor,
        why=other.why or "before",
    )

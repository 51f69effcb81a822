"""Refunds of returned units: by the seller, at the due time by the marketplace, at the first scan, by customer service.

All four go the same way: lock, gather facts, ask `plan_refund`, book through `orders.record_refund`, write the one row.
A unit has one refund because its row is unique, its key is made of its id, and everything stands under two locks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction

from fondaco import history
from fondaco.engine import clock, rows
from fondaco.kit.calendar import add_calendar_days
from fondaco.kit.money import Money
from fondaco.kit.text import paragraphs
from fondaco.ledger.rules import Cause
from fondaco.orders import operations as orders
from fondaco.returns import mail, refusals
from fondaco.returns.facts import as_json, plan_as_json
from fondaco.returns.keeping import keep, terms_of
from fondaco.returns.locks import Held, hold
from fondaco.returns.models import Refund, Return, ReturnUnit
from fondaco.returns.models.refund import RefundedBy
from fondaco.returns.operations import warehouse
from fondaco.returns.operations.warehouse import NOTE_LIMIT
from fondaco.returns.queries.access import return_at_desk, return_to_handle
from fondaco.returns.queries.planning import Planned, plan_for
from fondaco.returns.rules import life
from fondaco.returns.rules.refund import Grade, ImpossibleAmount, check_stated_label
from fondaco.sellers.access import Caller


def refund_unit(
    caller: Caller,
    *,
    number: str,
    unit: int,
    deduct_pct: int = 0,
    expected_minor: int | None = None,
    currency: str = "",
    label_minor: int | None = None,
) -> Refund:
    """The seller refunds one arrived unit, less what the plan allows to keep. Again, it answers the same refund.

    `expected_minor`: what the page showed; another plan by now is refused. After the due time nothing can be kept
    any more (Q-22). `label_minor`: the label deduction as the seller states it; what the plan does not deduct is refused.
    Raises NotFound, Denied, NotArrived, DeductionTooHigh, PhotoAndGradeNeeded, ImpossibleAmount,
    OtherCurrency, PlanMoved, NothingLeft, UnknownUnit, LabelAboveRefund, LabelNotAsPlanned.
    """
    found = return_to_handle(caller, number)
    if currency and currency != found.currency:
        raise refusals.OtherCurrency(paid=found.currency, given=currency[:3])
    if isinstance(deduct_pct, bool) or not isinstance(deduct_pct, int):
        raise ImpossibleAmount(field="deduct_pct", given=str(deduct_pct)[:20])
    now = clock.now()
    with transaction.atomic():
        held = hold(found.pk, order_id=found.order_id)
        row = held.unit(unit)
        if held.parcel.unit(unit).refunded:
            return Refund.objects.get(unit=row)
        life.refund(held.parcel, unit)
        is_over = row.due_at is not None and now > row.due_at
        if is_over and deduct_pct:
            raise refusals.NothingLeft
        planned = plan_for(held, row, deduct_pct=deduct_pct, now=now)
        if label_minor is not None:
            check_stated_label(planned.plan.units[0], currency=held.row.currency, stated_minor=label_minor)
        if expected_minor is not None and expected_minor != planned.minor:
            raise refusals.PlanMoved(now=Money(planned.minor, held.row.currency))
        return _carry_out(held, row, planned, by=RefundedBy.SELLER, actor=caller, is_breach=is_over, now=now)


def receive_and_refund(
    caller: Caller,
    *,
    number: str,
    unit: int,
    found: Grade = Grade.ORIGINAL,
    note: str = "",
    photos: Sequence[warehouse.NewPhoto] = (),
    deduct_pct: int = 0,
) -> Refund:
    """The parcel is opened, looked at and paid for in one go: checked in, graded and refunded, all of it or nothing.

    Again, it answers the same refund. Raises what `warehouse.grade` and `refund_unit` raise.
    """
    row = return_to_handle(caller, number)
    with transaction.atomic():
        held = hold(row.pk, order_id=row.order_id)
        if not held.parcel.unit(unit).refunded:
            warehouse.grade(caller, number=number, unit=unit, found=found, note=note, photos=photos)
        return refund_unit(caller, number=number, unit=unit, deduct_pct=deduct_pct)


def refund_due(*, unit_id: UUID) -> Refund | None:
    """Once the due time has passed: in full less the label that the buyer bears, charged to the seller, with the breach
    on record (Q-22). None: not due, refunded already, or policy leaves it to people."""
    now = clock.now()
    found = ReturnUnit.objects.filter(pk=unit_id, due_at__lt=now).values_list("parcel_id", "number").first()
    if found is None:
        return None
    with transaction.atomic():
        held = hold(found[0])
        row = held.unit(found[1])
        if row.due_at is None or now <= row.due_at or held.parcel.unit(row.number).refunded:
            return None
        terms = terms_of(held)
        if not terms.auto_at_sla:
            _note_breach(held, row, now)
            return None
        planned = plan_for(held, row, deduct_pct=0, now=now, terms=terms)
        return _carry_out(held, row, planned, by=RefundedBy.DUE_TIME, actor=None, is_breach=True, now=now)


def refund_at_first_scan(*, return_id: UUID) -> list[Refund]:
    """Where policy refunds at the carrier's first scan (B-PRIME-21): every unit, with its outbound shipping, in full
    less the label that the buyer bears. Only with a label of the marketplace. Again, it changes nothing."""
    now = clock.now()
    made = []
    with transaction.atomic():
        held = hold(return_id)
        terms = terms_of(held)
        if not terms.at_first_scan or held.parcel.scanned_at is None or held.row.label_id is None:
            return []
        if held.parcel.acceptance is not life.Acceptance.AUTHORISED:
            return []
        for row in held.units:
            if not held.parcel.unit(row.number).is_settled:
                planned = plan_for(
                    held, row, deduct_pct=0, now=now, terms=terms, with_shipping=True, at=held.parcel.scanned_at
                )
                made.append(
                    _carry_out(
                        held,
                        row,
                        planned,
                        by=RefundedBy.FIRST_SCAN,
                        actor=None,
                        is_breach=False,
                        now=now,
                        without_goods=True,
                    )
                )
    return made


def settle_missing(caller: Caller, *, number: str, unit: int, refund: bool, why: str) -> Return:
    """Customer service ends a missing unit, from so many days after it was missed (Q-30): with a refund, or without.

    Raises NotFound, Denied, WhyNeeded, NotMissing, TooEarlyForService, AlreadyRefunded.
    """
    found = return_at_desk(caller, number)
    said = paragraphs(why, limit=NOTE_LIMIT)
    if not said:
        raise refusals.WhyNeeded
    now = clock.now()
    with transaction.atomic():
        held = hold(found.pk, order_id=found.order_id)
        row, terms = held.unit(unit), terms_of(held)
        dropped = life.drop(held.parcel, unit)
        assert row.missing_at is not None
        opens_at = add_calendar_days(row.missing_at, terms.missing_after_days, ZoneInfo(held.row.zone))
        if now <= opens_at:
            raise refusals.TooEarlyForService(on=opens_at)
        if refund:
            planned = plan_for(held, row, deduct_pct=0, now=now, terms=terms)
            _carry_out(
                held,
                row,
                planned,
                by=RefundedBy.SERVICE,
                actor=caller,
                is_breach=False,
                now=now,
                without_goods=True,
                why=said,
            )
        else:
            keep(held, dropped, at=now, terms=terms)
            history.record(
                actor=caller,
                verb="return.unit_dropped",
                subject=held.row,
                about={"unit": unit},
                why=said,
                clause="Q-30",
                at=now,
            )
    return held.row


def _carry_out(
    held: Held,
    row: ReturnUnit,
    planned: Planned,
    *,
    by: RefundedBy,
    actor: Any,
    is_breach: bool,
    now: datetime,
    without_goods: bool = False,
    why: str = "",
) -> Refund:
    moved = life.refund(held.parcel, row.number, without_goods=without_goods)
    unit = planned.plan.units[0]
    due_at = row.due_at
    refund = Refund(
        unit=row,
        parcel=held.row,
        seller=held.row.seller,
        store=held.row.store,
        currency=held.row.currency,
        amount_minor=unit.refund_minor,
        paid_minor=planned.facts.units[0].paid_minor,
        deduct_pct=planned.facts.units[0].deduct_pct,
        label_share_minor=unit.label_share_minor,
        label_on_seller_minor=unit.label_on_seller_minor,
        refunded_by=by.value,
        is_breach=is_breach,
        due_at=due_at,
        by=getattr(actor, "person", None),
        facts=as_json(planned.facts),
        plan=plan_as_json(planned.plan),
        terms=dict(planned.terms.versions),
        placed_at=held.order.placed_at,
        at=now,
    )
    rows.insert(refund)
    keep(held, replace(moved), at=now, terms=planned.terms)
    clause = {RefundedBy.DUE_TIME: "Q-22", RefundedBy.FIRST_SCAN: "B-PRIME-21", RefundedBy.SERVICE: "Q-30"}.get(
        by, "PRIME-37"
    )
    version = planned.terms.versions["refund.sla_business_days" if is_breach else "return.reason_codes"]
    amount = Money(unit.refund_minor, held.row.currency)
    if amount:
        orders.record_refund(
            order=held.order,
            money=planned.money,
            unit=row.unit,
            amount=amount,
            key=f"return:{row.pk}",
            reason="refund",
            cause=Cause("returns.return", str(held.row.pk), held.row.number),
            clause=clause,
            policy_version=version,
            at=now,
            actor=actor,
        )
    history.record(
        actor=actor,
        verb=f"return.refunded_{by.value}",
        subject=held.row,
        about={
            "unit": row.number,
            "amount": str(amount),
            "amount_minor": amount.minor,
            "currency": amount.currency,
            "deduct_pct": refund.deduct_pct,
            "breach": is_breach,
        },
        why=why,
        clause=clause,
        policy_version=version,
        at=now,
    )
    mail.tell_refunded(held.row, refund)
    return refund


def _note_breach(held: Held, row: ReturnUnit, now: datetime) -> None:
    about = {"unit": row.number, "due_at": row.due_at}
    if not any(
        e.about.get("unit") == row.number for e in history.events_for(held.row, verbs=["return.refund_overdue"])
    ):
        history.record(actor=None, verb="return.refund_overdue", subject=held.row, about=about, clause="Q-22", at=now)


def due_units(*, limit: int = 500) -> list[UUID]:
    """Units whose due time has passed, for the sweep: found by the row alone."""
    due = ReturnUnit.objects.filter(due_at__lt=clock.now()).order_by("due_at", "id")
    return list(due.values_list("pk", flat=True)[:limit])

"""Statement periods: one is open for each seller and currency, and takes what is posted now."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F, QuerySet, Sum
from django.utils.translation import gettext_noop as N_

from fondaco import history
from fondaco.engine import clock
from fondaco.engine.slots import prepared
from fondaco.kit.errors import NotFound, Refusal
from fondaco.kit.money import Money
from fondaco.ledger import locks
from fondaco.ledger.models import Period, PeriodTotal
from fondaco.ledger.rules import AccountKind, period_of
from fondaco.sellers.models import SellerAccount


class PeriodStillRuns(Refusal):
    CODE = "ledger_period_still_runs"
    WORDS = N_("This statement period has not ended yet.")


def open_period(seller_id: UUID, currency: str, *, at: datetime) -> Period:
    """The period that takes what is posted now, made or moved on where needed. The seller's proceeds are locked.

    What is booked goes into the period that is open when it is booked, even if the store's clock was set back.
    """
    period = _open.first(seller_id, currency)
    if period is None:
        return _first(seller_id, currency, at)
    return _next(period, at) if at >= period.ends_at else period


@prepared
def _open(seller: Any, currency: Any) -> QuerySet[Period]:
    return Period.objects.filter(seller=seller, currency=currency, closed_at=None)


def close_statement_period(*, period_id: UUID, at: datetime | None = None) -> Period:
    """Close a period that has ended and open the next one. Closed before: nothing changes.

    Raises NotFound, PeriodStillRuns.
    """
    moment = at or clock.now()
    with transaction.atomic():
        period = Period.objects.filter(pk=period_id).first()
        if period is None:
            raise NotFound
        locks.accounts([locks.Place(AccountKind.SELLER_PROCEEDS, period.currency, period.seller_id)])
        period.refresh_from_db()
        if period.closed_at is None:
            if moment < period.ends_at:
                raise PeriodStillRuns
            _next(period, moment)
    return period


def sum_of(period: Period) -> int:
    """What a period's lines come to, in minor units."""
    totals = PeriodTotal.objects.filter(period=period).aggregate(sum=Sum(F("in_minor") + F("out_minor")))
    return int(totals["sum"] or 0)


def _first(seller_id: UUID, currency: str, at: datetime) -> Period:
    starts_at, ends_at = period_of(at=at, zone=SellerAccount.objects.get(pk=seller_id).zone)
    return Period.objects.create(
        seller_id=seller_id, currency=currency, number=1, starts_at=starts_at, ends_at=ends_at, opening_minor=0
    )


def _next(period: Period, at: datetime) -> Period:
    """Close it with its balance and open what follows, up to the end of the fortnight of `at`."""
    period.closing_minor, period.closed_at = period.opening_minor + sum_of(period), at
    period.save(update_fields=["closing_minor", "closed_at"])
    closing = Money(period.closing_minor, period.currency)
    history.record(
        actor=None,
        verb="period.closed",
        subject=period,
        about={"number": period.number, "closing": str(closing)},
        at=at,
    )
    _starts_at, ends_at = period_of(at=at, zone=period.seller.zone)
    return Period.objects.create(
        seller_id=period.seller_id,
        currency=period.currency,
        number=period.number + 1,
        starts_at=period.ends_at,
        ends_at=max(ends_at, period_of(at=period.ends_at, zone=period.seller.zone)[1]),
        opening_minor=period.closing_minor,
    )

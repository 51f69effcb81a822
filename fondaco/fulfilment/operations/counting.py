"""The count of Prime orders a ship day: one conditional write decides who still fits (Q-39, B-PRIME-10)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import F, QuerySet
from django.utils.translation import gettext_noop as N_

from fondaco import policy
from fondaco.engine import rows
from fondaco.engine.slots import prepared
from fondaco.fulfilment.models import CountedOrder, PrimeDay, VolumeControl
from fondaco.kit.errors import Refusal
from fondaco.orders.delivery import Booked
from fondaco.web.programmes import name_of


class LimitReached(Refusal):
    CODE = "prime_limit_reached"
    WORDS = N_("The seller cannot ship more %(programme)s orders that day.")
    FIX = N_("Look at the delivery options again: they have changed.")
    CLAUSE = "B-PRIME-10"


def count(booked: Sequence[Booked], *, checkout_id: UUID, at: datetime) -> None:
    """Count a checkout once for each seller and ship day on which it has Prime lines with a counted option.

    In the buying transaction. Raises LimitReached; a cart that kept its Prime offer is counted beyond the limit.
    """
    for (seller_id, day), lines in sorted(_by_day(booked, at).items(), key=str):
        (limit,) = _limit.first(seller_id) or (None,)
        row = _day.first(seller_id, day) or PrimeDay.objects.get_or_create(seller_id=seller_id, ship_date=day)[0]
        fits = PrimeDay.objects.filter(pk=row.pk)
        if limit is not None:
            fits = fits.filter(taken__lt=limit)
        beyond = not fits.update(taken=F("taken") + 1)
        if beyond:
            if not all(line.keeps_prime for line in lines):
                raise LimitReached(programme=str(name_of("prime")), day=day.isoformat())
            PrimeDay.objects.filter(pk=row.pk).update(taken=F("taken") + 1)
        rows.insert(CountedOrder(day=row, checkout_id=checkout_id, beyond_limit=beyond, counted_at=at))


@prepared
def _limit(seller: Any) -> QuerySet[VolumeControl, tuple[int | None]]:
    return VolumeControl.objects.filter(seller=seller).values_list("limit_per_day")


@prepared
def _day(seller: Any, ship_date: Any) -> QuerySet[PrimeDay]:
    return PrimeDay.objects.filter(seller=seller, ship_date=ship_date)


def release(*, checkout_id: UUID, order_id: UUID | None, at: datetime) -> None:
    """Free a place again, once: the checkout was declined, or one seller's order of it was cancelled as a whole."""
    counted = CountedOrder.objects.filter(checkout_id=checkout_id, released_at=None).select_related("day")
    if order_id is not None:
        counted = counted.filter(day__seller__orders=order_id)
    for each in counted.order_by("day__seller_id", "day__ship_date"):
        if CountedOrder.objects.filter(pk=each.pk, released_at=None).update(released_at=at):
            PrimeDay.objects.filter(pk=each.day_id, taken__gt=0).update(taken=F("taken") - 1)


def _by_day(booked: Sequence[Booked], at: datetime) -> dict[tuple[UUID, date], list[Booked]]:
    found: dict[tuple[UUID, date], list[Booked]] = {}
    for line in booked:
        counted = policy.value("prime.limit.counted_options", line.offer.store, at=at).value
        if line.is_prime and line.option.speed.value in counted:
            found.setdefault((line.offer.seller_id, line.option.ship_by), []).append(line)
    return found

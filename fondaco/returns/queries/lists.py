"""Lists of returns, what is due, and a seller's figures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Count, Min, Q, QuerySet, Sum

from fondaco.kit.calendar import local_date, start_of_day
from fondaco.returns.models import DisputeState, Refund, Return, ReturnUnit
from fondaco.returns.queries.access import DESK_ROLES
from fondaco.returns.rules.life import RECEIVED, Acceptance, Place
from fondaco.sellers.access import Caller
from fondaco.sellers.models import SellerAccount
from fondaco.sellers.rules import Capability

ORDER = ("-requested_at", "-id")
_RECEIVED = [p.value for p in RECEIVED]
_LOADED = ("units__unit__item__product__main_picture", "units__refund", "units__photos__picture")


def loaded(returns: QuerySet[Return]) -> QuerySet[Return]:
    """With everything that pages read of a return."""
    return returns.select_related("order", "seller", "buyer").prefetch_related(*_LOADED)


def returns_of_buyer(caller: Caller) -> QuerySet[Return]:
    """What the caller sends back, newest first. Raises SignInRequired."""
    return loaded(Return.objects.filter(buyer=caller.require_person())).order_by(*ORDER)


def returns_of_order(order_id: UUID) -> list[Return]:
    """The returns of an order that the caller has found."""
    return list(loaded(Return.objects.filter(order=order_id)).order_by(*ORDER))


FOLDERS = ("to_answer", "on_the_way", "to_refund", "done", "all")


def returns_of_seller(caller: Caller, *, folder: str = "all") -> QuerySet[Return]:
    """The returns of the account being worked in, by what is to be done. Raises SignInRequired, SellerRequired, Denied."""
    mine = Return.objects.filter(seller=caller.require_seller(Capability.VIEW))
    return loaded(_in_folder(mine, folder)).order_by(*ORDER)


def count_by_folder(caller: Caller) -> dict[str, int]:
    """How many stand in each folder."""
    mine = Return.objects.filter(seller=caller.require_seller(Capability.VIEW))
    return {folder: _in_folder(mine, folder).count() for folder in ("to_answer", "on_the_way", "to_refund")}


def _in_folder(returns: QuerySet[Return], folder: str) -> QuerySet[Return]:
    authorised = Q(acceptance=Acceptance.AUTHORISED.value, closed_at=None)
    due = ReturnUnit.objects.filter(due_at__isnull=False, place__in=_RECEIVED).values("parcel")
    if folder == "to_answer":
        return returns.filter(acceptance=Acceptance.REQUESTED.value)
    if folder == "on_the_way":
        return returns.filter(authorised).exclude(pk__in=due)
    if folder == "to_refund":
        return returns.filter(authorised, pk__in=due)
    if folder == "done":
        return returns.filter(Q(closed_at__isnull=False))
    return returns


def arrivals_of(caller: Caller) -> list[ReturnUnit]:
    """What lies in the warehouse and waits for its refund, the soonest due first."""
    seller = caller.require_seller(Capability.VIEW)
    rows = ReturnUnit.objects.filter(parcel__seller=seller, due_at__isnull=False)
    return list(rows.select_related("parcel", "unit__item__product__main_picture").order_by("due_at", "id")[:200])


def coming_to(caller: Caller) -> list[Return]:
    """Parcels that the carrier has, or may soon have."""
    return list(returns_of_seller(caller, folder="on_the_way").filter(label_state__in=["bought", "none"])[:100])


def find_parcel(caller: Caller, code: str) -> Return | None:
    """What was scanned or typed in: a tracking number, a return's number, an order's number."""
    text = code.replace("\0", "").strip()[:60]
    if not text:
        return None
    mine = Return.objects.filter(seller=caller.require_seller(Capability.VIEW))
    hit = Q(tracking_number=text) | Q(number=text.upper()) | Q(order__number=text)
    # Of several returns of an order the open one that is furthest on its way.
    return mine.filter(hit).order_by("closed_at", "-scanned_at", "-requested_at").first()


def due_by_day(seller: SellerAccount, *, first: date, last: date, zone: ZoneInfo) -> dict[date, list[ReturnUnit]]:
    """Units by the day on which their refund is due, in a zone; `last` included."""
    from datetime import timedelta

    rows = ReturnUnit.objects.filter(
        parcel__seller=seller,
        due_at__gte=start_of_day(first, zone),
        due_at__lt=start_of_day(last + timedelta(days=1), zone),
    ).select_related("parcel", "unit__item")
    found: dict[date, list[ReturnUnit]] = {}
    for row in rows.order_by("due_at", "id"):
        assert row.due_at is not None
        found.setdefault(local_date(row.due_at, zone), []).append(row)
    return found


@dataclass(frozen=True, slots=True)
class Figures:
    """A seller's returns in a period: counts, money in minor units of one currency, shares by reason."""

    asked: int
    refunded: int
    in_time: int
    breaches: int
    refunded_minor: int
    kept_by_label_minor: int
    by_reason: tuple[tuple[str, int], ...]
    by_grade: tuple[tuple[str, int], ...]

    @property
    def in_time_pct(self) -> int | None:
        return None if not self.refunded else self.in_time * 100 // self.refunded


def figures_of(seller: SellerAccount, *, since: datetime, until: datetime) -> Figures:
    """What came back in that time, why, and how soon it was refunded."""
    units = ReturnUnit.objects.filter(
        parcel__seller=seller, parcel__requested_at__gte=since, parcel__requested_at__lt=until
    )
    refunds = Refund.objects.filter(seller=seller, at__gte=since, at__lt=until)
    sums = refunds.aggregate(
        n=Count("id"),
        late=Count("id", filter=Q(is_breach=True)),
        paid=Sum("amount_minor"),
        label=Sum("label_on_seller_minor"),
    )
    reasons = units.values_list("reason").annotate(n=Count("id")).order_by("-n", "reason")
    grades = units.exclude(grade="").values_list("grade").annotate(n=Count("id")).order_by("-n", "grade")
    return Figures(
        asked=units.count(),
        refunded=sums["n"],
        in_time=sums["n"] - sums["late"],
        breaches=sums["late"],
        refunded_minor=sums["paid"] or 0,
        kept_by_label_minor=sums["label"] or 0,
        by_reason=tuple(reasons),
        by_grade=tuple(grades),
    )


def at_desk(caller: Caller, *, folder: str) -> QuerySet[Return]:
    """For customer service: exceptions to decide, blocked returns to call about, units that never came.

    Raises SignInRequired, Denied.
    """
    caller.require_role(*DESK_ROLES)
    rows = Return.objects.all()
    if folder == "exceptions":
        rows = rows.filter(acceptance=Acceptance.OUT_OF_WINDOW.value)
    elif folder == "blocked":
        rows = rows.filter(acceptance=Acceptance.BLOCKED.value)
    elif folder == "missing":
        rows = rows.filter(
            pk__in=ReturnUnit.objects.filter(place=Place.MISSING.value, dropped_at=None, refund=None).values("parcel")
        )
    elif folder == "disputes":
        rows = rows.filter(units__disputes__state=DisputeState.FILED.value).distinct()
    elif folder == "no_label":
        rows = rows.filter(label_state="refused", closed_at=None)
    return loaded(rows).order_by(*ORDER)


def next_due(seller: SellerAccount) -> datetime | None:
    """When the next refund of this seller is due."""
    return ReturnUnit.objects.filter(parcel__seller=seller, due_at__isnull=False).aggregate(at=Min("due_at"))["at"]


def count_due(seller: SellerAccount) -> int:
    """How many received units of this seller wait for their refund."""
    return ReturnUnit.objects.filter(parcel__seller=seller, due_at__isnull=False).count()

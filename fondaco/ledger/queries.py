"""Reads of the ledger: a seller's statement, lines and debts, each for a caller."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import F, QuerySet, Sum

from fondaco.kit.errors import NotFound
from fondaco.ledger.models import Account, CardTry, Due, Entry, Period, PeriodTotal
from fondaco.ledger.rules import AccountKind, Section, TryState
from fondaco.sellers.access import Caller
from fondaco.sellers.queries import as_id
from fondaco.sellers.rules import Capability


@dataclass(frozen=True, slots=True)
class Balance:
    """What a seller has and owes in one currency, in minor units; `due_minor` is not negative."""

    currency: str
    proceeds_minor: int
    held_minor: int
    due_minor: int


@dataclass(frozen=True, slots=True)
class SectionSums:
    """One part of a statement: its reasons and what they come to."""

    section: Section
    rows: tuple[PeriodTotal, ...]

    @property
    def in_minor(self) -> int:
        return sum(row.in_minor for row in self.rows)

    @property
    def out_minor(self) -> int:
        return sum(row.out_minor for row in self.rows)

    @property
    def sum_minor(self) -> int:
        return self.in_minor + self.out_minor

    @property
    def lines(self) -> int:
        return sum(row.lines for row in self.rows)


@dataclass(frozen=True, slots=True)
class Statement:
    """The Statement View of one period (IMG-SVC-20). Every section stands in it, also an empty one."""

    period: Period
    sections: tuple[SectionSums, ...]

    @property
    def sum_minor(self) -> int:
        return sum(section.sum_minor for section in self.sections)

    @property
    def closing_minor(self) -> int:
        return self.period.opening_minor + self.sum_minor


def balances_for(caller: Caller) -> list[Balance]:
    """The account's money by currency. Raises SignInRequired, SellerRequired, Denied (as all of these)."""
    seller = caller.require_seller(Capability.VIEW)
    rows = {(a.currency, a.kind): a for a in Account.objects.filter(seller=seller)}
    return [
        Balance(
            currency=currency,
            proceeds_minor=_balance(rows.get((currency, AccountKind.SELLER_PROCEEDS))),
            held_minor=held.held_minor if (held := rows.get((currency, AccountKind.SELLER_PROCEEDS))) else 0,
            due_minor=-_balance(rows.get((currency, AccountKind.SELLER_DUE))),
        )
        for currency in sorted({currency for currency, _kind in rows})
    ]


def periods_for(caller: Caller, *, limit: int = 26) -> list[Period]:
    """The account's statement periods, the latest first."""
    seller = caller.require_seller(Capability.VIEW)
    return list(Period.objects.filter(seller=seller).order_by("-starts_at", "currency", "-number")[:limit])


def period_for(caller: Caller, period_id: str | UUID) -> Period:
    """One statement period of the account. Raises NotFound."""
    seller = caller.require_seller(Capability.VIEW)
    period = Period.objects.filter(seller=seller, pk=as_id(period_id)).first()
    if period is None:
        raise NotFound
    return period


def statement_of(period: Period) -> Statement:
    """The sums of a period that was found by its caller: one small read, however many lines there are."""
    rows = list(PeriodTotal.objects.filter(period=period).order_by("reason"))
    return Statement(period, tuple(SectionSums(s, tuple(r for r in rows if r.section == s)) for s in Section))


def sums_of(periods: Sequence[Period]) -> dict[UUID, int]:
    """What each of these periods sums up to, in minor units of its currency: one query."""
    rows = (
        PeriodTotal.objects.filter(period__in=periods)
        .values_list("period_id")
        .annotate(sum=Sum(F("in_minor") + F("out_minor")))
    )
    return {period.pk: 0 for period in periods} | dict(rows.order_by())


def lines_for(
    caller: Caller, *, period: Period | None = None, section: Section | None = None, reason: str = ""
) -> QuerySet[Entry]:
    """The account's lines for the Transaction View (IMG-SVC-21), to be paged by `-at, -id`.

    `section` and `reason` narrow a `period`, which was found by the same caller.
    """
    seller = caller.require_seller(Capability.VIEW)
    lines = Entry.objects.filter(seller=seller).select_related("posting", "account")
    if period is not None:
        lines = lines.filter(period=period)
        lines = lines.filter(section=section.value) if section else lines
        lines = lines.filter(posting__reason=reason) if reason else lines
    return lines


def unpaid_for(caller: Caller, *, limit: int = 50) -> list[Due]:
    """What the account still owes, the oldest first."""
    seller = caller.require_seller(Capability.VIEW)
    dues = Due.objects.filter(seller=seller, open_minor__gt=0).select_related("posting")
    return list(dues.order_by("created_at", "id")[:limit])


def dues_of(entries: Iterable[Entry]) -> dict[UUID, Due]:
    """The debts that these lines began, by posting."""
    ids = [entry.posting_id for entry in entries if entry.account.kind == AccountKind.SELLER_DUE]
    return {due.posting_id: due for due in Due.objects.filter(posting__in=ids)} if ids else {}


def card_names_of(keys: Iterable[str]) -> dict[str, str]:
    """Which card paid, by the posting's key."""
    tries = CardTry.objects.filter(key__in=list(keys), state=TryState.PAID.value).select_related("card")
    return {row.key: str(row.card) for row in tries}


def periods_to_close(*, at: datetime, limit: int = 1000) -> list[UUID]:
    """What a sweep nudges: open periods whose end has come."""
    ended = Period.objects.filter(closed_at=None, ends_at__lte=at).order_by("ends_at", "id")
    return list(ended.values_list("pk", flat=True)[:limit])


def _balance(account: Account | None) -> int:
    return account.balance_minor if account else 0

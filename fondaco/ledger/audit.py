"""Are the books in order? Every figure that is kept beside the entries, compared with the entries.

The triggers already refuse what would make a figure here differ from zero; this is how one sees that they did.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import connection, transaction
from django.db.models import Case, Count, F, Q, Sum, When, Window
from django.db.models.functions import Coalesce, Lag

from fondaco.ledger.models import Account, Due, Entry, Period, PeriodTotal
from fondaco.ledger.rules import AccountKind, HoldState
from fondaco.sellers.access import Caller
from fondaco.sellers.rules import Role


@dataclass(frozen=True, slots=True)
class KindSum:
    """All accounts of one kind and currency together."""

    kind: AccountKind
    currency: str
    balance_minor: int
    accounts: int


@dataclass(frozen=True, slots=True)
class Report:
    """How many faults each check found, and over how many entries."""

    entries: int
    faults: dict[str, int]

    @property
    def is_clean(self) -> bool:
        return not any(self.faults.values())


def books_for(caller: Caller) -> list[KindSum]:
    """The balances of the marketplace by kind and currency, for the operator. Raises SignInRequired, Denied."""
    caller.require_role(Role.OPERATOR)
    rows = Account.objects.values("kind", "currency").annotate(sum=Sum("balance_minor"), n=Count("id"))
    return [
        KindSum(AccountKind(row["kind"]), row["currency"], row["sum"], row["n"])
        for row in sorted(rows, key=lambda row: (row["currency"], list(AccountKind).index(AccountKind(row["kind"]))))
    ]


def audit() -> Report:
    """Compare everything, in one snapshot of the database."""
    with _snapshot():
        faults = {name: check() for name, check in _CHECKS.items()}
        return Report(Entry.objects.count(), faults)


def _sums() -> int:
    return Entry.objects.values("currency").annotate(sum=Sum("amount_minor")).exclude(sum=0).count()


def _postings() -> int:
    return Entry.objects.values("posting", "currency").annotate(sum=Sum("amount_minor")).exclude(sum=0).count()


def _balances() -> int:
    kept = Account.objects.annotate(sum=Coalesce(Sum("entries__amount_minor"), 0), n=Count("entries"))
    return kept.exclude(sum=F("balance_minor"), n=F("version")).count()


def _chains() -> int:
    before = Lag("current_minor", default=0)
    window = Window(before, partition_by=[F("account_id")], order_by=[F("account_version").asc()])
    return Entry.objects.annotate(before=window).exclude(before=F("previous_minor")).count()


def _negatives() -> int:
    below = Q(never_below_zero=True, balance_minor__lt=F("held_minor"))
    above = Q(kind=AccountKind.SELLER_DUE.value, balance_minor__gt=0)
    return Account.objects.filter(below | above).count()


def _holds() -> int:
    pending = Coalesce(Sum("holds__amount_minor", filter=Q(holds__state=HoldState.PENDING.value)), 0)
    return Account.objects.annotate(pending=pending).exclude(pending=F("held_minor")).count()


def _dues() -> int:
    owed = {(a.seller_id, a.currency): -a.balance_minor for a in _of_kind(AccountKind.SELLER_DUE) if a.balance_minor}
    rows = Due.objects.filter(open_minor__gt=0).values_list("seller", "currency").annotate(sum=Sum("open_minor"))
    return _differences(owed, {(seller, currency): total for seller, currency, total in rows})


def _statements() -> int:
    amount = F("amount_minor")
    rows = Entry.objects.filter(period__isnull=False).values_list("period", "section", "posting__reason")
    counted = {
        row[:3]: row[3:]
        for row in rows.annotate(
            received=Coalesce(Sum(Case(When(amount_minor__gt=0, then=amount))), 0),
            given=Coalesce(Sum(Case(When(amount_minor__lt=0, then=amount))), 0),
            n=Count("id"),
        )
    }
    kept = PeriodTotal.objects.values_list("period", "section", "reason", "in_minor", "out_minor", "lines")
    return _differences(counted, {row[:3]: row[3:] for row in kept})


def _closings() -> int:
    """Each period begins where the one before ended; the open one ends at what the seller's accounts say."""
    money: dict[tuple[object, str], int] = {}
    for account in Account.objects.filter(seller__isnull=False):
        owner = (account.seller_id, account.currency)
        money[owner] = money.get(owner, 0) + account.balance_minor
    came = Coalesce(Sum(F("totals__in_minor") + F("totals__out_minor")), 0)
    faults, before = 0, dict[tuple[object, str], int]()
    for period in Period.objects.annotate(came=came).order_by("seller", "currency", "number"):
        owner = (period.seller_id, period.currency)
        closing = period.opening_minor + period.came  # type: ignore[attr-defined]  # annotated
        kept = money[owner] if period.closed_at is None else period.closing_minor
        faults += closing != kept or before.get(owner, 0) != period.opening_minor
        before[owner] = closing
    return faults


_CHECKS: dict[str, Callable[[], int]] = {
    "sums": _sums,
    "postings": _postings,
    "balances": _balances,
    "chains": _chains,
    "negatives": _negatives,
    "holds": _holds,
    "dues": _dues,
    "statements": _statements,
    "closings": _closings,
}


def _of_kind(kind: AccountKind) -> Iterator[Account]:
    return Account.objects.filter(kind=kind.value).iterator()


def _differences[K, V](left: dict[K, V], right: dict[K, V]) -> int:
    return sum(left.get(key) != right.get(key) for key in left.keys() | right.keys())


@contextmanager
def _snapshot() -> Iterator[None]:
    """One moment for all checks; on SQLite without the write lock, so that selling goes on meanwhile."""
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("BEGIN DEFERRED")
            try:
                yield
            finally:
                cursor.execute("ROLLBACK")
    else:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            yield

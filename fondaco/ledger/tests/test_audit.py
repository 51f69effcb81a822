"""The audit finds what the triggers would have refused: here they are taken down first."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.db import connection

from fondaco.ledger import operations
from fondaco.ledger.audit import audit
from fondaco.ledger.guards import _POSTGRES_BACK, _SQLITE_BACK
from fondaco.ledger.models import Account, Due, Entry, Hold, Period, PeriodTotal
from fondaco.ledger.tests.factories import bill, give, order, usd
from fondaco.sellers.tests.factories import make_seller

pytestmark = pytest.mark.django_db

GUARDED = ("posting", "entry", "account", "period", "periodtotal", "hold", "due")


@pytest.fixture
def unguarded() -> SimpleNamespace:
    """A seller with something of everything, on a database without its guards."""
    seller = make_seller()
    give(seller, 1000)
    operations.hold(seller=seller, amount=usd(100), cause=order(), reason="refund", key="h")
    bill(seller, 1500)
    statements = _SQLITE_BACK
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            statements = [*_POSTGRES_BACK, *(f"DROP TRIGGER ledger_{t}_grows ON ledger_{t}" for t in GUARDED)]
        else:
            statements = [*statements, *(f"DROP TRIGGER ledger_{t}_no_update" for t in GUARDED)]
        for statement in statements:
            cursor.execute(statement)
    assert audit().is_clean
    return SimpleNamespace(seller=seller)


DAMAGE = {
    "sums": lambda: _change(Entry.objects.filter(seller=None).first(), amount_minor=7, current_minor=7),
    "balances": lambda: Account.objects.filter(seller=None).update(balance_minor=12345),
    "chains": lambda: _change(Entry.objects.order_by("id").last(), previous_minor=1, current_minor=1501),
    "holds": lambda: Hold.objects.update(amount_minor=99),
    "dues": lambda: Due.objects.update(open_minor=1),
    "statements": lambda: PeriodTotal.objects.filter(reason="sale").update(lines=2),
    "closings": lambda: Period.objects.update(opening_minor=5),
}


@pytest.mark.parametrize("check", DAMAGE)
def test_damage_is_found(unguarded, check) -> None:
    DAMAGE[check]()
    report = audit()
    assert not report.is_clean
    assert report.faults[check] > 0, report.faults


def _change(entry: Entry, **fields: int) -> None:
    Entry.objects.filter(pk=entry.pk).update(**fields)

"""Two-phase money, statement periods and payouts."""

from __future__ import annotations

from datetime import timedelta

import pytest

from fondaco.engine import clock
from fondaco.engine.sweeps import run_all
from fondaco.kit.errors import Denied, NotFound
from fondaco.kit.ids import new_id
from fondaco.ledger import operations
from fondaco.ledger.models import Account, Hold, Period, Posting
from fondaco.ledger.rules import AccountKind, NotEnoughMoney, PostingKind
from fondaco.ledger.tests.factories import assert_books_in_order, balance, bill, give, order, owed, proceeds, usd
from fondaco.sellers.rules import Role
from fondaco.sellers.tests.factories import make_caller, make_card, make_seller

pytestmark = pytest.mark.django_db


@pytest.fixture
def seller():
    seller = make_seller()
    give(seller, 1000)
    return seller


def held(seller, minor: int, key: str = "h", cause=None) -> Hold:
    return operations.hold(seller=seller, amount=usd(minor), cause=cause or order(), reason="refund", key=key)


def test_what_is_held_cannot_be_used(seller) -> None:
    held(seller, 800)
    with pytest.raises(NotEnoughMoney):
        held(seller, 201, "other")
    bill(seller, 500)
    assert (proceeds(seller), owed(seller)) == (800, 300)
    assert_books_in_order()


def test_a_hold_is_posted_once_and_the_rest_let_go(seller) -> None:
    row = held(seller, 800)
    settle = {"hold_id": row.pk, "to": AccountKind.BUYER_REFUNDS, "kind": PostingKind.REFUND, "amount": usd(500)}
    posting = operations.settle_hold(**settle)
    assert operations.settle_hold(**settle) == posting
    assert (proceeds(seller), balance(AccountKind.BUYER_REFUNDS)) == (500, 500)
    assert Account.objects.get(seller=seller, kind="seller_proceeds").held_minor == 0
    with pytest.raises(operations.KeyReused):
        operations.settle_hold(**{**settle, "amount": usd(499)})
    with pytest.raises(operations.HoldEnded):
        operations.void_hold(hold_id=row.pk)
    assert_books_in_order()


def test_a_void_hold_frees_the_money_and_is_never_posted(seller) -> None:
    row = held(seller, 800)
    for _ in range(2):
        assert operations.void_hold(hold_id=row.pk).state == "void"
    assert Account.objects.get(seller=seller, kind="seller_proceeds").held_minor == 0
    with pytest.raises(operations.HoldEnded):
        operations.settle_hold(hold_id=row.pk, to=AccountKind.BUYER_REFUNDS, kind=PostingKind.REFUND)
    assert proceeds(seller) == 1000
    assert_books_in_order()


def test_holds_answer_the_same_to_the_same_key(seller) -> None:
    cause = order()
    row = held(seller, 800, cause=cause)
    assert held(seller, 800, cause=cause) == row
    with pytest.raises(operations.KeyReused):
        held(seller, 100, cause=cause)
    with pytest.raises(operations.BeyondHold):
        operations.settle_hold(hold_id=row.pk, to=AccountKind.LABELS, kind=PostingKind.CHARGE, amount=usd(801))
    with pytest.raises(NotFound):
        operations.void_hold(hold_id=new_id())


def test_a_period_takes_what_is_posted_until_its_end_and_the_next_begins_with_its_balance(seller) -> None:
    first = Period.objects.get()
    assert first.starts_at <= clock.now() < first.ends_at
    with pytest.raises(operations.PeriodStillRuns):
        operations.close_statement_period(period_id=first.pk)
    clock.set_to(at=first.ends_at)
    bill(seller, 300)  # a posting does not wait for the sweep
    first.refresh_from_db()
    second = Period.objects.get(closed_at=None)
    assert (first.closing_minor, second.opening_minor, second.number) == (1000, 1000, 2)
    assert second.starts_at == first.ends_at
    assert_books_in_order()


def test_the_sweep_closes_what_ended_in_silence_once(seller, tasks) -> None:
    first = Period.objects.get()
    clock.set_to(at=first.ends_at + timedelta(days=1))
    run_all()
    run_all()
    tasks()
    first.refresh_from_db()
    assert (first.closing_minor, Period.objects.count()) == (1000, 2)
    assert operations.close_statement_period(period_id=first.pk).closing_minor == 1000
    assert Period.objects.count() == 2
    with pytest.raises(NotFound):
        operations.close_statement_period(period_id=new_id())
    assert_books_in_order()


def test_after_a_clock_set_back_lines_still_go_into_the_open_period(seller) -> None:
    clock.set_to(at=clock.now() - timedelta(days=60))
    give(seller, 5)
    assert Period.objects.count() == 1
    assert_books_in_order()


def test_a_payout_leaves_what_is_held_and_what_is_owed(seller, tasks) -> None:
    held(seller, 300)
    posting = operations.payout(seller=seller, currency="USD", key="p")
    assert (proceeds(seller), balance(AccountKind.PAYOUT)) == (300, 700)
    assert operations.payout(seller=seller, currency="USD", key="p") == posting
    with pytest.raises(operations.NothingToPayOut):
        operations.payout(seller=seller, currency="USD", key="q")
    make_card(seller=seller, declines=True)
    bill(seller, 900)
    tasks()
    give(seller, 1000)
    assert operations.payout(seller=seller, currency="USD", key="r").entries.get(seller=seller).amount_minor == -100
    tasks()
    assert (owed(seller), proceeds(seller)) == (0, 300)
    assert_books_in_order()


def test_a_payout_that_the_bank_sent_back_is_taken_back(seller) -> None:
    posting = operations.payout(seller=seller, currency="USD", key="p")
    operations.reverse(posting_id=posting.pk, why="returned_by_bank")
    assert (proceeds(seller), balance(AccountKind.PAYOUT)) == (1000, 0)
    assert_books_in_order()


@pytest.mark.parametrize("role", [r for r in Role if r is not Role.OPERATOR])
def test_only_the_operator_pays_out(seller, role) -> None:
    with pytest.raises(Denied):
        operations.pay_out(make_caller(role=role), number=seller.number, currency="USD", key="k")
    with pytest.raises(Denied):
        operations.pay_out(make_caller(seller=seller), number=seller.number, currency="USD", key="k")
    assert Posting.objects.count() == 1

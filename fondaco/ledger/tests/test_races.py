"""Everything at once, in real threads with connections of their own: one winner, nothing lost, nothing doubled."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from fondaco.engine import clock
from fondaco.ledger import operations
from fondaco.ledger.models import Account, Due, Period, Posting
from fondaco.ledger.rules import AccountKind, NotEnoughMoney, PostingKind
from fondaco.ledger.tests.factories import assert_books_in_order, balance, bill, give, order, owed, proceeds, usd
from fondaco.sellers.models import SimulatedCharge
from fondaco.sellers.tests.factories import make_card, make_seller

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """Run these together; returns what each answered, or the exception it raised."""
    barrier, answers = threading.Barrier(len(acts)), [None] * len(acts)

    def run(number: int, act: Callable[[], Any]) -> None:
        try:
            barrier.wait()
            answers[number] = act()
        except Exception as error:
            answers[number] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def test_one_charge_asked_for_six_times_is_one() -> None:
    seller, cause = make_seller(), order()
    give(seller, 300)
    answers = at_once(*[lambda: bill(seller, 1000, key="once", cause=cause)] * 6)
    assert {answer.pk for answer in answers} == {Posting.objects.get(key="once").pk}
    assert (proceeds(seller), owed(seller), Due.objects.count()) == (0, 700, 1)
    assert_books_in_order()


def test_one_key_for_two_requests_at_once_books_one_and_refuses_the_other() -> None:
    sellers = [make_seller("Harbor Goods"), make_seller("Swift Outfitters")]
    acts = [lambda s=s: bill(s, 1000, key="same") for s in sellers]
    answers = at_once(*acts)
    assert sorted(type(a).__name__ for a in answers) == ["KeyReused", "Posting"]
    assert balance(AccountKind.MARKETPLACE_FEES) == 1000
    assert_books_in_order()


def test_charges_of_one_seller_use_the_proceeds_once() -> None:
    seller = make_seller()
    give(seller, 1000)
    at_once(*[lambda: bill(seller, 400)] * 6)
    assert (proceeds(seller), owed(seller)) == (0, 1400)
    assert_books_in_order()


def test_first_postings_of_one_seller_make_one_account_and_one_period() -> None:
    seller = make_seller()
    at_once(*[lambda: give(seller, 100)] * 6)
    assert proceeds(seller) == 600
    assert Account.objects.filter(seller=seller).count() == 1
    assert Period.objects.count() == 1
    assert_books_in_order()


def test_collecting_at_once_asks_the_card_once() -> None:
    seller = make_seller()
    make_card(seller=seller)
    bill(seller, 2000)
    due = Due.objects.get()
    at_once(*[lambda: operations.collect(due_id=due.pk)] * 5)
    assert SimulatedCharge.objects.count() == 1
    assert (owed(seller), balance(AccountKind.CARD_CLEARING)) == (0, -2000)
    assert_books_in_order()


def test_collecting_reversing_and_crediting_at_once_never_take_the_same_money_twice() -> None:
    for number in range(4):
        seller = make_seller(f"Harbor {number}")
        make_card(seller=seller)
        charge = bill(seller, 2000)
        due = Due.objects.get(seller=seller)
        answers = at_once(
            lambda: operations.collect(due_id=due.pk),
            lambda: operations.reverse(posting_id=charge.pk, why="damaged"),
            lambda: give(seller, 500),
            lambda: operations.collect(due_id=due.pk),
        )
        faults = [a for a in answers if isinstance(a, Exception) and not isinstance(a, operations.CardIsBeingAsked)]
        assert not faults
        reversed_ = Posting.objects.filter(reverses=charge).exists()
        paid = sum(row.amount_minor for row in SimulatedCharge.objects.filter(key__contains=str(due.pk)))
        assert proceeds(seller) - owed(seller) == 500 + paid - (0 if reversed_ else 2000)
    assert_books_in_order()


def test_a_hold_is_settled_or_let_go_and_payouts_find_only_what_is_free() -> None:
    seller = make_seller()
    give(seller, 1000)
    row = operations.hold(seller=seller, amount=usd(600), cause=order(), reason="refund", key="h")
    settle = {"hold_id": row.pk, "to": AccountKind.BUYER_REFUNDS, "kind": PostingKind.REFUND}
    answers = at_once(
        lambda: operations.settle_hold(**settle),
        lambda: operations.void_hold(hold_id=row.pk),
        lambda: operations.payout(seller=seller, currency="USD", key="a"),
        lambda: operations.payout(seller=seller, currency="USD", key="b"),
        lambda: operations.hold(seller=seller, amount=usd(500), cause=order(), reason="refund", key="i"),
    )
    expected = (operations.HoldEnded, operations.NothingToPayOut, NotEnoughMoney)
    assert not [a for a in answers if isinstance(a, Exception) and not isinstance(a, expected)]
    row.refresh_from_db()
    assert (row.state == "posted") == (balance(AccountKind.BUYER_REFUNDS) == 600)
    assert_books_in_order()


def test_a_period_is_closed_once_while_lines_keep_coming() -> None:
    seller = make_seller()
    give(seller, 100)
    first = Period.objects.get()
    clock.set_to(at=first.ends_at)
    close = [lambda: operations.close_statement_period(period_id=first.pk)] * 3
    answers = at_once(*close, *[lambda: give(seller, 100)] * 3)
    assert not [a for a in answers if isinstance(a, Exception)]
    assert Period.objects.count() == 2
    assert_books_in_order()

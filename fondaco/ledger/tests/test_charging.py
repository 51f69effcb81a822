"""Charging a seller: proceeds, then the card, then again later; once, whatever dies in between (J09)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import override_settings

from fondaco.engine import clock
from fondaco.engine.sweeps import run_all
from fondaco.engine.testing import forget_tasks, run_tasks
from fondaco.history.models import Event
from fondaco.kit.errors import Denied, Refusal
from fondaco.ledger import operations
from fondaco.ledger.models import CardTry, Due, Posting
from fondaco.ledger.rules import AccountKind, NotAPositiveAmount, PostingKind
from fondaco.ledger.tests.factories import assert_books_in_order, balance, bill, give, order, owed, proceeds, usd
from fondaco.sellers.cards import SimulatedCards
from fondaco.sellers.models import Card, SimulatedCharge
from fondaco.sellers.rules import MemberRole
from fondaco.sellers.tests.factories import make_caller, make_card, make_member, make_person, make_seller

pytestmark = pytest.mark.django_db


@pytest.fixture
def seller():
    return make_seller()


def later(**span: float) -> None:
    """The clock moves on, and the minute's sweep finds what is due."""
    clock.set_to(at=clock.now() + timedelta(**span))
    run_all()
    run_tasks()


def charged_on_cards() -> int:
    return sum(row.amount_minor for row in SimulatedCharge.objects.filter(reason=""))


@pytest.mark.spec("IMG-SVC-03", "IMG-SVC-04")
def test_thirty_from_proceeds_and_twenty_from_the_card(seller, tasks) -> None:
    make_card(seller=seller)
    give(seller, 3000)
    posting = bill(seller, 5000)
    assert (proceeds(seller), owed(seller), balance(AccountKind.MARKETPLACE_FEES)) == (0, 2000, 5000)
    assert posting.policy_version.startswith("billing.sources@")
    tasks()
    assert (owed(seller), balance(AccountKind.CARD_CLEARING), charged_on_cards()) == (0, -2000, 2000)
    payment = Posting.objects.get(kind=PostingKind.CARD_PAYMENT)
    assert (payment.cause_kind, payment.cause_id, payment.clause) == (
        posting.cause_kind,
        posting.cause_id,
        "IMG-SVC-04",
    )
    verbs = Event.objects.filter(subject_kind="studio.order").order_by("id").values_list("verb", flat=True)
    assert list(verbs) == ["charge.made", "due.paid_by_card"]
    assert_books_in_order()


@pytest.mark.spec("IMG-SVC-03")
def test_enough_proceeds_leave_the_card_alone(seller, tasks) -> None:
    make_card(seller=seller)
    give(seller, 9000)
    bill(seller, 5000)
    tasks()
    assert (proceeds(seller), charged_on_cards(), Due.objects.count()) == (4000, 0, 0)


def test_the_same_charge_twice_is_one(seller, tasks) -> None:
    make_card(seller=seller)
    cause = order()
    first = bill(seller, 5000, key="once", cause=cause)
    assert bill(seller, 5000, key="once", cause=cause) == first
    tasks()
    assert bill(seller, 5000, key="once", cause=cause) == first
    with pytest.raises(operations.KeyReused):
        bill(seller, 6000, key="once", cause=cause)
    tasks()
    assert charged_on_cards() == 5000


@pytest.mark.parametrize("minor", [0, -5])
def test_nothing_cannot_be_charged_or_credited(seller, minor) -> None:
    with pytest.raises(NotAPositiveAmount):
        bill(seller, minor)
    with pytest.raises(NotAPositiveAmount):
        give(seller, minor)


@pytest.mark.spec("IMG-SVC-04")
def test_a_declined_card_leaves_an_unpaid_balance_that_is_retried_with_growing_pauses(seller, tasks) -> None:
    card = make_card(seller=seller, declines=True)
    bill(seller, 2000)
    tasks()
    due = Due.objects.get()
    assert (due.open_minor, due.last_reason, due.declined) == (2000, "declined", 1)
    pauses = []
    for _ in range(4):
        before = Due.objects.get().next_try_at
        later(seconds=(before - clock.now()).total_seconds() + 1)
        pauses.append(Due.objects.get().next_try_at - before)
    assert pauses == sorted(pauses)
    assert CardTry.objects.count() == 5
    assert len(set(CardTry.objects.values_list("key", flat=True))) == 5
    Card.objects.filter(pk=card.pk).update(token="sim_visa_ok")
    later(days=4)
    assert (owed(seller), charged_on_cards(), Due.objects.get().open_minor) == (0, 2000, 0)
    later(days=40)
    assert charged_on_cards() == 2000
    assert_books_in_order()


def test_before_its_time_the_card_is_not_asked_again(seller, tasks) -> None:
    make_card(seller=seller, declines=True)
    bill(seller, 2000)
    tasks()
    later(minutes=30)
    assert CardTry.objects.count() == 1


@pytest.mark.spec("IMG-SVC-03")
def test_proceeds_that_come_later_are_used_before_the_card(seller, tasks) -> None:
    make_card(seller=seller, declines=True)
    bill(seller, 2000)
    tasks()
    give(seller, 500)
    tasks()
    assert (owed(seller), proceeds(seller), Due.objects.get().open_minor) == (1500, 0, 1500)
    give(seller, 5000)
    tasks()
    assert (owed(seller), proceeds(seller)) == (0, 3500)
    assert charged_on_cards() == 0
    assert_books_in_order()


def test_without_a_card_the_balance_waits_for_one(seller, tasks) -> None:
    bill(seller, 2000)
    tasks()
    assert (owed(seller), Due.objects.get().last_reason) == (2000, "no_card")
    make_card(seller=seller)
    later(hours=2)
    assert (owed(seller), charged_on_cards()) == (0, 2000)


def test_an_expired_card_is_not_asked(seller, tasks) -> None:
    make_card(seller=seller, expiry_year=2020)
    bill(seller, 2000)
    tasks()
    assert (Due.objects.get().last_reason, CardTry.objects.count()) == ("card_expired", 0)


def test_the_seller_may_have_another_card_tried_at_once(seller, tasks) -> None:
    old = make_card(seller=seller, declines=True)
    bill(seller, 2000)
    tasks()
    caller = make_caller(seller=seller)
    with pytest.raises(operations.TriedJustNow):
        operations.try_card_again(caller)
    Card.objects.filter(pk=old.pk).update(is_default=False)
    make_card(seller=seller)
    assert operations.try_card_again(caller) == 1
    tasks()
    assert (owed(seller), charged_on_cards()) == (0, 2000)
    with pytest.raises(operations.TriedJustNow):
        operations.try_card_again(caller)
    viewer = make_person()
    make_member(viewer, seller, MemberRole.VIEWER)
    with pytest.raises(Denied):
        operations.try_card_again(make_caller(viewer, seller=seller))


def test_policy_may_leave_the_card_out(seller, tasks, monkeypatch) -> None:
    from types import SimpleNamespace

    from fondaco.ledger.operations import charging

    only = SimpleNamespace(value=("sales_proceeds",), version="billing.sources@US#1")
    monkeypatch.setattr(charging.policy, "value", lambda *_a, **_k: only)
    make_card(seller=seller)
    give(seller, 500)
    bill(seller, 2000)
    tasks()
    assert (owed(seller), charged_on_cards(), CardTry.objects.count()) == (1500, 0, 0)


def test_while_the_card_is_being_asked_the_charge_is_not_taken_back(seller) -> None:
    make_card(seller=seller)
    charge = bill(seller, 2000)
    with dying_gateway("before"), pytest.raises(Killed):
        operations.collect(due_id=Due.objects.get().pk)
    with pytest.raises(operations.CardIsBeingAsked):
        operations.reverse(posting_id=charge.pk, why="damaged")


# --- killed between any two steps ------------------------------------------------------------------------------------


class Killed(BaseException):
    """The process is gone: nothing catches it, what was not committed is lost."""


_dies: dict[str, str] = {"when": ""}


class DyingGateway(SimulatedCards):
    """The simulator, on a line that is cut before the question arrives or before the answer does."""

    def charge(self, **question: Any) -> Any:
        when, _dies["when"] = _dies["when"], ""
        if when == "before":
            raise Killed
        answer = super().charge(**question)
        if when == "after":
            raise Killed
        return answer


@contextmanager
def dying_gateway(when: str) -> Iterator[None]:
    _dies["when"] = when
    with override_settings(FONDACO_CARD_GATEWAY=f"{__name__}.DyingGateway"):
        yield


@contextmanager
def killed_at(nth: int) -> Iterator[list[int]]:
    """The process dies at its n-th statement; the list says how many there were."""
    seen = [0]

    def count(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        seen[0] += 1
        if seen[0] == nth:
            raise Killed
        return execute(sql, params, many, context)

    with connection.execute_wrapper(count):
        yield seen


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("declines", [False, True])
def test_a_cut_line_never_charges_twice(seller, when, declines) -> None:
    make_card(seller=seller, declines=declines)
    bill(seller, 2000)
    due = Due.objects.get()
    with dying_gateway(when), pytest.raises(Killed):
        operations.collect(due_id=due.pk)
    assert CardTry.objects.get().state == "asked"
    forget_tasks()
    later(minutes=3)
    assert CardTry.objects.get().state == ("declined" if declines else "paid")
    assert SimulatedCharge.objects.count() == 1
    assert owed(seller) == (2000 if declines else 0)
    assert_books_in_order()


@pytest.mark.spec("IMG-SVC-04")
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("declines", [False, True], ids=["paid", "declined"])
def test_killed_at_every_statement_of_a_charge_and_its_collection_nothing_is_lost_or_doubled(declines) -> None:
    nth, died = 0, True
    while died:
        nth += 1
        seller = make_seller(f"Harbor {nth}")
        make_card(seller=seller, declines=declines)
        give(seller, 300)
        cause, before = order(), charged_on_cards()
        died = _dies_at(nth, seller, cause)
        forget_tasks()  # the queue is lost as well
        bill(seller, 1000, key=f"charge {nth}", cause=cause)  # whoever asked for it asks again
        later(minutes=5)
        assert Posting.objects.filter(key=f"charge {nth}").count() == 1
        assert (proceeds(seller), owed(seller)) == (0, 700 if declines else 0), nth
        assert charged_on_cards() - before == (0 if declines else 700), nth
    assert nth > 20  # the statements were really counted
    assert_books_in_order()


def _dies_at(nth: int, seller: Any, cause: Any) -> bool:
    try:
        with killed_at(nth):
            bill(seller, 1000, key=f"charge {nth}", cause=cause)
            run_tasks()
    except Killed:
        return True
    return False


def test_a_refund_charged_to_the_seller_goes_to_the_buyer(seller) -> None:
    """PRIME-23: refunds and concessions may be charged to the seller's account."""
    give(seller, 5000)
    posting = bill(
        seller,
        1200,
        kind=PostingKind.REFUND,
        to=AccountKind.BUYER_REFUNDS,
        reason="discretionary_refund",
        clause="PRIME-23",
    )
    assert (proceeds(seller), balance(AccountKind.BUYER_REFUNDS)) == (3800, 1200)
    assert posting.entries.get(seller=seller).section == "refunds"


def test_an_amount_beyond_the_limit_is_refused_and_moves_nothing(seller) -> None:
    with pytest.raises(Refusal):
        operations.charge_seller(seller=seller, amount=usd(10**16), cause=order(), reason="imaging_service", key="x")
    assert not Posting.objects.exists()

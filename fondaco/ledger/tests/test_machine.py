"""Any order of charges, credits, holds, reversals, payouts, declining cards, deaths and days: the books stay in order."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from fondaco.engine import clock
from fondaco.engine.testing import forget_tasks, run_tasks
from fondaco.kit.errors import Refusal
from fondaco.ledger import operations, tasks
from fondaco.ledger.audit import audit
from fondaco.ledger.models import Account, Due, Hold, Posting
from fondaco.ledger.rules import AccountKind, Cause, PostingKind
from fondaco.ledger.tests.factories import bill, give, owed, proceeds, usd
from fondaco.sellers.models import Card, SimulatedCharge
from fondaco.sellers.tests.factories import make_card, make_seller

small = st.integers(1, 900)
CAUSE = Cause("studio.order", "1")


class Books(RuleBasedStateMachine):
    """`given`, `taken` … is what was really acknowledged: the model that the books must agree with."""

    def __init__(self) -> None:
        super().__init__()
        self.count, self.requests, self.given, self.charged, self.out = 0, [], 0, 0, 0
        self.transaction = transaction.atomic()
        self.transaction.__enter__()

    @initialize()
    def a_seller_with_a_card(self) -> None:
        self.seller = make_seller()
        self.card = make_card(seller=self.seller)

    def key(self) -> str:
        self.count += 1
        return f"k{self.count}"

    @rule(minor=small)
    def earn(self, minor: int) -> None:
        give(self.seller, minor, key=self.key())
        self.given += minor

    @rule(minor=small)
    def charge(self, minor: int) -> None:
        request = {"key": self.key(), "cause": CAUSE}
        posting = bill(self.seller, minor, **request)
        self.requests.append((posting.pk, minor, request))
        self.charged += minor

    @precondition(lambda self: self.requests)
    @rule(data=st.data())
    def charge_again_by_mistake(self, data: Any) -> None:
        pk, minor, request = data.draw(st.sampled_from(self.requests))
        assert bill(self.seller, minor, **request).pk == pk

    @precondition(lambda self: self.requests)
    @rule(data=st.data())
    def take_back(self, data: Any) -> None:
        pk, minor, _request = data.draw(st.sampled_from(self.requests))
        fresh = not Posting.objects.filter(reverses=pk).exists()
        try:
            operations.reverse(posting_id=pk, why="damaged")
        except operations.CardIsBeingAsked:
            return
        self.charged -= minor if fresh else 0

    @rule(minor=small)
    def set_aside(self, minor: int) -> None:
        there = Account.objects.filter(seller=self.seller, kind=AccountKind.SELLER_PROCEEDS.value).first()
        try:
            operations.hold(seller=self.seller, amount=usd(minor), cause=CAUSE, reason="refund", key=self.key())
        except Refusal:
            assert there is None or there.available_minor < minor

    @precondition(lambda self: Hold.objects.filter(state="pending").exists())
    @rule(post=st.booleans(), part=st.integers(1, 900))
    def end_a_hold(self, post: bool, part: int) -> None:
        row = Hold.objects.filter(state="pending").order_by("id").first()
        if not post:
            operations.void_hold(hold_id=row.pk)
            return
        amount = usd(min(part, row.amount_minor))
        operations.settle_hold(hold_id=row.pk, to=AccountKind.BUYER_REFUNDS, kind=PostingKind.REFUND, amount=amount)
        self.out += amount.minor

    @rule()
    def pay_out(self) -> None:
        try:
            posting = operations.payout(seller=self.seller, currency="USD", key=self.key())
        except operations.NothingToPayOut:
            return
        self.out -= posting.entries.get(seller=self.seller).amount_minor

    @rule()
    def work(self) -> None:
        run_tasks(include_delayed=True)

    @rule()
    def lose_the_queue(self) -> None:
        forget_tasks()

    @rule()
    def die_with_the_answer_unwritten(self) -> None:
        """The gateway was asked and has answered; nobody wrote it down."""
        from fondaco.ledger.operations import collecting

        for due in Due.objects.filter(open_minor__gt=0):
            question = collecting._ask(due.pk, at=clock.now())
            if question:
                card = {"token": question.card.token, "currency": "USD", "key": question.key}
                collecting.gateway().charge(amount_minor=question.amount_minor, **card)

    @rule(hours=st.integers(1, 24 * 20))
    def wait(self, hours: int) -> None:
        clock.set_to(at=clock.now() + timedelta(hours=hours))
        tasks.what_is_due()
        tasks.ended_periods()
        run_tasks(include_delayed=True)

    @rule(declines=st.booleans())
    def the_card_changes_its_mind(self, declines: bool) -> None:
        Card.objects.filter(pk=self.card.pk).update(token="sim_visa_declined" if declines else "sim_visa_ok")

    @invariant()
    def the_books_are_in_order(self) -> None:
        if not hasattr(self, "seller"):
            return
        report = audit()
        assert report.is_clean, report.faults
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
                cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        connection.check_constraints()

    @invariant()
    def the_seller_has_what_was_acknowledged(self) -> None:
        if not hasattr(self, "seller"):
            return
        paid = sum(p.amount_minor for p in SimulatedCharge.objects.filter(reason=""))
        booked = sum(
            e.amount_minor
            for p in Posting.objects.filter(kind="card_payment")
            for e in p.entries.filter(seller=self.seller)
        )
        assert booked <= paid  # what was paid and is not booked yet is asked again with the same key
        assert proceeds(self.seller) - owed(self.seller) == self.given - self.charged + booked - self.out

    def teardown(self) -> None:
        try:
            if hasattr(self, "seller"):
                Card.objects.filter(pk=self.card.pk).update(token="sim_visa_ok")
                for _ in range(3):
                    self.wait(24 * 4)
                paid = sum(p.amount_minor for p in SimulatedCharge.objects.filter(reason=""))
                assert owed(self.seller) == 0
                assert proceeds(self.seller) == self.given - self.charged + paid - self.out
        finally:
            transaction.set_rollback(True)
            self.transaction.__exit__(None, None, None)
            clock.forget()
            forget_tasks()


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.spec("IMG-SVC-03", "IMG-SVC-04")
def test_the_books_stay_in_order_whatever_happens() -> None:
    run_state_machine_as_test(
        Books,
        settings=settings(
            max_examples=12, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )

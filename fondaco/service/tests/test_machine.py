"""Random lives of orders at the desk: refunds of every kind, claims, appeals, repeated requests.

What must hold after every step is written in the README. `FONDACO_LONG=1` looks at a hundred times as many.
"""

from __future__ import annotations

import os
from collections import defaultdict
from datetime import timedelta
from uuid import NAMESPACE_OID, uuid5

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from fondaco.engine import clock
from fondaco.engine.testing import forget_tasks
from fondaco.kit.errors import Refusal
from fondaco.kit.money import Money
from fondaco.ledger.tests.factories import assert_books_in_order
from fondaco.orders import operations as orders
from fondaco.orders.models import PayBack
from fondaco.orders.operations.refund import paid_for
from fondaco.orders.tests.factories import caller_of_buyer, caller_of_seller
from fondaco.service.models import GuaranteeClaim, Reimbursement, Remedy
from fondaco.service.operations import guarantees, reimbursements, remedies
from fondaco.service.queries import facts
from fondaco.service.queries.facts import charged_minor
from fondaco.service.rules.claims import Fault, Ground
from fondaco.service.rules.remedies import RemedyKind
from fondaco.service.tests.factories import ARRIVED, NOW, make_desk, make_order, units_of

LONG = bool(os.environ.get("FONDACO_LONG"))
AMOUNTS = st.one_of(st.none(), st.integers(-100, 5000))
KINDS = st.sampled_from(list(RemedyKind))
UNITS = st.sets(st.integers(0, 2), min_size=1)
KEYS = st.sampled_from([f"key-{n}" for n in range(6)])


class Desk(RuleBasedStateMachine):
    """One order of three units, its buyer, its seller and two of customer service."""

    def __init__(self) -> None:
        super().__init__()
        self.contacts = list(facts._contacts)
        self.transaction = transaction.atomic()
        self.transaction.__enter__()

    @initialize(prime=st.booleans(), shipping=st.sampled_from([0, 799, 1000]))
    def an_order(self, prime: bool, shipping: int) -> None:
        clock.set_to(at=NOW)
        self.order = make_order(quantity=3, prime=prime, shipping_minor=shipping)
        self.units = units_of(self.order)
        self.desk = make_desk()
        self.seller, self.buyer = caller_of_seller(self.order), caller_of_buyer(self.order)
        facts._contacts[:] = [lambda order: ARRIVED]

    def teardown(self) -> None:
        facts._contacts[:] = self.contacts
        forget_tasks()
        transaction.set_rollback(True)
        self.transaction.__exit__(None, None, None)
        clock.forget()

    def tried(self, verb, *args, **kwargs):
        """A refusal changes nothing; anything else is a bug."""
        before = (PayBack.objects.count(), Remedy.objects.count())
        try:
            return verb(*args, **kwargs)
        except Refusal:
            assert (PayBack.objects.count(), Remedy.objects.count()) == before
            return None

    @rule(which=UNITS, kind=KINDS, amount=AMOUNTS, charge=st.booleans(), key=KEYS)
    def refund(self, which, kind, amount, charge, key):
        self.tried(
            remedies.refund, self.desk, number=self.order.number, units=[self.units[i].pk for i in which], kind=kind,
            amount=None if amount is None else Money(amount, "USD"), charge_seller=charge, why="Because.", request_key=key,
        )  # fmt: skip

    @rule(charge=st.booleans(), key=KEYS)
    def late(self, charge, key):
        self.tried(
            remedies.refund_late_delivery, self.desk, number=self.order.number, item=self.units[0].item_id, why="Late.",
            charge_seller=charge, request_key=f"late-{key}",
        )  # fmt: skip

    @rule(which=st.integers(0, 2), amount=st.integers(1, 3000), by_unit=st.booleans(), key=KEYS)
    def a_return_is_refunded(self, which, amount, by_unit, key):
        self.tried(
            orders.record_refund, order=self.order, unit=self.units[which] if by_unit else None,
            amount=Money(amount, "USD"), key=f"return:{uuid5(NAMESPACE_OID, key)}", reason="refund",
        )  # fmt: skip

    @rule(which=st.integers(0, 9), amount=AMOUNTS, ground=st.sampled_from(list(Ground)), key=KEYS)
    def file(self, which, amount, ground, key):
        rows = list(PayBack.objects.order_by("made_at", "id"))
        if rows:
            self.tried(
                reimbursements.file, self.seller, payback_id=rows[which % len(rows)].pk, ground=ground, text="Mine.",
                amount=None if amount is None else Money(amount, "USD"), request_key=key,
            )  # fmt: skip

    @rule(which=st.integers(0, 9), grant=st.booleans(), amount=AMOUNTS, key=KEYS)
    def decide(self, which, grant, amount, key):
        if claim := self.claim(which):
            self.tried(
                reimbursements.decide, self.desk, number=claim.number, grant=grant, why="So.", request_key=f"d-{key}",
                amount=None if amount is None else Money(amount, "USD"),
            )  # fmt: skip

    @rule(which=st.integers(0, 9), verb=st.sampled_from(["ask", "reply", "appeal"]), key=KEYS)
    def talk(self, which, verb, key):
        if claim := self.claim(which):
            caller = self.desk if verb == "ask" else self.seller
            self.tried(
                getattr(reimbursements, verb), caller, number=claim.number, text="Well.", request_key=f"{verb}-{key}"
            )

    @rule(which=st.integers(0, 2), fault=st.sampled_from(list(Fault)))
    def open_guarantee(self, which, fault):
        self.tried(
            guarantees.open_claim,
            self.buyer,
            number=self.order.number,
            unit=self.units[which].pk,
            fault=fault,
            text="Hm.",
        )

    @rule(
        which=st.integers(0, 2),
        step=st.sampled_from(["accept", "deny", "grant", "decline", "buyer", "seller", "withdraw", "over"]),
    )
    def guarantee(self, which, step):
        claim = GuaranteeClaim.objects.filter(unit=self.units[which]).first()
        if claim is None:
            return
        number = claim.number
        match step:
            case "accept" | "deny":
                self.tried(guarantees.answer, self.seller, number=number, accept=step == "accept", text="So.")
            case "grant" | "decline":
                self.tried(guarantees.decide, self.desk, number=number, grant=step == "grant", why="So.")
            case "buyer" | "seller":
                self.tried(guarantees.appeal, getattr(self, step), number=number, text="No!")
            case "withdraw":
                self.tried(guarantees.withdraw, self.buyer, number=number)
            case "over":
                self.tried(guarantees.pass_on, claim_id=claim.pk)

    @rule(hours=st.sampled_from([1, 30, 80, 400]))
    def time_passes(self, hours):
        clock.set_to(at=clock.now() + timedelta(hours=hours))
        for claim in Reimbursement.objects.all():
            self.tried(reimbursements.close_unanswered, claim_id=claim.pk)

    def claim(self, which):
        claims = list(Reimbursement.objects.order_by("opened_at", "id"))
        return claims[which % len(claims)] if claims else None

    @invariant()
    def nothing_above_what_was_paid(self):
        if not hasattr(self, "order"):
            return
        by_unit = defaultdict(int)
        for row in PayBack.objects.filter(order=self.order):
            assert row.amount_minor > 0
            by_unit[row.unit_id] += row.amount_minor
        assert sum(by_unit.values()) <= sum(item.total_minor for item in self.order.items.all())
        for unit in self.units:
            assert by_unit[unit.pk] <= paid_for(self.order.items.get(), unit.number)

    @invariant()
    def remedies_are_the_sum_of_their_parts(self):
        for remedy in Remedy.objects.prefetch_related("parts__payback"):
            parts = remedy.parts.all()
            assert sum(part.amount_minor for part in parts) == remedy.amount_minor
            for part in parts:
                assert part.payback.amount_minor == part.amount_minor
                assert charged_minor(part.payback) == (part.amount_minor if remedy.charges_seller else 0)
        assert Remedy.objects.filter(kind=RemedyKind.LATE_DELIVERY).count() <= 1

    @invariant()
    def nobody_is_reimbursed_above_the_charge(self):
        for claim in Reimbursement.objects.select_related("payback"):
            assert claim.granted_minor <= claim.asked_minor <= charged_minor(claim.payback)
            assert claim.round <= 2
            assert bool(claim.verdict) == (claim.state == "resolved")

    @invariant()
    def the_books_are_in_order(self):
        assert_books_in_order()


@pytest.mark.django_db
@pytest.mark.spec("PRIME-22", "PRIME-23", "B-PRIME-22", "B-PRIME-24")
def test_random_lives_at_the_desk() -> None:
    run_state_machine_as_test(
        Desk,
        settings=settings(
            max_examples=2000 if LONG else 20,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )

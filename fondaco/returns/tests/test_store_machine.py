"""Any life of returns on the database: the operations, the books and the constraints together."""

from __future__ import annotations

import os
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import Sum
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from fondaco.engine import clock
from fondaco.engine.testing import forget_tasks, run_tasks
from fondaco.kit.errors import Refusal
from fondaco.kit.money import Money
from fondaco.ledger.audit import audit
from fondaco.orders.models import Order, OrderItem, PayBack
from fondaco.orders.operations import record_refund
from fondaco.returns import labels, tasks
from fondaco.returns.models import Refund, Return, ReturnUnit
from fondaco.returns.operations import carrier, decide, reasons, refund, warehouse
from fondaco.returns.operations.request import Wanted, request_return
from fondaco.returns.rules.life import RECEIVED, Place
from fondaco.returns.rules.reasons import Reason
from fondaco.returns.rules.refund import Grade
from fondaco.returns.tests.factories import arrived_order, make_returning_seller, make_ware, service, units_of
from fondaco.sellers.tests.factories import make_caller

EXAMPLES = int(os.environ.get("FONDACO_STORE_EXAMPLES", "60" if os.environ.get("CI") == "true" else "8"))
reasons_of = st.sampled_from(list(Reason))


class Store(RuleBasedStateMachine):
    """One order of three units, and everything that people and carriers do to it."""

    def __init__(self) -> None:
        super().__init__()
        self.transaction = transaction.atomic()
        self.transaction.__enter__()
        self.keys = 0

    @initialize()
    def a_delivered_order(self) -> None:
        shop = make_returning_seller()
        wares = [make_ware(shop, "lamp"), make_ware(shop, "shirt", price_minor=25_00), make_ware(shop, "software")]
        self.order: Order = arrived_order(shop, offers=wares)
        self.buyer, self.seller, self.service = make_caller(self.order.buyer), make_caller(seller=shop), service()
        self.units = units_of(self.order)

    def go(self, verb: Any, *args: Any, **options: Any) -> None:
        try:
            with transaction.atomic():
                verb(*args, **options)
        except Refusal as refusal:
            no = refusal
        else:
            return
        assert no.CODE

    def some(self, data: Any) -> Return | None:
        rows = list(Return.objects.order_by("id"))
        return data.draw(st.sampled_from(rows)) if rows else None

    @rule(data=st.data(), reason=reasons_of)
    def ask(self, data: Any, reason: Reason) -> None:
        chosen = data.draw(st.lists(st.sampled_from(self.units), min_size=1, max_size=3, unique=True))
        self.keys += 1
        wanted = [Wanted(u.pk, reason) for u in chosen]
        self.go(request_return, self.buyer, order_number=self.order.number, wanted=wanted, request_key=f"k{self.keys}")

    @rule(data=st.data(), number=st.integers(1, 3), reason=reasons_of, by_service=st.booleans())
    def change(self, data: Any, number: int, reason: Reason, by_service: bool) -> None:
        if row := self.some(data):
            caller = self.service if by_service else self.buyer
            self.go(
                reasons.change_reason,
                caller,
                number=row.number,
                unit=number,
                reason=reason,
                comment="x",
                by_service=by_service,
            )

    @rule(data=st.data(), accept=st.booleans())
    def decide(self, data: Any, accept: bool) -> None:
        if row := self.some(data):
            self.go(decide.decide_exception, self.service, number=row.number, accept=accept, why="because")

    @rule(data=st.data())
    def cancel(self, data: Any) -> None:
        if row := self.some(data):
            self.go(decide.cancel_return, self.buyer, number=row.number)

    @rule(data=st.data(), delivered=st.booleans(), hours=st.integers(0, 30))
    def carrier_says(self, data: Any, delivered: bool, hours: int) -> None:
        row = self.some(data)
        if row and row.label_state == "bought":
            verb = carrier.record_delivered if delivered else carrier.record_scan
            self.go(verb, return_id=row.pk, at=max(row.requested_at, clock.now() - timedelta(hours=hours)))

    @rule(data=st.data(), here=st.sets(st.integers(1, 3)), missing=st.sets(st.integers(1, 3)))
    def check_in(self, data: Any, here: set[int], missing: set[int]) -> None:
        if row := self.some(data):
            self.go(warehouse.check_in, self.seller, number=row.number, units=here, missing=missing)

    @rule(data=st.data(), number=st.integers(1, 3), found=st.sampled_from(list(Grade)))
    def grade(self, data: Any, number: int, found: Grade) -> None:
        if row := self.some(data):
            self.go(warehouse.grade, self.seller, number=row.number, unit=number, found=found)

    @rule(data=st.data(), number=st.integers(1, 3), pct=st.integers(0, 40))
    def refund(self, data: Any, number: int, pct: int) -> None:
        if row := self.some(data):
            self.go(refund.refund_unit, self.seller, number=row.number, unit=number, deduct_pct=pct)

    @rule(data=st.data(), minor=st.integers(1, 30_00), charged=st.booleans())
    def refund_by_service(self, data: Any, minor: int, charged: bool) -> None:
        self.keys += 1
        unit = data.draw(st.sampled_from(self.units))
        self.go(
            record_refund, order=self.order, unit=unit, amount=Money(minor, "USD"), key=f"s{self.keys}",
            reason="concession", charge_seller=charged,
        )  # fmt: skip

    @rule(data=st.data(), number=st.integers(1, 3), pay=st.booleans())
    def settle_missing(self, data: Any, number: int, pay: bool) -> None:
        if row := self.some(data):
            self.go(refund.settle_missing, self.service, number=row.number, unit=number, refund=pay, why="lost")

    @rule()
    def labels_come(self) -> None:
        for row in Return.objects.filter(label_state__in=["wanted", "voiding"]):
            labels.settle_now(row.pk)
        run_tasks()

    @rule(days=st.integers(1, 12))
    def days_pass(self, days: int) -> None:
        clock.set_to(at=clock.now() + timedelta(days=days))
        tasks.returns_due()
        run_tasks()

    @invariant()
    def no_refund_beyond_what_was_paid(self) -> None:
        if not hasattr(self, "units"):
            return
        paid = sum(item.total_minor for item in OrderItem.objects.filter(order=self.order))
        back = PayBack.objects.filter(order=self.order).aggregate(s=Sum("amount_minor"))["s"] or 0
        assert 0 <= back <= paid
        for unit in self.units:
            of_unit = PayBack.objects.filter(unit=unit).aggregate(s=Sum("amount_minor"))["s"] or 0
            assert of_unit <= unit.item.price_minor + unit.item.tax_minor + unit.item.shipping_minor
            assert Refund.objects.filter(unit__unit=unit).count() <= 1
            assert ReturnUnit.objects.filter(unit=unit, is_live=True).count() <= 1

    @invariant()
    def what_arrived_is_due_or_refunded(self) -> None:
        for unit in ReturnUnit.objects.select_related("refund"):
            refunded = hasattr(unit, "refund")
            if unit.place in RECEIVED and not refunded:
                assert unit.due_at
            if refunded or unit.place == Place.MISSING:
                assert unit.due_at is None
            if refunded:
                assert unit.refund.amount_minor == sum(
                    minor for _kind, minor, _clause in unit.refund.plan["components"]
                )

    def teardown(self) -> None:
        if hasattr(self, "units"):
            report = audit()
            assert report.is_clean, report.faults
        transaction.set_rollback(True)
        self.transaction.__exit__(None, None, None)
        forget_tasks()
        clock.forget()


@pytest.mark.django_db(transaction=True)
@pytest.mark.spec("PRIME-37", "Q-22", "Q-30", "Q-34")
def test_any_life_of_returns_on_the_database_keeps_its_invariants() -> None:
    run_state_machine_as_test(
        Store,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=16,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            database=None,
        ),
    )
    assert not connection.in_atomic_block

"""Any life of a return, by the rules alone: orders, reasons, partial receipts, exceptions, policies and times at random.

10,000 lives in CI (`CI=true`), or as many as `FONDACO_EXAMPLES` says; 150 otherwise.
"""

from __future__ import annotations

import itertools
import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
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

from fondaco.kit.calendar import BusinessCalendar, local_date
from fondaco.kit.deadlines import refund as refund_deadline
from fondaco.kit.errors import Refusal
from fondaco.returns.rules import life
from fondaco.returns.rules.authorise import Answer, ReturnFacts, decide_return
from fondaco.returns.rules.life import Acceptance, Parcel, Place, Unit
from fondaco.returns.rules.reasons import Payer, Reason, who_pays
from fondaco.returns.rules.refund import (
    Combination,
    DeductionTooHigh,
    Grade,
    PhotoAndGradeNeeded,
    RefundFacts,
    RefundPolicy,
    UnitFacts,
    UnitPlan,
    highest_cap,
    plan_refund,
    split_label,
)
from fondaco.returns.rules.whatif import replan
from fondaco.returns.rules.window import Window, window

EXAMPLES = int(os.environ.get("FONDACO_EXAMPLES", "10000" if os.environ.get("CI") == "true" else "150"))
PARTS = 10
lived: list[None] = []
"""One entry for each life that a part began."""
DELIVERED = datetime(2022, 6, 1, 17, 0, tzinfo=UTC)
CHICAGO = ZoneInfo("America/Chicago")
WEEKDAYS = BusinessCalendar(country="US")
REASONS = list(Reason)

policies = st.builds(
    RefundPolicy,
    late_after_days=st.sampled_from([0, 15, 40]),
    late_max_pct=st.sampled_from([0, 20, 100]),
    condition_max_pct=st.sampled_from([0, 50, 100]),
    opened_software_max_pct=st.sampled_from([0, 100]),
    photo_required_from_pct=st.sampled_from([0, 20, 100]),
    exception_grace_days=st.sampled_from([0, 15]),
    combination=st.sampled_from(list(Combination)),
)
goods = st.tuples(
    st.integers(0, 100_000),
    st.integers(0, 9_000),
    st.sampled_from([frozenset(), frozenset({"apparel"}), frozenset({"software"}), frozenset({"home", "baby"})]),
    st.sampled_from([30, 90]),
    st.integers(0, 120_000),
)


class Life(RuleBasedStateMachine):
    """One parcel from asking to its end. `paid_out` is what really went back, by unit."""

    @initialize(
        units=st.lists(goods, min_size=1, max_size=4),
        policy=policies,
        label=st.integers(0, 3_000),
        asked_after=st.integers(0, 70),
    )
    def begin(self, units: list[Any], policy: RefundPolicy, label: int, asked_after: int) -> None:
        lived.append(None)
        self.goods, self.policy, self.label = units, policy, label
        self.now = DELIVERED + timedelta(days=asked_after)
        self.windows = [
            window(delivered_at=DELIVERED, days=days, zone="America/Chicago") for _p, _t, _c, days, _b in units
        ]
        self.accepted_on = None
        self.paid_out: dict[int, int] = {}
        self.plans: dict[int, UnitPlan] = {}
        self.versions = [[REASONS[n]] for n in range(len(units))]
        answer = decide_return(
            ReturnFacts(
                REASONS[0], local_date(self.now, CHICAGO), min(self.windows, key=lambda w: w.last_day), units[0][2]
            )
        ).answer
        acceptance = Acceptance.AUTHORISED if answer is Answer.AUTHORISED else Acceptance.OUT_OF_WINDOW
        self.parcel = Parcel(acceptance, tuple(Unit(n + 1, REASONS[n]) for n in range(len(units))))

    def facts(self, n: int, *, pct: int = 0, photo: bool = True) -> UnitFacts:
        price, tax, categories, _days, before = self.goods[n - 1]
        unit = self.parcel.unit(n)
        return UnitFacts(
            reason=unit.reason,
            price_minor=price,
            tax_minor=tax,
            categories=categories,
            grade=unit.grade,
            photo=photo,
            deduct_pct=pct,
            unit=str(n),
            refunded_before_minor=min(before, price + tax),
            window=self.windows[n - 1],
            received_on=local_date(unit.arrived_at or self.now, CHICAGO),
            accepted_on=self.accepted_on,
        )

    def alone(self, n: int, facts: UnitFacts) -> RefundFacts:
        """As operations ask: the unit with its own share of the label."""
        share = split_label(self.label, len(self.goods))[n - 1]
        return RefundFacts(
            "USD", self.windows[n - 1], facts.received_on or DELIVERED.date(), (facts,), share, self.accepted_on
        )

    def go(self, verb: Any, *args: Any, **options: Any) -> bool:
        """Do it; a refusal changes nothing."""
        before = self.parcel
        try:
            self.parcel = verb(self.parcel, *args, **options)
        except Refusal as refusal:
            no = refusal
        else:
            return True
        assert no.CODE
        assert no.CLAUSE or no.STATUS == 422
        assert self.parcel == before
        return False

    def number(self, data: Any) -> int:
        return data.draw(st.integers(1, len(self.goods)))

    @rule(hours=st.integers(1, 24 * 20))
    def wait(self, hours: int) -> None:
        self.now += timedelta(hours=hours)

    @rule(data=st.data(), reason=st.sampled_from(REASONS), by_service=st.booleans())
    def change_reason(self, data: Any, reason: Reason, by_service: bool) -> None:
        n = self.number(data)
        if self.go(life.change_reason, n, reason, by_service=by_service):
            self.versions[n - 1].append(reason)
            assert by_service or self.parcel.scanned_at is None

    @precondition(lambda self: self.parcel.acceptance in life.WAITING)
    @rule(accept=st.booleans())
    def decide(self, accept: bool) -> None:
        assert self.go(life.decide, accept=accept)
        if accept:
            self.accepted_on = local_date(self.now, CHICAGO)

    @rule()
    def cancel(self) -> None:
        self.go(life.cancel)

    @rule()
    def block(self) -> None:
        was = self.parcel
        self.parcel = life.block(self.parcel)
        assert self.parcel == was or was.scanned_at is None

    @rule(data=st.data())
    def events_of_one_moment(self, data: Any) -> None:
        """The carrier's scan, its "delivered" and the check-in at one time, in every order."""
        here = data.draw(st.sets(st.integers(1, len(self.goods))))
        events = [
            lambda p: life.scan(p, at=self.now),
            lambda p: life.deliver(p, at=self.now),
            lambda p: life.check_in(p, here, at=self.now),
        ]
        chosen = data.draw(st.lists(st.sampled_from(events), unique=True, min_size=1))
        if self.parcel.acceptance is not Acceptance.AUTHORISED:
            return
        ends = set()
        for order in itertools.permutations(chosen):
            parcel = self.parcel
            for event in order:
                parcel = event(parcel)
            ends.add(parcel)
            assert event(parcel) == parcel  # told again, it changes nothing
        assert len(ends) == 1
        self.parcel = ends.pop()

    @rule(data=st.data())
    def report_missing(self, data: Any) -> None:
        self.go(life.report_missing, {self.number(data)}, at=self.now)

    @rule(data=st.data())
    def drop(self, data: Any) -> None:
        self.go(life.drop, self.number(data))

    @rule(data=st.data(), found=st.sampled_from(list(Grade)))
    def grade(self, data: Any, found: Grade) -> None:
        self.go(life.grade, self.number(data), found)

    @rule(data=st.data(), pct=st.integers(0, 100), photo=st.booleans())
    def refund(self, data: Any, pct: int, photo: bool) -> None:
        n = self.number(data)
        facts = self.facts(n, pct=pct, photo=photo)
        try:
            plan = plan_refund(self.alone(n, facts), self.policy)
        except (DeductionTooHigh, PhotoAndGradeNeeded):
            return
        assert pct < max(1, self.policy.photo_required_from_pct) or (photo and facts.grade is not None)
        twice = n in self.paid_out
        if self.go(life.refund, n):
            assert not twice
            self.paid_out[n], self.plans[n] = plan.refund_minor, plan.units[0]
            assert pct <= highest_cap(facts, plan.units[0].lateness, self.policy).pct

    @rule()
    def due_time(self) -> None:
        """Whatever arrived and is over time is refunded in full less the label, once (Q-22)."""
        for unit in self.parcel.units:
            if unit.is_settled or unit.arrived_at is None or self.parcel.acceptance is not Acceptance.AUTHORISED:
                continue
            due = refund_deadline(arrived_at=unit.arrived_at, business_days=2, calendar=WEEKDAYS, zone=CHICAGO)
            if self.now > due.due_at:
                plan = plan_refund(self.alone(unit.number, self.facts(unit.number)), self.policy)
                assert self.go(life.refund, unit.number)
                self.paid_out[unit.number], self.plans[unit.number] = plan.refund_minor, plan.units[0]
                assert not any(c.kind == "deduction" for c in plan.units[0].components)

    @rule(other=policies)
    def what_if(self, other: RefundPolicy) -> None:
        """A draft never leads out of what is allowed, and the policy in force changes nothing."""
        for n in self.plans:
            facts = self.alone(n, self.facts(n))
            before = plan_refund(facts, self.policy)
            assert replan(facts, before=before, other=self.policy).plan.refund_minor == before.refund_minor
            after = replan(facts, before=before, other=other).plan
            assert 0 <= after.refund_minor <= facts.units[0].paid_minor

    @invariant()
    def refunds_stay_within_what_was_paid(self) -> None:
        for n, minor in self.paid_out.items():
            price, tax, _c, _d, before = self.goods[n - 1]
            assert minor >= 0
            assert minor + min(before, price + tax) <= price + tax

    @invariant()
    def parts_sum_to_the_whole(self) -> None:
        shares = split_label(self.label, len(self.goods))
        assert sum(shares) == self.label
        for n, plan in self.plans.items():
            assert plan.refund_minor == sum(c.minor for c in plan.components)
            assert plan.label_share_minor == shares[n - 1]
            borne = -sum(c.minor for c in plan.components if c.kind == "label")
            assert borne + plan.label_on_seller_minor == plan.label_share_minor
            assert plan.payer is Payer.BUYER or borne == 0
            assert all(c.clause for c in plan.components)

    @invariant()
    def the_parcel_is_the_sum_of_its_units(self) -> None:
        facts = [self.facts(u.number) for u in self.parcel.units]
        whole = plan_refund(
            RefundFacts("USD", self.windows[0], DELIVERED.date(), facts, self.label, self.accepted_on), self.policy
        )
        alone = [
            plan_refund(self.alone(u.number, f), self.policy) for u, f in zip(self.parcel.units, facts, strict=True)
        ]
        assert whole.refund_minor == sum(p.refund_minor for p in alone)
        assert whole.label_on_seller_minor == sum(p.label_on_seller_minor for p in alone)

    @invariant()
    def states_agree(self) -> None:
        for unit in self.parcel.units:
            assert (unit.place in life.RECEIVED) == (unit.arrived_at is not None)
            assert (unit.place is Place.MISSING) == (unit.missing_at is not None)
            assert unit.refunded == (unit.number in self.paid_out)
            assert unit.reason == self.versions[unit.number - 1][-1]
            if unit.arrived_at and unit.checked_in_at and self.parcel.delivered_at and not unit.grade:
                assert unit.arrived_at <= unit.checked_in_at
        if self.parcel.acceptance in (Acceptance.CANCELLED, Acceptance.BLOCKED, Acceptance.DECLINED):
            assert not self.paid_out

    @invariant()
    def the_last_reason_sets_the_payer(self) -> None:
        for unit in self.parcel.units:
            categories = self.goods[unit.number - 1][2]
            payer = who_pays(reason=unit.reason, categories=categories).payer
            if categories & {"apparel", "baby"}:
                assert payer is Payer.SELLER


@pytest.mark.spec(
    "PRIME-37", "PRIME-38", "PRIME-39", "PRIME-40", "PRIME-43", "Q-22", "Q-24", "Q-26", "Q-27", "Q-29", "Q-30"
)
@pytest.mark.timeout(900)
@pytest.mark.parametrize("part", range(PARTS))
def test_any_life_of_a_return_keeps_its_invariants(part: int) -> None:
    """In parts, so that workers share them; each draws lives of its own, in CI too (`derandomize`)."""
    lived.clear()
    run_state_machine_as_test(
        Life,
        settings=settings(
            derandomize=False,
            max_examples=EXAMPLES // PARTS,
            stateful_step_count=12,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            database=None,
        ),
    )
    assert len(lived) >= EXAMPLES // PARTS, f"part {part} saw only {len(lived)} lives"


def test_a_window_of_its_own_beats_that_of_the_parcel() -> None:
    late = Window(DELIVERED.date(), DELIVERED.date())
    unit = UnitFacts(Reason.NO_LONGER_NEEDED, 10_000, received_on=DELIVERED.date() + timedelta(days=60))
    facts = RefundFacts(
        "USD", Window(DELIVERED.date(), DELIVERED.date() + timedelta(days=90)), DELIVERED.date(), (unit,)
    )
    assert plan_refund(facts, RefundPolicy()).units[0].lateness == "in_time"
    mine = replace(facts, units=(replace(unit, window=late),))
    assert plan_refund(mine, RefundPolicy()).units[0].lateness == "late"

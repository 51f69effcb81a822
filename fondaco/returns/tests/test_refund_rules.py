"""Refund plans: the worked cases of the journeys, and what must hold whatever the facts."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fondaco.kit.errors import Refusal
from fondaco.returns.rules.reasons import (
    BUYER_PAID,
    NOT_THE_BUYERS_FAULT,
    Payer,
    Reason,
    UnknownReason,
    read_reason,
    who_pays,
)
from fondaco.returns.rules.refund import (
    DeductionTooHigh,
    Grade,
    ImpossibleAmount,
    PhotoAndGradeNeeded,
    RefundFacts,
    RefundPolicy,
    UnitFacts,
    half_up,
    highest_cap,
    plan_refund,
    split_label,
)
from fondaco.returns.rules.window import Lateness, Window, lateness, window

JULY_1 = Window(date(2022, 6, 1), date(2022, 7, 1))
DEFAULTS = RefundPolicy()


def plan(*units: UnitFacts, received: date = date(2022, 6, 20), label: int = 0, accepted: date | None = None):
    return plan_refund(RefundFacts("USD", JULY_1, received, units, label, accepted), DEFAULTS)


def item(reason: Reason = Reason.NO_LONGER_NEEDED, price: int = 100_00, **more) -> UnitFacts:
    return UnitFacts(reason=reason, price_minor=price, **more)


def test_eighteen_reasons_seven_paid_by_the_buyer() -> None:
    assert len(Reason) == 18
    assert sorted(r.number for r in BUYER_PAID) == [1, 2, 10, 14, 15, 17, 18]
    assert sorted(r.number for r in NOT_THE_BUYERS_FAULT) == [3, 5, 6, 7, 8, 13, 16]


@pytest.mark.parametrize("number", range(1, 19))
def test_reads_a_reason_by_number_and_by_key(number: int) -> None:
    key = read_reason(number)
    assert read_reason(key.lower()) == key
    assert Reason(key).number == number


@pytest.mark.parametrize("given", [0, 19, "", "BECAUSE", "-1"])
def test_refuses_an_unknown_reason(given) -> None:
    with pytest.raises(UnknownReason):
        read_reason(given)


@pytest.mark.parametrize("category", ["apparel", "jewelry", "loose_gemstones", "shoes", "watches", "baby"])
@pytest.mark.parametrize("reason", list(Reason))
def test_six_categories_are_free_whatever_the_reason(category: str, reason: Reason) -> None:
    assert who_pays(reason=reason, categories={"home", category}).payer is Payer.SELLER


def test_deducts_the_label_from_a_buyer_paid_reason() -> None:
    assert plan(item(price=40_00), label=7_25).refund_minor == 32_75


def test_two_shirts_cost_the_buyer_nothing() -> None:
    shirt = item(Reason.BETTER_PRICE, 25_00, categories=frozenset({"apparel"}))
    got = plan(shirt, shirt, label=6_10)
    assert (got.refund_minor, got.label_on_seller_minor) == (50_00, 6_10)


def test_one_parcel_with_headphones_and_a_shirt() -> None:
    headphones = item(Reason.BETTER_PRICE, 60_00)
    shirt = item(Reason.BETTER_PRICE, 25_00, categories=frozenset({"apparel"}))
    got = plan(headphones, shirt, label=8_00)
    assert (got.refund_minor, got.label_on_seller_minor) == (81_00, 4_00)
    changed = plan(item(Reason.DEFECTIVE, 60_00), shirt, label=8_00)
    assert changed.refund_minor == 85_00


def test_day_fifteen_is_in_time_and_day_sixteen_is_late() -> None:
    assert plan(item(), received=date(2022, 7, 16)).lateness is Lateness.IN_TIME
    assert plan(item(), received=date(2022, 7, 17)).lateness is Lateness.LATE
    with pytest.raises(DeductionTooHigh):
        plan(item(deduct_pct=1), received=date(2022, 7, 16))


def test_a_late_item_costs_up_to_twenty_percent() -> None:
    late = date(2022, 7, 17)
    with pytest.raises(DeductionTooHigh) as no:
        plan(item(deduct_pct=21, photo=True), received=late)
    assert no.value.facts == {"asked": 21, "cap": 20}
    assert plan(item(deduct_pct=20, photo=True), received=late).refund_minor == 80_00


def test_a_used_item_costs_up_to_half_with_photo_and_grade() -> None:
    assert plan(item(deduct_pct=50, grade=Grade.USED, photo=True)).refund_minor == 50_00
    assert plan(item(deduct_pct=19, grade=Grade.USED)).refund_minor == 81_00
    with pytest.raises(PhotoAndGradeNeeded):
        plan(item(deduct_pct=20, grade=Grade.USED))


def test_late_and_used_do_not_add_up() -> None:
    with pytest.raises(DeductionTooHigh):
        plan(item(deduct_pct=51, grade=Grade.USED, photo=True), received=date(2022, 7, 17))


def test_opened_software_may_lose_everything_and_only_software() -> None:
    software = frozenset({"software"})
    assert plan(item(deduct_pct=100, grade=Grade.OPENED, photo=True, categories=software)).refund_minor == 0
    with pytest.raises(DeductionTooHigh):
        plan(item(deduct_pct=1, grade=Grade.OPENED, photo=True))
    with pytest.raises(DeductionTooHigh):
        plan(item(Reason.DEFECTIVE, deduct_pct=1, grade=Grade.OPENED, photo=True, categories=software))


def test_an_accepted_exception_is_as_if_in_time() -> None:
    got = plan(item(), received=date(2022, 7, 25), accepted=date(2022, 7, 10))
    assert got.lateness is Lateness.ACCEPTED
    assert got.units[0].cap.pct == 0
    late = plan(item(), received=date(2022, 7, 25), accepted=date(2022, 7, 17))
    assert late.lateness is Lateness.LATE


@pytest.mark.parametrize("reason", sorted(NOT_THE_BUYERS_FAULT))
def test_no_condition_deduction_for_the_sellers_fault(reason: Reason) -> None:
    assert highest_cap(item(reason, grade=Grade.USED), Lateness.IN_TIME, DEFAULTS).pct == 0


def test_a_label_above_the_refund_takes_what_is_left() -> None:
    got = plan(item(price=3_00), label=7_25)
    assert (got.refund_minor, got.label_on_seller_minor) == (0, 4_25)


def test_counts_the_window_where_the_item_goes_back_to() -> None:
    late_evening = datetime(2022, 6, 2, 3, 30, tzinfo=UTC)  # still 1 June in Chicago
    assert window(delivered_at=late_evening, days=30, zone="America/Chicago").last_day == date(2022, 7, 1)
    assert window(delivered_at=late_evening, days=30, zone="Asia/Tokyo").last_day == date(2022, 7, 2)


@pytest.mark.parametrize("bad", [{"price": -1}, {"tax_minor": -1}, {"deduct_pct": 101}, {"deduct_pct": -1}])
def test_refuses_impossible_amounts(bad: dict) -> None:
    with pytest.raises(ImpossibleAmount):
        plan(item(**bad))


def test_rounds_halves_up() -> None:
    assert [half_up(n, 2) for n in (1, 2, 3)] == [1, 1, 2]


units = st.builds(
    UnitFacts,
    reason=st.sampled_from(list(Reason)),
    price_minor=st.integers(0, 10**9),
    tax_minor=st.integers(0, 10**8),
    categories=st.frozensets(st.sampled_from(["apparel", "software", "home", "shoes"])),
    grade=st.sampled_from(list(Grade)),
    photo=st.booleans(),
    deduct_pct=st.integers(0, 100),
)


@given(
    parcel=st.lists(units, min_size=1, max_size=5),
    label=st.integers(0, 10**6),
    received=st.dates(date(2022, 5, 1), date(2022, 12, 31)),
    accepted=st.none() | st.dates(date(2022, 6, 1), date(2022, 9, 1)),
)
def test_whatever_comes_back_the_sums_hold(parcel, label, received, accepted) -> None:
    try:
        got = plan_refund(RefundFacts("USD", JULY_1, received, parcel, label, accepted), DEFAULTS)
    except Refusal:
        return
    paid = sum(u.price_minor + u.tax_minor for u in parcel)
    assert 0 <= got.refund_minor <= paid
    assert got.refund_minor == sum(u.refund_minor for u in got.units)
    for unit in got.units:
        assert unit.refund_minor == sum(c.minor for c in unit.components) >= 0
        assert all(c.clause for c in unit.components)
    assert sum(u.label_share_minor for u in got.units) == label
    borne = sum(-c.minor for u in got.units for c in u.components if c.kind == "label")
    assert got.label_on_seller_minor + borne == label


@given(label=st.integers(0, 10**9), n=st.integers(1, 50))
def test_label_shares_sum_to_the_label(label: int, n: int) -> None:
    shares = split_label(label, n)
    assert sum(shares) == label
    assert len(set(shares[:-1])) <= 1


@given(received=st.dates(date(2022, 7, 1), date(2022, 9, 1)))
def test_lateness_begins_sixteen_days_after_the_window(received: date) -> None:
    got = lateness(of=JULY_1, received_on=received, accepted_on=None, late_after_days=15, grace_days=15)
    assert (got is Lateness.LATE) == (received - JULY_1.last_day > timedelta(days=15))

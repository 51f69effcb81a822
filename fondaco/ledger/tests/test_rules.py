"""Plans of charges, mirrors of postings, periods and pauses: no database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fondaco.kit.money import Money
from fondaco.ledger.rules import (
    MOST_MINOR,
    SHARDS,
    AccountKind,
    AmountBeyondLimit,
    Line,
    NotAPositiveAmount,
    NotBalanced,
    PostingKind,
    Section,
    WrongOwner,
    charge_plan,
    check_lines,
    fingerprint,
    lease_of_question,
    pause_before_next_try,
    payable,
    period_of,
    reversal_lines,
    section_of,
    shard_of,
)

ANA = UUID(int=1)
CHICAGO = ZoneInfo("America/Chicago")
amounts = st.integers(1, MOST_MINOR)


def usd(minor: int) -> Money:
    return Money(minor, "USD")


@pytest.mark.spec("IMG-SVC-03", "IMG-SVC-04")
@pytest.mark.parametrize(
    ("amount", "proceeds", "has_card", "parts"),
    [
        (5000, 3000, True, (3000, 2000, 0)),  # J09
        (5000, 5000, True, (5000, 0, 0)),
        (5000, 9000, True, (5000, 0, 0)),
        (5000, 0, True, (0, 5000, 0)),
        (5000, -700, True, (0, 5000, 0)),
        (5000, 3000, False, (3000, 0, 2000)),
    ],
)
def test_proceeds_come_first_and_the_card_pays_the_rest(amount, proceeds, has_card, parts) -> None:
    plan = charge_plan(amount=usd(amount), proceeds=usd(proceeds), has_card=has_card)
    assert (plan.from_proceeds.minor, plan.from_card.minor, plan.unpaid.minor) == parts


def test_the_policy_names_the_sources_and_their_order() -> None:
    def parts(*sources: str) -> tuple[int, int, int]:
        plan = charge_plan(amount=usd(5000), proceeds=usd(3000), has_card=True, sources=sources)
        return plan.from_proceeds.minor, plan.from_card.minor, plan.unpaid.minor

    assert parts("card_on_file", "sales_proceeds") == (0, 5000, 0)
    assert parts("sales_proceeds") == (3000, 0, 2000)
    assert parts("card_on_file") == (0, 5000, 0)


@given(
    amounts, st.integers(-MOST_MINOR, MOST_MINOR), st.booleans(), st.permutations(["sales_proceeds", "card_on_file"])
)
def test_the_parts_of_a_charge_sum_to_it_and_none_is_negative(amount, proceeds, has_card, sources) -> None:
    plan = charge_plan(amount=usd(amount), proceeds=usd(proceeds), has_card=has_card, sources=sources)
    parts = [plan.from_proceeds.minor, plan.from_card.minor, plan.unpaid.minor]
    assert sum(parts) == amount
    assert min(parts) >= 0
    assert plan.from_proceeds.minor <= max(0, proceeds)
    assert not plan.from_card or has_card


@pytest.mark.parametrize("minor", [0, -1])
def test_nothing_is_not_charged(minor) -> None:
    with pytest.raises(NotAPositiveAmount):
        charge_plan(amount=usd(minor), proceeds=usd(0), has_card=True)


@pytest.mark.parametrize(
    ("lines", "refusal"),
    [
        ([], NotBalanced),
        ([Line(AccountKind.PAYOUT, usd(5))], NotBalanced),
        ([Line(AccountKind.PAYOUT, usd(5)), Line(AccountKind.LABELS, usd(-4))], NotBalanced),
        ([Line(AccountKind.PAYOUT, usd(5)), Line(AccountKind.LABELS, Money(-5, "EUR"))], NotBalanced),
        ([Line(AccountKind.PAYOUT, usd(0)), Line(AccountKind.LABELS, usd(0))], NotAPositiveAmount),
        ([Line(AccountKind.PAYOUT, usd(5), ANA), Line(AccountKind.LABELS, usd(-5))], WrongOwner),
        ([Line(AccountKind.SELLER_DUE, usd(-5)), Line(AccountKind.LABELS, usd(5))], WrongOwner),
        ([Line(AccountKind.PAYOUT, usd(10**15 + 1)), Line(AccountKind.LABELS, usd(-(10**15) - 1))], AmountBeyondLimit),
    ],
)
def test_lines_that_are_no_posting_are_refused(lines, refusal) -> None:
    with pytest.raises(refusal):
        check_lines(lines)


@given(amounts, st.data())
def test_a_reversal_mirrors_the_charge_and_gives_back_what_was_paid(amount, data) -> None:
    from_proceeds = data.draw(st.integers(0, amount - 1))
    due = amount - from_proceeds
    still = data.draw(st.integers(0, due))
    parts = [(AccountKind.SELLER_PROCEEDS, -from_proceeds), (AccountKind.SELLER_DUE, -due)]
    lines = [Line(kind, usd(minor), ANA) for kind, minor in parts if minor]
    mirror = reversal_lines([*lines, Line(AccountKind.MARKETPLACE_FEES, usd(amount))], still_due_minor=still)
    check_lines(mirror)

    def back(kind: AccountKind) -> int:
        return sum(line.amount.minor for line in mirror if line.account is kind)

    assert back(AccountKind.SELLER_DUE) == still
    assert back(AccountKind.SELLER_PROCEEDS) == amount - still
    assert back(AccountKind.MARKETPLACE_FEES) == -amount


def test_what_a_service_costs_is_an_other_transaction() -> None:
    assert section_of(PostingKind.CHARGE) is Section.OTHER
    assert {section_of(kind) for kind in PostingKind if kind is not PostingKind.REVERSAL} == set(Section)


def test_periods_are_fortnights_from_monday_midnight_in_the_sellers_zone() -> None:
    first, after = period_of(at=datetime(2022, 3, 15, 12, tzinfo=UTC), zone=CHICAGO)
    assert first.astimezone(CHICAGO).isoformat() == "2022-03-14T00:00:00-05:00"
    assert after.astimezone(CHICAGO).isoformat() == "2022-03-28T00:00:00-05:00"


@given(st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)))
def test_every_instant_falls_into_exactly_one_period(at) -> None:
    first, after = period_of(at=at, zone=CHICAGO)
    assert first <= at < after
    assert period_of(at=after, zone=CHICAGO)[0] == after
    assert period_of(at=first, zone=CHICAGO) == (first, after)


def test_pauses_grow_to_three_days_and_never_shrink() -> None:
    pauses = [pause_before_next_try(n) for n in range(1, 200)]
    assert pauses[0] == timedelta(hours=1)
    assert pauses[-1] == timedelta(days=3)
    assert pauses == sorted(pauses)
    assert [lease_of_question(n) for n in (1, 2, 500)] == [
        timedelta(minutes=2),
        timedelta(minutes=4),
        timedelta(hours=6),
    ]


def test_what_is_owed_or_held_is_not_paid_out() -> None:
    assert payable(available_minor=5000, due_minor=2000) == 3000
    assert payable(available_minor=1000, due_minor=2000) == 0


def test_a_fingerprint_follows_the_contents_and_not_their_order() -> None:
    assert fingerprint({"a": 1, "b": usd(5)}) == fingerprint({"b": usd(5), "a": 1})
    assert fingerprint({"a": 1}) != fingerprint({"a": 2})
    assert {shard_of(f"key {n}") for n in range(500)} == set(range(SHARDS))

"""Money in minor units: parts sum to the whole, one rounding, three languages."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fondaco.kit.money import AmountTooLarge, CurrencyMismatch, Money, NotAnAmount, total

amounts = st.integers(min_value=-(10**12), max_value=10**12)


@given(minor=amounts, parts=st.integers(min_value=1, max_value=500))
def test_parts_sum_to_the_whole_and_differ_only_in_the_last(minor: int, parts: int) -> None:
    shares = Money(minor, "USD").split(parts)
    assert len(shares) == parts
    assert total(shares, currency="USD") == Money(minor, "USD")
    assert len({share.minor for share in shares[:-1]}) <= 1
    assert abs(shares[-1].minor) - abs(shares[0].minor) in range(parts)


@given(minor=amounts, weights=st.lists(st.integers(min_value=0, max_value=10**6), min_size=1, max_size=20))
def test_weighted_parts_sum_to_the_whole_and_never_change_sign(minor: int, weights: list[int]) -> None:
    if not sum(weights):
        return
    shares = Money(minor, "USD").split_by(weights)
    assert sum(share.minor for share in shares) == minor
    assert all(share.minor * minor >= 0 for share in shares)
    assert all(share.minor == 0 for share, weight in zip(shares, weights, strict=True) if not weight)


def test_the_remaining_cents_of_a_label_go_to_the_last_unit() -> None:
    assert [share.minor for share in Money(800, "USD").split(3)] == [266, 266, 268]
    assert [share.minor for share in Money(-800, "USD").split(3)] == [-266, -266, -268]


@pytest.mark.parametrize(
    ("minor", "percent", "expected"),
    [
        (1001, 50, 501),  # 500.5: the half cent goes up
        (999, 20, 200),  # 199.8
        (997, 20, 199),  # 199.4
        (-1001, 50, -501),
        (1250, Decimal("12.36"), 155),  # 154.5
        (1, 0, 0),
        (777, 100, 777),
    ],
)
def test_percentages_round_half_up_to_the_cent(minor: int, percent: int | Decimal, expected: int) -> None:
    assert Money(minor, "USD").percent(percent) == Money(expected, "USD")


@given(minor=st.integers(min_value=0, max_value=10**12), percent=st.integers(min_value=0, max_value=100))
def test_a_percentage_is_within_half_a_minor_unit_and_never_more_than_the_whole(minor: int, percent: int) -> None:
    part = Money(minor, "USD").percent(percent)
    assert abs(part.minor * 100 - minor * percent) <= 50
    assert 0 <= part.minor <= minor


@given(minor=amounts, currency=st.sampled_from(["USD", "EUR", "JPY", "VND"]))
def test_what_is_written_can_be_read_back(minor: int, currency: str) -> None:
    money = Money(minor, currency)
    assert Money.parse(money.amount, currency) == money
    assert Money.parse(str(money).split()[0], currency) == money


@pytest.mark.parametrize(
    "text",
    ["", "1,000.00", "1e3", "NaN", "inf", "12.345", "-", ".", "١٢", "0x10", "1_0", " 1 2 ", "9" * 40, 1.5, True, None],
)
def test_refuses_what_is_no_amount(text: object) -> None:
    with pytest.raises(NotAnAmount):
        Money.parse(text, "USD")  # type: ignore[arg-type]


def test_refuses_decimals_that_the_currency_does_not_have() -> None:
    assert Money.parse("25000", "VND") == Money(25000, "VND")
    with pytest.raises(NotAnAmount):
        Money.parse("25000.5", "VND")
    with pytest.raises(NotAnAmount):
        Money.parse("100.5", "JPY")


def test_refuses_two_currencies_in_one_sum() -> None:
    with pytest.raises(CurrencyMismatch) as refused:
        Money(1, "USD") + Money(1, "EUR")
    assert refused.value.facts == {"left": "USD", "right": "EUR"}
    with pytest.raises(CurrencyMismatch):
        _ = Money(1, "USD") < Money(1, "EUR")


def test_refuses_floats_and_amounts_that_no_column_holds() -> None:
    with pytest.raises(NotAnAmount):
        Money(1.0, "USD")  # type: ignore[arg-type]
    with pytest.raises(NotAnAmount):
        Money(100, "USD").percent(12.5)  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        Money(100, "USD") * 1.5  # type: ignore[operator]
    with pytest.raises(AmountTooLarge):
        Money(2**63, "USD")
    with pytest.raises(NotAnAmount):
        Money(1, "usd")


def test_arithmetic_and_order() -> None:
    ten, three = Money(1000, "USD"), Money(300, "USD")
    assert (ten - three, ten + three, -ten, 3 * three) == tuple(Money(n, "USD") for n in (700, 1300, -1000, 900))
    assert three < ten
    assert ten >= three
    assert (ten.at_most(three), three.at_least(ten)) == (three, ten)
    assert not Money.zero("USD")
    assert ten.as_dict() == {"minor": 1000, "currency": "USD"}


@pytest.mark.parametrize(
    ("money", "language", "expected"),
    [
        (Money(125000, "USD"), "en", "$1,250.00"),
        (Money(125000, "USD"), "vi", "1.250,00 US$"),
        (Money(125000, "USD"), "zh-hant", "US$1,250.00"),
        (Money(25000, "VND"), "vi", "25.000 ₫"),
        (Money(25000, "VND"), "en", "₫25,000"),
        (Money(-99, "EUR"), "en", "-€0.99"),
        (Money(500, "JPY"), "zh_Hant", "¥500"),
        (Money(500, "USD"), "pt-br", "$5.00"),
    ],
)
def test_is_written_as_people_of_the_language_write_it(money: Money, language: str, expected: str) -> None:
    assert money.format(language).replace("\u00a0", " ") == expected


def test_an_empty_total_is_zero_in_its_currency() -> None:
    assert total([], currency="EUR") == Money(0, "EUR")

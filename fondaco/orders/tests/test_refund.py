"""The one door for refunds: booked once, within what was paid, by whoever is to bear it."""

from __future__ import annotations

import pytest

from fondaco.engine.testing import run_tasks
from fondaco.kit.money import Money
from fondaco.ledger.rules import AccountKind, NotAPositiveAmount
from fondaco.ledger.tests.factories import assert_books_in_order, balance, proceeds
from fondaco.orders.models import Order, OrderUnit, PayBack
from fondaco.orders.operations import RefundAbovePaid, RefundCurrency, record_refund, refundable
from fondaco.orders.tests.factories import placed_order

pytestmark = pytest.mark.django_db


def usd(minor: int) -> Money:
    return Money(minor, "USD")


def two_units() -> tuple[Order, OrderUnit, OrderUnit]:
    order = placed_order(quantity=2, item={"is_prime": True})
    one, other = OrderUnit.objects.filter(item__order=order).order_by("number")
    return order, one, other


def test_books_seller_and_card_once_for_a_key() -> None:
    order, unit, _ = two_units()
    before, price = proceeds(order.seller), order.items.get().price_minor
    first = record_refund(order=order, unit=unit, amount=usd(500), key="k", reason="refund", clause="PRIME-37")
    again = record_refund(order=order, unit=unit, amount=usd(500), key="k", reason="refund", clause="PRIME-37")
    assert again == first
    assert before - proceeds(order.seller) == 500
    assert balance(AccountKind.BUYER_REFUNDS) == 500
    run_tasks()
    assert PayBack.objects.get().done_at
    assert refundable(order, unit).minor == price + order.items.get().tax_minor - 500
    assert_books_in_order()


def test_never_more_than_was_paid_for_the_unit() -> None:
    order, unit, other = two_units()
    paid = refundable(order, unit).minor
    record_refund(order=order, unit=unit, amount=usd(paid), key="a", reason="refund")
    with pytest.raises(RefundAbovePaid) as no:
        record_refund(order=order, unit=unit, amount=usd(1), key="b", reason="refund")
    assert no.value.facts["left"] == usd(0)
    assert refundable(order, other).minor == paid


def test_what_was_given_for_the_order_counts_for_its_units_too() -> None:
    order, unit, other = two_units()
    whole = refundable(order).minor
    record_refund(order=order, amount=usd(whole - 10), key="a", reason="concession", charge_seller=False)
    assert refundable(order, unit).minor == refundable(order, other).minor == 10
    with pytest.raises(RefundAbovePaid):
        record_refund(order=order, unit=other, amount=usd(11), key="b", reason="refund")


def test_the_marketplace_may_bear_it() -> None:
    order, unit, _ = two_units()
    before = proceeds(order.seller)
    record_refund(order=order, unit=unit, amount=usd(300), key="a", reason="concession", charge_seller=False)
    assert proceeds(order.seller) == before
    assert balance(AccountKind.REIMBURSEMENTS) == -300
    assert_books_in_order()


@pytest.mark.parametrize(
    ("amount", "refusal"),
    [
        (Money(100, "CAD"), RefundCurrency),
        (usd(0), NotAPositiveAmount),
        (usd(-5), NotAPositiveAmount),
        (usd(10**14), RefundAbovePaid),
    ],
)
def test_refuses_what_cannot_be_and_changes_nothing(amount: Money, refusal: type[Exception]) -> None:
    order, unit, _ = two_units()
    before = proceeds(order.seller)
    with pytest.raises(refusal):
        record_refund(order=order, unit=unit, amount=amount, key="a", reason="refund")
    assert proceeds(order.seller) == before
    assert not PayBack.objects.exists()

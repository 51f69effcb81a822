"""The one door for refunds: booked once, within what was paid, by whoever is to bear it."""

from __future__ import annotations

import pytest

from fondaco.engine.testing import run_tasks
from fondaco.kit.errors import NotFound, Refusal
from fondaco.kit.money import Money
from fondaco.ledger.rules import AccountKind, NotAPositiveAmount
from fondaco.ledger.tests.factories import assert_books_in_order, balance, proceeds
from fondaco.orders.models import Order, OrderUnit, PayBack
from fondaco.orders.operations import (
    NotSentYet,
    RefundAbovePaid,
    RefundCurrency,
    RefundReasonUnknown,
    record_refund,
    refund_item,
    refundable,
    refundable_without_return,
)
from fondaco.orders.tests.factories import caller_of_buyer, caller_of_seller, placed_order, shipped_order

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


# --- without a return -------------------------------------------------------------------------------------------------


def _give(order: Order, minor: int, key: str = "k", reason: str = "seller_adjustment") -> Money:
    item = order.items.get()
    return refund_item(caller_of_seller(order), order=order, item_id=item.pk, amount=usd(minor), reason=reason, key=key)


def test_a_seller_gives_back_across_the_units_that_were_sent_once_for_a_key() -> None:
    order = shipped_order(quantity=2)
    one = refundable(order, OrderUnit.objects.filter(item__order=order, number=1).get()).minor
    assert _give(order, one + 100) == usd(one + 100)
    assert _give(order, one + 100) == usd(one + 100)
    parts = list(PayBack.objects.filter(order=order).order_by("unit__number").values_list("amount_minor", flat=True))
    assert parts == [one, 100]
    assert refundable_without_return(order) == [(order.items.get(), refundable(order))]
    with pytest.raises(RefundAbovePaid):
        _give(order, refundable(order).minor + 1, key="more")
    assert_books_in_order()


def test_what_was_not_sent_is_cancelled_and_not_refunded() -> None:
    order = placed_order()
    assert refundable_without_return(order) == []
    with pytest.raises(NotSentYet):
        _give(order, 100)
    assert not PayBack.objects.filter(order=order).exists()


def test_only_the_seller_gives_back_for_a_reason_that_exists() -> None:
    order, other = shipped_order(), shipped_order()
    with pytest.raises(RefundReasonUnknown):
        _give(order, 100, reason="gossip")
    for caller in (caller_of_buyer(order), caller_of_seller(other)):
        with pytest.raises(Refusal):
            refund_item(
                caller, order=order, item_id=order.items.get().pk, amount=usd(1), reason="seller_adjustment", key="x"
            )
    with pytest.raises(NotFound):
        refund_item(
            caller_of_seller(order),
            order=order, item_id=other.items.get().pk, amount=usd(1), reason="seller_adjustment", key="x",
        )  # fmt: skip
    assert not PayBack.objects.exists()

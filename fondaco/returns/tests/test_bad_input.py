"""Bad input to returns and refunds, one line each: a refusal with code and clause, and nothing in the store changed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.core import serializers

from fondaco.engine import clock
from fondaco.fulfilment.operations import buying
from fondaco.kit.errors import Refusal
from fondaco.kit.money import Money
from fondaco.ledger.tests.factories import assert_books_in_order
from fondaco.orders import operations as orders
from fondaco.orders.operations import Line
from fondaco.orders.tests.factories import OHIO
from fondaco.returns.models import Refund
from fondaco.returns.operations import refund, warehouse
from fondaco.returns.operations.request import Wanted, request_return
from fondaco.returns.operations.warehouse import NewPhoto
from fondaco.returns.rules.refund import Grade
from fondaco.returns.tests.factories import (
    arrived_order,
    ask,
    label_price,
    make_return,
    make_returning_seller,
    make_ware,
    units_of,
)
from fondaco.sellers.tests.factories import make_caller

pytestmark = pytest.mark.django_db
assert buying  # its listeners are part of what must not change


class Store:
    """A return in the seller's hands, an order that waits, and somebody else's order."""

    def __init__(self) -> None:
        shop = make_returning_seller()
        self.ware = make_ware(shop)
        self.row = make_return(arrived_order(shop, offer=self.ware), 10, received_at=clock.now())
        self.order, self.other = arrived_order(shop, offer=self.ware), arrived_order(shop, offer=self.ware)
        (self.unit,), (self.foreign,) = units_of(self.order), units_of(self.other)
        self.seller, self.buyer = make_caller(seller=shop), make_caller(self.order.buyer)

    def request(self, *wanted: Wanted) -> Any:
        return request_return(self.buyer, order_number=self.order.number, wanted=wanted, request_key="k")

    def refund(self, **options: Any) -> Any:
        return refund.refund_unit(self.seller, **{"number": self.row.number, "unit": 1, **options})

    def used(self) -> Store:
        warehouse.grade(self.seller, number=self.row.number, unit=1, found=Grade.USED)
        return self

    def buy(self, quantity: Any) -> Any:
        return orders.place_order(
            self.buyer, lines=[Line(self.ware.pk, quantity)], address=OHIO, request_key=f"buy {quantity}"
        )

    def pay(self, minor: int, currency: str = "USD") -> Any:
        amount = Money(minor, currency)
        return orders.record_refund(order=self.order, unit=self.unit, amount=amount, key="x", reason="concession")


BAD: dict[str, tuple[Callable[[Store], Any], str, str]] = {
    "no unit": (lambda s: s.request(), "return_nothing_chosen", "PRIME-44"),
    "unknown reason": (lambda s: s.request(Wanted(s.unit.pk, "BECAUSE")), "return_reason_unknown", "PRIME-44"),
    "reason 0": (lambda s: s.request(Wanted(s.unit.pk, 0)), "return_reason_unknown", "PRIME-44"),
    "reason 19": (lambda s: s.request(Wanted(s.unit.pk, 19)), "return_reason_unknown", "PRIME-44"),
    "foreign unit": (lambda s: s.request(Wanted(s.foreign.pk, 8)), "return_unit_not_in_order", "PRIME-44"),
    "nonsense unit": (lambda s: s.request(Wanted("\0", 8)), "return_unit_not_in_order", "PRIME-44"),
    "unit twice": (lambda s: s.request(Wanted(s.unit.pk, 8), Wanted(s.unit.pk, 8)), "return_unit_chosen_twice", "PRIME-44"),
    "percentage above the cap": (lambda s: s.refund(deduct_pct=1), "deduction_above_cap", "PRIME-37"),
    "percentage above the cap of used": (lambda s: s.used().refund(deduct_pct=51), "deduction_above_cap", "PRIME-37"),
    "no photo from 20 %": (lambda s: s.used().refund(deduct_pct=20), "photo_and_grade_needed", "B-PRIME-16"),
    "negative percentage": (lambda s: s.refund(deduct_pct=-1), "amount_impossible", "Q-26"),
    "huge percentage": (lambda s: s.refund(deduct_pct=10**30), "amount_impossible", "Q-26"),
    "percentage of text": (lambda s: s.refund(deduct_pct="20"), "amount_impossible", "Q-26"),
    "another currency": (lambda s: s.refund(currency="EUR"), "refund_in_another_currency", "Q-26"),
    "money in another currency": (lambda s: s.pay(100, "EUR"), "refund_in_another_currency", "Q-26"),
    "more than was paid": (lambda s: s.pay(10**9), "refund_above_paid", "PRIME-37"),
    "another amount than seen": (lambda s: s.refund(expected_minor=1), "refund_plan_changed", "PRIME-37"),
    "label above the refund": (lambda s: s.refund(label_minor=10**6), "label_above_refund", "Q-27"),
    "another label than planned": (lambda s: s.refund(label_minor=7_24), "label_not_as_planned", "PRIME-43"),
    "a label below zero": (lambda s: s.refund(label_minor=-1), "amount_impossible", "Q-26"),
    "a unit it has not": (lambda s: s.refund(unit=99), "return_unit_unknown", "PRIME-36"),
    "a unit below zero": (lambda s: s.refund(unit=-1), "return_unit_unknown", "PRIME-36"),
    "no picture": (
        lambda s: warehouse.grade(
            s.seller, number=s.row.number, unit=1, found=Grade.USED, photos=[NewPhoto(b"%PDF-1.7", "a.jpg")]
        ),
        "return_not_a_photo",
        "B-PRIME-16",
    ),
    "quantity 0": (lambda s: s.buy(0), "order_quantity_wrong", "PRIME-27"),
    "negative quantity": (lambda s: s.buy(-3), "order_quantity_wrong", "PRIME-27"),
    "huge quantity": (lambda s: s.buy(10**12), "order_quantity_wrong", "PRIME-27"),
}  # fmt: skip


@pytest.mark.spec("PRIME-37", "PRIME-43", "PRIME-44", "B-PRIME-16", "Q-24", "Q-26", "Q-27")
@pytest.mark.parametrize("case", BAD)
def test_refuses_with_code_and_clause_and_changes_nothing(case: str) -> None:
    act, code, clause = BAD[case]
    store = Store()
    if "used" in case or "20 %" in case:
        store.used()
        act_, store.used = act, lambda: store  # type: ignore[method-assign]  # graded before we look
        act = act_
    before = _everything()
    with pytest.raises(Refusal) as no:
        act(store)
    assert (code, clause) == (no.value.CODE, no.value.CLAUSE)
    assert str(no.value)
    assert _everything() == before


@pytest.mark.spec("Q-27")
def test_a_label_above_the_refund_takes_what_is_left_and_the_seller_bears_the_rest() -> None:
    label_price(50_00)
    row = make_return(arrived_order(), 10, received_at=clock.now())
    done = refund.refund_unit(make_caller(seller=row.seller), number=row.number, unit=1)
    assert (done.amount_minor, done.label_share_minor, done.label_on_seller_minor) == (0, 50_00, 10_00)
    assert ["label", -40_00, "Q-27"] in done.plan["components"]
    assert Refund.objects.count() == 1
    assert_books_in_order()


def test_a_unit_in_a_return_is_not_asked_for_again() -> None:
    order = arrived_order()
    ask(order, 8)
    before = _everything()
    with pytest.raises(Refusal) as no:
        ask(order, 9)
    assert (no.value.CODE, no.value.CLAUSE) == ("unit_in_a_return_already", "PRIME-44")
    assert _everything() == before


def _everything() -> dict[str, str]:
    """Every row of what a refusal must leave alone, as text."""
    kept = ("orders", "returns", "ledger", "history", "fulfilment", "service", "catalogue")
    models = [m for label in kept for m in apps.get_app_config(label).get_models()]
    return {m._meta.label: serializers.serialize("json", m._base_manager.order_by("pk")) for m in models}


@pytest.mark.spec("Q-27", "PRIME-43")
def test_a_stated_label_is_taken_when_the_plan_says_the_same_and_never_beyond_what_is_left() -> None:
    label_price(50_00)
    row = make_return(arrived_order(), 10, received_at=clock.now())  # 40.00 paid: the plan deducts 40.00 of 50.00
    seller = make_caller(seller=row.seller)
    with pytest.raises(Refusal) as no:
        refund.refund_unit(seller, number=row.number, unit=1, label_minor=40_01)
    assert (no.value.CODE, no.value.CLAUSE) == ("label_above_refund", "Q-27")
    assert "40.01" in str(no.value)
    assert not Refund.objects.exists()
    assert refund.refund_unit(seller, number=row.number, unit=1, label_minor=40_00).amount_minor == 0

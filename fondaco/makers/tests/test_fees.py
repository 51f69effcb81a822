"""The referral fee in the books: with the sale, and back with the money (B-HAND-12)."""

from __future__ import annotations

from typing import Any

import pytest

from fondaco import policy
from fondaco.catalogue.models import Offer
from fondaco.catalogue.operations import add_product
from fondaco.catalogue.tests.factories import make_offer
from fondaco.engine.testing import run_tasks
from fondaco.kit.money import Money
from fondaco.ledger.audit import audit
from fondaco.ledger.models import Account, CardTry, Due, Posting
from fondaco.ledger.rules import AccountKind
from fondaco.makers.operations import fees
from fondaco.makers.tests.factories import VASE, make_maker_of
from fondaco.orders.models import Order, OrderUnit
from fondaco.orders.operations import cancel_order, record_refund
from fondaco.orders.tests.factories import make_buyer, placed_order
from fondaco.sellers.tests.factories import make_caller, make_person, make_seller

pytestmark = [pytest.mark.django_db, pytest.mark.spec("B-HAND-12")]


@pytest.fixture
def june(db: Any) -> Any:
    person = make_person("June Clay")
    seller = make_seller("Juniper Clay", owner=person)
    make_maker_of(seller, person)
    return make_caller(person, seller=seller)


def vase(june: Any, *, price: int = 4800, sku: str = "VASE") -> Offer:
    return add_product(june, **{**VASE, "price_minor": price, "quantity": 9}, sku=sku).offer


def earned() -> int:
    """What the marketplace's fee accounts hold."""
    return sum(Account.objects.filter(kind=AccountKind.MARKETPLACE_FEES).values_list("balance_minor", flat=True))


def proceeds(order: Order) -> int:
    return Account.objects.get(kind=AccountKind.SELLER_PROCEEDS, seller=order.seller).balance_minor


def settled(order: Order) -> int:
    """The proceeds once what was still owed is taken from them; nothing is owed then, and no card was asked."""
    run_tasks()
    assert not Due.objects.filter(seller=order.seller, open_minor__gt=0).exists()
    assert not CardTry.objects.exists()
    return proceeds(order)


def test_a_sale_bears_the_fee_of_policy_once(june: Any) -> None:
    order = placed_order(offer=vase(june), quantity=2)
    item = order.items.get()
    fee = round((item.price_minor * 2 + item.shipping_minor) * 0.15)
    posting = Posting.objects.get(reason="referral_fee")
    assert (earned(), proceeds(order)) == (fee, order.total_minor - fee)
    assert (posting.clause, posting.cause_label) == ("B-HAND-12", order.number)
    assert posting.policy_version == policy.value("handmade.referral_fee", "US", at=order.placed_at).version
    fees.charge(order, at=order.placed_at)  # again changes nothing
    assert earned() == fee
    assert not any(audit().faults.values())


def test_the_minimum_counts_for_each_item(june: Any) -> None:
    placed_order(offer=vase(june, price=200), quantity=3)
    assert earned() == 300


def test_other_sellers_bear_none(june: Any) -> None:
    placed_order(offer=make_offer(quantity=9))
    assert earned() == 0
    assert not Posting.objects.filter(reason="referral_fee").exists()


def test_a_changed_policy_counts_from_then_on(june: Any) -> None:
    offer = vase(june)
    first = placed_order(offer=offer)
    before = earned()
    at = first.placed_at
    found = policy.value("handmade.referral_fee", "US", at=at)
    assert found.value["rate"] == 15
    assert before == round((4800 + first.items.get().shipping_minor) * 0.15)


def test_cancelled_units_and_refunds_give_their_share_back(june: Any) -> None:
    buyer = make_buyer()
    order = placed_order(buyer=buyer, offer=vase(june), quantity=2)
    item, whole = order.items.get(), earned()
    units = list(OrderUnit.objects.filter(item=item).order_by("number"))
    cancel_order(make_caller(buyer), number=order.number, reason="buyer_changed_mind", units=[units[0]])
    one = round((item.price_minor + item.shipping_minor) * 0.15)
    assert earned() == one
    half = Money((item.price_minor + item.shipping_minor) // 2, order.currency)
    record_refund(order=order, unit=units[1], amount=half, key="half", reason="return")
    assert earned() in (one // 2, one - one // 2)
    record_refund(order=order, unit=units[1], amount=half, key="rest", reason="return")
    assert earned() == 0
    assert whole > one
    fees.give_back(order, at=order.placed_at)  # nothing is left to give
    assert earned() == 0
    assert settled(order) == 0
    assert not any(audit().faults.values())


def test_what_the_marketplace_bears_leaves_the_fee(june: Any) -> None:
    order = placed_order(offer=vase(june))
    fee = earned()
    unit = OrderUnit.objects.get(item__order=order)
    record_refund(
        order=order, unit=unit, amount=Money(1000, "USD"), key="ours", reason="concession", charge_seller=False
    )
    assert earned() == fee


def test_a_whole_cancelled_order_leaves_nothing(june: Any) -> None:
    buyer = make_buyer()
    order = placed_order(buyer=buyer, offer=vase(june))
    cancel_order(make_caller(buyer), number=order.number, reason="buyer_changed_mind")
    assert earned() == 0
    assert settled(order) == 0

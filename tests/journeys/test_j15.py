"""J15: the daily limit, and labels of orders with Prime items."""

from __future__ import annotations

from typing import Any

import pytest

from fondaco.catalogue.tests.factories import make_offer
from fondaco.engine.testing import run_tasks
from fondaco.fulfilment.models import PrimeDay
from fondaco.fulfilment.tests.factories import TWO_DAY, prime_offer, prime_seller
from fondaco.orders import operations
from fondaco.orders.models import Order, Parcel
from fondaco.orders.operations import Line
from fondaco.orders.tests.factories import make_buyer
from fondaco.sellers.models import Person
from fondaco.sellers.tests.factories import make_caller
from tests.journeys.trading import OHIO, add_to_cart, buyer, monday_morning, options, words

pytestmark = [
    pytest.mark.journey,
    pytest.mark.django_db(transaction=True),
    pytest.mark.spec("PRIME-19", "PRIME-20", "PRIME-27", "PRIME-28", "Q-38", "Q-39", "B-PRIME-10"),
]


def order(offers: list[Any], *, speed: str, key: str) -> Order:
    lines = [Line(offer.pk, speed=speed) for offer in offers]
    (placed,) = operations.place_order(make_caller(make_buyer(member=True)), lines=lines, address=OHIO, request_key=key)
    return placed


def has_badge(page: Any, asin: str) -> bool:
    page.goto(f"/product/{asin}/")
    return page.locator(".buy-box .prime-badge").count() == 1


def test_j15_daily_limit_and_labels(signed_in_page: Any, shoot: Any, check_axe: Any) -> None:
    monday_morning(hour=9)
    swift = prime_seller(limit=3)
    assert isinstance(swift.person, Person)
    helmet = prime_offer(swift, title="Bicycle helmet", price_minor=7400, options=TWO_DAY)
    normal = make_offer(swift, title="Woven scarf", price_minor=3400, quantity=5)
    asin = helmet.product.asin
    early = signed_in_page(buyer("Mara Lindqvist", member=True))
    fourth = signed_in_page(buyer("Nia Okoro", member=True))
    add_to_cart(early, asin)

    # 3. Standard Prime orders do not use the limit.
    order([helmet], speed="standard", key="slow")
    assert not PrimeDay.objects.exists()

    # 1. Three two-day orders by ten: Prime offers switch off.
    for n in range(3):
        order([helmet], speed="two_day", key=f"k{n}")
    assert PrimeDay.objects.get().taken == 3

    # 2. A fourth member sees no Prime offer; one who has it in the cart buys it as Prime.
    assert not has_badge(fourth, asin)
    add_to_cart(fourth, asin)
    fourth.goto("/checkout/")
    assert options(fourth)["Two-day delivery"] == "$7.99"
    shoot(fourth, "limit-reached", whole=True)
    early.goto("/checkout/")
    assert options(early)["Two-day delivery"] == "$0.00"
    early.get_by_role("button", name="Place your order").click()
    early.wait_for_url("**/orders/*/")
    assert Order.objects.get(buyer__email="mara@fondaco.example").items.get().is_prime

    # The seller sees the day's count, and the badge's page says why.
    seller = signed_in_page(swift.person)
    seller.goto("/seller/prime/")
    assert "4 / 3" in words(seller)
    seller.goto(f"/seller/prime/offers/{helmet.pk}/")
    assert "wait for the cut-off, or raise the limit" in words(seller)
    check_axe(seller)
    shoot(seller, "why-no-badge", whole=True)

    # 4. 14:01: Prime offers return.
    monday_morning(hour=14, minute=1)
    assert has_badge(fourth, asin)

    # 5. One Prime and one normal item: an outside label is refused for both parcels.
    mixed = order([helmet, normal], speed="standard", key="mixed")
    assert [i.is_prime for i in mixed.items.order_by("position")] == [True, False]
    for item in mixed.items.order_by("position"):
        seller.goto(f"/seller/orders/{mixed.number}/confirm/")
        for box in seller.locator("input[name=units]").all():
            box.set_checked(box.get_attribute("value") == str(item.units.get().pk))
        seller.fill("[name=carrier]", "Elsewhere Express")
        seller.fill("[name=tracking]", "X1")
        seller.get_by_role("button", name="Confirm the shipment").click()
        seller.get_by_text("every label of it is bought through Buy Shipping").first.wait_for()
    assert not Parcel.objects.filter(order=mixed).exists()
    shoot(seller, "outside-label", whole=True)

    # 6. Buy Shipping: both terms, the label, its print; tracking appears on the order.
    seller.goto(f"/seller/orders/{mixed.number}/")
    seller.get_by_role("link", name="Buy Shipping").click()
    seller.fill("[name=weight]", "2")
    for side, inches in (("length", "12"), ("width", "9"), ("height", "6")):
        seller.fill(f"[name={side}]", inches)
    seller.get_by_role("button", name="Show rates").click()
    seller.get_by_role("button", name="Buy the label").wait_for()
    for box in seller.locator("input[name=accept]").all():
        box.check()
    check_axe(seller)
    shoot(seller, "rates", whole=True)
    seller.get_by_role("button", name="Buy the label").click()
    seller.wait_for_url("**/seller/labels/*/")
    run_tasks()
    parcel = Parcel.objects.get(order=mixed)
    answer = seller.request.get(f"{seller.url.rstrip('/')}/pdf/")
    assert answer.ok
    assert answer.body().startswith(b"%PDF")
    seller.goto(f"/seller/orders/{mixed.number}/")
    assert parcel.tracking_number in words(seller)
    shoot(seller, "shipped", whole=True)

"""J03: only one unit in stock."""

from __future__ import annotations

import pytest
from django.urls import reverse

from fondaco.kit.errors import Refusal
from fondaco.orders.tests.factories import make_buyer, placed_order
from fondaco.studio.models import ImagingOrder
from tests.journeys.imaging import People, box, buy, check_in, offer, open_pop_up, pick_and_send, receive, stock, words

pytestmark = [
    pytest.mark.journey,
    pytest.mark.django_db(transaction=True),
    pytest.mark.spec("IMG-SVC-33", "Q-03", "Q-04"),
]


def test_j03_only_one_unit(signed_in_page) -> None:
    people = People(signed_in_page)
    one, two, last = (offer(people, quantity=n, title=f"With {n}") for n in (1, 2, 1))

    # 1. One unit → warning that it cannot be sold during imaging
    page = open_pop_up(people, one.product)
    assert "The product cannot be sold during imaging." in box(page)

    # 2. Ordered → the buyer's page shows "currently unavailable"
    order = buy(people, one.product)
    people.buyer.goto(reverse("catalogue:product", args=[one.product.asin]))
    assert "unavailable" in words(people.buyer).lower()
    assert people.buyer.get_by_role("button", name="Add to cart").count() == 0

    # 3. Two units, one ordered → a buyer can buy exactly one
    buy(people, two.product)
    buyer = make_buyer()
    placed_order(buyer=buyer, offer=two)
    with pytest.raises(Refusal):
        placed_order(buyer=buyer, offer=two)

    # 4. The last unit is bought while the pop-up is open → refused with "no unit available", no order
    page = open_pop_up(people, last.product)
    placed_order(buyer=buyer, offer=last)
    page.get_by_role("button", name="Buy Now (One-Click)").click()
    page.get_by_text("There is no unit available in a fulfilment centre.").wait_for()
    assert not ImagingOrder.objects.filter(product=last.product).exists()

    # 5. The first unit returns → sellable again
    pick_and_send(people, order)
    receive(people, order)
    people.photographer.get_by_text("Lost, damaged, no capacity").click()
    people.photographer.get_by_role("button", name="No capacity: turn away").click()
    people.photographer.get_by_text("Turned away").wait_for()
    check_in(people, order)
    assert stock(one) == (1, 0)
    people.buyer.reload()
    assert people.buyer.get_by_role("button", name="Add to cart").first.is_visible()

"""J02: when an order cannot be placed."""

from __future__ import annotations

import pytest

from fondaco.studio.models import ImagingOrder
from tests.journeys.imaging import People, box, buy, offer, open_pop_up, set_capacity

pytestmark = [
    pytest.mark.journey,
    pytest.mark.django_db(transaction=True),
    pytest.mark.spec("IMG-SVC-16", "IMG-SVC-28", "IMG-SVC-29", "IMG-SVC-30", "Q-02", "Q-56", "B-SVC-02"),
]


def test_j02_reasons_stand_in_the_place_of_the_button(signed_in_page) -> None:
    people = People(signed_in_page)

    # 1. A seller-fulfilled product → its message stands where Buy Now would be
    own = offer(people, title="Shipped by the seller")
    own.__class__.objects.filter(pk=own.pk).update(channel="seller")
    page = open_pop_up(people, own.product)
    assert "This product is not fulfilled by the marketplace" in box(page)
    assert "Buy Now" not in box(page)

    # 2. No unit in an FC → its own message
    none = offer(people, quantity=0, title="None left")
    assert "There is no unit available in a fulfilment centre." in box(open_pop_up(people, none.product))

    # 3. The operator sets capacity to 0 for today → capacity message
    good = offer(people, title="Fine")
    set_capacity(people, "0", only_today=True)
    assert "The studio takes no more orders today." in box(open_pop_up(people, good.product))
    assert "Buy Now" not in box(people.harbor)

    # 4. The operator clears the limit → Buy Now returns
    set_capacity(people, "")
    assert "Buy Now" in box(open_pop_up(people, good.product))

    # 5. Twelve products one after another → all accepted
    items = [good, *(offer(people, title=f"Product {n}") for n in range(11))]
    for item in items:
        buy(people, item.product)
    assert ImagingOrder.objects.count() == 12

    # 6. Re-opening one of them → status, not a second Buy Now
    page = open_pop_up(people, good.product)
    assert "Order placed" in box(page)
    assert "Buy Now" not in box(page)

"""J02: when an order cannot be placed."""

from __future__ import annotations

import pytest

from fondaco.sellers.rules import Role
from fondaco.studio.models import ImagingOrder
from tests.journeys.imaging import People, box, buy, offer, open_pop_up

pytestmark = [
    pytest.mark.journey,
    pytest.mark.django_db(transaction=True),
    pytest.mark.spec("IMG-SVC-16", "IMG-SVC-28", "IMG-SVC-29", "IMG-SVC-30", "Q-02", "Q-56", "B-SVC-02"),
]


def test_j02_reasons_stand_in_the_place_of_the_button(signed_in_page) -> None:
    from fondaco.policy import operations as policies
    from fondaco.sellers.access import caller_for

    people = People(signed_in_page)
    operator = caller_for(people.persons["operator"])
    assert operator.has(Role.OPERATOR)

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
    closed = policies.publish(author=operator, key="imaging.capacity_per_day", store="US", value=0, note="holiday")
    assert closed
    assert "The studio takes no more orders today." in box(open_pop_up(people, good.product))

    # 4. The operator clears the limit → Buy Now returns
    policies.publish(author=operator, key="imaging.capacity_per_day", store="US", value=None, note="open again")
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

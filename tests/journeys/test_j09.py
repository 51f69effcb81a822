"""J09: charges beyond the proceeds."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.urls import reverse

from fondaco.engine.sweeps import run_all
from fondaco.engine.testing import run_tasks
from fondaco.ledger.models import Due
from fondaco.ledger.tests.factories import assert_books_in_order, give, owed, proceeds
from fondaco.sellers.models import Card
from tests.journeys.imaging import (
    People,
    buy,
    files,
    offer,
    open_pop_up,
    set_clock,
    set_price,
    through_the_studio,
    words,
)

pytestmark = [
    pytest.mark.journey,
    pytest.mark.django_db(transaction=True),
    pytest.mark.spec("IMG-SVC-03", "IMG-SVC-04", "IMG-SVC-19", "IMG-SVC-20", "IMG-SVC-21", "IMG-SVC-34", "Q-01"),
]


def test_j09_proceeds_then_card(signed_in_page, tmp_path: Path) -> None:
    people = People(signed_in_page)
    seller = people.seller.seller
    assert seller

    # 1. $30.00 of proceeds, quoted $50.00; then the price table rises to $60.00
    give(seller, 3_000)
    item = offer(people, title="Five pictures")
    order = buy(people, item.product)
    set_price(people, "60.00")

    # 2. Five images → billed $50.00, not $60.00
    through_the_studio(people, order, files(tmp_path, 5))
    run_tasks()
    order.refresh_from_db()
    assert (order.state, order.price_minor) == ("BILLED", 5000)

    # 3. $30.00 from proceeds, $20.00 from the card
    page = people.harbor
    page.goto(reverse("ledger:transactions"))
    assert "$30.00" in words(page)
    assert "$20.00" in words(page)
    assert proceeds(seller) == 0
    assert owed(seller) == 0

    # 4. "Other transactions" → total $50.00
    page.goto(reverse("ledger:statement"))
    assert "Other transactions" in words(page)
    assert "$50.00" in words(page)

    # 5. A declining card → the unpaid balance is shown and retried; the status stays
    Card.objects.filter(seller=seller).update(token="sim_visa_declined", last4="0002")
    other = offer(people, title="Declined")
    late = buy(people, other.product)
    assert late.price_minor == 6000
    through_the_studio(people, late, files(tmp_path, 2, seed=3))
    run_tasks()
    late.refresh_from_db()
    assert late.state == "BILLED"
    assert owed(seller) == 6000
    seen = open_pop_up(people, other.product).locator("#imaging-pop-up").inner_text()
    assert "Imaging services billed" in seen
    page.goto(reverse("ledger:statement"))
    assert "Unpaid balance" in words(page)
    assert "$60.00" in words(page)
    declined = Due.objects.get(open_minor__gt=0).declined
    assert declined
    set_clock(people, days=8)
    for _minute in range(2):
        run_all()
        run_tasks()
    assert Due.objects.get(open_minor__gt=0).declined > declined  # the card was asked again
    page.goto(reverse("ledger:statement"))
    assert "Unpaid balance" in words(page)
    assert "Imaging services billed" in open_pop_up(people, other.product).locator("#imaging-pop-up").inner_text()
    assert_books_in_order()

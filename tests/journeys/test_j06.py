"""J06: stock cannot be located; and an order that is late."""

from __future__ import annotations

import pytest
from django.core import mail
from django.urls import reverse

from fondaco.cases.models import Case
from fondaco.ledger.models import Posting
from tests.journeys.imaging import People, box, buy, offer, open_pop_up, pick_and_send, receive, set_clock, words

pytestmark = [
    pytest.mark.journey,
    pytest.mark.django_db(transaction=True),
    pytest.mark.spec("IMG-SVC-29", "IMG-SVC-30", "IMG-SVC-37", "IMG-SVC-38", "Q-06"),
]


def test_j06_not_located_and_late(signed_in_page) -> None:
    people = People(signed_in_page)

    # 1.–3. Cannot locate → the seller is told, the pop-up says so, and nothing is charged
    item = offer(people, title="Hidden")
    order = buy(people, item.product)
    page = people.fc
    page.goto(reverse("studio:picks"))
    page.get_by_role("row", name="Hidden").get_by_role("button", name="Cannot locate").click()
    page.get_by_text("not located").first.wait_for()
    assert any("not photographed" in m.subject for m in mail.outbox)
    seen = open_pop_up(people, item.product).locator("#imaging-pop-up").inner_text()
    assert "could not be located" in seen
    assert "Not photographed" in seen
    order.refresh_from_db()
    assert order.state == "NOT_PHOTOGRAPHED"
    assert not Posting.objects.filter(reason="imaging_service").exists()
    people.harbor.goto(reverse("ledger:transactions"))
    assert order.label not in words(people.harbor)

    # 4. Another is at the studio; day 16 → "delayed" with the way to Support
    slow = offer(people, title="Slow")
    other = buy(people, slow.product)
    pick_and_send(people, other)
    receive(people, other)
    set_clock(people, days=16)
    page = open_pop_up(people, slow.product)
    assert "Delayed" in box(page)

    # 5. The delay case from the link: ASIN filled, and it reaches Support
    page.get_by_role("link", name="Ask Support").click()
    page.wait_for_url("**type=imaging_delayed**")
    assert page.get_by_label("ASIN").input_value() == slow.product.asin
    page.locator("main form").filter(has=page.get_by_label("ASIN")).get_by_role("button").last.click()
    page.wait_for_url("**/cases/*/")
    case = Case.objects.get(type="imaging_delayed")
    people.support.goto(reverse("cases:desk"))
    assert case.number in people.support.locator("main").inner_text()

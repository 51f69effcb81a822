"""J05: cancel before, and too late."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.urls import reverse

from fondaco.cases.models import Case
from fondaco.engine.testing import run_tasks
from fondaco.ledger.models import Posting
from tests.journeys.imaging import (
    People,
    box,
    buy,
    contact,
    files,
    finish,
    offer,
    open_pop_up,
    pass_and_publish,
    photograph,
    pick_and_send,
    receive,
    send_unchecked,
    stock,
    words,
)

pytestmark = [
    pytest.mark.journey,
    pytest.mark.django_db(transaction=True),
    pytest.mark.spec("IMG-SVC-54", "IMG-SVC-55", "IMG-SVC-30", "Q-05"),
]


def ask_to_cancel(people: People, product) -> Case:
    """By the link in the pop-up: the ASIN is filled in already."""
    page = open_pop_up(people, product)
    page.get_by_role("link", name="Ask to cancel").click()
    page.get_by_label("Reason").fill("We photograph it ourselves.")
    page.locator("main form").last.get_by_role("button").last.click()
    page.wait_for_url("**/cases/*/")
    return Case.objects.order_by("-created_at").first()


def ask_by_contact_us(people: People, product) -> Case:
    """Contact Us → "Cancel imaging": refused without a reason, taken with ASIN and reason."""
    page = contact(people, "Imaging: cancel an order")
    page.get_by_label("ASIN").fill(product.asin)
    send_unchecked(page)
    assert not Case.objects.exists()
    assert page.locator(".field-error").count()
    page.get_by_label("ASIN").fill(product.asin)
    page.get_by_label("Reason").fill("We photograph it ourselves.")
    page.locator("main form").last.get_by_role("button").last.click()
    page.wait_for_url("**/cases/*/")
    return Case.objects.get()


def accept(people: People, case: Case) -> None:
    page = people.support
    page.goto(reverse("cases:desk_case", args=[case.number]))
    page.get_by_role("button", name="Accept the cancellation").click()
    page.wait_for_load_state()


def test_j05_cancel_before_and_too_late(signed_in_page, tmp_path: Path) -> None:
    people = People(signed_in_page)

    # 1.–2. Contact Us without a reason is refused; with one it is accepted; the pop-up says so
    first = offer(people, title="First")
    order = buy(people, first.product)
    assert "Order placed" in box(people.harbor)
    case = ask_by_contact_us(people, first.product)
    assert case.contents["asin"] == first.product.asin
    assert "Cancellation requested" in open_pop_up(people, first.product).locator("#imaging-pop-up").inner_text()

    # 3. Support accepts → cancelled, unit back, no charge
    accept(people, case)
    order.refresh_from_db()
    assert order.state == "CANCELLED"
    assert stock(first) == (5, 0)
    assert not Posting.objects.filter(reason="imaging_service").exists()
    people.harbor.goto(reverse("ledger:transactions"))
    assert order.label not in words(people.harbor)
    assert "Cancelled" in open_pop_up(people, first.product).locator("#imaging-pop-up").inner_text()

    # 4. Received first, then support tries → refused; the pop-up shows both states
    second = offer(people, title="Second")
    late = buy(people, second.product)
    case = ask_to_cancel(people, second.product)
    pick_and_send(people, late)
    receive(people, late)
    accept(people, case)
    assert "already received at the studio" in people.support.locator("body").inner_text()
    seen = open_pop_up(people, second.product).locator("#imaging-pop-up").inner_text()
    assert "Product received at studio" in seen
    assert "Cancellation refused" in seen

    # 5. It goes on to billing
    photograph(people, late, files(tmp_path, 2))
    finish(people)
    pass_and_publish(people, late)
    run_tasks()
    late.refresh_from_db()
    assert late.state == "BILLED"
    people.harbor.goto(reverse("ledger:transactions"))
    assert late.label in words(people.harbor)
    assert Posting.objects.filter(reason="imaging_service").count() == 1

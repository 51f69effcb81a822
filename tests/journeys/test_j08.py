"""J08: dissatisfied, and damage at the studio."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.urls import reverse

from fondaco.cases.models import Case
from fondaco.catalogue.models import ListingImage
from fondaco.catalogue.tests.factories import make_jpeg
from fondaco.kit.money import Money
from fondaco.ledger.tests.factories import proceeds
from tests.journeys.imaging import (
    People,
    buy,
    files,
    finish,
    offer,
    open_pop_up,
    pass_and_publish,
    photograph,
    pick_and_send,
    receive,
    send_unchecked,
    words,
)

pytestmark = [
    pytest.mark.journey,
    pytest.mark.django_db(transaction=True),
    pytest.mark.spec("IMG-SVC-05", "IMG-SVC-08", "IMG-SVC-25", "IMG-SVC-27", "IMG-SVC-31", "IMG-SVC-52", "IMG-SVC-53"),
    pytest.mark.spec("Q-10", "Q-12", "B-SVC-03"),
]


def harm(people: People, product, kind: str) -> str:
    order = buy(people, product)
    pick_and_send(people, order)
    page = receive(people, order)
    page.get_by_text("Lost, damaged, no capacity").click()
    page.get_by_role("button", name=f"The unit is {kind}").click()
    page.get_by_text("Recorded.").wait_for()
    return str(order.pk)


def test_j08_dissatisfied_and_damage(signed_in_page, tmp_path: Path) -> None:
    people = People(signed_in_page)

    # 1. A type that the guide does not cover → cannot finish without a research note
    tool = offer(
        people, title="Claw hammer", product_type="garden_tool", attributes={"color": "brown", "material": "steel"}
    )
    order = buy(people, tool.product)
    pick_and_send(people, order)
    page = receive(people, order)
    assert "The guide does not cover this product type" in words(page)
    photograph(people, order, files(tmp_path, 2))
    page.get_by_role("button", name="Imaging complete: send the unit back").click()
    page.get_by_text("no research note says how it is shot").wait_for()
    page.get_by_label("Research note").fill("Head to the left, handle level; second picture from above.")
    page.get_by_role("button", name="Keep the note").click()
    page.get_by_text("The research note is on the order.").wait_for()
    finish(people)

    # 2. "Changes product colour" → publish is blocked until redone
    desk = people.retoucher
    desk.goto(reverse("studio:retouch", args=[order.shots.get(number=1).pk]))
    desk.get_by_role("button", name="Changes product colour").click()
    desk.get_by_text("Publication is blocked until this picture is redone").wait_for()
    desk.goto(reverse("studio:edit_order", args=[order.pk]))
    desk.get_by_role("button", name="Publish").click()
    desk.get_by_text("changes the product beyond what is allowed").wait_for()
    desk.goto(reverse("studio:retouch", args=[order.shots.get(number=1).pk]))
    desk.get_by_role("button", name="Back to the photograph").click()
    desk.wait_for_load_state()
    pass_and_publish(people, order)
    order.refresh_from_db()
    assert order.state == "BILLED"

    # 3. Not content → the case needs ASIN and details; Support replies in the thread
    seller = open_pop_up(people, tool.product)
    seller.get_by_role("link", name="Not content with the pictures?").click()
    seller.wait_for_url("**type=imaging_quality**")
    send_unchecked(seller)
    assert not Case.objects.exists()  # without the details
    seller.locator("textarea").first.fill("The handle looks red.")
    seller.get_by_label("ASIN").fill("")
    send_unchecked(seller)
    assert not Case.objects.exists()  # without the ASIN
    seller.get_by_label("ASIN").fill(tool.product.asin)
    seller.locator("main form").last.get_by_role("button").last.click()
    seller.wait_for_url("**/cases/*/")
    case = Case.objects.get()
    people.support.goto(reverse("cases:desk_case", args=[case.number]))
    people.support.locator("textarea").first.fill("We look at it today.")
    people.support.get_by_role("button", name="Send the answer").click()
    seller.reload()
    assert "We look at it today." in words(seller)

    # 4. The seller replaces one studio picture with an own upload → accepted; it enters processing
    own = tmp_path / "own.jpg"
    own.write_bytes(make_jpeg(size=1200))
    seller.goto(f"{reverse('catalogue:manage_images', args=[tool.product.asin])}?slot=PT01")
    seller.set_input_files("input[name=pictures]", own)
    seller.get_by_role("article", name="PT01").get_by_text("Processing").wait_for()
    assert ListingImage.objects.filter(product=tool.product, source="seller", variant="PT01").exists()

    # 5. A kettle damaged → reimbursed at the offer price, in payments
    account = people.seller.seller
    assert account
    before = proceeds(account)
    kettle = offer(people, title="Kettle", product_type="kettle", attributes={"color": "grey", "material": "steel"})
    harm(people, kettle.product, "damaged")
    assert proceeds(account) == before + kettle.price_minor
    seller.goto(reverse("ledger:transactions"))
    assert "Reimbursement by the marketplace" in words(seller)
    assert str(Money(kettle.price_minor, "USD").format("en")) in words(seller)

    # 6. A watch damaged → nothing, with the reason; a watch lost → reimbursed
    watch = offer(people, title="Watch", product_type="watch", attributes={"color": "blue", "material": "steel"})
    number = harm(people, watch.product, "damaged")
    assert proceeds(account) == before + kettle.price_minor
    seller.goto(reverse("studio:order", args=[number]))
    assert "damage to products of this kind is excluded" in words(seller)
    harm(people, watch.product, "lost")
    assert proceeds(account) == before + kettle.price_minor + watch.price_minor

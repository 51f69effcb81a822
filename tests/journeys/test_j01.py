"""J01: order imaging and watch it to billing."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.urls import reverse

from fondaco.catalogue.models import ListingImage
from fondaco.catalogue.tests.factories import shown_image
from fondaco.engine import clock
from fondaco.ledger.tests.factories import give
from tests.journeys.imaging import (
    People,
    box,
    buy,
    check_in,
    files,
    finish,
    offer,
    open_pop_up,
    pass_and_publish,
    photograph,
    pick_and_send,
    receive,
    stock,
    words,
)

pytestmark = [
    pytest.mark.journey,
    pytest.mark.django_db(transaction=True),
    pytest.mark.spec("IMG-SVC-01", "IMG-SVC-02", "IMG-SVC-03", "IMG-SVC-05", "IMG-SVC-06", "IMG-SVC-07", "IMG-SVC-08"),
    pytest.mark.spec("IMG-SVC-10", "IMG-SVC-11", "IMG-SVC-12", "IMG-SVC-13", "IMG-SVC-14", "IMG-SVC-15", "IMG-SVC-17"),
    pytest.mark.spec("IMG-SVC-18", "IMG-SVC-19", "IMG-SVC-20", "IMG-SVC-21", "IMG-SVC-22", "IMG-SVC-23", "IMG-SVC-24"),
    pytest.mark.spec("IMG-SVC-26", "IMG-SVC-32", "IMG-SVC-33", "IMG-SVC-34", "IMG-SVC-35", "IMG-SVC-36", "IMG-SVC-49"),
    pytest.mark.spec("IMG-SVC-51", "Q-06", "Q-07", "Q-08"),
]
CHICAGO = ZoneInfo("America/Chicago")


def test_j01_from_one_click_to_the_statement(signed_in_page, shoot, tmp_path: Path, check_axe) -> None:
    people = People(signed_in_page)
    clock.set_to(at=datetime(2022, 2, 27, 10, tzinfo=CHICAGO))
    item = offer(people, title="Stoneware mug, journey")
    offer(people, title="Shipped by the seller", sku="OWN-1").__class__.objects.filter(sku="OWN-1").update(
        channel="seller"
    )
    for n, slot in enumerate(("MAIN", "PT01", "PT02", "PT03")):
        shown_image(people.seller, item.product, variant=slot, request_key=f"own-{n}")
    assert people.seller.seller
    give(people.seller.seller, 10_000)

    # 1. Manage Inventory → filter "Fulfilled by the marketplace" → only such products are listed
    page = people.harbor
    page.goto(reverse("catalogue:portal"))
    page.get_by_role("navigation").get_by_role("link", name="Inventory", exact=True).click()
    assert "Manage Inventory" in words(page)
    page.get_by_label("Fulfilled by").select_option("marketplace")
    page.get_by_role("button", name="Filter").click()
    assert "Stoneware mug, journey" in words(page)
    assert "Shipped by the seller" not in words(page)

    # 2. Row → Edit → Manage Images → pop-up: FAQ, terms, total, no guarantee; no styling, model or preview field
    page.get_by_role("row", name="Stoneware mug, journey").get_by_text("Edit", exact=True).click()
    page.get_by_role("link", name="Manage Images").first.click()
    page.get_by_role("link", name="Let us image your products (Beta)").click()
    page.locator("#imaging-pop-up").wait_for()
    seen = page.locator("#imaging-pop-up").inner_text()
    assert "Order total" in seen
    assert "$50.00" in seen
    assert "display is not guaranteed" in seen
    assert "preview" not in seen.lower()
    assert page.get_by_role("link", name="Frequent questions").is_visible()
    assert page.get_by_role("link", name="Terms of imaging services").is_visible()
    assert page.locator("#imaging-pop-up").locator("textarea, select, input:not([type=hidden])").count() == 0
    check_axe(page)

    # 3. Buy Now → green confirmation; "Order placed"; 4 sellable, 1 at imaging
    order = buy(people, item.product)
    assert "Order placed" in box(page)
    assert "Buy Now" not in box(page)
    shoot(page, "imaging-pop-up")
    page.goto(reverse("catalogue:inventory"))
    row = page.get_by_role("row", name="Stoneware mug, journey").inner_text()
    assert "4 sellable" in row
    assert "1 at imaging" in row

    # 4. FC picks and dispatches → movement recorded; a buyer can still buy the product
    pick_and_send(people, order)
    assert list(order.movements.order_by("at", "id").values_list("leg", flat=True)) == [
        "reserved",
        "picked",
        "dispatched",
    ]
    people.buyer.goto(reverse("catalogue:product", args=[item.product.asin]))
    assert people.buyer.get_by_role("button", name="Add to cart").first.is_visible()

    # 5. On 1 March 2022 the photographer scans it → "Product received at studio", estimate 16 March 2022
    clock.set_to(at=datetime(2022, 3, 1, 9, tzinfo=CHICAGO))
    receive(people, order)
    page = open_pop_up(people, item.product)
    assert "Product received at studio" in box(page)
    assert "March 16, 2022" in box(page)

    # 6. Two images, unit back → "Imaging complete"; FC check-in restores 5 sellable
    photograph(people, order, files(tmp_path, 2))
    shoot(people.photographer, "studio-job-sheet")
    finish(people)
    assert "Imaging complete" in box(open_pop_up(people, item.product))
    check_in(people, order)
    assert stock(item) == (5, 0)
    page.goto(reverse("catalogue:inventory"))
    assert "5 sellable" in page.get_by_role("row", name="Stoneware mug, journey").inner_text()

    # 7. Accuracy check and publication → main and first supporting are new, the other two unchanged, seller notified
    before = {i.variant: i.picture_id for i in ListingImage.objects.filter(product=item.product, state="displayed")}
    assert "preview" not in box(open_pop_up(people, item.product)).lower()
    pass_and_publish(people, order)
    after = {i.variant: i.picture_id for i in ListingImage.objects.filter(product=item.product, state="displayed")}
    assert {slot for slot in after if after[slot] != before[slot]} == {"MAIN", "PT01"}
    assert [m.to for m in mail.outbox if "are published" in m.subject] == [["harbor@fondaco.example"]]

    # 8. "Imaging services billed"; Statement View, "Other transactions" $50.00; Transaction View shows the order
    page = open_pop_up(people, item.product)
    assert "Imaging services billed" in page.locator("#imaging-pop-up").inner_text()
    page.goto(reverse("ledger:statement"))
    assert "Other transactions" in words(page)
    assert "$50.00" in words(page)
    page.goto(reverse("ledger:transactions"))
    assert order.label in words(page)
    assert "Imaging services" in words(page)

"""J04: colours and sizes. One order a colour; pictures go to the ordered ASIN alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.urls import reverse

from fondaco.catalogue.models import ListingImage
from fondaco.catalogue.operations import create_family
from fondaco.catalogue.tests.factories import shown_image
from tests.journeys.imaging import People, buy, files, offer, open_pop_up, through_the_studio, words

pytestmark = [
    pytest.mark.journey,
    pytest.mark.django_db(transaction=True),
    pytest.mark.spec("IMG-SVC-56", "IMG-SVC-57", "IMG-SVC-58", "IMG-SVC-61", "Q-08", "Q-09"),
]


def test_j04_three_colours_three_orders(signed_in_page, tmp_path: Path) -> None:
    people = People(signed_in_page)
    made = {
        (colour, size): offer(
            people,
            title=f"Sweater {colour} {size}",
            product_type="sweater",
            attributes={"color": colour, "size": size, "material": "wool"},
        )
        for colour in ("red", "blue", "black")
        for size in ("S", "M", "L", "XL")
    }
    create_family(
        people.seller,
        child_asins=[each.product.asin for each in made.values()],
        variation_theme="size_color",
        title="Sweater",
        brand="",
        description="",
    )

    # 1. The pop-up on red-S → order once per colour
    seen = open_pop_up(people, made["red", "S"].product).locator("#imaging-pop-up").inner_text()
    assert "Order once for each colour" in seen
    assert "black, blue, red" in seen
    assert "Size Small" in seen

    # 2. Three orders, three quotes
    orders = [buy(people, made[colour, "M"].product) for colour in ("red", "blue", "black")]
    assert [o.price_minor for o in orders] == [5000, 5000, 5000]

    siblings = {}
    for number, size in enumerate(("S", "L", "XL")):
        shown = shown_image(people.seller, made["red", size].product, request_key=f"own-{number}")
        siblings[shown.pk] = shown.picture_id

    # 3.–4. Red-M gets three pictures, the others two; nobody else's slots change
    for order, count in zip(orders, (3, 2, 2), strict=True):
        through_the_studio(people, order, files(tmp_path, count, seed=count + orders.index(order)))
        assert ListingImage.objects.filter(product=order.product, source="studio", state="displayed").count() == count
    ordered = {order.product_id for order in orders}
    assert set(ListingImage.objects.filter(source="studio").values_list("product_id", flat=True)) == ordered
    kept = ListingImage.objects.filter(source="seller", state="displayed")
    assert dict(kept.values_list("pk", "picture_id")) == siblings

    # 5. Three charges at the quoted price
    page = people.harbor
    page.goto(reverse("ledger:transactions"))
    assert all(order.label in words(page) for order in orders)
    assert words(page).count("$50.00") >= 3
    page.goto(reverse("ledger:statement"))
    assert "$150.00" in words(page)

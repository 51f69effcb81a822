"""J10: a picture that breaks two rules, from Add a Product through the troubleshooter to a page that shows it."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from fondaco.cases.models import Case
from fondaco.catalogue.models import ListingImage, Product
from fondaco.catalogue.tests.factories import make_image, make_jpeg
from fondaco.engine import clock
from fondaco.engine.testing import run_tasks
from fondaco.sellers.demo import ensure_personas
from fondaco.sellers.models import Person, SellerAccount
from fondaco.sellers.tests.factories import make_caller, make_person, make_seller
from fondaco.web import dates

pytestmark = [
    pytest.mark.journey,
    pytest.mark.django_db(transaction=True),
    pytest.mark.spec("IMG-01", "IMG-02", "IMG-03", "IMG-04", "IMG-05", "IMG-06", "IMG-07", "IMG-08", "IMG-09"),
    pytest.mark.spec("IMG-10", "IMG-11", "IMG-12", "IMG-13", "IMG-14", "IMG-15", "IMG-SVC-50", "IMG-SVC-51", "Q-16"),
]

TITLE = "Stoneware mug with a blue rim"


@pytest.fixture
def pictures(tmp_path: Path) -> dict[str, Path]:
    """On a grey ground and filling 60 % of the frame; and one that meets every standard."""
    made = {"grey": make_jpeg(ground=205, fill=0.6, size=1200), "good": make_jpeg(size=1200)}
    for name, data in made.items():
        (tmp_path / f"{name}.jpg").write_bytes(data)
    return {name: tmp_path / f"{name}.jpg" for name in made}


def add_a_product(page: Any, picture: Path) -> str:
    """By the menu; returns the ASIN."""
    page.goto(reverse("catalogue:portal"))
    page.get_by_role("link", name="Add a Product").first.click()
    page.get_by_role("link", name="Mugs and tableware").click()
    page.get_by_label("Title").fill(TITLE)
    page.get_by_label("Color").fill("blue")
    page.get_by_label("SKU").fill("RIM-1")
    page.get_by_label("Price in USD").fill("18.90")
    page.get_by_label("Quantity").fill("12")
    page.set_input_files("input[name=pictures]", picture)
    page.locator(".upload[data-tone=warn]").wait_for()  # the breach is told before anything is saved
    page.get_by_role("button", name="Save and finish").click()
    page.wait_for_url("**/images/")
    return page.url.rstrip("/").split("/")[-2]


def open_troubleshooter(page: Any, method: str) -> None:
    """From the help page, by method and product, as a seller would."""
    page.goto(reverse("catalogue:inventory"))
    page.get_by_role("link", name="Why is my picture missing?").click()
    page.get_by_role("radio", name=method).check()
    page.get_by_label("SKU, ASIN or title").fill("RIM-1")
    page.get_by_role("button", name="Search", exact=True).last.click()
    page.get_by_role("button", name="Find out").click()
    page.wait_for_url("**asin=**")


def step(page: Any, code: str) -> Any:
    return page.locator(f"#step-{code}")


def words(page: Any) -> str:
    return " ".join(page.locator("main").inner_text().split())


def later(since: datetime, hours: int) -> None:
    clock.set_to(at=since + timedelta(hours=hours))


def test_j10_from_two_faults_to_a_page_with_the_picture(signed_in_page, shoot, pictures) -> None:
    ines = ensure_personas()["harbor"]
    page = signed_in_page(ines)

    # 1. Add a Product with a grey-background image whose product fills 60 % → saved; "processing", due within 24 hours
    asin = add_a_product(page, pictures["grey"])
    image = ListingImage.objects.get(product__asin=asin)
    assert image.due_at - image.submitted_at == timedelta(hours=24)
    assert "due within 24 hours" in words(page) or "Due by" in words(page)
    assert page.get_by_role("article", name="MAIN").get_by_text("Processing").is_visible()
    shoot(page, "manage-images-processing")

    # 2. After 2 hours, method portal → steps lead to Manage Inventory, search, product name, detail page
    later(image.submitted_at, hours=2)
    open_troubleshooter(page, "In the portal")
    hrefs = [
        step(page, code).get_by_role("link").first.get_attribute("href")
        for code in ("in_inventory", "located", "detail_page")
    ]
    assert hrefs[0] == reverse("catalogue:inventory")
    assert hrefs[1].startswith(f"{reverse('catalogue:inventory')}?q={asin}")
    assert hrefs[2] == reverse("catalogue:product", args=[asin])
    assert step(page, "detail_page").get_by_role("link", name=TITLE).is_visible()

    # 3. "Is an image on the page?" No → "check again after" with the exact time
    assert "Is there a product image on this page?" in step(page, "shown").inner_text()
    assert "No: the page has no picture." in step(page, "shown").inner_text()
    due = shown_time(ines, image.due_at)
    assert f"Check again after {due}" in words(page)
    assert f"Check again after {due}" in " ".join(page.get_by_role("heading", level=2).first.inner_text().split())
    shoot(page, "troubleshooter-waiting")

    # 4. Clock + 25 hours → step 6: standards link, both known reasons, and the note that not all reasons are listed
    run_tasks()
    later(image.submitted_at, hours=25)
    page.reload()
    standards = step(page, "standards")
    assert standards.get_by_role("link", name="Image requirements").get_attribute("href").endswith("image-requirements")
    found = standards.inner_text()
    assert "background_not_white" in found
    assert "product_too_small" in found
    assert "Not every reason may be listed" in found
    assert standards.locator("svg.regions .region").count() == 2  # drawn on the picture
    shoot(page, "troubleshooter-reasons", whole=True)

    # 5. Edit → Manage Images → uploads a compliant image → processing, then displayed within 24 hours
    page.goto(reverse("catalogue:inventory"))
    row = page.get_by_role("row").filter(has_text=TITLE)
    row.get_by_text("Edit", exact=True).click()
    row.get_by_role("link", name="Manage Images").click()
    page.wait_for_url("**/images/")
    assert page.locator("#rejected-MAIN").is_visible()
    shoot(page, "manage-images-rejected")
    sent_at = clock.now()
    page.set_input_files("aside input[name=pictures]", pictures["good"])
    main = page.get_by_role("article", name="MAIN")
    main.get_by_text("Processing").wait_for()
    run_tasks()
    main.get_by_text("Displayed").wait_for()  # the page follows by itself
    assert clock.now() - sent_at < timedelta(hours=24)
    shoot(page, "manage-images-displayed")
    product = Product.objects.get(asin=asin)
    assert product.searchable
    page.goto(reverse("catalogue:product", args=[asin]))
    assert page.locator(".gallery img").first.is_visible()

    # 6. Restart the tree → "Yes" ends it
    open_troubleshooter(page, "In the portal")
    assert page.get_by_role("heading", name="There is a picture on the page").is_visible()
    assert step(page, "shown").inner_text().count("Yes: the page shows your picture.") == 1
    assert page.locator(".diagnosis > li").last.get_attribute("id") == "step-shown"

    # 7. Another seller's better group exists → own image "not selected", link to technical support
    outranked_by_a_brand(asin)
    page.goto(reverse("catalogue:manage_images", args=[asin]))
    assert page.get_by_role("article", name="MAIN").get_by_text("Not selected").is_visible()
    page.get_by_role("link", name="Ranking").click()
    assert "Display is not guaranteed" in words(page)
    assert "Another group is displayed" in words(page)
    shoot(page, "ranking", whole=True)
    open_troubleshooter(page, "In the portal")
    page.get_by_role("link", name="Contact technical support").first.click()
    page.wait_for_url("**/seller/contact/**")
    assert page.locator("[name=steps_taken]").input_value().startswith("1. Does the product stand in Manage Inventory?")
    assert asin in page.locator("textarea[name=asins]").input_value()
    page.get_by_role("button", name="Open the case").click()
    page.wait_for_url("**/seller/cases/*/")
    assert Case.objects.get().contents["asins"] == [asin]
    assert page.troubles == []


def shown_time(person: Person, at: datetime) -> str:
    """The time as the page writes it for this reader."""
    from zoneinfo import ZoneInfo

    from django.utils import timezone

    with timezone.override(ZoneInfo(person.time_zone)):
        return " ".join(dates.at(at).split())


def outranked_by_a_brand(asin: str) -> None:
    """Another seller sends more and larger pictures of the same product, which fill more of the score sheet."""
    rival: SellerAccount = make_seller("Calloway & Daughters", owner=make_person("Ruth Calloway"))
    caller = make_caller(seller=rival)
    product = Product.objects.get(asin=asin)
    for variant in ("MAIN", *(f"PT0{n}" for n in range(1, 9))):
        make_image(caller, product, data=make_jpeg(size=1600), variant=variant)
    run_tasks()

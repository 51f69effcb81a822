"""J12: from a troubleshooter without result to a technical case with complete contents, its answer and its end."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.urls import reverse

from fondaco.cases.models import Case
from fondaco.catalogue.models import Product
from fondaco.catalogue.tests.factories import make_image, make_jpeg, make_product
from fondaco.engine import clock
from fondaco.engine.testing import run_tasks
from fondaco.feeds.models import Batch
from fondaco.sellers.access import Caller, caller_for
from fondaco.sellers.demo import ensure_personas
from fondaco.sellers.tests.factories import make_caller, make_person, make_seller

pytestmark = [
    pytest.mark.journey,
    pytest.mark.django_db(transaction=True),
    pytest.mark.spec("IMG-28", "IMG-29", "IMG-30", "IMG-31", "Q-20", "PLAT-06"),
]


def write_inventory_file(page: Any, tmp_path: Any) -> str:
    """One upload by the page: the batch that the case names later. Returns its batch ID."""
    lines = ["TemplateType=fondaco.inventory\tVersion=2026.1"]
    lines.append("\t".join(("sku", "item-name", "product-type", "brand", "price", "quantity", "color")))
    lines.append("\t".join(("J12-FILE", "Bowl from the file", "mug", "Harbor", "12.90", "5", "white")))
    path = tmp_path / "inventory.txt"
    path.write_text("\r\n".join(lines) + "\r\n", encoding="utf-8")
    page.goto(reverse("feeds:upload"))
    page.set_input_files("input[type=file]", path)
    page.wait_for_url("**/seller/inventory/files/")
    page.locator("tbody a").first.click()
    page.wait_for_url("**/files/*/")
    return page.url.rstrip("/").rsplit("/", 1)[-1]


def a_product_behind_another_sellers_pictures(caller: Caller) -> Product:
    """Everything was done right, and still one's own picture does not show: the end of the tree is support."""
    product = make_product(caller, title="Stoneware mug with a blue rim", sku="J12-RIM")
    make_image(caller, product)
    rival = make_caller(seller=make_seller("Calloway & Daughters", owner=make_person("Ruth Calloway")))
    for variant in ("MAIN", *(f"PT0{n}" for n in range(1, 9))):
        make_image(rival, product, data=make_jpeg(size=1600), variant=variant)
    run_tasks()
    clock.set_to(at=clock.now() + timedelta(hours=25))
    return product


def send(page: Any) -> None:
    page.get_by_role("button", name="Open the case").click()


def words(page: Any) -> str:
    return " ".join(page.locator("main").inner_text().split())


def test_j12_from_a_finished_tree_to_a_closed_case(signed_in_page, shoot, tmp_path) -> None:
    people = ensure_personas()
    ines, support = people["harbor"], people["support"]
    caller = caller_for(ines)
    product = a_product_behind_another_sellers_pictures(caller)
    second = make_product(caller, title="Bowl without a picture", sku="J12-BOWL")
    page = signed_in_page(ines)
    batch = write_inventory_file(page, tmp_path)
    run_tasks()
    assert Batch.objects.get(number=batch).seller == caller.seller

    # 1. The finished tree → "Contact Support" opens the technical case with the taken steps already listed
    page.goto(reverse("catalogue:inventory"))
    page.get_by_role("link", name="Why is my picture missing?").click()
    page.get_by_role("radio", name="In the portal").check()
    page.get_by_label("SKU, ASIN or title").fill("J12-RIM")
    page.get_by_role("button", name="Search", exact=True).last.click()
    page.get_by_role("button", name="Find out").click()
    page.wait_for_url("**asin=**")
    asked = page.locator(".diagnosis > li").count()
    page.get_by_role("link", name="Contact technical support").first.click()
    page.wait_for_url("**/seller/contact/**")
    steps = page.locator("[name=steps_taken]").input_value()
    assert steps.startswith("1. Does the product stand in Manage Inventory?")
    assert len([line for line in steps.splitlines() if line[:1].isdigit()]) >= min(asked, 5)
    assert page.locator("[name=asins]").input_value() == product.asin
    shoot(page, "case-prefilled", whole=True)

    # 2. Method "inventory data" → batch ID required; an unknown batch is refused
    page.get_by_role("radio", name="Inventory data").check()
    page.locator("[name=batch_id]").fill("")
    send(page)
    assert page.locator(".error-summary").get_by_text("Batch ID").first.is_visible()
    page.locator("[name=batch_id]").fill("999999999999")
    send(page)
    assert "None of your uploads has this batch ID" in words(page)
    assert not Case.objects.exists()

    # 3. Submitting with no ASIN is refused; two ASINs without image are added
    page.locator("[name=batch_id]").fill(batch)
    page.locator("[name=asins]").fill("")
    send(page)
    assert page.locator("[name=asins]:invalid").count() == 1  # the browser holds the form back
    page.locator("[name=asins]").fill(" ")
    send(page)  # and so does the server
    assert page.locator(".error-summary").get_by_text("ASIN of each product").first.is_visible()
    assert page.locator("[name=steps_taken]").input_value() == steps  # nothing that was typed is lost
    assert not Case.objects.exists()
    page.locator("[name=asins]").fill(f"{product.asin}\n{second.asin}")
    send(page)
    page.wait_for_url("**/seller/cases/*/")
    case = Case.objects.get()
    assert case.contents["method"] == "inventory_data"
    assert case.contents["batch_id"] == batch
    assert case.contents["asins"] == [product.asin, second.asin]
    assert case.origin == f"diagnosis:missing_image:{product.asin}"
    assert "Open" in words(page)

    # 4. Method "portal" → batch ID not asked
    page.goto(f"{reverse('cases:contact')}?type=missing_image")
    page.locator("[name=steps_taken]").fill("Followed every step of the portal")
    page.get_by_role("radio", name="The portal").check()
    page.locator("[name=asins]").fill(second.asin)
    send(page)
    page.wait_for_url("**/seller/cases/*/")
    portal_case = Case.objects.exclude(pk=case.pk).get()
    assert "batch_id" not in portal_case.contents

    # 5. Support opens the case → steps, method, batch, ASINs visible; replies; seller is notified
    desk = signed_in_page(support)
    desk.goto(reverse("cases:desk"))
    desk.get_by_role("link", name="Product images").click()
    desk.get_by_role("link", name=case.number).click()
    shown = words(desk)
    for said in ("1. Does the product stand in Manage Inventory?", "Inventory data", batch, product.asin, second.asin):
        assert said in shown
    desk.get_by_role("button", name="Take this case").click()
    assert f"Given to {support}" in words(desk)
    desk.get_by_label("Your message").fill("Your group lacks two views; the rival's has nine pictures.")
    desk.get_by_role("button", name="Send the answer").click()
    desk.get_by_text("The answer is sent.").wait_for()
    shoot(desk, "support-desk-case", whole=True)
    desk.goto(f"{reverse('cases:desk')}?whose=mine")
    assert desk.get_by_role("link", name=case.number).is_visible()
    assert desk.get_by_role("link", name=portal_case.number).count() == 0
    (told,) = [m for m in mail.outbox if case.number in m.subject]
    assert told.to == [ines.email]
    page.goto(reverse("cases:case", args=[case.number]))
    assert "Waiting for you" in words(page)
    assert "Your group lacks two views" in words(page)
    page.get_by_label("Your message").fill("Two more are on their way, thank you.")
    page.get_by_role("button", name="Send", exact=True).click()
    page.get_by_text("Your message is sent.").wait_for()

    # 6. Case closes with an outcome
    desk.goto(reverse("cases:desk_case", args=[case.number]))
    assert "Two more are on their way" in words(desk)
    desk.get_by_label("Outcome").select_option(label="Explained")
    desk.get_by_role("button", name="Close the case").click()
    desk.get_by_text("The case is closed.").wait_for()
    page.reload()
    assert "Closed" in words(page)
    assert "closed the case: Explained" in words(page)
    assert page.troubles == []
    assert desk.troubles == []

"""J23: from an application to the first sale."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from fondaco.catalogue.models import Product
from fondaco.catalogue.tests.factories import make_jpeg
from fondaco.engine import clock
from fondaco.engine.testing import run_tasks
from fondaco.makers.models import Application, HandmadeListing, Maker
from fondaco.makers.tests.factories import mails_to, photo, secret_mailed_to
from fondaco.sellers.demo import ensure_personas

pytestmark = [
    pytest.mark.journey,
    pytest.mark.django_db(transaction=True),
    pytest.mark.spec("HAND-01", "HAND-02", "HAND-03", "HAND-04", "HAND-05", "HAND-06", "HAND-07", "HAND-08", "HAND-09"),
    pytest.mark.spec("HAND-10", "HAND-11", "HAND-13", "HAND-14", "HAND-15", "HAND-16", "HAND-17", "HAND-18"),
    pytest.mark.spec("HAND-21", "HAND-23", "HAND-24", "B-HAND-07", "B-HAND-10", "Q-45"),
]


def words(page: Any) -> str:
    return " ".join(page.locator("main").inner_text().split())


def files(folder: Path) -> dict[str, Path]:
    made = {
        "shop": photo(),
        "wheel": photo(),
        "portrait": photo(),
        "small": photo(size=150),
        "vase": make_jpeg(size=1200),
    }
    for name, data in made.items():
        (folder / f"{name}.jpg").write_bytes(data)
    return {name: folder / f"{name}.jpg" for name in made}


def describe(page: Any, title: str, days: str) -> None:
    """The form of Add a Product for handmade home things."""
    page.get_by_label("Title").fill(title)
    page.get_by_label("Material").fill("stoneware")
    page.get_by_label("How it is made, and by whom").fill("Thrown and glazed by me, alone")
    page.get_by_label("SKU").fill("VASE-1")
    page.get_by_label("Price in USD").fill("48.00")
    page.get_by_label("Quantity").fill("3")
    page.get_by_label("Production time in days").fill(days)


def test_j23_a_maker_gets_in_and_sells(signed_in_page, shoot, tmp_path, check_axe) -> None:
    people = ensure_personas()
    june, keiko, teo = people["juniper"], people["reviewer"], people["prime-buyer"]
    pictures = files(tmp_path)
    page = signed_in_page(june)
    handmade = f"{reverse('catalogue:add_new')}?type=handmade_home"

    # 1. Without approval tries to add a handmade product → refused, link to apply
    page.goto(reverse("catalogue:add_product"))
    page.get_by_role("link", name="Handmade home and kitchen").click()
    assert "only after your application is approved" in words(page)
    page.get_by_role("link", name="Apply to sell handmade").click()
    page.get_by_role("link", name="Start the application").click()
    page.wait_for_url("**/apply/")

    # 2. Applies: missing process photos block submission; completed → "Submitted", lists and policies linked
    assert page.get_by_text("Operator’s list").count() >= 3
    assert page.get_by_role("link", name="Read the twelve policies").is_visible()
    page.get_by_label("A maker working alone").check()
    page.get_by_label("People who make the products").fill("1")
    page.get_by_label("Home and kitchen").check()
    page.get_by_label("Your products and how you make them").fill(
        "I throw stoneware on a kick wheel and fire it myself."
    )
    page.get_by_label("Share that is made by hand").fill("100")
    page.set_input_files("input[name=workspace_photos]", pictures["shop"])
    page.locator("input[name=accepts_terms]").check()
    page.get_by_role("button", name="Send the application").click()
    assert "Photos are missing: At work" in words(page)
    assert "I throw stoneware" in page.get_by_label("Your products and how you make them").input_value()
    shoot(page, "handmade-application", whole=True)
    check_axe(page)
    page.set_input_files("input[name=process_photos]", pictures["wheel"])
    page.locator("input[name=accepts_terms]").check()
    page.get_by_role("button", name="Send the application").click()
    page.wait_for_url("**/seller/handmade/")
    assert page.get_by_role("heading", name="Submitted").is_visible()
    for name in ("Eligible products", "What is not allowed", "Category listing policies"):
        assert page.get_by_role("link", name=name).is_visible()

    # 3. Reviewer asks for details → maker notified, answers; reviewer approves
    desk = signed_in_page(keiko)
    desk.goto(reverse("makers:review"))
    desk.get_by_role("link", name="Juniper Clay").click()
    desk.get_by_role("button", name="Review it").click()
    desk.get_by_label("What should the applicant confirm or add?").fill("Who mixes the glazes?")
    shoot(desk, "handmade-review", whole=True)
    desk.get_by_role("button", name="Send the question").click()
    desk.get_by_text("Your question is sent.").wait_for()
    assert "Who mixes the glazes?" in mails_to(june)[0]
    page.reload()
    assert page.get_by_role("heading", name="Information requested").is_visible()
    page.get_by_label("Your answer").fill("I mix them from ash.")
    page.get_by_role("button", name="Send the answer").click()
    page.get_by_text("Your answer is with the reviewer.").wait_for()
    desk.reload()
    assert "I mix them from ash." in words(desk)
    desk.get_by_role("button", name="Approve").click()
    desk.get_by_text("The invitation goes out by itself.").wait_for()
    run_tasks()

    # 4. Invitation email with unique link; maker picks "existing professional account" → registered
    secret = secret_mailed_to(june.email)
    page.goto(reverse("makers:invitation", args=[secret]))
    assert "An existing professional account" in words(page)
    shoot(page, "handmade-invitation")
    page.get_by_role("button", name="Use this account").click()
    page.wait_for_url("**/registered/")

    # 5. Confirmation page → status Registered, categories open in US, CA and MX; other countries link to their page
    said = words(page)
    assert "Registered" in said
    for country in ("United States", "Canada", "Mexico", "Handmade home and kitchen"):
        assert country in said
    assert page.get_by_role("link", name="Sell in other countries").is_visible()
    assert Application.objects.get().state == "registered"
    assert Maker.objects.get().stores == ["US", "CA", "MX"]

    # 6. Fills the maker profile → buyer sees it; a link to an unrelated business is refused
    page.goto(reverse("makers:profile"))
    page.get_by_label("Short address").fill("juniper")
    page.set_input_files("input[name=portrait_file]", pictures["small"])
    page.get_by_label("Inspiration").fill("Tide pools.")
    page.get_by_label("Story").fill("See also www.other-pottery.com, they are friends.")
    page.get_by_role("button", name="Save and send").click()
    assert "it needs at least 200" in words(page)
    page.set_input_files("input[name=portrait_file]", pictures["portrait"])
    page.get_by_role("button", name="Save and send").click()
    assert "leads to another business" in words(page)
    page.get_by_label("Story").fill("I came to clay at nine.")
    page.get_by_role("button", name="Save and send").click()  # the picture was kept
    page.get_by_text("Your profile is sent.").wait_for()
    shop = signed_in_page(teo)
    assert shop.goto(reverse("makers:maker", args=["juniper"])).status == 404  # shows after a check
    run_tasks()
    shop.goto(reverse("makers:maker", args=["juniper"]))
    assert "I came to clay at nine." in words(shop)
    shoot(shop, "maker-page")
    check_axe(shop)

    # 7. Lists a vase, production time 5 days → "appears within 24 hours"; digital downloads are refused as prohibited
    page.goto(handmade)
    describe(page, "Half-dipped vase, instant download PDF pattern", "5")
    page.set_input_files("input[name=pictures]", pictures["vase"])
    page.locator(".upload-list .upload").first.wait_for()
    page.get_by_role("button", name="Save and finish").click()
    page.get_by_text("Digital or downloadable items").first.wait_for()
    page.get_by_label("Title").fill("Half-dipped vase, 24 cm, mint")
    page.get_by_label("Production time in days").fill("45")
    page.get_by_role("button", name="Save and finish").click()
    page.get_by_text("Production takes from 1 to 30 days").first.wait_for()
    page.get_by_label("Production time in days").fill("5")
    page.get_by_role("button", name="Save and finish").click()
    page.wait_for_url("**/images/")
    listing = HandmadeListing.objects.get()
    assert listing.due_at - listing.listed_at == timedelta(hours=24)
    page.goto(reverse("makers:listing", args=[listing.product.asin]))
    assert "appears within 24 hours" in words(page)

    # 8. Vase appears; buyer orders; maker sees the order and the guidance pages
    run_tasks()
    assert Product.objects.get().searchable
    assert clock.now() < listing.due_at
    shop.goto(f"{reverse('catalogue:search')}?q=half-dipped vase")
    shop.get_by_role("link", name="Half-dipped vase, 24 cm, mint").first.click()
    assert shop.get_by_role("heading", name="Half-dipped vase, 24 cm, mint").is_visible()
    assert shop.get_by_role("link", name="Juniper Clay", exact=True).get_attribute("href") == "/makers/juniper/"
    order_number = buy(shop, listing.product, teo)
    page.goto(reverse("orders:seller_list"))
    assert order_number in words(page)
    page.goto(reverse("orders:seller_order", args=[order_number]))
    assert "Make it so that it leaves by" in words(page)
    page.get_by_role("link", name="Guidance", exact=True).click()
    page.wait_for_url("**/guidance/")
    assert page.get_by_role("link", name="Manage orders").is_visible()
    page.goto(reverse("makers:suggestions"))
    assert page.get_by_role("link", name="Increase discoverability and sales").is_visible()
    assert page.troubles == []


def buy(shop: Any, product: Product, buyer: Any) -> str:
    """By the cart and the checkout, with a card of the simulator."""
    from fondaco.orders.models import Order
    from fondaco.sellers.tests.factories import make_card

    make_card(person=buyer)
    shop.locator("main").get_by_role("button", name="Add to cart").first.click()
    shop.wait_for_url("**/cart/")
    shop.get_by_role("link", name="To the checkout").click()
    shop.wait_for_url("**/checkout/**")
    shop.get_by_role("button", name="Place your order").click()
    shop.wait_for_url("**/orders/**")
    return str(Order.objects.get().number)

"""J24: a lost invitation, a product that moves over, and a listing that nobody finds."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from fondaco.cases.models import Case
from fondaco.catalogue.models import Offer, Product
from fondaco.catalogue.operations import NewImage, add_product
from fondaco.catalogue.search.find import search
from fondaco.catalogue.tests.factories import make_jpeg
from fondaco.engine import clock
from fondaco.engine.testing import run_tasks
from fondaco.makers.models import Maker, Relisting
from fondaco.makers.tests.factories import VASE, approve, make_application, secret_mailed_to
from fondaco.sellers.access import caller_for
from fondaco.sellers.demo import ensure_personas
from fondaco.sellers.models import SellerAccount

pytestmark = [
    pytest.mark.journey,
    pytest.mark.django_db(transaction=True),
    pytest.mark.spec("HAND-12", "HAND-19", "HAND-20", "HAND-22", "Q-43", "Q-46", "B-HAND-09", "B-HAND-14"),
]


def words(page: Any) -> str:
    return " ".join(page.locator("main").inner_text().split())


def diagnose(page: Any, asin: str, query: str = "") -> str:
    """The reasons page for one listing; the code of the question that settles it."""
    run_tasks()
    page.goto(f"{reverse('makers:not_found')}?asin={asin}")
    if query:
        page.get_by_label("What you searched for").fill(query)
        page.get_by_role("button", name="Find out").click()
    return " ".join(page.locator(".check--decisive").inner_text().split())


def test_j24_from_a_lost_mail_to_a_listing_that_is_found(signed_in_page, shoot, check_axe) -> None:
    people = ensure_personas()
    june, nora, ines = people["juniper"], people["support"], people["harbor"]
    juniper = SellerAccount.objects.get(display_name="Juniper Clay")
    caller = caller_for(june, seller_number=juniper.number)
    application, _caller = make_application(caller)
    approve(application)
    old = secret_mailed_to(june.email)

    # 1. Approved maker lost the email → Handmade Support case → re-issued; the old link says it was replaced
    page = signed_in_page(june)
    page.goto(reverse("cases:contact"))
    page.get_by_role("link", name="the invitation is lost").click()
    page.locator("input[name=application_email]").fill(june.email)
    page.get_by_role("button", name="Open the case").click()
    page.wait_for_url("**/seller/cases/*/")
    desk = signed_in_page(nora)
    desk.goto(reverse("cases:desk_case", args=[Case.objects.get().number]))
    desk.get_by_role("button", name="Send a new invitation").click()
    desk.get_by_text("The old link no longer works.").wait_for()
    new = secret_mailed_to(june.email)
    assert new != old
    assert page.goto(reverse("makers:invitation", args=[old])).status == 410
    assert "was replaced by a newer one" in words(page)

    # 2. Opening it signed in with another email → refused, naming the reason
    other = signed_in_page(ines)
    assert other.goto(reverse("makers:invitation", args=[new])).status == 403
    assert "bound to the e-mail address of the application" in words(other)
    page.goto(reverse("makers:invitation", args=[new]))
    page.get_by_role("button", name="Use this account").click()
    page.wait_for_url("**/registered/")
    assert Maker.objects.get().seller == juniper
    assert page.goto(reverse("makers:invitation", args=[new])).status == 410  # works once

    # 3. Maker relists a bowl sold under Home → criteria checked; on publication the original ends, history stays
    bowl = add_product(
        caller,
        product_type="mug",
        title="Ash-glazed bowl with a foot",
        attributes={"color": "grey"},
        sku="BOWL-1",
        price_minor=3200,
        quantity=4,
        pictures=[NewImage(data=make_jpeg())],
    )
    run_tasks()
    assert search("ash-glazed bowl").products
    page.goto(reverse("makers:relist"))
    page.locator("li").filter(has_text="Ash-glazed bowl").get_by_role("link", name="Relist in handmade").click()
    page.get_by_label("Material").fill("stoneware")
    page.get_by_label("How it is made, and by whom").fill("Thrown and glazed by me alone")
    page.get_by_role("button", name="Relist it").click()
    assert "meets every criterion; you left out" in words(page)
    for box in page.locator("input[name=criteria]").all():
        box.check()
    shoot(page, "relist-wizard", whole=True)
    page.get_by_role("button", name="Relist it").click()
    page.wait_for_url("**/listings/*/")
    moved = Relisting.objects.get()
    original = Offer.objects.get(pk=bowl.offer.pk)
    assert original.status == "active"  # until the copy can be shown
    run_tasks()
    moved.refresh_from_db()
    original.refresh_from_db()
    assert moved.switched_at
    assert original.status == "closed"
    copy = Product.objects.get(pk=moved.offer.product_id)
    assert copy.searchable
    assert [p.pk for p in search("ash-glazed bowl").products] == [copy.pk]
    page.reload()
    assert "Its orders stay with it." in words(page)
    assert page.get_by_text("Moved here from").count() == 1

    # 4. After 24 hours a cup is not found → stock 0, then vacation mode, then private flag, each with the fix
    cup = add_product(
        caller,
        **{**VASE, "title": "Speckled espresso cup with a thumb rest", "quantity": 0},
        sku="CUP",
        pictures=[NewImage(data=make_jpeg())],
    )
    run_tasks()
    asin = cup.product.asin
    clock.set_to(at=clock.now() + timedelta(hours=25))
    said = diagnose(page, asin)
    assert "The stock is 0" in said
    assert "Enter a quantity" in said
    shoot(page, "not-found-stock", whole=True)
    check_axe(page)
    page.locator(".check--decisive").get_by_role("link", name="Enter a quantity").click()
    page.get_by_label("Quantity").fill("6")
    page.get_by_role("button", name="Save").click()
    page.goto(reverse("makers:vacation"))
    page.get_by_role("button", name="Switch vacation mode on").click()
    page.get_by_text("Vacation mode is on.").wait_for()
    assert "Vacation mode is on" in diagnose(page, asin)
    page.locator(".check--decisive").get_by_role("link", name="Vacation mode").click()
    page.get_by_role("button", name="Switch vacation mode off").click()
    page.get_by_text("Vacation mode is off.").wait_for()
    page.goto(reverse("makers:listing", args=[asin]))
    page.get_by_label("Private").check()
    page.get_by_role("button", name="Save the marks").click()
    page.get_by_text("The marks are saved.").wait_for()
    said = diagnose(page, asin)
    assert "marked as private" in said
    assert "Take the mark away" in said
    assert not search("speckled espresso cup").products
    page.locator(".check--decisive").get_by_role("link", name="The listing").click()
    page.get_by_label("Private").uncheck()
    page.get_by_role("button", name="Save the marks").click()
    page.get_by_text("The marks are saved.").wait_for()

    # 5. After fixing → found by its title, not by the generic word alone among thousands
    run_tasks()
    crowd(caller)
    shop = signed_in_page(ines)
    shop.goto(f"{reverse('catalogue:search')}?q=speckled espresso cup thumb rest")
    assert shop.get_by_role("link", name="Speckled espresso cup with a thumb rest").is_visible()
    assert "too general" in diagnose(page, asin, "cup")
    page.goto(reverse("help:article", args=["handmade-listing-tips"]))
    assert "Title" in words(page)
    assert page.troubles == []


def crowd(caller: Any) -> None:
    """Three hundred newer cups: more than a search for one word looks through."""
    from fondaco.catalogue.models import SearchDocument
    from fondaco.catalogue.search import documents
    from fondaco.catalogue.tests.factories import make_offer

    first = make_offer(caller, title="Cup", sku="CROWD").product
    rows = []
    for number in range(300):
        rows.append(
            Product(
                product_type="mug",
                title=f"Cup {number}",
                title_key=f"cup {number}",
                attributes={},
                creator=caller.seller,
                searchable=True,
                held_reason="",
                created_at=first.created_at,
                updated_at=first.created_at,
            )
        )
    Product.objects.bulk_create(rows)
    Offer.objects.bulk_create(
        [
            Offer(
                seller=caller.seller,
                product=p,
                sku=f"CROWD-{n}",
                price_minor=100,
                units_sellable=1,
                created_at=first.created_at,
                updated_at=first.created_at,
            )
            for n, p in enumerate(rows)
        ]
    )
    documents.write(rows)
    assert SearchDocument.objects.count() >= 300

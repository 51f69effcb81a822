"""J13: the guards of enrolment: terms, limit, identical offers, restock dates, stock."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from fondaco.catalogue.models import Offer
from fondaco.catalogue.operations import change_offer
from fondaco.catalogue.tests.factories import make_offer
from fondaco.fulfilment.models import Enrolment
from fondaco.sellers.models import Person
from fondaco.sellers.tests.factories import make_caller, make_seller
from tests.journeys.trading import buyer, monday_morning, words

pytestmark = [
    pytest.mark.journey,
    pytest.mark.django_db(transaction=True),
    pytest.mark.spec("PRIME-01", "PRIME-27", "PRIME-28", "PRIME-29", "PRIME-51", "PRIME-52", "PRIME-53", "PRIME-54"),
    pytest.mark.spec("Q-40", "Q-41"),
]


def offer_again(page: Any, first: Offer, *, sku: str, condition: str) -> None:
    page.goto(f"/seller/products/add/{first.product.asin}/")
    page.get_by_label("SKU").fill(sku)
    page.get_by_label("Price in USD").fill("19.90")
    page.get_by_label("Quantity").fill("4")
    page.select_option("[name=condition]", condition)
    page.get_by_role("button", name="Save and finish").click()


def row(page: Any, sku: str) -> str:
    page.goto("/seller/prime/offers/")
    return " ".join(page.locator("tr", has_text=sku).inner_text().split())


def set_quantity(page: Any, offer: Offer, quantity: int) -> None:
    change_offer(make_caller(seller=offer.seller), offer_id=offer.pk, quantity=quantity)


def has_badge(page: Any, offer: Offer) -> bool:
    page.goto(f"/product/{offer.product.asin}/")
    return page.locator(".buy-box .prime-badge").count() == 1


def test_j13_enrolment_guards(signed_in_page: Any, shoot: Any, check_axe: Any) -> None:
    monday_morning()
    seller = make_seller("Swift Outfitters", return_to="IL")
    caller = make_caller(seller=seller)
    kettle = make_offer(caller, title="Whistling kettle", sku="KETTLE", quantity=5, price_minor=1990)
    later = make_offer(caller, title="Field watch", sku="WATCH", quantity=5)
    change_offer(caller, offer_id=later.pk, restock_date=date(2022, 4, 1))
    assert isinstance(caller.person, Person)
    page = signed_in_page(caller.person)

    # 1. The terms are shown; acceptance is stored with its version.
    page.goto("/seller/prime/")
    assert "I accept these requirements (version 2026-01)" in words(page)
    check_axe(page)
    page.get_by_role("checkbox").first.check()
    page.get_by_role("button", name="Accept and apply").click()
    page.wait_for_load_state()
    enrolment = Enrolment.objects.get(seller=seller)
    assert (enrolment.state, enrolment.terms_version) == ("applied", "2026-01")
    shoot(page, "applied", whole=True)

    # 2. Activating without a ship-day limit is refused; with 3 it is active.
    page.get_by_role("button", name="Activate enrolment").click()
    page.get_by_text("cannot be active without a daily order limit").first.wait_for()
    page.goto("/seller/prime/")
    page.get_by_label("Orders a ship day, at most").fill("3")
    page.locator("form[action$='/volume/'] button[type=submit]").click()
    page.wait_for_load_state()
    page.get_by_role("button", name="Activate enrolment").click()
    page.wait_for_url("**/offers/")
    assert Enrolment.objects.get(seller=seller).state == "active"

    # 3. Enrols a product; an identical second offer is refused, naming the first; a used one is accepted.
    page.locator("tr", has_text="KETTLE").get_by_role("button", name="Enrol").click()
    page.wait_for_load_state()
    assert "Enrolled" in row(page, "KETTLE")
    offer_again(page, kettle, sku="KETTLE-2", condition="new")
    page.get_by_text("SKU KETTLE, the same condition and note").first.wait_for()
    assert not Offer.objects.filter(sku="KETTLE-2").exists()
    offer_again(page, kettle, sku="KETTLE-USED", condition="used_good")
    page.wait_for_url("**/images/")
    assert Offer.objects.filter(sku="KETTLE-USED").exists()

    # 4. A future restock date is refused.
    page.goto("/seller/prime/offers/")
    page.locator("tr", has_text="WATCH").get_by_role("button", name="Enrol").click()
    page.get_by_text("restock date in the future").first.wait_for()

    # 5. Stock of the enrolled product goes to 0: suspended, badge gone.
    member = signed_in_page(buyer("Mara Lindqvist", member=True))
    assert has_badge(member, kettle)
    Offer.objects.filter(sku="KETTLE-USED").update(status="closed")
    set_quantity(page, kettle, 0)
    shown = row(page, "KETTLE")
    assert "Suspended" in shown
    assert "out of stock" in shown
    assert not has_badge(member, kettle)
    shoot(page, "suspended", whole=True)
    check_axe(page)

    # 6. Stock set to 5: enrolled again.
    set_quantity(page, kettle, 5)
    assert "Suspended" not in row(page, "KETTLE")
    assert has_badge(member, kettle)
    shoot(member, "badge")

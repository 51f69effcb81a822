"""Manage Inventory: what it lists and finds, what is done there, and to whom it is closed."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from fondaco.catalogue.models import Offer
from fondaco.catalogue.tests.factories import make_jpeg, make_offer, shown_image
from fondaco.sellers.rules import MemberRole, Role
from fondaco.sellers.tests.factories import make_member, make_person, make_staff

pytestmark = pytest.mark.django_db
LIST = "/seller/inventory/"


@pytest.fixture
def browser(harbor, client: Client) -> Client:
    client.force_login(harbor.person)
    return client


@pytest.fixture
def stranger(swift) -> Client:
    client = Client()
    client.force_login(swift.person)
    return client


def text_of(response) -> str:
    return response.content.decode()


def listed(browser: Client, **query: str) -> list[str]:
    """The SKUs of the rows, in order."""
    return [offer.sku for offer in browser.get(LIST, query).context["page"]]


@pytest.mark.spec("IMG-SVC-11")
def test_the_filter_fulfilled_by_the_marketplace_lists_only_such(harbor, browser):
    make_offer(harbor, sku="MINE-1")
    make_offer(harbor, sku="FC-1", channel="marketplace")
    page = text_of(browser.get(reverse("catalogue:portal")))
    assert f'href="{LIST}"' in page
    assert "Fulfilled by the marketplace" in text_of(browser.get(LIST))
    assert listed(browser, channel="marketplace") == ["FC-1"]
    assert listed(browser, channel="seller") == ["MINE-1"]


@pytest.mark.spec("IMG-08", "IMG-09", "IMG-10")
def test_a_product_is_found_by_sku_asin_or_title_and_its_name_leads_to_its_page(harbor, browser):
    mug = make_offer(harbor, sku="RIM-7", title="Stoneware mug, blue rim").product
    make_offer(harbor, sku="OTHER", title="Teapot")
    for wanted in ("RIM-", mug.asin, mug.asin.lower(), "blue mug"):
        assert listed(browser, q=wanted) == ["RIM-7"], wanted
    page = text_of(browser.get(LIST, {"q": "RIM-7"}))
    assert f'<a href="{reverse("catalogue:product", args=[mug.asin])}">Stoneware mug, blue rim</a>' in page


@pytest.mark.spec("IMG-13")
def test_the_edit_menu_stands_in_the_last_cell_and_leads_to_manage_images(harbor, browser):
    offer = make_offer(harbor)
    row = re.search(r"<tbody>(.*?)</tbody>", text_of(browser.get(LIST)), re.S)[1]
    last = row.rsplit("<td", 1)[1]
    assert reverse("catalogue:manage_images", args=[offer.product.asin]) in last
    assert reverse("catalogue:edit_offer", args=[offer.pk]) in last
    assert f"{reverse('catalogue:troubleshoot')}?asin={offer.product.asin}" in last


def test_a_rejected_picture_shows_how_many_reasons_stand_against_it(harbor, browser):
    offer = make_offer(harbor)
    shown_image(harbor, offer.product, data=make_jpeg(ground=205, fill=0.6))
    offer.refresh_from_db()
    assert offer.image_status == "rejected"
    page = text_of(browser.get(LIST, {"image": "rejected"}))
    assert "Rejected: 2 reasons" in page
    assert "Held out of search:" in page
    assert listed(browser, image="shown") == []


def test_only_the_own_offers_are_listed(harbor, swift, browser):
    make_offer(harbor, sku="OURS")
    make_offer(swift, sku="THEIRS")
    assert listed(browser) == ["OURS"]
    assert listed(browser, q="THEIRS") == []


def test_closed_offers_show_when_asked_for(harbor, browser):
    offer = make_offer(harbor, sku="OLD")
    browser.post(reverse("catalogue:close_offer", args=[offer.pk]))
    assert listed(browser) == []
    assert listed(browser, status="closed") == ["OLD"]
    browser.post(reverse("catalogue:reopen_offer", args=[offer.pk]))
    assert listed(browser) == ["OLD"]


def test_many_rows_are_changed_at_once_and_strangers_rows_are_not(harbor, swift, browser):
    mine = [make_offer(harbor, quantity=5) for _ in range(2)]
    theirs = make_offer(swift, quantity=5)
    ids = [str(offer.pk) for offer in (*mine, theirs)]
    browser.post(reverse("catalogue:inventory_bulk"), {"offer": ids, "verb": "handling", "handling_days": "4"})
    browser.post(reverse("catalogue:inventory_bulk"), {"offer": ids, "verb": "quantity", "quantity": "9"})
    answer = browser.post(reverse("catalogue:inventory_bulk"), {"offer": ids, "verb": "close"}, follow=True)
    for offer in (*mine, theirs):
        offer.refresh_from_db()
    assert [(o.handling_days, o.units_sellable, o.status) for o in mine] == [(4, 9, "closed")] * 2
    assert (theirs.handling_days, theirs.units_sellable, theirs.status) == (1, 5, "active")
    said = text_of(answer)
    assert "2 offers are changed." in said
    assert "Not found, or not yours to see." in said


@pytest.mark.parametrize("data", [{}, {"verb": "close"}, {"verb": "burn", "offer": ["x"]}, {"verb": "quantity"}])
def test_a_bulk_request_without_rows_or_a_known_verb_changes_nothing(harbor, browser, data):
    offer = make_offer(harbor)
    given = {"offer": [str(offer.pk)], **data} if data.get("verb") == "quantity" else data
    answer = browser.post(reverse("catalogue:inventory_bulk"), given, follow=True)
    assert "Choose rows and what is to be done with them." in text_of(answer)
    assert Offer.objects.get().status == "active"


def test_price_and_quantity_are_changed_on_a_small_page(harbor, browser):
    offer = make_offer(harbor, price_minor=1999, quantity=5)
    url = reverse("catalogue:edit_offer", args=[offer.pk])
    assert 'value="19.99"' in text_of(browser.get(url))
    data = {
        "price_minor": "21.50",
        "quantity": "7",
        "handling_days": "2",
        "channel": "seller",
        "condition_note": "Boxed",
    }
    assert browser.post(url, {**data, "next": "https://elsewhere.example/"}).url == LIST
    offer.refresh_from_db()
    assert (offer.price_minor, offer.units_sellable, offer.handling_days) == (2150, 7, 2)
    wrong = browser.post(url, {**data, "price_minor": "21,5,0", "quantity": "-1"})
    assert wrong.status_code == 422
    assert "is not an amount in USD" in text_of(wrong)
    offer.refresh_from_db()
    assert offer.price_minor == 2150


def test_the_same_form_opens_as_a_dialog_and_leads_back(harbor, browser):
    offer = make_offer(harbor)
    url = reverse("catalogue:edit_offer", args=[offer.pk])
    htmx = {"HX-Request": "true"}
    assert "<dialog" in text_of(browser.get(f"{url}?next=/seller/inventory/%3Fq%3Da", headers=htmx))
    data = {"price_minor": "1", "quantity": "1", "handling_days": "1", "channel": "seller", "next": f"{LIST}?q=a"}
    assert browser.post(url, data, headers=htmx).headers["HX-Redirect"] == f"{LIST}?q=a"


@pytest.mark.parametrize("name", ["edit_offer", "close_offer", "reopen_offer"])
def test_another_sellers_offer_reads_as_not_there(harbor, stranger, name):
    offer = make_offer(harbor)
    answer = stranger.post(reverse(f"catalogue:{name}", args=[offer.pk]), {})
    assert answer.status_code == 404
    offer.refresh_from_db()
    assert offer.status == "active"


def test_who_may_only_look_has_no_verbs(harbor):
    offer = make_offer(harbor)
    viewer = make_person("Vera Viewer")
    make_member(viewer, harbor.seller, MemberRole.VIEWER)
    client = Client()
    client.force_login(viewer)
    page = text_of(client.get(LIST))
    assert offer.sku in page
    assert "Close the offer" not in page
    assert "bulk-bar" not in page
    for name in ("close_offer", "edit_offer"):
        assert client.post(reverse(f"catalogue:{name}", args=[offer.pk]), {}).status_code == 403
    assert client.get(reverse("catalogue:add_product")).status_code == 403


@pytest.mark.parametrize("name", ["portal", "inventory", "add_product", "troubleshoot"])
def test_signed_out_leads_to_sign_in_and_staff_find_nothing(client: Client, db, name):
    url = reverse(f"catalogue:{name}")
    assert client.get(url).url.startswith("/account/login/")
    client.force_login(make_staff(Role.SUPPORT))
    assert client.get(url).status_code == 404


def test_a_long_list_is_paged(harbor, browser, monkeypatch):
    monkeypatch.setattr("fondaco.catalogue.web.inventory.PAGE", 2)
    for n in range(5):
        make_offer(harbor, sku=f"S-{n}")
    assert listed(browser, sort="sku") == ["S-0", "S-1"]
    cursor = browser.get(LIST, {"sort": "sku"}).context["page"].next
    assert listed(browser, sort="sku", cursor=cursor) == ["S-2", "S-3"]
    assert listed(browser, sort="-sku") == ["S-4", "S-3"]
    assert browser.get(LIST, {"cursor": "forged"}).status_code == 400


def test_empty_lists_say_what_to_do(browser):
    assert "Nothing is listed yet" in text_of(browser.get(LIST))
    assert "No offer answers to this" in text_of(browser.get(LIST, {"q": "nothing"}))
    assert "Nothing is listed yet" in text_of(browser.get(reverse("catalogue:portal")))


@pytest.mark.spec("B-IMG-09")
def test_the_overview_says_what_is_held_back_and_why(harbor, browser):
    make_offer(harbor)
    bad = make_offer(harbor, title="Bad mug").product
    shown_image(harbor, bad, data=make_jpeg(ground=205, fill=0.6))
    shown_image(harbor, make_offer(harbor).product)
    page = browser.get(reverse("catalogue:portal"))
    assert [stat["value"] for stat in page.context["stats"]][:4] == ["1", "2", "0", "1"]
    assert {row["words"] for row in page.context["held"]} == {"There is no main picture."}
    said = text_of(page)
    assert "Bad mug" in said
    assert "The background is not pure white" in said
    assert listed(browser, held="any") == [bad.offers.get().sku, Offer.objects.order_by("id").first().sku]

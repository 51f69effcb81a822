"""Reading: inventory, product page, Manage Images."""

from __future__ import annotations

import pytest

from fondaco.catalogue.models import Offer, Product
from fondaco.catalogue.operations import close, create_offer, link_variation, remove_image
from fondaco.catalogue.queries import narrowing
from fondaco.catalogue.queries.gallery import managed_images, submitted_image
from fondaco.catalogue.queries.inventory import ORDERS, Filters, image_summaries, inventory
from fondaco.catalogue.queries.product_page import offers_for_cards, product_page
from fondaco.catalogue.queries.reasons import held_words, shown_reason
from fondaco.catalogue.queries.timeline import image_history
from fondaco.catalogue.tests.factories import (
    make_image,
    make_jpeg,
    make_offer,
    make_product,
    seller_and_caller,
    shown_image,
)
from fondaco.engine.testing import run_tasks
from fondaco.kit.errors import Denied, NotFound
from fondaco.sellers.access import SellerRequired, SignInRequired
from fondaco.sellers.rules import MemberRole
from fondaco.sellers.tests.factories import make_caller, make_member, make_person
from fondaco.web.paging import page_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def stock(harbor, swift):
    make_offer(harbor, title="Áo sơ mi linen", sku="SHIRT-1", channel="marketplace")
    make_offer(harbor, title="Blue enamel mug", sku="MUG-1")
    make_offer(harbor, title="Green mug", sku="MUG-2")
    make_offer(swift, title="Blue mug of another seller", sku="MUG-1")
    close(harbor, offer_id=Offer.objects.get(sku="MUG-2").pk)
    return harbor


@pytest.mark.spec("IMG-09", "IMG-SVC-11")
@pytest.mark.parametrize(
    ("given", "skus"),
    [
        ({}, ["MUG-1", "SHIRT-1"]),
        ({"status": "all"}, ["MUG-1", "MUG-2", "SHIRT-1"]),
        ({"status": "closed"}, ["MUG-2"]),
        ({"channel": "marketplace"}, ["SHIRT-1"]),
        ({"channel": "nonsense"}, ["MUG-1", "SHIRT-1"]),
        ({"q": "MUG"}, ["MUG-1"]),
        ({"q": "MUG", "status": "all"}, ["MUG-1", "MUG-2"]),
        ({"q": "ao SO"}, ["SHIRT-1"]),
        ({"q": "mug enamel"}, ["MUG-1"]),
        ({"q": "nothing"}, []),
        ({"q": "%"}, []),
        ({"image": "missing"}, ["MUG-1", "SHIRT-1"]),
        ({"image": "shown"}, []),
        ({"type": "rug"}, []),
    ],
)
def test_the_inventory_is_the_sellers_own_and_filtered(stock, given, skus):
    assert sorted(inventory(stock, Filters.of(given)).values_list("sku", flat=True)) == skus


def test_a_product_is_found_by_its_asin(stock):
    asin = Product.objects.get(title="Blue enamel mug").asin
    assert inventory(stock, Filters(text=asin.lower())).get().sku == "MUG-1"


@pytest.mark.parametrize(
    ("given", "skus"),
    [
        ({"q": "ao SO"}, ["SHIRT-1"]),
        ({"q": "enam mug"}, ["MUG-1"]),
        ({"q": "nothing"}, []),
        ({"q": "%"}, []),
        ({"q": "blue", "type": "mug"}, ["MUG-1"]),
        ({"type": "rug"}, []),
        ({"held": "any"}, ["MUG-1", "SHIRT-1"]),
        ({"held": "not_on_white"}, []),
        ({"held": "image_missing", "status": "all"}, ["MUG-1", "MUG-2", "SHIRT-1"]),
        ({"q": "mug", "status": "closed"}, ["MUG-2"]),
        ({"q": "teapot"}, ["POT-1"]),
        ({"q": "teapot", "held": "any"}, []),
    ],
)
def test_a_long_inventory_is_narrowed_by_the_index_and_answers_alike(stock, monkeypatch, given, skus):
    monkeypatch.setattr(narrowing, "SAMPLE", 1)
    make_image(stock, Product.objects.get(title="Blue enamel mug"), data=make_jpeg(size=300))
    run_tasks()
    shown_image(stock, make_product(stock, title="Brown teapot", sku="POT-1"))
    assert sorted(inventory(stock, Filters.of(given)).values_list("sku", flat=True)) == skus


def test_what_is_frequent_is_walked_without_the_index(stock, monkeypatch):
    monkeypatch.setattr(narrowing, "SAMPLE", 2)
    monkeypatch.setattr(narrowing, "FREQUENT", 1)
    monkeypatch.setattr(narrowing, "products_saying", None)
    assert inventory(stock, Filters(text="enamel")).get().sku == "MUG-1"


def test_what_others_sell_in_plenty_does_not_hide_the_sellers_own(stock, monkeypatch):
    monkeypatch.setattr(narrowing, "SAMPLE", 1)
    monkeypatch.setattr(narrowing, "MOST", 2)
    shown_image(stock, Product.objects.get(title="Blue enamel mug"))
    _, other = seller_and_caller("Other")
    for n in range(2):
        shown_image(other, make_product(other, title="Enamel pan", sku=f"PAN-{n}"))
    assert [offer.sku for offer in inventory(stock, Filters(text="enamel"))] == ["MUG-1"]


@pytest.mark.parametrize("order", list(ORDERS))
def test_pages_of_the_inventory_follow_each_other(stock, rf, order):
    rows = inventory(stock, Filters(status="all"))
    first = page_of(rows, request=rf.get("/"), order=ORDERS[order], size=2)
    second = page_of(rows, request=rf.get("/", {"cursor": first.next}), order=ORDERS[order], size=2)
    assert {o.sku for o in [*first, *second]} == {"MUG-1", "MUG-2", "SHIRT-1"}


def test_a_page_of_rows_tells_how_the_pictures_stand(harbor, mug, django_assert_num_queries):
    shown_image(harbor, mug)
    shown_image(harbor, mug, variant="PT01", data=make_jpeg(ground=200, size=400))
    make_image(harbor, mug, variant="PT02")
    rows = list(inventory(harbor, Filters()))
    with django_assert_num_queries(1):
        summary = image_summaries(rows)[rows[0].pk]
    assert (summary.shown, summary.rejected, summary.processing, summary.not_selected) == (1, 1, 1, 0)


def test_who_may_read_the_inventory(harbor, mug):
    viewer = make_person()
    make_member(viewer, harbor.seller, MemberRole.VIEWER)
    assert inventory(make_caller(viewer, seller=harbor.seller), Filters()).count() == 1
    agent = make_person()
    make_member(agent, harbor.seller, MemberRole.AGENCY)
    for caller, refusal in (
        (make_caller(agent, seller=harbor.seller), Denied),
        (make_caller(make_person()), SellerRequired),
        (make_caller(), SignInRequired),
    ):
        with pytest.raises(refusal):
            inventory(caller, Filters())
        with pytest.raises(refusal):
            managed_images(caller, mug.asin)


@pytest.mark.spec("B-IMG-09")
def test_a_page_that_is_held_back_works_by_its_direct_link_and_tells_only_its_sellers_why(harbor, swift, mug):
    assert product_page(harbor, mug.asin).held_reason == "image_missing"
    assert product_page(swift, mug.asin).held_reason == ""
    page = product_page(make_caller(), mug.asin)
    assert (page.product, page.is_available, page.held_reason) == (mug, True, "")
    assert held_words("image_missing") == "There is no main picture."


def test_the_page_shows_pictures_offers_and_what_is_stated(harbor, swift, mug):
    image = shown_image(harbor, mug)
    cheap = create_offer(swift, asin=mug.asin, sku="S-1", price_minor=100, quantity=0)
    page = product_page(make_caller(), mug.asin)
    assert page.gallery.pictures == (image.picture,)
    assert ("Color", "grey") in page.attributes
    assert [offer.sku for offer in page.offers][-1] == cheap.sku, "what can be bought comes first"
    assert page.offers[0].units_sellable == 5
    assert offers_for_cards([mug.pk])[mug.pk] == page.offers[0]
    swift.seller.status = "suspended"
    swift.seller.save()
    assert len(product_page(make_caller(), mug.asin).offers) == 1


def test_the_page_of_a_variation_shows_its_family(harbor):
    parent = Product.objects.create(
        product_type="mug",
        title="Mugs",
        title_key="mugs",
        creator=harbor.seller,
        created_at=harbor.seller.created_at,
        updated_at=harbor.seller.created_at,
    )
    red, blue = (make_product(harbor, attributes={"color": c}) for c in ("red", "blue"))
    link_variation(harbor, parent_asin=parent.asin, child_asins=[red.asin, blue.asin], variation_theme="color")
    family = product_page(make_caller(), red.asin).family
    assert family.attributes == ("Color",)
    assert [(member.values, member.is_current) for member in family.members] == [(("red",), True), (("blue",), False)]
    assert len(product_page(make_caller(), parent.asin).family.members) == 2


def test_manage_images_shows_each_slot_with_what_stands_and_what_comes(harbor, mug):
    good = shown_image(harbor, mug)
    bad = shown_image(harbor, mug, data=make_jpeg(ground=200))
    managed = managed_images(harbor, mug.asin)
    main = managed.slots[0]
    assert (main.variant, main.standing.image, main.candidate.image) == ("MAIN", good, bad)
    assert [slot.variant for slot in managed.slots] == ["MAIN", *(f"PT0{n}" for n in range(1, 9))]
    assert main.candidate.reasons[0].code == "background_not_white"
    assert main.candidate.reasons[0].region is not None
    assert main.candidate.findings
    assert not managed.is_busy
    make_image(harbor, mug, variant="BACK")
    managed = managed_images(harbor, mug.asin)
    assert managed.is_busy
    assert managed.slots[-1].variant == "BACK"


def test_replaced_pictures_can_be_brought_back_and_removed_ones_are_gone(harbor, mug):
    old = shown_image(harbor, mug)
    new = shown_image(harbor, mug)
    managed = managed_images(harbor, mug.asin)
    assert [each.image for each in managed.replaced] == [old]
    assert managed.replaced[0].can_restore
    remove_image(harbor, image_id=new.pk)
    run_tasks()
    assert managed_images(harbor, mug.asin).slots[0].is_empty


def test_one_submission_and_its_history_are_its_sellers_alone(harbor, swift, mug):
    image = shown_image(harbor, mug)
    assert submitted_image(harbor, image.pk).image == image
    assert [row.verb for row in image_history(harbor, image.pk)] == ["image.displayed", "image.submitted"]
    for look in (submitted_image, image_history):
        for identity in (image.pk, "nonsense"):
            with pytest.raises(NotFound):
                look(swift, identity)


@pytest.mark.parametrize(
    "reason",
    [
        {"code": "could_not_inspect", "severity": "error"},
        {"code": "other_group_ranked_higher", "score": 1, "shown_score": 2},
        {"code": "more_images_than_shown", "limit": 9},
        {"code": "slot_not_shown", "slot": "BACK"},
        {"code": "http_404", "severity": "error", "facts": {"host": "x", "status": 404}},
        {"code": "timed_out", "severity": "error", "facts": {}},
        {"code": "product_too_small", "severity": "error", "measured": 60.0, "limit": 85.0},
        {"code": "a code from the future", "severity": "error"},
    ],
)
def test_every_reason_has_words(reason):
    shown = shown_reason(reason)
    assert shown.words
    assert shown.code == reason["code"]
    assert shown.severity_words


def test_skus_come_in_the_order_of_their_bytes_on_every_database(harbor, rf):
    for sku in ("b", "A-1", "a-1", "é", "A 1", "_"):
        make_offer(harbor, sku=sku)
    page = page_of(inventory(harbor, Filters()), request=rf.get("/"), order=ORDERS["sku"])
    assert [offer.sku for offer in page] == ["A 1", "A-1", "_", "a-1", "b", "é"]
    assert {offer.sku for offer in inventory(harbor, Filters(text="A-"))} == {"A-1"}

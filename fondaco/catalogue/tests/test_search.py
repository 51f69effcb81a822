"""Search: the same words find the same listings on every database; held-back listings are not found."""

from __future__ import annotations

import pytest

from fondaco.catalogue.models import Product, SearchDocument
from fondaco.catalogue.operations import change_product, close
from fondaco.catalogue.search import documents, find
from fondaco.catalogue.search.find import search
from fondaco.catalogue.search.tokens import query_tokens, tokens_of
from fondaco.catalogue.tests.factories import make_product, seller_and_caller, shown_image
from fondaco.engine.testing import run_tasks

TITLES = [
    "Áo sơ mi linen trắng",
    "Stoneware mug, 350 ml",
    "Blue enamel mug",
    "不鏽鋼保溫杯 500 ml",
    "陶瓷馬克杯",
    "Mug rack for six blue mugs",
    "USB-C cable 2 m",
    "ĐÈN bàn gỗ",
]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Áo Sơ-mi", ["ao", "so", "mi"]),
        ("USB-C 2m", ["usb", "c", "2m"]),
        ("馬克杯", ["馬克", "克杯"]),
        ("杯", ["杯"]),
        ("mug馬克", ["mug", "馬克"]),
        ("Đèn", ["den"]),
        ("!!!", []),
        ("ｍｕｇ", ["mug"]),
    ],
)
def test_queries_become_tokens(text, wanted):
    assert query_tokens(text) == wanted


def test_documents_hold_what_queries_ask():
    for title in TITLES:
        assert set(query_tokens(title)[:8]) <= set(tokens_of(title))


@pytest.fixture
def market(db):
    _, caller = seller_and_caller()
    products = [make_product(caller, title=title) for title in TITLES]
    Product.objects.update(searchable=True, held_reason="")
    documents.write(list(Product.objects.order_by("created_at", "id")))
    return caller, products


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("mug", ["Mug rack for six blue mugs", "Blue enamel mug", "Stoneware mug, 350 ml"]),
        ("blue mug", ["Blue enamel mug", "Mug rack for six blue mugs"]),
        ("six blue", ["Mug rack for six blue mugs"]),
        ("AO SO MI", ["Áo sơ mi linen trắng"]),
        ("đèn gỗ", ["ĐÈN bàn gỗ"]),
        ("馬克杯", ["陶瓷馬克杯"]),
        ("杯", ["陶瓷馬克杯", "不鏽鋼保溫杯 500 ml"]),
        ("500", ["不鏽鋼保溫杯 500 ml"]),
        ("usb c", ["USB-C cable 2 m"]),
        ("'; DROP TABLE x --", []),
        ('mug" OR "a', []),
        ("sofa", []),
        ("???", []),
    ],
)
def test_finds_the_same_on_both_databases(market, query, wanted):
    assert [p.title for p in search(query).products] == wanted


def test_without_words_shows_the_newest(market):
    assert [p.title for p in search("").products] == TITLES[::-1]


def test_narrows_by_store_department_and_type(market):
    assert not search("mug", store="CA").products
    assert search("mug", department="kitchen").count == 3
    assert not search("mug", department="home").products
    assert not search("", product_type="rug").products


def test_an_offer_that_ends_takes_the_listing_out(market):
    caller, products = market
    close(caller, offer_id=products[1].offers.get().pk)
    Product.objects.filter(pk=products[1].pk).update(searchable=True)
    documents.write([Product.objects.get(pk=products[1].pk)])
    assert "Stoneware mug, 350 ml" not in [p.title for p in search("mug").products]


def test_pages_through_the_best_two_hundred(market, monkeypatch):
    monkeypatch.setattr(find, "PAGE", 2)
    first, second, beyond = (search("mug", page=n) for n in (1, 2, 3))
    assert (first.pages, first.count, first.is_cut) == (2, 3, False)
    assert len(first.products) == 2
    assert len(second.products) == 1
    assert not beyond.products


def test_the_newest_that_match_are_the_candidates(market, monkeypatch):
    monkeypatch.setattr(find, "CANDIDATES", 2)
    assert [p.title for p in search("mug").products] == ["Mug rack for six blue mugs", "Blue enamel mug"]
    assert search("mug").is_cut


def test_a_listing_is_found_only_while_it_is_not_held_back(db):
    _, caller = seller_and_caller()
    product = make_product(caller, title="Green teapot")
    assert not SearchDocument.objects.exists()
    shown_image(caller, product)
    assert [p.pk for p in search("teapot").products] == [product.pk]
    change_product(caller, asin=product.asin, title="Green kettle")
    run_tasks()
    assert not search("teapot").products
    assert search("kettle").count == 1
    Product.objects.filter(pk=product.pk).update(searchable=False, held_reason="image_missing")
    documents.write([Product.objects.get()])
    assert not search("kettle").products
    assert SearchDocument.objects.get().marks == "held heldimagemissing typemug deptkitchen"

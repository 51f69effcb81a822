"""One test set for both databases: handmade titles in three languages, asked as people type, against a plain reading.

Whatever the database, the answer is the one of `_read_through`, which looks at every document; so SQLite's full-text
search and PostgreSQL's answer alike.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest

from benchmarks.handmade_titles import Titled, titles
from fondaco.catalogue.models import Offer, Product, SearchDocument
from fondaco.catalogue.search import documents
from fondaco.catalogue.search.find import search
from fondaco.catalogue.search.tokens import query_tokens
from fondaco.engine import clock
from fondaco.sellers.tests.factories import make_seller

pytestmark = [pytest.mark.django_db, pytest.mark.spec("HAND-22", "B-HAND-09")]


@pytest.fixture
def shelf(db: Any) -> list[Titled]:
    """Three hundred handmade listings that can be found."""
    seller, found, at = make_seller("Juniper Clay"), titles(300), clock.now()
    products = [
        Product(
            product_type="handmade_home",
            title=each.title,
            title_key=each.title.lower(),
            attributes={"material": "stoneware"},
            creator=seller,
            searchable=True,
            held_reason="",
            created_at=at,
            updated_at=at,
        )
        for each in found
    ]
    Product.objects.bulk_create(products)
    Offer.objects.bulk_create(
        [
            Offer(
                seller=seller,
                product=p,
                sku=f"H-{n}",
                price_minor=100,
                units_sellable=1,
                created_at=at,
                updated_at=at,
            )
            for n, p in enumerate(products)
        ]
    )
    documents.write(products)
    return found


def _read_through(query: str) -> list[str]:
    """Titles of the documents that have every word: next to each other first, then early ones, then the newest."""
    words = query_tokens(query)
    hits = []
    for doc in SearchDocument.objects.select_related("product"):
        tokens = doc.tokens.split(" ")
        if all(word in tokens for word in words):
            places = [tokens.index(word) for word in words]
            in_order = all(later - earlier == 1 for earlier, later in pairwise(places))
            hits.append((0 if in_order else 1, max(places) // 4, -doc.number, doc.product.title))
    return [title for *_rank, title in sorted(hits)]


def test_both_databases_answer_the_test_set_alike(shelf: list[Titled]) -> None:
    asked = [each.asked for each in shelf] + [each.title for each in shelf[:60]]
    asked += [
        "teapot",
        "STONEWARE Vase",
        "ấm trà",
        "am tra",
        "ẤM TRÀ bát tràng",
        "vuot tay",
        "茶壺",
        "青瓷花瓶",
        "壺",
        "柴燒 茶壺",
    ]
    asked += ["vase's", "'vase' & !teapot", "vase:*", '"tea" OR pot', "nhuộm-chàm", "手工 linen", "24", "nothing of it"]
    for query in asked:
        wanted, found = _read_through(query), search(query)
        assert [p.title for p in found.products] == wanted[:24], query
        assert found.count == min(200, len(wanted)), query


def test_each_is_found_by_words_of_its_own_title(shelf: list[Titled]) -> None:
    for each in shelf:
        assert each.title in [p.title for p in search(each.asked).products], each
        assert search(each.title).products[0].title == each.title

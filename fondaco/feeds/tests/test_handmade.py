"""Inventory files and the handmade store: the same gates and judges as by hand, also where a row states no type."""

from __future__ import annotations

from typing import Any

import pytest

from fondaco.catalogue.models import Offer, Product
from fondaco.catalogue.operations import add_product
from fondaco.feeds.tests.factories import send
from fondaco.feeds.tests.tables import text_of
from fondaco.makers.tests.factories import VASE, make_maker_of
from fondaco.sellers.access import Caller
from fondaco.sellers.tests.factories import make_caller, make_person, make_seller

pytestmark = [pytest.mark.django_db, pytest.mark.spec("HAND-03", "HAND-05", "B-HAND-10")]


def maker(name: str = "Juniper Clay") -> Caller:
    person = make_person(name)
    seller = make_seller(name, owner=person)
    make_maker_of(seller, person)
    return make_caller(person, seller=seller)


@pytest.fixture
def june(db: Any) -> Caller:
    return maker()


@pytest.fixture
def vase(june: Caller) -> Product:
    return add_product(june, **VASE, sku="VASE").product


@pytest.mark.parametrize(
    "cells",
    [
        {"description": "Instant download, PDF pattern included", "operation": "partial"},
        {"item-name": "Vase, digital download", "operation": "partial"},
        {"handling-days": "45", "operation": "partial"},
        {"item-condition": "used-good", "operation": "partial"},
    ],
)
def test_a_partial_row_without_a_type_is_judged_by_the_type_of_its_listing(
    june: Caller, vase: Product, cells: dict[str, str]
) -> None:
    batch = send(june, text_of([{"sku": "VASE", **cells}]))
    assert (batch.processed, batch.successful) == (1, 0)
    vase.refresh_from_db()
    assert (vase.title, vase.description) == (VASE["title"], VASE["description"])
    assert Offer.objects.get().handling_days == VASE["handling_days"]


def test_a_partial_row_that_is_sound_goes_through(june: Caller, vase: Product) -> None:
    batch = send(june, text_of([{"sku": "VASE", "handling-days": "7", "price": "50.00", "operation": "partial"}]))
    assert (batch.processed, batch.successful) == (1, 1)
    assert (Offer.objects.get().handling_days, Offer.objects.get().price_minor) == (7, 5000)


@pytest.mark.spec("HAND-02")
@pytest.mark.parametrize("is_maker", [False, True])
@pytest.mark.parametrize("kind", ["", "handmade_home"])
def test_nobody_joins_a_makers_product_by_its_asin(june: Caller, vase: Product, is_maker: bool, kind: str) -> None:
    other = maker("Brook & Basket") if is_maker else make_caller(seller=make_seller("Harbor Goods"))
    row = {"sku": "MINE", "product-type": kind, "product-id": vase.asin, "product-id-type": "ASIN"}
    batch = send(other, text_of([{**row, "price": "48.00", "quantity": "3"}]))
    assert (batch.processed, batch.successful) == (1, 0)
    assert not Offer.objects.filter(seller=other.seller).exists()

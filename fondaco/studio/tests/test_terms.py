"""Who may be ordered for, at what price, and how many a day: the seven reasons, and the operator's pages."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from fondaco.catalogue.models import Offer
from fondaco.catalogue.product_types import all_types
from fondaco.engine import clock
from fondaco.kit.calendar import start_of_day
from fondaco.kit.errors import Denied, Refusal
from fondaco.kit.money import Money
from fondaco.policy.stores import store_of
from fondaco.sellers.access import caller_for
from fondaco.sellers.models import Card, SellerAccount
from fondaco.studio import operations
from fondaco.studio.models import ImagingOrder
from fondaco.studio.operations.terms import ForeignCurrency
from fondaco.studio.queries import seller as queries
from fondaco.studio.queries.floor import NotWanted, wanting
from fondaco.studio.rules.ordering import REFUSALS
from fondaco.studio.tests.factories import crew, here, make_studio_seller, placed, received
from fondaco.studio.web.kinds import CATEGORIES

LOGIN = "allauth.account.auth_backends.AuthenticationBackend"
db = pytest.mark.django_db


def refusal_for(caller: Any, offer: Offer) -> Refusal | None:
    now = caller_for(caller.person, seller_number=caller.seller.number)  # as the next request finds the account
    return queries.pop_up(now, offer.product.asin).refusal


def at_price(caller: Any, minor: int, category: str = "default") -> None:
    operations.set_prices(caller, store="US", prices={category: Money(minor, "USD")})


@db
@pytest.mark.spec("IMG-SVC-16", "Q-01", "Q-02", "B-SVC-02", "B-SVC-05")
def test_each_of_the_seven_reasons_has_its_text_and_code() -> None:
    seller, caller = make_studio_seller()
    operator = crew()["operator"]
    found: list[Refusal | None] = []
    own = here(caller)
    Offer.objects.filter(pk=own.pk).update(channel="seller")
    found.append(refusal_for(caller, own))
    found.append(refusal_for(caller, here(caller, quantity=0)))
    offer = here(caller)
    assert refusal_for(caller, offer) is None
    operations.set_capacity(operator, store="US", most=0)
    found.append(refusal_for(caller, offer))
    operations.set_capacity(operator, store="US", most=None)
    at_price(operator, 7000, category="watches")  # and nothing for all other products
    found.append(refusal_for(caller, offer))
    at_price(operator, 5000)
    open_already = placed(caller, here(caller))
    found.append(refusal_for(caller, open_already.offer))
    SellerAccount.objects.filter(pk=seller.pk).update(status="suspended")
    found.append(refusal_for(caller, offer))
    SellerAccount.objects.filter(pk=seller.pk).update(status="active")
    Card.objects.filter(seller=seller).delete()
    found.append(refusal_for(caller, offer))
    codes = [each.CODE for each in found if each]
    assert codes == list(REFUSALS)[:7]
    texts = [each.WORDS for each in found if each]
    assert len(set(texts)) == len({each.FIX for each in found if each}) == 7
    assert ImagingOrder.objects.count() == 1


@db
@pytest.mark.spec("Q-01", "IMG-SVC-34", "B-SVC-05")
def test_the_price_table_by_page(client: Client) -> None:
    _seller, caller = make_studio_seller()
    people = crew()
    order = placed(caller, here(caller))
    watch = here(caller, product_type="watch", attributes=_attributes("watch"))
    client.force_login(people["operator"].person, backend=LOGIN)
    url = reverse("studio:prices")
    assert "50.00" in client.get(url).content.decode()
    rows = {"price-TOTAL_FORMS": "2", "price-INITIAL_FORMS": "1", "price-0-category": "default", "price-0-price": "60"}
    done = client.post(url, {**rows, "store": "US", "price-1-category": "watches", "price-1-price": "75.50"})
    assert done.status_code == 302
    assert str(queries.pop_up(caller, here(caller).product.asin).price) == "60.00 USD"
    assert str(queries.pop_up(caller, watch.product.asin).price) == "75.50 USD"
    order.refresh_from_db()
    assert order.price_minor == 5000
    for wrong in (
        {"price-1-category": "default", "price-1-price": "1"},  # twice
        {"price-1-category": "no such", "price-1-price": "1"},
        {"price-1-category": "shoes", "price-1-price": "-1"},
        {"price-1-category": "shoes", "price-1-price": "1.005"},
        {"price-1-category": "shoes", "price-1-price": ""},
    ):
        refused = client.post(url, {**rows, "store": "US", **wrong})
        assert refused.status_code == 422, wrong
    away = {**rows, "store": "US", "price-0-remove": "on"}
    assert client.post(url, away).status_code == 302
    assert queries.pop_up(caller, watch.product.asin).refusal.CODE == "imaging_no_price"  # type: ignore[union-attr]
    with pytest.raises(ForeignCurrency):
        operations.set_prices(people["operator"], store="US", prices={"default": Money(5000, "EUR")})
    with pytest.raises(Denied):
        operations.set_prices(people["support"], store="US", prices={})
    client.force_login(people["support"].person, backend=LOGIN)
    assert client.get(url).status_code == 404


@db
@pytest.mark.spec("IMG-SVC-29")
def test_a_limit_for_today_ends_with_the_stores_day(client: Client) -> None:
    _seller, caller = make_studio_seller()
    people = crew()
    offer = here(caller)
    client.force_login(people["operator"].person, backend=LOGIN)
    url = reverse("studio:capacity")
    assert client.post(url, {"store": "US", "most": "0", "holds": "today"}).status_code == 302
    assert refusal_for(caller, offer).CODE == "imaging_capacity_closed"  # type: ignore[union-attr]
    assert client.post(url, {"store": "US", "most": "-1", "holds": "today"}).status_code == 422
    assert client.post(url, {"store": "US", "most": "many", "holds": "always"}).status_code == 422
    zone = store_of("US").zone
    tomorrow = clock.now().astimezone(zone).date() + timedelta(days=1)
    clock.set_to(at=start_of_day(tomorrow, zone) + timedelta(seconds=1))
    assert refusal_for(caller, offer) is None
    with pytest.raises(Denied):
        operations.set_capacity(people["photographer"], store="US", most=0)


@db
@pytest.mark.spec("IMG-SVC-53", "Q-12", "B-SVC-03")
def test_every_excluded_kind_is_a_category_of_goods() -> None:
    from fondaco import policy

    categories = set().union(*(kind.categories for kind in all_types().values()))
    assert set(policy.value("imaging.damage_excluded", "US", at=clock.now()).value) <= categories
    assert categories <= set(CATEGORIES)


@db
@pytest.mark.spec("IMG-SVC-53", "Q-12")
@pytest.mark.parametrize("kind", ["apparel", "jewelry", "shoes", "watches", "perishables", "requires_assembly"])
def test_damage_of_every_excluded_kind_is_not_reimbursed(kind: str) -> None:
    _seller, caller = make_studio_seller()
    people = crew()
    product_type = next(key for key, each in all_types().items() if kind in each.categories and not each.is_handmade)
    order = received(caller, people, here(caller, product_type=product_type, attributes=_attributes(product_type)))
    decided = operations.report_harm(people["photographer"], label=order.label, is_loss=False)
    assert decided.amount.minor == 0
    assert kind in decided.excluded


@db
@pytest.mark.spec("IMG-SVC-01")
def test_a_scan_of_the_product_alone_picks_the_oldest_order_that_asks_for_it(client: Client) -> None:
    _seller, caller = make_studio_seller()
    people = crew()
    offer = here(caller)
    offer.product.attributes["gtin"] = "00012345678905"
    offer.product.save(update_fields=["attributes"])
    order = placed(caller, offer)
    fc = people["fc_associate"]
    for scanned in (offer.sku.lower(), offer.product.asin, "012345678905", "0012345678905", " 00012345678905 "):
        assert wanting(fc, scanned) == order
    with pytest.raises(NotWanted):
        wanting(fc, "4006381333931")
    client.force_login(fc.person, backend=LOGIN)
    refused = client.post(reverse("studio:pick"), {"scanned": "4006381333931"})
    assert refused.status_code == 422
    assert "imaging_code_not_wanted" in refused.content.decode()
    client.post(reverse("studio:pick"), {"scanned": "012345678905"})
    order.refresh_from_db()
    assert order.where == "fc_dock"


@pytest.mark.spec("B-SVC-04", "IMG-SVC-13", "IMG-SVC-15", "IMG-SVC-18")
def test_the_english_labels_are_those_of_the_help_page() -> None:
    from fondaco.studio.words_of import STATES

    four = ("ORDER_PLACED", "RECEIVED_AT_STUDIO", "IMAGING_COMPLETE", "BILLED")
    assert [str(STATES[state]) for state in four] == [
        "Order placed",
        "Product received at studio",
        "Imaging complete",
        "Imaging services billed",
    ]


def _attributes(product_type: str) -> dict[str, str]:
    return dict.fromkeys((*all_types()[product_type].attributes, "color", "size", "material"), "M")

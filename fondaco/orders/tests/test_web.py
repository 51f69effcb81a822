"""Cart, checkout, Your Orders and the seller's Orders, as requests."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from fondaco.catalogue.models import Offer
from fondaco.catalogue.operations import change_offer
from fondaco.catalogue.tests.factories import make_offer
from fondaco.fulfilment.tests.factories import FAST, prime_offer
from fondaco.orders import operations
from fondaco.orders.models import Cart, CartLine, Order
from fondaco.orders.operations import carts
from fondaco.orders.tests.factories import OHIO, make_buyer, placed_order, shipped_order
from fondaco.sellers.addresses import PostalAddress, as_dict
from fondaco.sellers.models import Address, Person, SimulatedCharge
from fondaco.sellers.tests.factories import make_caller, make_person, make_seller, owner_of

pytestmark = pytest.mark.django_db


def at_home(person: Person, postal: PostalAddress = OHIO) -> Address:
    return Address.objects.create(person=person, **as_dict(postal))


def client_of(person: Person | None = None) -> Client:
    client = Client()
    if person:
        client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def add(client: Client, offer: Offer, quantity: Any = 1) -> Any:
    return client.post("/cart/add/", {"offer": str(offer.pk), "quantity": str(quantity)})


def form_of(html: str) -> dict[str, str]:
    """What the checkout's form would send as it stands."""
    form = html.split('id="checkout"')[1]
    sent = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form))
    for name, value in re.findall(r'<input type="radio" name="([\w-]+)" value="([^"]*)" checked', form):
        sent[name] = value
    return sent


def ready(client_person: Person, offer: Offer, quantity: int = 1) -> tuple[Client, dict[str, str]]:
    client = client_of(client_person)
    at_home(client_person)
    add(client, offer, quantity)
    return client, form_of(client.get("/checkout/").content.decode())


def test_a_visitor_fills_a_cart_and_keeps_it_after_sign_in() -> None:
    offer, other = make_offer(), make_offer()
    buyer = make_buyer()
    carts.put_in(make_caller(buyer), token="", offer_id=offer.pk, quantity=1, address=OHIO)
    client = client_of()
    add(client, offer, 2)
    add(client, other)
    assert offer.product.title in client.get("/cart/").content.decode()
    client.force_login(buyer, backend="allauth.account.auth_backends.AuthenticationBackend")
    client.get("/cart/")
    lines = {line.offer_id: line.quantity for line in CartLine.objects.all()}
    assert lines == {offer.pk: 3, other.pk: 1}
    assert Cart.objects.count() == 1


@pytest.mark.parametrize("quantity", ["0", "-3", "1000", "99999999999999", "x", "1.5", "²", ""])
def test_a_cart_takes_whole_quantities_only(quantity: str) -> None:
    offer, client = make_offer(), client_of()
    assert add(client, offer, quantity).status_code in (409, 422)
    assert not CartLine.objects.exists()


def test_a_cart_takes_no_more_than_there_is() -> None:
    offer, client = make_offer(quantity=2), client_of()
    assert add(client, offer, 3).status_code == 409
    assert add(client, offer, 2).status_code == 302
    assert add(client, offer, 1).status_code == 409


def test_checking_out_needs_sign_in_and_places_one_order_however_often_it_is_sent() -> None:
    offer = make_offer(price_minor=1999)
    assert client_of().get("/checkout/").status_code == 302
    buyer = make_buyer()
    client, form = ready(buyer, offer, 2)
    for _ in range(3):
        answer = client.post("/checkout/", form)
        assert answer.status_code == 302
    assert Order.objects.count() == SimulatedCharge.objects.count() == 1
    assert not CartLine.objects.exists()
    page = client.get(answer["Location"]).content.decode()
    assert "$39.98" in page
    assert offer.product.title in client.get("/orders/").content.decode()


def test_what_the_buyer_has_not_seen_is_not_charged() -> None:
    offer = make_offer(price_minor=1999)
    client, form = ready(make_buyer(), offer)
    change_offer(make_caller(seller=offer.seller), offer_id=offer.pk, price_minor=9999)
    answer = client.post("/checkout/", form)
    assert answer.status_code == 409
    assert "has changed" in answer.content.decode()
    assert not Order.objects.exists()
    assert client.post("/checkout/", form_of(answer.content.decode())).status_code == 302


@pytest.mark.parametrize("value", ["two_day", "warp|1|1|2020-01-01|1", "standard|a|b|c|d", "|||||||", "standard|1|1"])
def test_a_forged_choice_is_refused_or_harmless(value: str) -> None:
    offer = make_offer(price_minor=1999)
    client, form = ready(make_buyer(), offer)
    name = next(key for key in form if key.startswith("speed-"))
    answer = client.post("/checkout/", {**form, name: value})
    assert answer.status_code in (302, 409)
    assert all(order.total_minor == 1999 for order in Order.objects.all())


def test_a_declined_card_leaves_the_cart_as_it_was() -> None:
    from fondaco.sellers.tests.factories import make_card

    offer, poor = make_offer(), make_person()
    make_card(person=poor, declines=True)
    client, form = ready(poor, offer)
    answer = client.post("/checkout/", form)
    assert answer.status_code == 409
    assert CartLine.objects.count() == 1


@pytest.mark.spec("Q-39")
def test_the_cart_keeps_the_prime_offer_it_was_filled_with() -> None:
    from fondaco.fulfilment.operations import volume

    offer = prime_offer(options=FAST)
    member = make_buyer(member=True)
    add(client_of(member), offer)
    volume.control_volume(make_caller(seller=offer.seller), limit_per_day=1)
    other = make_caller(make_buyer(member=True))
    operations.place_order(other, lines=[operations.Line(offer.pk, speed="two_day")], address=OHIO, request_key="first")
    client = client_of(member)
    at_home(member)
    page = client.get("/checkout/").content.decode()
    assert "two_day|" in page
    assert client.post("/checkout/", form_of(page)).status_code == 302
    order = Order.objects.get(buyer=member)
    assert order.items.get().is_prime


@pytest.mark.spec("Q-35")
@pytest.mark.parametrize("code", ["99999", "00000", "1", "", "ABCDE", "😀", "43215-99999", "9" * 20])
def test_no_zip_is_an_error_page(code: str) -> None:
    offer = prime_offer(options=FAST)
    client = client_of()
    assert client.post("/cart/deliver-to/", {"zip": code, "next": "/cart/"}).status_code == 302
    page = client.get(f"/product/{offer.product.asin}/")
    assert page.status_code == 200
    buyer = make_buyer()
    client = client_of(buyer)
    form = {
        "country": "US",
        "name": "M",
        "street": "1 Main St",
        "city": "Columbus",
        "region": "OH",
        "postal_code": code,
    }
    answer = client.post("/checkout/address/", form)
    assert answer.status_code in (302, 422)
    if answer.status_code == 422 and code:
        answer = client.post("/checkout/address/", {**form, "as_typed": "yes"})
        assert answer.status_code == 302
        add(client, offer)
        page = client.get("/checkout/").content.decode()
        assert "two_day|" not in page
        assert "standard|" in page


@pytest.mark.spec("PRIME-08")
def test_a_military_address_is_named_as_not_served() -> None:
    member = make_buyer(member=True)
    client = client_of(member)
    apo = PostalAddress(name="M", street="PSC 3 Box 1", city="APO", region="AE", postal_code="09012", country="US")
    at_home(member, apo)
    add(client, prime_offer(options=FAST))
    page = client.get("/checkout/").content.decode()
    assert "cannot be sent to the address" in page
    assert "PRIME-08" in page
    assert "Place your order" not in page


def test_nobody_sees_anothers_order() -> None:
    order = placed_order()
    stranger, rival = client_of(make_person()), client_of(owner_of(make_seller("Rival")))
    for client in (stranger, rival):
        assert client.get(f"/orders/{order.number}/").status_code == 404
        assert client.get(f"/seller/orders/{order.number}/").status_code == 404
        assert client.post(f"/orders/{order.number}/cancel/", {"reason": "buyer_changed_mind"}).status_code == 404
    assert client_of(order.buyer).get(f"/orders/{order.number}/").status_code == 200
    seller = client_of(owner_of(order.seller))
    assert seller.get(f"/seller/orders/{order.number}/").status_code == 200
    assert seller.get(f"/seller/orders/id/{order.pk}/").status_code == 302


def test_the_buyers_timeline_does_not_tell_the_sellers_money() -> None:
    order = placed_order()
    operations.cancel_order(make_caller(order.buyer), number=order.number, reason="buyer_changed_mind")
    page = client_of(order.buyer).get(f"/orders/{order.number}/").content.decode()
    assert "from proceeds" not in page


def test_a_buyer_cancels_on_the_page() -> None:
    order = placed_order()
    client = client_of(order.buyer)
    assert client.post(f"/orders/{order.number}/cancel/", {"reason": "no_stock"}).status_code == 409
    assert client.post(f"/orders/{order.number}/cancel/", {"reason": "buyer_changed_mind"}).status_code == 302
    order.refresh_from_db()
    assert order.status == "cancelled"


def test_a_seller_refunds_without_a_return_on_the_page() -> None:
    order = shipped_order()
    item, path = order.items.get(), f"/seller/orders/{order.number}/refund/"
    client = client_of(owner_of(order.seller))
    assert f'href="{path}"' in client.get(f"/seller/orders/{order.number}/").content.decode()
    page = client.get(path).content.decode()
    key = re.findall(r'name="request_key" value="(\w+)"', page)[0]
    said = {"item": str(item.pk), "reason": "seller_adjustment", "request_key": key}
    assert client.post(path, {**said, "amount": "99999"}).status_code == 422
    assert client.post(path, {**said, "amount": "much"}).status_code == 422
    assert client.post(path, {**said, "amount": "1.50"}).status_code == 302
    assert client.post(path, {**said, "amount": "1.50"}).status_code == 302  # the same form again
    assert [row.amount_minor for row in order.paybacks.all()] == [150]
    assert client_of(order.buyer).get(path).status_code in (302, 403, 404)
    assert client_of(owner_of(make_seller("Lamp Works"))).get(path).status_code == 404


def test_the_page_says_that_what_was_not_sent_is_cancelled() -> None:
    order = placed_order()
    client = client_of(owner_of(order.seller))
    assert "/refund/" not in client.get(f"/seller/orders/{order.number}/").content.decode()
    assert "Not sent yet" in client.get(f"/seller/orders/{order.number}/refund/").content.decode()


@pytest.mark.parametrize(
    "query",
    [
        "",
        "?status=placed",
        "?status=delivered",
        "?prime=yes",
        "?prime=no",
        "?channel=seller",
        "?q=T1",
        "?q=%00",
        "?status=x",
    ],
)
def test_the_sellers_list_filters(query: str) -> None:
    order = placed_order()
    page = client_of(owner_of(order.seller)).get(f"/seller/orders/{query}")
    assert page.status_code == 200
    shown = order.number in page.content.decode()
    assert shown == (query in ("", "?status=placed", "?prime=no", "?channel=seller", "?q=%00", "?status=x"))


def test_orders_are_found_by_number_sku_and_tracking() -> None:
    from fondaco.orders.tests.factories import ship

    order = placed_order()
    ship(order, tracking="TRACK1")
    client = client_of(owner_of(order.seller))
    for text in (order.number, order.items.get().sku, order.items.get().asin, "TRACK1"):
        assert order.number in client.get("/seller/orders/", {"q": text}).content.decode()
    buyer = client_of(order.buyer)
    assert order.number in buyer.get("/orders/", {"q": order.number}).content.decode()
    assert order.number in buyer.get("/orders/", {"q": "mug"}).content.decode()
    assert order.number not in buyer.get("/orders/", {"q": "lamp"}).content.decode()


@pytest.mark.spec("PRIME-14", "B-PRIME-11")
def test_the_badge_on_the_product_page_is_for_members() -> None:
    offer = prime_offer(options=FAST)
    url = f"/product/{offer.product.asin}/"
    badge = 'class="prime-badge"'
    member, other = make_buyer(member=True), make_buyer()
    at_home(member)
    at_home(other)
    assert badge in client_of(member).get(url).content.decode()
    assert badge not in client_of(other).get(url).content.decode()
    assert badge not in client_of().get(url).content.decode()


@pytest.mark.spec("PRIME-25")
def test_the_guarantee_stands_on_item_and_checkout() -> None:
    offer = prime_offer(options=FAST)
    member = make_buyer(member=True)
    client, _form = ready(member, offer)
    for url in (f"/product/{offer.product.asin}/", "/checkout/"):
        assert "Guaranteed delivery by" in client.get(url).content.decode()


def test_an_offer_without_units_is_currently_unavailable() -> None:
    offer = make_offer(quantity=0)
    page = client_of().get(f"/product/{offer.product.asin}/").content.decode()
    assert "Currently unavailable" in page
    assert "Add to cart" not in page

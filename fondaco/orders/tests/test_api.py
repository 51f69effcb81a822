"""The native API of cart, checkout and orders: options at an address, one purchase a key, and strangers find nothing."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from django.test import Client

from fondaco.engine import clock
from fondaco.fulfilment.tests.factories import FAST, prime_offer, prime_seller
from fondaco.orders.models import Cart, Order
from fondaco.orders.tests.factories import make_buyer
from fondaco.sellers.addresses import PostalAddress, as_dict
from fondaco.sellers.models import Address, Person

pytestmark = pytest.mark.django_db
BASE = "/api/orders"
OHIO = PostalAddress(
    name="Mara", street="212 Maple Street", city="Columbus", region="OH", postal_code="43215", country="US"
)


@pytest.fixture(autouse=True)
def own_clock():
    clock.set_to(at=datetime(2022, 3, 1, 15, 0, tzinfo=UTC))
    yield
    clock.reset()


@pytest.fixture
def offer():
    return prime_offer(prime_seller(limit=1), options=FAST, price_minor=7400)


def client_of(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def send(client: Client, verb: str, path: str, body: dict | None = None, key: str = "first-key"):
    return getattr(client, verb)(
        f"{BASE}{path}", json.dumps(body or {}), content_type="application/json", headers={"Idempotency-Key": key}
    )


def at_home(person: Person) -> str:
    return str(Address.objects.create(person=person, **as_dict(OHIO)).pk)


@pytest.mark.spec("PRIME-06", "PRIME-11", "PRIME-12", "PRIME-13", "Q-35")
def test_the_cart_tells_options_and_prices_at_an_address_member_or_not(offer) -> None:
    for member, two_day in ((True, 0), (False, 799)):
        person = make_buyer("Mara", member=member)
        client, home = client_of(person), at_home(person)
        assert send(client, "put", f"/cart/lines/{offer.pk}", {"quantity": 1}).status_code == 200
        cart = send(client, "put", f"/cart/lines/{offer.pk}", {"quantity": 2}).json()  # not added up
        assert cart["lines"][0]["quantity"] == 2
        cart = client.get(f"{BASE}/cart?address={home}").json()
        prices = {o["speed"]: o["price_minor"] for o in cart["lines"][0]["options"]}
        assert (prices["standard"], prices["two_day"]) == (0, two_day)
        assert cart["lines"][0]["options"][-1]["promised_date"] > "2022-03-01"
        for odd in ("00000", "4321", "no zip", "' OR 1", "９９９", "99501", "09012"):
            answer = client.get(f"{BASE}/cart", {"zip": odd})
            assert answer.status_code == 200, odd
    assert Client().get(f"{BASE}/cart").status_code == 401


@pytest.mark.spec("Q-39", "PRIME-02")
def test_a_checkout_buys_once_for_its_key_and_the_cart_keeps_the_programme_offer(offer) -> None:
    person, other = make_buyer("Mara", member=True), make_buyer("Nia", member=True)
    mine, theirs = client_of(person), client_of(other)
    home, there = at_home(person), at_home(other)
    send(mine, "put", f"/cart/lines/{offer.pk}", {"quantity": 1})
    body = {"address": there, "lines": [{"offer": str(offer.pk), "speed": "two_day"}]}
    assert send(theirs, "post", "/checkouts", body).status_code == 201  # the day's limit of one is taken
    assert (
        client_of(make_buyer("Teo", member=True))
        .get(f"/api/fulfilment/promise?offer={offer.pk}&zip=43215")
        .json()["is_prime"]
        is False
    )
    assert send(mine, "post", "/checkouts", {"address": there}, "no-address").status_code == 404  # of somebody else
    bought = send(mine, "post", "/checkouts", {"address": home, "speeds": {str(offer.pk): "two_day"}}, "key-number-2")
    assert bought.status_code == 201, bought.content
    again = send(mine, "post", "/checkouts", {"address": home}, "key-number-2")
    assert again.json() == bought.json()
    (order,) = bought.json()
    assert (order["total_minor"], order["items"][0]["is_prime"], order["items"][0]["speed"]) == (7400, True, "two_day")
    assert Order.objects.count() == 2
    assert not Cart.objects.get(person=person).lines.exists()
    assert theirs.get(f"{BASE}/orders/{order['number']}").status_code == 404
    seller = client_of(offer.seller.memberships.first().person)
    assert {row["number"] for row in seller.get(f"{BASE}/seller/orders").json()["items"]} >= {order["number"]}
    cancelled = send(mine, "post", f"/orders/{order['number']}/cancellations", {"reason": "buyer_changed_mind"})
    assert cancelled.json()["status"] == "cancelled"


def test_what_is_wrong_is_refused_with_its_code_and_nothing_changes(offer) -> None:
    person = make_buyer("Mara", member=True)
    client, home = client_of(person), at_home(person)
    for body, code in (
        ({"address": home}, "order_empty"),
        ({"address": home, "lines": [{"offer": "x"}]}, "not_found"),
        ({"address": home, "lines": [{"offer": str(offer.pk), "quantity": -1}]}, "order_quantity_wrong"),
        ({"address": home, "lines": [{"offer": str(offer.pk), "speed": "rocket"}]}, "speed_not_offered"),
        ({"address": home, "lines": [{"offer": str(offer.pk), "seen_price_minor": 1}]}, "price_changed"),
    ):
        answer = send(client, "post", "/checkouts", body)
        assert (answer.status_code >= 400, answer.json()["code"]) == (True, code)
    assert (
        client.post(f"{BASE}/checkouts", json.dumps({"address": home}), content_type="application/json").status_code
        == 422
    )
    assert not Order.objects.exists()


def test_the_description_names_every_part() -> None:
    paths = Client().get("/api/openapi.json").json()["paths"]
    for path in ("/api/orders/checkouts", "/api/fulfilment/enrolment", "/api/fulfilment/volume", "/api/returns/previews",
                 "/api/returns/seller/returns/{number}/units/{unit}/refund-preview"):  # fmt: skip
        assert path in paths
    parameters = paths["/api/orders/checkouts"]["post"]["parameters"]
    assert [p["name"] for p in parameters if p["in"] == "header" and p["required"]] == ["Idempotency-Key"]

"""The native API of conversations: what it answers, that a key counts once, and that strangers find nothing."""

from __future__ import annotations

import json

import pytest
from django.test import Client

from fondaco.messaging import operations
from fondaco.messaging.models import Conversation, Message
from fondaco.messaging.tests.factories import begun, kept
from fondaco.orders.tests.factories import caller_of_buyer, make_buyer, placed_order
from fondaco.sellers.models import Person
from fondaco.sellers.tests.factories import owner_of

pytestmark = pytest.mark.django_db
BASE = "/api/messaging"


def client_of(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def post(client: Client, path: str, body: dict, key: str = "first-key"):
    return client.post(
        f"{BASE}{path}", json.dumps(body), content_type="application/json", headers={"Idempotency-Key": key}
    )


@pytest.fixture
def order():
    return placed_order()


def test_a_conversation_from_its_beginning_to_its_outcome(order) -> None:
    buyer, seller = client_of(order.buyer), client_of(owner_of(order.seller))
    body = {"order": order.number, "subject": "product_defect", "text": "The rim is chipped.", "photos": "ask"}
    first = post(buyer, "/conversations", body)
    assert first.status_code == 201, first.content
    again = post(buyer, "/conversations", body)
    assert again.json()["number"] == first.json()["number"]
    number = first.json()["number"]
    (line,) = seller.get(f"{BASE}/seller/conversations").json()["items"]
    assert (line["number"], line["order"]) == (number, order.number)
    asked = post(
        seller,
        f"/conversations/{number}/photo-requests",
        {"type": "product_defect", "text": "Three angles please.", "preferences": {"count": 3}},
        "key-number-2",
    )
    assert asked.status_code == 201, asked.content
    assert asked.json()["state"] == "instructed"
    assert buyer.get(f"{BASE}/photo-requests").json()[0]["preferences"]["count"] == 3
    operations.send(caller_of_buyer(order), number=number, text="Here.", kept=[kept(view="FrontView")], confirmed=True)
    thread = seller.get(f"{BASE}/conversations/{number}").json()
    photo = thread["messages"][-1]["photos"][0]
    assert Client().get(photo["preview_url"].split("8000", 1)[1]).status_code == 200  # good for ten minutes
    assert client_of(make_buyer("Eve")).get(photo["preview_url"].split("8000", 1)[1]).status_code == 404
    assert post(seller, f"/conversations/{number}/review", {}, "key-number-3").json()["state"] == "reviewed"
    closed = post(seller, f"/conversations/{number}/outcome", {"outcome": "replacement"}, "key-number-4")
    assert closed.json()["outcome"] == "replacement"


def test_what_is_refused_says_why(order) -> None:
    number = begun(order).number
    seller = client_of(owner_of(order.seller))
    refused = post(seller, f"/conversations/{number}/messages", {"text": "See https://shop.example.com/lids"})
    assert refused.status_code == 422
    assert refused.json()["code"] == "message_content_blocked"
    assert refused.json()["clause"] == "B-PHOTO-04"
    asked = post(client_of(order.buyer), f"/conversations/{number}/messages", {"text": "You idiots."})
    assert asked.json()["code"] == "message_please_check"
    assert Message.objects.count() == 1
    assert post(seller, f"/conversations/{number}/outcome", {"outcome": "nothing"}, "key-number-5").status_code == 422


@pytest.mark.spec("PHOTO-01")
def test_strangers_find_nothing(order) -> None:
    number = begun(order).number
    for stranger in (client_of(make_buyer("Eve")), client_of(owner_of(placed_order(request_key="other").seller))):
        if stranger is None:
            continue
        assert stranger.get(f"{BASE}/conversations/{number}").status_code == 404
        assert post(stranger, f"/conversations/{number}/messages", {"text": "Hello"}).status_code == 404
        assert post(stranger, f"/conversations/{number}/review", {}, "key-number-9").status_code == 404
    assert Client().get(f"{BASE}/conversations/{number}").status_code == 401
    assert Conversation.objects.get(number=number).messages.count() == 1

"""The native API of conversations: what it answers, that a key counts once, and that strangers find nothing."""

from __future__ import annotations

import json

import pytest
from django.test import Client
from django.urls import reverse

from fondaco.messaging import operations
from fondaco.messaging.models import Conversation, Message
from fondaco.messaging.tests.factories import begun, kept
from fondaco.orders.tests.factories import caller_of_buyer, make_buyer, placed_order
from fondaco.sellers.models import Person
from fondaco.sellers.rules import MemberRole, Role
from fondaco.sellers.tests.factories import make_caller, make_member, make_person, make_staff, owner_of

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


@pytest.mark.spec("PHOTO-01", "PHOTO-02", "Q-50")
def test_strangers_find_nothing_at_any_door_of_the_api(order) -> None:
    told = begun(order, photos=operations.ASK)
    buyer = client_of(order.buyer)
    operations.send(
        caller_of_buyer(order), number=told.number, text="Here.", kept=[kept(view="FrontView")], confirmed=True
    )
    photo = (
        client_of(owner_of(order.seller)).get(f"{BASE}/conversations/{told.number}").json()["messages"][-1]["photos"][0]
    )
    upload = buyer.post(reverse("messaging:uploads"), {"name": "a.jpg", "size": 10, "number": told.number}).json()["id"]
    own = begun(placed_order())  # the other seller has conversations, but not this one
    strangers = [make_buyer("Eve"), owner_of(own.seller), make_staff(Role.SUPPORT)]
    verbs = {
        "messages": {"text": "Hello"},
        "photo-requests": {"type": "product_defect", "text": "Three angles please."},
        "review": {},
        "no-response-needed": {},
        "outcome": {"outcome": "replacement"},
    }
    for number, stranger in enumerate(strangers):
        client = client_of(stranger)
        missing = client.get(f"{BASE}/conversations/1234567890")
        found = client.get(f"{BASE}/conversations/{told.number}")
        assert (
            (found.status_code, found.json()["code"])
            == (missing.status_code, missing.json()["code"])
            == (404, "not_found")
        )
        for verb, body in verbs.items():
            answer = post(client, f"/conversations/{told.number}/{verb}", body, f"key-{number}-{verb}")
            assert answer.status_code == 404, (stranger, verb, answer.content)
        body = {"order": order.number, "subject": "other", "text": "Whose is it?"}
        assert post(client, "/conversations", body, f"key-{number}-begin").status_code == 404
        for address in (photo["preview_url"], photo["copy_url"]):  # signed for the seller
            assert client.get(address.split("8000", 1)[1]).status_code == 404
        listed = client.get(f"{BASE}/conversations").json()["items"]
        assert told.number not in [line["number"] for line in listed]
        seller_list = client.get(f"{BASE}/seller/conversations?show=all&order={order.number}")
        assert seller_list.status_code != 200 or seller_list.json()["items"] == []
        assert client.get(f"{BASE}/photo-requests").json() == []
    mine = post(
        client_of(own.buyer), f"/conversations/{own.number}/messages", {"text": "x", "uploads": [{"upload": upload}]}
    )
    assert mine.status_code == 404  # another person's upload cannot be sent along
    assert Client().get(f"{BASE}/conversations/{told.number}").status_code == 401
    assert Conversation.objects.get(number=told.number).messages.count() == 2


@pytest.mark.spec("Q-42")
def test_what_customer_service_answers_is_not_the_sellers_at_the_api(order) -> None:
    prime = placed_order(offer=order.items.get().offer, item={"is_prime": True})
    contact = begun(prime)
    operations.send(
        caller_of_buyer(prime), number=contact.number, text="See.", kept=[kept(view="FrontView")], confirmed=True
    )
    seller = client_of(owner_of(order.seller))
    # That buyers' contacts are answered there is told, nothing of what was said (PRIME-21).
    refused = seller.get(f"{BASE}/conversations/{contact.number}")
    assert (refused.status_code, refused.json()["code"]) == (403, "directed_to_customer_service")
    assert "See." not in refused.content.decode()
    assert post(seller, f"/conversations/{contact.number}/messages", {"text": "Hello"}).status_code == 403
    operations.share_photos(make_caller(role=Role.CUSTOMER_SERVICE), number=contact.number)
    assert seller.get(f"{BASE}/conversations/{contact.number}").status_code == 403  # its words stay there


def test_a_signed_address_lapses_with_the_right_to_look(order) -> None:
    told = begun(order)
    operations.send(
        caller_of_buyer(order), number=told.number, text="See.", kept=[kept(view="FrontView")], confirmed=True
    )
    helper = make_person("Vera")
    membership = make_member(helper, order.seller, MemberRole.VIEWER)
    thread = client_of(helper).get(f"{BASE}/conversations/{told.number}").json()
    address = thread["messages"][-1]["photos"][0]["preview_url"].split("8000", 1)[1]
    assert Client().get(address).status_code == 200
    membership.delete()
    assert Client().get(address).status_code == 404

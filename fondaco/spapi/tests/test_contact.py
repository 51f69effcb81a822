"""Messages to buyers, requests for reviews, supply sources."""

from __future__ import annotations

import base64
import hashlib
from datetime import timedelta

import pytest

from fondaco.catalogue.tests.factories import make_jpeg, make_offer
from fondaco.engine import clock
from fondaco.fulfilment.models import VolumeControl
from fondaco.messaging.models import Conversation, Message
from fondaco.orders.operations import cancel_order
from fondaco.orders.tests.factories import caller_of_buyer, delivered_order, placed_order
from fondaco.sellers.tests.factories import make_seller
from fondaco.spapi.rules.contact import Standing, actions, may_solicit
from fondaco.spapi.tests.client import US, make_client

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_limits(settings) -> None:
    settings.FONDACO_SPAPI_LIMITS = 0


def _offer(client):
    return make_offer(client.caller, quantity=20)


def _names(client, order) -> set[str]:
    reply = client.ok("GET", f"/messaging/v1/orders/{order.number}", marketplaceIds=US)
    return {link["name"] for link in reply["_links"]["actions"]}


def _say(client, order, action, **body):
    return client.call("POST", f"/messaging/v1/orders/{order.number}/messages/{action}", body=body, marketplaceIds=US)


def _upload(client, order, data: bytes, action: str) -> str:
    md5 = base64.b64encode(hashlib.md5(data).digest()).decode()
    path = f"/uploads/2020-11-01/uploadDestinations/messaging/v1/orders/{order.number}/messages/{action}"
    made = client.ok("POST", path, marketplaceIds=US, contentMD5=md5)["payload"]
    assert client.web.put(made["url"].partition("testserver")[2], data).status_code == 200
    return made["uploadDestinationId"]


def test_the_messages_that_make_sense_follow_the_order(client_of):
    offer = _offer(client_of)
    waiting, arrived, gone = placed_order(offer=offer), delivered_order(offer=offer), placed_order(offer=offer)
    cancel_order(caller_of_buyer(gone), number=gone.number, reason="buyer_changed_mind")
    assert {"confirmOrderDetails", "confirmDeliveryDetails", "unexpectedProblem"} <= _names(client_of, waiting)
    assert "confirmDeliveryDetails" not in _names(client_of, arrived)
    assert _names(client_of, gone) == {"invoice"}


def test_a_message_reaches_the_conversation_once(client_of):
    order = placed_order(offer=_offer(client_of))
    for _ in range(2):
        assert _say(client_of, order, "confirmDeliveryDetails", text="Is the back door fine?").status_code == 201
    message = Message.objects.get()
    assert (message.text, message.side) == ("Is the back door fine?", "seller")
    assert message.conversation.order_number == order.number
    attributes = client_of.ok("GET", f"/messaging/v1/orders/{order.number}/attributes", marketplaceIds=US)
    assert attributes["buyer"]["locale"] == "en-US"


def test_attachments_go_through_the_same_door_as_all_files(client_of):
    order = placed_order(offer=_offer(client_of))
    upload = _upload(client_of, order, make_jpeg(), "warranty")
    response = _say(
        client_of, order, "warranty", attachments=[{"uploadDestinationId": upload, "fileName": "warranty.jpg"}]
    )
    assert response.status_code == 201, response.content
    assert Conversation.objects.get().messages.count() == 2
    program = _upload(client_of, order, b"MZ\x90\0" + b"\0" * 200, "invoice")
    response = _say(
        client_of, order, "invoice", attachments=[{"uploadDestinationId": program, "fileName": "invoice.pdf"}]
    )
    assert response.status_code == 400


@pytest.mark.parametrize(
    ("action", "body", "status"),
    [
        ("confirmDeliveryDetails", {"text": ""}, 400),
        ("confirmDeliveryDetails", {"text": "x" * 2001}, 400),
        ("confirmDeliveryDetails", {"text": "Visit https://other.example now"}, 400),
        ("confirmServiceDetails", {"text": "hello"}, 403),
        ("digitalAccessKey", {"text": "KEY"}, 403),
        ("invoice", {"attachments": []}, 400),
        ("invoice", {"attachments": [{"uploadDestinationId": "nothing", "fileName": "a"}]}, 404),
    ],
)
def test_what_may_not_be_sent_is_refused(client_of, action, body, status):
    order = placed_order(offer=_offer(client_of))
    assert _say(client_of, order, action, **body).status_code == status
    assert not Message.objects.exists()


def test_another_sellers_order_gets_no_message(client_of):
    order = placed_order()
    assert client_of.get(f"/messaging/v1/orders/{order.number}", marketplaceIds=US).status_code == 404
    assert _say(client_of, order, "unexpectedProblem", text="Hello").status_code == 404


def test_a_review_is_asked_for_once_and_in_time(client_of, mailoutbox):
    offer = _offer(client_of)
    order = delivered_order(offer=offer, delivered_at=clock.now() - timedelta(days=6))
    early = delivered_order(offer=offer, delivered_at=clock.now() - timedelta(days=1))
    base = f"/solicitations/v1/orders/{order.number}"
    assert len(client_of.ok("GET", base, marketplaceIds=US)["_links"]["actions"]) == 1
    path = f"{base}/solicitations/productReviewAndSellerFeedback"
    assert client_of.call("POST", path, marketplaceIds=US).status_code == 201
    assert client_of.call("POST", path, marketplaceIds=US).status_code == 403
    assert client_of.ok("GET", base, marketplaceIds=US)["_links"]["actions"] == []
    assert [m.to for m in mailoutbox if "How was" in m.subject] == [[order.buyer.email]]
    path = path.replace(order.number, early.number)
    assert client_of.call("POST", path, marketplaceIds=US).status_code == 403


def test_the_days_for_a_review_are_counted_from_arrival():
    now = clock.now()

    def at(days: int, **change) -> bool:
        facts = {"is_by_marketplace": False, "is_cancelled": False, "has_custom_items": False, "has_waiting": False}
        return may_solicit(Standing(**facts, delivered_at=now - timedelta(days=days), **change), at=now)

    assert [at(4), at(5), at(30), at(31), at(10, solicited=True)] == [False, True, True, False, False]
    custom = Standing(False, False, True, True, None)
    assert "confirmCustomizationDetails" in actions(custom)


def test_the_ship_from_address_is_the_default_source_and_its_cap_the_daily_limit(client_of):
    base = "/supplySources/2020-07-01/supplySources"
    (row,) = client_of.ok("GET", base)["supplySources"]
    assert row["supplySourceCode"] == "DEFAULT"
    assert row["address"]["addressLine1"] == "12 Wharf Street"
    cap = {"throughputCap": {"value": 12, "timeUnit": "Days"}, "throughputUnit": "Order"}
    body = {"configuration": {"operationalConfiguration": {"throughputConfig": cap}}}
    path = f"{base}/{row['supplySourceId']}"
    assert client_of.call("PUT", path, body=body).status_code == 204
    assert VolumeControl.objects.get().limit_per_day == 12
    VolumeControl.objects.update(limit_per_day=7)
    told = client_of.ok("GET", path)["configuration"]["operationalConfiguration"]["throughputConfig"]
    assert told["throughputCap"]["value"] == 7
    cap["throughputCap"]["timeUnit"] = "Hours"
    assert client_of.call("PUT", path, body=body).status_code == 400
    assert client_of.call("DELETE", path).status_code == 400


def test_more_sources_can_be_kept_switched_and_put_away(client_of):
    base = "/supplySources/2020-07-01/supplySources"
    address = {"name": "Depot", "addressLine1": "1 Road", "stateOrRegion": "OH", "countryCode": "US"}
    body = {"supplySourceCode": "D1", "alias": "Depot", "address": address}
    made = client_of.ok("POST", base, body=body)["supplySourceId"]
    assert client_of.call("POST", base, body=body).status_code == 400
    assert client_of.call("PUT", f"{base}/{made}/status", body={"status": "Active"}).status_code == 204
    assert client_of.call("PUT", f"{base}/{made}/status", body={"status": "Burnt"}).status_code == 400
    assert client_of.ok("GET", f"{base}/{made}")["status"] == "Active"
    page = client_of.ok("GET", base, pageSize=1)
    assert len(client_of.ok("GET", base, pageSize=1, nextPageToken=page["nextPageToken"])["supplySources"]) == 1
    assert client_of.call("DELETE", f"{base}/{made}").status_code == 204
    assert [r["supplySourceCode"] for r in client_of.ok("GET", base)["supplySources"]] == ["DEFAULT"]
    other = make_client(make_seller("Other"))
    assert other.get(f"{base}/{made}").status_code == 404
    assert other.call("DELETE", f"{base}/{made}").status_code == 404

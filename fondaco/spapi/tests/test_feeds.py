"""Feeds from document to processing report."""

from __future__ import annotations

import json

import pytest

from fondaco.catalogue.models import Offer
from fondaco.engine.testing import run_tasks
from fondaco.sellers.tests.factories import make_seller
from fondaco.spapi.models import FeedRequest
from fondaco.spapi.tests import published
from fondaco.spapi.tests.client import US, make_client

pytestmark = pytest.mark.django_db


def _document(client, raw: bytes) -> str:
    reply = client.ok("POST", "/feeds/2021-06-30/documents", body={"contentType": "application/json; charset=UTF-8"})
    response = client.web.put(
        reply["url"].partition("testserver")[2], raw, content_type="application/json; charset=UTF-8"
    )
    assert response.status_code == 200
    return reply["feedDocumentId"]


def _feed(client, *messages, feed_type="JSON_LISTINGS_FEED") -> str:
    header = {"sellerId": client.seller.number, "version": "2.0", "issueLocale": "en_US"}
    document = _document(client, json.dumps({"header": header, "messages": list(messages)}).encode())
    body = {"feedType": feed_type, "marketplaceIds": [US], "inputFeedDocumentId": document}
    response = client.call("POST", "/feeds/2021-06-30/feeds", body=body)
    assert response.status_code == 202, response.content
    return response.json()["feedId"]


def _message(number: int, **attributes):
    return {
        "messageId": number,
        "sku": f"MUG-{number}",
        "operationType": "UPDATE",
        "productType": "MUG",
        "requirements": "LISTING",
        "attributes": {
            "item_name": [{"value": f"Stoneware mug {number}"}],
            "color": [{"value": "grey"}],
            "condition_type": [{"value": "new_new"}],
            "purchasable_offer": [{"currency": "USD", "our_price": [{"schedule": [{"value_with_tax": 12.5}]}]}],
            "fulfillment_availability": [{"fulfillment_channel_code": "DEFAULT", "quantity": 4}],
            **attributes,
        },
    }


def test_a_listings_feed_runs_from_document_to_report(client_of):
    number = _feed(client_of, _message(1), _message(2, condition_type=[{"value": "eaten"}]))
    path = f"/feeds/2021-06-30/feeds/{number}"
    assert client_of.ok("GET", path)["processingStatus"] == "IN_QUEUE"
    run_tasks()
    feed = client_of.ok("GET", path)
    assert feed["processingStatus"] == "DONE"
    document = client_of.ok("GET", f"/feeds/2021-06-30/documents/{feed['resultFeedDocumentId']}")
    response = client_of.web.get(document["url"].partition("testserver")[2])
    report = json.loads(b"".join(response.streaming_content))
    schema = json.loads(
        (published.require() / "schemas/feeds/listings-feed-processing-report-schema-v2.json").read_text()
    )
    from jsonschema.validators import validator_for

    validator_for(schema)(schema).validate(report)
    assert report["summary"]["messagesAccepted"] == 1
    assert report["issues"][0]["messageId"] == 2
    assert Offer.objects.get().sku == "MUG-1"
    again = client_of.ok("GET", path)
    assert again == feed


def test_a_document_makes_one_feed(client_of):
    header = {"sellerId": client_of.seller.number, "version": "2.0"}
    document = _document(client_of, json.dumps({"header": header, "messages": [_message(1)]}).encode())
    body = {"feedType": "JSON_LISTINGS_FEED", "marketplaceIds": [US], "inputFeedDocumentId": document}
    first = client_of.ok("POST", "/feeds/2021-06-30/feeds", body=body)
    assert client_of.ok("POST", "/feeds/2021-06-30/feeds", body=body) == first
    assert FeedRequest.objects.count() == 1


def test_feeds_whose_processing_ended_are_fatal(client_of):
    number = _feed(client_of, feed_type="POST_PRODUCT_IMAGE_DATA")
    assert client_of.ok("GET", f"/feeds/2021-06-30/feeds/{number}")["processingStatus"] == "FATAL"


def test_a_queued_feed_can_be_cancelled_and_a_done_one_not(client_of):
    number = _feed(client_of, _message(1))
    path = f"/feeds/2021-06-30/feeds/{number}"
    client_of.ok("DELETE", path)
    client_of.ok("DELETE", path)
    assert client_of.ok("GET", path)["processingStatus"] == "CANCELLED"
    done = _feed(client_of, _message(2))
    run_tasks()
    assert client_of.call("DELETE", f"/feeds/2021-06-30/feeds/{done}").status_code == 400


def test_feeds_are_listed_by_type_and_status(client_of):
    numbers = [_feed(client_of, _message(n)) for n in range(1, 4)]
    run_tasks()
    late = _feed(client_of, _message(9))
    reply = client_of.ok("GET", "/feeds/2021-06-30/feeds", feedTypes="JSON_LISTINGS_FEED", pageSize=2)
    assert [f["feedId"] for f in reply["feeds"]] == [late, numbers[2]]
    rest = client_of.ok(
        "GET", "/feeds/2021-06-30/feeds", feedTypes="JSON_LISTINGS_FEED", pageSize=2, nextToken=reply["nextToken"]
    )
    assert [f["feedId"] for f in rest["feeds"]] == [numbers[1], numbers[0]]
    done = client_of.ok("GET", "/feeds/2021-06-30/feeds", processingStatuses="DONE")
    assert {f["feedId"] for f in done["feeds"]} == set(numbers)


@pytest.mark.parametrize(
    "change",
    [
        {"feedType": "POST_NONSENSE"},
        {"marketplaceIds": ["NOWHERE"]},
        {"marketplaceIds": []},
        {"inputFeedDocumentId": "fondaco1.document.00000000-0000-0000-0000-000000000000"},
        {"feedType": None},
    ],
)
def test_bad_feeds_are_refused(client_of, change):
    document = _document(client_of, b"{}")
    body = {"feedType": "JSON_LISTINGS_FEED", "marketplaceIds": [US], "inputFeedDocumentId": document, **change}
    assert client_of.call("POST", "/feeds/2021-06-30/feeds", body=body).status_code in (400, 404)


def test_a_feed_without_its_document_is_refused(client_of):
    reply = client_of.ok("POST", "/feeds/2021-06-30/documents", body={"contentType": "application/json"})
    body = {
        "feedType": "JSON_LISTINGS_FEED",
        "marketplaceIds": [US],
        "inputFeedDocumentId": reply["feedDocumentId"],
    }
    response = client_of.call("POST", "/feeds/2021-06-30/feeds", body=body)
    assert response.status_code == 400
    assert "PUT" in response.json()["errors"][0]["details"]


def test_another_accounts_feeds_and_documents_are_not_found(client_of):
    number = _feed(client_of, _message(1))
    document = _document(client_of, b"{}")
    other = make_client(make_seller("Other"))
    assert other.get(f"/feeds/2021-06-30/feeds/{number}").status_code == 404
    assert other.get(f"/feeds/2021-06-30/documents/{document}").status_code == 404


def test_addresses_of_documents_hold_for_one_verb_and_a_while(client_of):
    reply = client_of.ok("POST", "/feeds/2021-06-30/documents", body={"contentType": "application/json"})
    address = reply["url"].partition("testserver")[2]
    assert client_of.web.get(address).status_code == 403
    assert client_of.web.put(address + "x", b"{}").status_code == 403
    assert client_of.web.put(address, b"{}").status_code == 200
    assert client_of.web.put(address, b"{}").status_code == 200
    assert client_of.web.put(address, b"{} ").status_code == 400
    from datetime import timedelta

    from fondaco.engine import clock

    clock.set_to(at=clock.now() + timedelta(minutes=16))
    assert client_of.web.put(address, b"{}").status_code == 403

"""Layer D: whole stories through two clients of the package index, unmodified, the second over the proxy for fixed addresses."""

from __future__ import annotations

import json
import os
import threading
import urllib.request
from typing import Any

import pytest

from fondaco.sandbox.proxy import authority
from fondaco.sandbox.proxy.server import Proxy
from fondaco.sandbox.tests.speaking import MUG, US
from fondaco.sandbox.tests.two_clients import Official, OverTheProxy, listings_feed, refund_feed

SHORT, LONG = 60, 10_000


@pytest.fixture(params=["official client", "other client over the proxy"])
def integration(request, fondaco_server, tmp_path, monkeypatch):
    if request.param == "official client":
        yield Official(fondaco_server)
        return
    made = authority.ensure(tmp_path / "proxy")
    with Proxy(store=fondaco_server.url, context=authority.context(made)) as proxy:
        threading.Thread(target=proxy.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        for name in ("HTTP_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        monkeypatch.setenv("SSL_CERT_FILE", str(made.path))
        yield OverTheProxy(fondaco_server)
        proxy.shutdown()


def _picture(url: str) -> list[dict[str, str]]:
    return [{"media_location": url, "marketplace_id": US}]


def _details(order: str, item: str) -> dict[str, Any]:
    return {
        "AmazonOrderId": order,
        "ItemList": [{"OrderItemId": item, "Quantity": 1}],
        "ShipFromAddress": {
            "Name": "Swift Outfitters", "AddressLine1": "88 Prairie Avenue", "City": "Columbus", "StateOrProvinceCode": "OH",
            "PostalCode": "43215", "CountryCode": "US", "Email": "", "Phone": "",
        },
        "PackageDimensions": {"Length": 8, "Width": 6, "Height": 5, "Unit": "inches"},
        "Weight": {"Value": 24, "Unit": "oz"},
        "ShippingServiceOptions": {
            "DeliveryExperience": "DeliveryConfirmationWithoutSignature", "CarrierWillPickUp": False, "LabelFormat": "PDF",
        },
    }  # fmt: skip


def test_from_a_listing_with_a_bad_picture_to_the_refund_in_the_books(integration, fondaco_server):
    control, main = fondaco_server.control, "main_product_image_locator"
    bad = control.picture("mug", 1, fault="404")
    assert integration.put_listing("MUG-1", MUG | {main: _picture(bad)}) == "ACCEPTED"
    control.advance(hours=20)
    assert [main] in integration.issues("MUG-1")
    assert integration.patch_listing("MUG-1", main, _picture(control.picture("mug", 1))) == "ACCEPTED"
    control.settle()
    assert [main] not in integration.issues("MUG-1")

    order = control.place_order("MUG-1", 2)["number"]
    status, item = integration.order(order)
    assert status == "UNSHIPPED"
    tracking, label = integration.buy_label(_details(order, item))
    assert label
    integration.confirm(
        order,
        {
            "packageReferenceId": "2",
            "carrierCode": "Meridian",
            "trackingNumber": "MD2",
            "shipDate": control.now.isoformat().replace("+00:00", "Z"),
            "orderItems": [{"orderItemId": item, "quantity": 1}],
        },
    )
    assert {parcel["tracking_number"] for parcel in control.order(order)["parcels"]} == {tracking, "MD2"}
    control.advance(days=3)
    assert control.deliver(order)["status"] == "delivered"
    assert integration.order(order)[0] == "SHIPPED"

    back = control.send_back(order, reason="DEFECTIVE")
    report = integration.feed(
        "POST_PAYMENT_ADJUSTMENT_DATA",
        refund_feed(fondaco_server.credentials.seller_id, order, item, "5.00"),
        "text/xml",
    )
    assert b"<MessagesSuccessful>1</MessagesSuccessful>" in report, report
    lines = [line.split("\t") for line in integration.report("GET_FLAT_FILE_RETURNS_DATA_BY_RETURN_DATE").splitlines()]
    rows = [dict(zip(lines[0], line, strict=False)) for line in lines[1:]]
    assert back["number"]
    assert {row["Order ID"] for row in rows} == {order}
    assert {row["Merchant SKU"] for row in rows} == {"MUG-1"}
    assert integration.events(order) == {"sent": 1, "refunded": 1}


def test_a_message_with_an_uploaded_photo_reaches_the_buyer(integration, fondaco_server):
    control = fondaco_server.control
    integration.put_listing("MUG-1", MUG)
    order = control.place_order("MUG-1")["number"]
    with urllib.request.urlopen(control.picture("mug", 3, query="size=800")) as picture:
        photo = picture.read()
    integration.write_with_photo(order, photo)
    control.settle()
    assert any("prime-buyer@fondaco.example" in to for mail in control.outbox() for to in mail["to"])


def _feed(integration: Any, server: Any, count: int) -> None:
    messages = [
        {
            "messageId": number,
            "sku": f"MUG-{number}",
            "operationType": "UPDATE",
            "productType": "MUG",
            "requirements": "LISTING",
            "attributes": MUG
            | {"item_name": [{"value": f"Stoneware mug no. {number}", "language_tag": "en_US", "marketplace_id": US}]},
        }
        for number in range(1, count + 1)
    ]
    messages[1]["attributes"] = {**messages[1]["attributes"], "fulfillment_availability": [{"quantity": -1}]}
    content = listings_feed(server.credentials.seller_id, messages)
    report = json.loads(integration.feed("JSON_LISTINGS_FEED", content, "application/json; charset=UTF-8"))
    assert report["summary"]["messagesProcessed"] == count
    assert report["summary"]["messagesAccepted"] == count - 1
    assert {issue["messageId"] for issue in report["issues"] if issue["severity"] == "ERROR"} == {2}
    lines = integration.report("GET_MERCHANT_LISTINGS_ALL_DATA").splitlines()
    assert len(lines) == count


def test_a_feed_is_worked_off_and_reported(integration, fondaco_server):
    _feed(integration, fondaco_server, SHORT)


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.skipif(os.environ.get("FONDACO_LONG") != "1", reason="`make long-feed` runs it: 10,000 messages, twice")
def test_a_feed_of_ten_thousand_messages_is_worked_off_and_reported(integration, fondaco_server):
    _feed(integration, fondaco_server, LONG)

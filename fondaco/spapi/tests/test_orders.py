"""Orders in both versions, and what a seller's program says of shipments."""

from __future__ import annotations

from datetime import timedelta

import pytest

from fondaco.catalogue.models import Offer
from fondaco.catalogue.tests.factories import make_offer
from fondaco.engine import clock
from fondaco.orders.models import Parcel
from fondaco.orders.operations import cancel_order
from fondaco.orders.tests.factories import caller_of_buyer, delivered_order, placed_order
from fondaco.sellers.tests.factories import make_seller
from fondaco.spapi.tests.client import US, make_client

pytestmark = pytest.mark.django_db
PARTS = "BUYER,RECIPIENT,PROCEEDS,EXPENSE,PROMOTION,CANCELLATION,FULFILLMENT,PACKAGES,TAX,PAYMENT,FULFILLMENT_ORDERS"
LONG_AGO = "2020-01-01T00:00:00Z"


@pytest.fixture(autouse=True)
def _no_limits(settings) -> None:
    settings.FONDACO_SPAPI_LIMITS = 0


def _offer(client, **fields) -> Offer:
    return make_offer(client.caller, **{"quantity": 50, **fields})


def _confirm(client, order, *, reference="1", items=None, **detail):
    detail = {
        "packageReferenceId": reference,
        "carrierCode": "UPS",
        "trackingNumber": f"1Z{reference}",
        "shipDate": (clock.now() - timedelta(minutes=1)).isoformat(),
        "orderItems": items or [{"orderItemId": str(i.pk), "quantity": i.quantity} for i in order.items.all()],
        **detail,
    }
    path = f"/orders/v0/orders/{order.number}/shipmentConfirmation"
    return client.call("POST", path, body={"packageDetail": detail, "marketplaceId": US})


def test_an_order_is_read_with_all_its_parts(client_of):
    order = placed_order(offer=_offer(client_of), quantity=2)
    body = client_of.ok("GET", f"/orders/2026-01-01/orders/{order.number}", includedData=PARTS)["order"]
    assert body["fulfillment"]["fulfillmentStatus"] == "UNSHIPPED"
    assert body["recipient"]["deliveryAddress"]["city"].title() == "Columbus"
    assert body["orderItems"][0]["product"]["price"]["unitPrice"] == {"amount": "19.99", "currencyCode": "USD"}
    assert float(body["proceeds"]["grandTotal"]["amount"]) * 100 == pytest.approx(order.total_minor)
    assert order.buyer.email not in str(body)
    plain = client_of.ok("GET", f"/orders/2026-01-01/orders/{order.number}")["order"]
    assert not {"buyer", "recipient", "packages", "payment"} & set(plain)


def test_prime_orders_say_so(client_of):
    order = placed_order(offer=_offer(client_of), item={"is_prime": True, "speed": "two_day"})
    body = client_of.ok("GET", f"/orders/2026-01-01/orders/{order.number}", includedData="FULFILLMENT")["order"]
    assert body["programs"] == ["PRIME"]
    assert client_of.ok("GET", f"/orders/v0/orders/{order.number}")["payload"]["IsPrime"] is True


def test_orders_are_listed_page_by_page(client_of):
    offer = _offer(client_of)
    numbers = [placed_order(offer=offer).number for _ in range(5)]
    seen, token = [], ""
    while True:
        query = {"createdAfter": LONG_AGO, "maxResultsPerPage": 2} | ({"paginationToken": token} if token else {})
        reply = client_of.ok("GET", "/orders/2026-01-01/orders", **query)
        seen += [o["orderId"] for o in reply["orders"]]
        if not (token := reply.get("pagination", {}).get("nextToken", "")):
            break
    assert seen == numbers[::-1]
    v0 = client_of.ok("GET", "/orders/v0/orders", CreatedAfter=LONG_AGO, MarketplaceIds=US, MaxResultsPerPage=3)
    assert [o["AmazonOrderId"] for o in v0["payload"]["Orders"]] == numbers[:1:-1]
    assert v0["payload"]["NextToken"]


def test_lists_are_narrowed_by_status(client_of):
    offer = _offer(client_of)
    waiting, gone = placed_order(offer=offer, quantity=2), placed_order(offer=offer)
    partly = placed_order(offer=offer, quantity=2)
    arrived = delivered_order(offer=offer)
    cancel_order(caller_of_buyer(gone), number=gone.number, reason="buyer_changed_mind")
    item = partly.items.get()
    assert _confirm(client_of, partly, items=[{"orderItemId": str(item.pk), "quantity": 1}]).status_code == 204
    expected = {
        "UNSHIPPED": {waiting.number},
        "PARTIALLY_SHIPPED": {partly.number},
        "SHIPPED": {arrived.number},
        "CANCELLED": {gone.number},
        "PENDING": set(),
    }
    for status, numbers in expected.items():
        reply = client_of.ok(
            "GET", "/orders/2026-01-01/orders", createdAfter=LONG_AGO, fulfillmentStatuses=status, includedData=PARTS
        )
        assert {o["orderId"] for o in reply["orders"]} == numbers, status
        assert all(o["fulfillment"]["fulfillmentStatus"] == status for o in reply["orders"])


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"createdAfter": LONG_AGO, "lastUpdatedAfter": LONG_AGO},
        {"createdAfter": "yesterday"},
        {"createdAfter": LONG_AGO, "fulfillmentStatuses": "LOST"},
        {"createdAfter": LONG_AGO, "maxResultsPerPage": "101"},
        {"createdAfter": LONG_AGO, "paginationToken": "forged"},
    ],
)
def test_bad_questions_are_refused(client_of, query):
    assert client_of.get("/orders/2026-01-01/orders", **query).status_code == 400


def test_another_sellers_order_is_not_found(client_of):
    order = placed_order()
    assert client_of.get(f"/orders/2026-01-01/orders/{order.number}").status_code == 404
    for tail in ("", "/buyerInfo", "/address", "/orderItems", "/orderItems/buyerInfo"):
        assert client_of.get(f"/orders/v0/orders/{order.number}{tail}").status_code == 404
    assert _confirm(client_of, order).status_code == 404
    assert not Parcel.objects.exists()


def test_personal_data_needs_a_restricted_token_in_version_0(client_of):
    order = placed_order(offer=_offer(client_of))
    path = f"/orders/v0/orders/{order.number}"
    plain = client_of.ok("GET", path)["payload"]
    assert "Name" not in plain["ShippingAddress"]
    assert "BuyerName" not in plain["BuyerInfo"]
    body = {
        "restrictedResources": [
            {"method": "GET", "path": path, "dataElements": ["buyerInfo", "shippingAddress"]},
            {"method": "GET", "path": "/orders/v0/orders/{orderId}/address"},
        ]
    }
    token = client_of.ok("POST", "/tokens/2021-03-01/restrictedDataToken", body=body)["restrictedDataToken"]
    whole = client_of.ok("GET", path, token=token)["payload"]
    assert whole["ShippingAddress"]["AddressLine1"].lower() == "212 maple street"
    assert whole["BuyerInfo"]["BuyerName"] == "Mara Lindqvist"
    address = client_of.ok("GET", f"{path}/address", token=token)["payload"]["ShippingAddress"]
    assert address["Name"] == "Mara Lindqvist"
    assert client_of.call("GET", f"{path}/buyerInfo", token=token).status_code == 403
    assert order.buyer.email not in str(whole)


def test_a_confirmed_shipment_counts_once(client_of):
    order = placed_order(offer=_offer(client_of), quantity=3)
    item = order.items.get()
    half = [{"orderItemId": str(item.pk), "quantity": 2}]
    assert _confirm(client_of, order, items=half).status_code == 204
    assert _confirm(client_of, order, items=half).status_code == 204
    assert Parcel.objects.count() == 1
    body = client_of.ok("GET", f"/orders/v0/orders/{order.number}")["payload"]
    assert (body["OrderStatus"], body["NumberOfItemsShipped"], body["NumberOfItemsUnshipped"]) == (
        "PartiallyShipped",
        2,
        1,
    )
    assert _confirm(client_of, order, reference="2", items=half).status_code == 400
    rest = [{"orderItemId": str(item.pk), "quantity": 1}]
    assert _confirm(client_of, order, reference="2", items=rest).status_code == 204
    packages = client_of.ok("GET", f"/orders/2026-01-01/orders/{order.number}", includedData="PACKAGES")["order"]
    assert [p["packageItems"][0]["quantity"] for p in packages["packages"]] == [2, 1]


@pytest.mark.spec("PRIME-19")
def test_a_label_from_elsewhere_is_refused_for_a_prime_order(client_of):
    order = placed_order(offer=_offer(client_of), item={"is_prime": True})
    response = _confirm(client_of, order)
    assert response.status_code == 400
    assert "PRIME-19" in response.json()["errors"][0]["details"]


@pytest.mark.parametrize(
    "change",
    [
        {"shipDate": "2999-01-01T00:00:00Z"},
        {"shipDate": "2022-01-01"},
        {"trackingNumber": ""},
        {"carrierCode": "Other"},
        {"orderItems": [{"orderItemId": "nothing", "quantity": 1}]},
        {"orderItems": []},
        {"orderItems": [{"orderItemId": "01a20461-4f37-7166-9b7b-8849e0000000", "quantity": -1}]},
    ],
)
def test_wrong_confirmations_change_nothing(client_of, change):
    order = placed_order(offer=_offer(client_of))
    assert _confirm(client_of, order, **change).status_code in (400, 404)
    assert not Parcel.objects.exists()


def test_what_does_not_exist_here_is_said(client_of):
    order = placed_order(offer=_offer(client_of))
    path = f"/orders/v0/orders/{order.number}"
    body = {"marketplaceId": US, "shipmentStatus": "ReadyForPickup"}
    assert client_of.call("POST", f"{path}/shipment", body=body).status_code == 400
    body = {"regulatedOrderVerificationStatus": {"externalReviewerId": "r", "status": "Approved"}}
    assert client_of.call("PATCH", f"{path}/regulatedInfo", body=body).status_code == 400
    assert client_of.get(f"{path}/regulatedInfo").status_code == 403


def test_another_accounts_token_sees_nothing(client_of):
    placed_order(offer=_offer(client_of))
    other = make_client(make_seller("Other"))
    assert other.ok("GET", "/orders/2026-01-01/orders", createdAfter=LONG_AGO)["orders"] == []

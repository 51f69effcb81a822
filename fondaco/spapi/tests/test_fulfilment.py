"""Labels for programs: rates, purchase, file, void."""

from __future__ import annotations

import base64
import gzip
import hashlib

import pytest

from fondaco.catalogue.tests.factories import make_offer
from fondaco.fulfilment.models import Label, TermsAccepted
from fondaco.fulfilment.rules.labels import MARKETPLACE, MARKETPLACE_TERMS
from fondaco.orders.models import Parcel
from fondaco.orders.tests.factories import placed_order
from fondaco.sellers.tests.factories import make_seller
from fondaco.spapi.tests.client import make_client

pytestmark = pytest.mark.django_db
SERVICES = "/mfn/v0/eligibleShippingServices"


@pytest.fixture(autouse=True)
def _no_limits(settings) -> None:
    settings.FONDACO_SPAPI_LIMITS = 0


@pytest.fixture
def order(client_of):
    return placed_order(offer=make_offer(client_of.caller, quantity=9), quantity=2)


def _details(order, quantity=2, **change):
    item = order.items.get()
    return {
        "AmazonOrderId": order.number,
        "ItemList": [{"OrderItemId": str(item.pk), "Quantity": quantity}],
        "ShipFromAddress": {
            "Name": "Harbor Goods",
            "AddressLine1": "12 Wharf Street",
            "City": "Chicago",
            "StateOrProvinceCode": "IL",
            "PostalCode": "60601",
            "CountryCode": "US",
            "Email": "x@fondaco.example",
            "Phone": "5550100",
        },
        "PackageDimensions": {"Length": 8, "Width": 6, "Height": 5, "Unit": "inches"},
        "Weight": {"Value": 24, "Unit": "oz"},
        "ShippingServiceOptions": {
            "DeliveryExperience": "DeliveryConfirmationWithoutSignature",
            "CarrierWillPickUp": False,
            "LabelFormat": "ZPL203",
        },
        **change,
    }


def _accept_terms(client, order) -> None:
    from fondaco.fulfilment.carriers.port import carriers
    from fondaco.fulfilment.tests.label_factories import rate_request

    versions = {r.carrier: r.terms_version for r in carriers().rates(rate_request())}
    for party, version in {MARKETPLACE: MARKETPLACE_TERMS, **versions}.items():
        TermsAccepted.objects.create(
            seller=client.seller, party=party, version=version, accepted_by=client.caller.person
        )


def _rates(client, order, **change):
    body = {"ShipmentRequestDetails": _details(order, **change)}
    return client.ok("POST", SERVICES, body=body)["payload"]


def _buy(client, order, service, **change):
    body = {
        "ShipmentRequestDetails": _details(order, **change),
        "ShippingServiceId": service["ShippingServiceId"],
        "ShippingServiceOfferId": service["ShippingServiceOfferId"],
    }
    return client.call("POST", "/mfn/v0/shipments", body=body)


@pytest.mark.spec("PRIME-20")
def test_carriers_whose_terms_are_not_accepted_are_named_apart(client_of, order):
    reply = _rates(client_of, order)
    assert reply["ShippingServiceList"] == []
    assert len(reply["TermsAndConditionsNotAcceptedCarrierList"]) >= 2
    _accept_terms(client_of, order)
    reply = _rates(client_of, order)
    assert "TermsAndConditionsNotAcceptedCarrierList" not in reply
    prices = [s["Rate"]["Amount"] for s in reply["ShippingServiceList"]]
    assert prices == sorted(prices)
    assert all(price > 0 for price in prices)


def test_a_label_is_bought_once_and_can_be_read_and_voided(client_of, order):
    _accept_terms(client_of, order)
    service = _rates(client_of, order)["ShippingServiceList"][0]
    first = _buy(client_of, order, service)
    assert first.status_code == 200, first.content
    shipment = first.json()["payload"]
    assert _buy(client_of, order, service).json()["payload"]["ShipmentId"] == shipment["ShipmentId"]
    assert (Label.objects.count(), Parcel.objects.count()) == (1, 1)
    contents = shipment["Label"]["FileContents"]
    data = gzip.decompress(base64.b64decode(contents["Contents"]))
    assert data.startswith(b"^XA")
    assert base64.b64encode(hashlib.md5(data).digest()).decode() == contents["Checksum"]
    assert contents["FileType"] == "application/zpl"
    read = client_of.ok("GET", f"/mfn/v0/shipments/{shipment['ShipmentId']}")["payload"]
    pdf = gzip.decompress(base64.b64decode(read["Label"]["FileContents"]["Contents"]))
    assert pdf.startswith(b"%PDF")
    assert read["TrackingId"] == Parcel.objects.get().tracking_number
    packages = client_of.ok("GET", f"/orders/2026-01-01/orders/{order.number}", includedData="PACKAGES")["order"]
    assert packages["packages"][0]["trackingNumber"] == read["TrackingId"]
    again = _buy(client_of, order, _service_of(service))
    assert again.json()["errors"][0]["code"] in ("ShipmentAlreadyExists", "InvalidShippingServiceOfferId")
    voided = client_of.ok("DELETE", f"/mfn/v0/shipments/{shipment['ShipmentId']}")["payload"]
    assert voided["Status"] == "RefundApplied"
    assert client_of.ok("DELETE", f"/mfn/v0/shipments/{shipment['ShipmentId']}")["payload"]["Status"] == "RefundApplied"
    assert not Parcel.objects.exists()


def _service_of(service):
    return {**service, "ShippingServiceOfferId": service["ShippingServiceOfferId"] + "x"}


def test_a_second_shipment_of_the_same_units_is_refused(client_of, order):
    _accept_terms(client_of, order)
    service = _rates(client_of, order)["ShippingServiceList"][0]
    assert _buy(client_of, order, service).status_code == 200
    response = client_of.call("POST", SERVICES, body={"ShipmentRequestDetails": _details(order)})
    assert response.json()["errors"][0]["code"] == "ShipmentAlreadyExists"


@pytest.mark.parametrize(
    "change",
    [
        {"Weight": {"Value": 0, "Unit": "oz"}},
        {"Weight": {"Value": 1, "Unit": "stone"}},
        {"PackageDimensions": {"PredefinedPackageDimensions": "UPS_Tube"}},
        {"PackageDimensions": {"Length": 10**5, "Width": 1, "Height": 1, "Unit": "inches"}},
        {"ItemList": []},
        {"ItemList": [{"OrderItemId": "none", "Quantity": 1}]},
        {"ShipDate": "2999-01-01T00:00:00Z"},
        {"AmazonOrderId": "000-0000000-0000000"},
    ],
)
def test_wrong_requests_are_refused(client_of, order, change):
    response = client_of.call("POST", SERVICES, body={"ShipmentRequestDetails": _details(order, **change)})
    assert response.status_code in (400, 404)


def test_another_accounts_order_and_shipment_are_not_found(client_of, order):
    _accept_terms(client_of, order)
    service = _rates(client_of, order)["ShippingServiceList"][0]
    shipment = _buy(client_of, order, service).json()["payload"]["ShipmentId"]
    other = make_client(make_seller("Other", return_to="IL"))
    assert other.call("POST", SERVICES, body={"ShipmentRequestDetails": _details(order)}).status_code == 404
    assert other.get(f"/mfn/v0/shipments/{shipment}").status_code == 404
    assert other.call("DELETE", f"/mfn/v0/shipments/{shipment}").status_code == 404
    assert Label.objects.get().state == "bought"


def test_nothing_more_is_asked_of_the_seller(client_of, order):
    body = {"ShippingServiceId": "x", "ShipFromAddress": {}, "OrderId": order.number}
    reply = client_of.ok("POST", "/mfn/v0/additionalSellerInputs", body=body)
    assert reply["payload"] == {"ShipmentLevelFields": [], "ItemLevelFieldsList": []}

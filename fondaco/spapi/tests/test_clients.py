"""Two clients of the package index, unmodified, against a running server: a seller's day from listing to money."""

from __future__ import annotations

import io
import json
from types import SimpleNamespace
from typing import Any

import pytest

from fondaco.catalogue.models import Offer
from fondaco.engine.testing import run_tasks
from fondaco.fulfilment.carriers.port import carriers
from fondaco.fulfilment.models import TermsAccepted
from fondaco.fulfilment.rules.labels import MARKETPLACE, MARKETPLACE_TERMS
from fondaco.fulfilment.tests.label_factories import rate_request
from fondaco.orders.tests.factories import placed_order
from fondaco.sellers.tests.factories import make_seller
from fondaco.spapi.tests.client import US, SpClient, make_client

pytestmark = pytest.mark.django_db(transaction=True)
MUG = {
    "item_name": [{"value": "Stoneware mug", "language_tag": "en_US", "marketplace_id": US}],
    "color": [{"value": "grey", "marketplace_id": US}],
    "condition_type": [{"value": "new_new", "marketplace_id": US}],
    "purchasable_offer": [
        {"currency": "USD", "our_price": [{"schedule": [{"value_with_tax": 19.99}]}], "marketplace_id": US}
    ],
    "fulfillment_availability": [{"fulfillment_channel_code": "DEFAULT", "quantity": 5}],
}


@pytest.fixture
def program(live_server: Any, settings: Any) -> SpClient:
    settings.FONDACO_SPAPI_LIMITS = 0
    return make_client(make_seller(return_to="IL"))


def _official(program: SpClient, address: str) -> Any:
    from spapi import SPAPIClient, SPAPIConfig

    config = SPAPIConfig(
        client_id=program.application.client_id,
        client_secret=program.secret,
        refresh_token=program.refresh_token,
        region="NA",
    )
    return SPAPIClient(config, endpoint=address, oauth_endpoint=f"{address}/auth/o2/token").api_client


def test_the_official_client_goes_from_listing_to_label(program, live_server):
    from spapi.api.finances_v0.finances_v0_api import FinancesV0Api as FinancesApi
    from spapi.api.listings_items_v2021_08_01.listings_api import ListingsApi
    from spapi.api.merchant_fulfillment_v0.merchant_fulfillment_api import MerchantFulfillmentApi
    from spapi.api.orders_v2026_01_01.get_order_api import GetOrderApi
    from spapi.api.sellers_v1.sellers_api import SellersApi

    client = _official(program, live_server.url)
    number = program.seller.number
    sold_in = SellersApi(client).get_marketplace_participations().payload
    assert sold_in[0].marketplace.id == US
    body = {"productType": "MUG", "requirements": "LISTING", "attributes": MUG}
    written = ListingsApi(client).put_listings_item(number, "MUG-1", [US], body)
    assert written.status == "ACCEPTED"
    read = ListingsApi(client).get_listings_item(number, "MUG-1", [US], included_data=["summaries", "issues", "offers"])
    assert read.summaries[0].item_name == "Stoneware mug"
    assert read.issues
    order = placed_order(offer=Offer.objects.get())
    found = GetOrderApi(client).get_order(order.number, included_data=["FULFILLMENT", "RECIPIENT"]).order
    assert found.fulfillment.fulfillment_status == "UNSHIPPED"
    versions = {r.carrier: r.terms_version for r in carriers().rates(rate_request())}
    for party, version in {MARKETPLACE: MARKETPLACE_TERMS, **versions}.items():
        TermsAccepted.objects.create(
            seller=program.seller, party=party, version=version, accepted_by=program.caller.person
        )
    details = {
        "AmazonOrderId": order.number,
        "ItemList": [{"OrderItemId": found.order_items[0].order_item_id, "Quantity": 1}],
        "ShipFromAddress": {
            "Name": "Harbor Goods",
            "AddressLine1": "12 Wharf Street",
            "City": "Chicago",
            "PostalCode": "60601",
            "CountryCode": "US",
            "Email": "",
            "Phone": "",
        },
        "PackageDimensions": {"Length": 8, "Width": 6, "Height": 5, "Unit": "inches"},
        "Weight": {"Value": 24, "Unit": "oz"},
        "ShippingServiceOptions": {
            "DeliveryExperience": "DeliveryConfirmationWithoutSignature",
            "CarrierWillPickUp": False,
        },
    }
    mfn = MerchantFulfillmentApi(client)
    rates = mfn.get_eligible_shipment_services({"ShipmentRequestDetails": details}).payload.shipping_service_list
    wanted = {
        "ShipmentRequestDetails": details,
        "ShippingServiceId": rates[0].shipping_service_id,
        "ShippingServiceOfferId": rates[0].shipping_service_offer_id,
    }
    shipment = mfn.create_shipment(wanted).payload
    assert shipment.tracking_id
    assert GetOrderApi(client).get_order(order.number, included_data=["PACKAGES"]).order.packages[
        0
    ].tracking_number == (shipment.tracking_id)
    events = FinancesApi(client).list_financial_events_by_order_id(order.number).payload.financial_events
    assert events.shipment_event_list[0].amazon_order_id == order.number


def test_the_client_with_the_strange_host_sends_a_feed_and_reads_its_report(program, live_server, monkeypatch):
    from sp_api.api import Feeds, ListingsItems, Sellers
    from sp_api.auth import AccessTokenClient

    address = live_server.url

    class Tokens(AccessTokenClient):
        scheme = "http://"
        host = address.partition("//")[2]

    market = SimpleNamespace(endpoint=address, marketplace_id=US, region="us-east-1")
    credentials = {
        "refresh_token": program.refresh_token,
        "lwa_app_id": program.application.client_id,
        "lwa_client_secret": program.secret,
    }
    given = {"marketplace": market, "credentials": credentials, "auth_token_client_class": Tokens}
    assert Sellers(**given).get_marketplace_participation().payload[0]["marketplace"]["id"] == US
    message = {
        "messageId": 1,
        "sku": "MUG-2",
        "operationType": "UPDATE",
        "productType": "MUG",
        "requirements": "LISTING",
        "attributes": MUG,
    }
    header = {"sellerId": program.seller.number, "version": "2.0", "issueLocale": "en_US"}
    feeds = Feeds(**given)
    document = feeds.create_feed_document(
        io.StringIO(json.dumps({"header": header, "messages": [message]})),
        content_type="application/json; charset=UTF-8",
    ).payload
    feed = feeds.create_feed("JSON_LISTINGS_FEED", document["feedDocumentId"]).payload
    run_tasks()
    done = feeds.get_feed(feed["feedId"]).payload
    assert done["processingStatus"] == "DONE"
    report = json.loads(feeds.get_feed_document(done["resultFeedDocumentId"]))
    assert report["summary"]["messagesAccepted"] == 1
    read = ListingsItems(**given).get_listings_item(program.seller.number, "MUG-2", marketplaceIds=[US]).payload
    assert read["summaries"][0]["itemName"] == "Stoneware mug"

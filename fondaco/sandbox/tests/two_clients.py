"""Two clients of the package index, as they are, behind the same few verbs: what an integration does with either."""

from __future__ import annotations

import base64
import hashlib
import io
import json
from typing import Any

import requests

from fondaco.sandbox.client import Sandbox
from fondaco.sandbox.tests.speaking import US


class Official:
    """`amzn-sp-api`, over the plain base URL."""

    def __init__(self, server: Sandbox) -> None:
        from spapi import SPAPIClient, SPAPIConfig

        keys = server.credentials
        config = SPAPIConfig(
            client_id=keys.client_id, client_secret=keys.client_secret, refresh_token=keys.refresh_token, region="NA"
        )
        made = SPAPIClient(config, endpoint=server.url, oauth_endpoint=keys.token_url)
        self.client, self.seller = made.api_client, keys.seller_id

    def put_listing(self, sku: str, attributes: dict[str, Any]) -> str:
        from spapi.api.listings_items_v2021_08_01.listings_api import ListingsApi

        body = {"productType": "MUG", "requirements": "LISTING", "attributes": attributes}
        return str(ListingsApi(self.client).put_listings_item(self.seller, sku, [US], body).status)

    def patch_listing(self, sku: str, attribute: str, value: list[Any]) -> str:
        from spapi.api.listings_items_v2021_08_01.listings_api import ListingsApi

        patch = {"op": "replace", "path": f"/attributes/{attribute}", "value": value}
        body = {"productType": "MUG", "patches": [patch]}
        return str(ListingsApi(self.client).patch_listings_item(self.seller, sku, [US], body).status)

    def issues(self, sku: str) -> list[list[str]]:
        from spapi.api.listings_items_v2021_08_01.listings_api import ListingsApi

        found = ListingsApi(self.client).get_listings_item(self.seller, sku, [US], included_data=["issues"])
        return [list(issue.attribute_names or []) for issue in found.issues or []]

    def order(self, number: str) -> tuple[str, str]:
        """Status, and the id of its first item."""
        from spapi.api.orders_v2026_01_01.get_order_api import GetOrderApi

        found = GetOrderApi(self.client).get_order(number, included_data=["FULFILLMENT"]).order
        return str(found.fulfillment.fulfillment_status), str(found.order_items[0].order_item_id)

    def buy_label(self, details: dict[str, Any]) -> tuple[str, bytes]:
        """Tracking number and the label's bytes as sent."""
        from spapi.api.merchant_fulfillment_v0.merchant_fulfillment_api import MerchantFulfillmentApi

        api = MerchantFulfillmentApi(self.client)
        rates = api.get_eligible_shipment_services({"ShipmentRequestDetails": details}).payload.shipping_service_list
        wanted = {
            "ShipmentRequestDetails": details,
            "ShippingServiceId": rates[0].shipping_service_id,
            "ShippingServiceOfferId": rates[0].shipping_service_offer_id,
        }
        made = api.create_shipment(wanted).payload
        return str(made.tracking_id), base64.b64decode(made.label.file_contents.contents)

    def confirm(self, number: str, detail: dict[str, Any]) -> None:
        from spapi.api.orders_v0.orders_v0_api import OrdersV0Api

        OrdersV0Api(self.client).confirm_shipment(number, {"marketplaceId": US, "packageDetail": detail})

    def feed(self, feed_type: str, content: bytes, content_type: str) -> bytes:
        """Sends a feed and returns its processing report."""
        from spapi.api.feeds_v2021_06_30.feeds_api import FeedsApi

        api = FeedsApi(self.client)
        document = api.create_feed_document({"contentType": content_type})
        assert requests.put(document.url, content, headers={"Content-Type": content_type}, timeout=60).ok
        body = {"feedType": feed_type, "marketplaceIds": [US], "inputFeedDocumentId": document.feed_document_id}
        feed_id = api.create_feed(body).feed_id
        done = _until_done(lambda: api.get_feed(feed_id).to_dict())
        return requests.get(api.get_feed_document(done["result_feed_document_id"]).url, timeout=60).content

    def report(self, report_type: str) -> str:
        from spapi.api.reports_v2021_06_30.reports_api import ReportsApi

        api = ReportsApi(self.client)
        made = api.create_report({"reportType": report_type, "marketplaceIds": [US]}).report_id
        done = _until_done(lambda: api.get_report(made).to_dict())
        return requests.get(api.get_report_document(done["report_document_id"]).url, timeout=60).text

    def events(self, number: str) -> dict[str, Any]:
        from spapi.api.finances_v0.finances_v0_api import FinancesV0Api

        found = FinancesV0Api(self.client).list_financial_events_by_order_id(number).payload.financial_events
        return {"sent": len(found.shipment_event_list or []), "refunded": len(found.refund_event_list or [])}

    def write_with_photo(self, number: str, photo: bytes) -> None:
        from spapi.api.messaging_v1.messaging_api import MessagingApi
        from spapi.api.uploads_v2020_11_01.uploads_api import UploadsApi

        md5 = base64.b64encode(hashlib.md5(photo).digest()).decode()
        resource = f"messaging/v1/orders/{number}/messages/warranty"
        made = UploadsApi(self.client).create_upload_destination_for_resource([US], md5, resource).payload
        assert requests.put(made.url, photo, timeout=60).ok
        body = {"attachments": [{"uploadDestinationId": made.upload_destination_id, "fileName": "warranty.jpg"}]}
        MessagingApi(self.client).create_warranty(number, [US], body)


class OverTheProxy:
    """`python-amazon-sp-api`, with its own fixed addresses: the environment leads it through the proxy."""

    def __init__(self, server: Sandbox) -> None:
        keys = server.credentials
        self.keys = {
            "refresh_token": keys.refresh_token,
            "lwa_app_id": keys.client_id,
            "lwa_client_secret": keys.client_secret,
        }
        self.seller = keys.seller_id

    def _api(self, name: str, **given: Any) -> Any:
        import sp_api.api as api
        from sp_api.base import Marketplaces

        return getattr(api, name)(marketplace=Marketplaces.US, credentials=self.keys, **given)

    def put_listing(self, sku: str, attributes: dict[str, Any]) -> str:
        body = {"productType": "MUG", "requirements": "LISTING", "attributes": attributes}
        return str(
            self._listings().put_listings_item(self.seller, sku, marketplaceIds=[US], body=body).payload["status"]
        )

    def patch_listing(self, sku: str, attribute: str, value: list[Any]) -> str:
        patch = {"op": "replace", "path": f"/attributes/{attribute}", "value": value}
        body = {"productType": "MUG", "patches": [patch]}
        return str(
            self._listings().patch_listings_item(self.seller, sku, marketplaceIds=[US], body=body).payload["status"]
        )

    def issues(self, sku: str) -> list[list[str]]:
        found = self._listings().get_listings_item(self.seller, sku, marketplaceIds=[US], includedData=["issues"])
        return [issue.get("attributeNames", []) for issue in found.payload["issues"]]

    def _listings(self) -> Any:
        return self._api("ListingsItems")

    def order(self, number: str) -> tuple[str, str]:
        orders = self._api("Orders")
        item = orders.get_order_items(number).payload["OrderItems"][0]["OrderItemId"]
        return str(orders.get_order(number).payload["OrderStatus"]).upper(), str(item)

    def buy_label(self, details: dict[str, Any]) -> tuple[str, bytes]:
        api = self._api("MerchantFulfillment")
        rates = api.get_eligible_shipment_services(details).payload["ShippingServiceList"]
        made = api.create_shipment(
            details, rates[0]["ShippingServiceId"], ShippingServiceOfferId=rates[0]["ShippingServiceOfferId"]
        ).payload
        return str(made["TrackingId"]), base64.b64decode(made["Label"]["FileContents"]["Contents"])

    def confirm(self, number: str, detail: dict[str, Any]) -> None:
        self._api("Orders").confirm_shipment(number, marketplaceId=US, packageDetail=detail)

    def feed(self, feed_type: str, content: bytes, content_type: str) -> bytes:
        api = self._api("Feeds")
        _, made = api.submit_feed(feed_type, io.BytesIO(content), content_type=content_type)
        done = _until_done(lambda: _snake(api.get_feed(made.payload["feedId"]).payload))
        found = api.get_feed_document(done["result_feed_document_id"])
        return found if isinstance(found, bytes) else str(found).encode()

    def report(self, report_type: str) -> str:
        api = self._api("Reports")
        made = api.create_report(reportType=report_type, marketplaceIds=[US]).payload["reportId"]
        done = _until_done(lambda: _snake(api.get_report(made).payload))
        return str(api.get_report_document(done["report_document_id"], download=True).payload["document"])

    def events(self, number: str) -> dict[str, Any]:
        found = self._api("Finances").get_financial_events_for_order(number).payload["FinancialEvents"]
        return {"sent": len(found.get("ShipmentEventList", [])), "refunded": len(found.get("RefundEventList", []))}

    def write_with_photo(self, number: str, photo: bytes) -> None:
        import httpx

        resource = f"messaging/v1/orders/{number}/messages/warranty"
        made = self._api("Upload").upload_document(resource, io.BytesIO(photo), content_type="image/jpeg").payload
        assert httpx.put(made["url"], content=photo, headers={"Content-Type": "image/jpeg"}).is_success
        attachment = {"uploadDestinationId": made["uploadDestinationId"], "fileName": "warranty.jpg"}
        self._api("Messaging").create_warranty(number, body={"attachments": [attachment]})


def _until_done(read: Any, tries: int = 240) -> dict[str, Any]:
    """Ask again until it is done. A request of the sandbox waits some seconds for work by itself."""
    for _ in range(tries):
        found = dict(read())
        if found["processing_status"] not in ("IN_QUEUE", "IN_PROGRESS"):
            break
    assert found["processing_status"] == "DONE", found
    return found


def _snake(payload: dict[str, Any]) -> dict[str, Any]:
    names = {"processingStatus": "processing_status", "resultFeedDocumentId": "result_feed_document_id",
             "reportDocumentId": "report_document_id"}  # fmt: skip
    return {names.get(name, name): value for name, value in payload.items()}


def listings_feed(seller: str, messages: list[dict[str, Any]]) -> bytes:
    """A JSON listings feed."""
    header = {"sellerId": seller, "version": "2.0", "issueLocale": "en_US"}
    return json.dumps({"header": header, "messages": messages}).encode()


def refund_feed(seller: str, order: str, item: str, amount: str) -> bytes:
    """A payment-adjustment feed of one refund."""
    return (
        '<?xml version="1.0" encoding="utf-8"?><AmazonEnvelope xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<Header><DocumentVersion>1.01</DocumentVersion><MerchantIdentifier>{seller}</MerchantIdentifier></Header>"
        "<MessageType>OrderAdjustment</MessageType><Message><MessageID>1</MessageID><OrderAdjustment>"
        f"<AmazonOrderID>{order}</AmazonOrderID><AdjustedItem><AmazonOrderItemCode>{item}</AmazonOrderItemCode>"
        "<AdjustmentReason>CustomerReturn</AdjustmentReason><ItemPriceAdjustments><Component><Type>Principal</Type>"
        f'<Amount currency="USD">{amount}</Amount></Component></ItemPriceAdjustments></AdjustedItem>'
        "</OrderAdjustment></Message></AmazonEnvelope>"
    ).encode()

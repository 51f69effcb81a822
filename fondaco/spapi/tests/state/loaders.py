"""One loader an operation: it puts a published answer into the store and tells how to ask for it.

`Ask` replaces only what the store makes up itself (ids) or what a magic value of the published sandbox stands for; all else is asked as
published.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from fondaco.catalogue.models import Offer, Product
from fondaco.catalogue.tests.factories import make_jpeg, make_offer, shown_image
from fondaco.engine import clock
from fondaco.fulfilment.carriers.port import carriers
from fondaco.fulfilment.models import TermsAccepted
from fondaco.fulfilment.rules.labels import MARKETPLACE, MARKETPLACE_TERMS
from fondaco.fulfilment.tests.label_factories import rate_request
from fondaco.orders.models import Order
from fondaco.orders.tests.factories import delivered_order
from fondaco.sellers.models import Person, SellerAccount
from fondaco.spapi.models import FeedRequest, ReportRequest, ReportSchedule
from fondaco.spapi.tests.client import US, SpClient
from fondaco.spapi.tests.state import orders
from fondaco.spapi.tests.state.cases import Case

LONG_AGO = "1960-01-01T00:00:00Z"


@dataclass
class Ask:
    """Parts of the path, the query (None leaves a published one out), the body, and whether personal data is opened."""

    path: dict[str, str] = field(default_factory=dict)
    query: dict[str, Any] = field(default_factory=dict)
    body: Any = None
    is_restricted: bool = False


Loader = Callable[[SpClient, Case], Ask]
_loaders: dict[str, Loader] = {}


def loads(*names: str) -> Callable[[Loader], Loader]:
    """Register for `operation` or, where two versions share the name, `model/operation`."""

    def register(loader: Loader) -> Loader:
        _loaders.update(dict.fromkeys(names, loader))
        return loader

    return register


def loader_of(case: Case) -> Loader:
    """The loader of a case; one without is a mistake of the tests."""
    model, name, _ = case.id.split("/")
    return _loaders.get(f"{model}/{name}") or _loaders[name]


# --- sellers, tokens --------------------------------------------------------------------------------------------------


@loads("getMarketplaceParticipations", "getAccount")
def account(client: SpClient, case: Case) -> Ask:
    told = case.answer["payload"]
    make_offer(client.caller)
    business = told["business"] if isinstance(told, dict) else {}
    if contact := told.get("primaryContact") if isinstance(told, dict) else None:
        Person.objects.filter(pk=client.caller.person.pk).update(name=contact["name"])
    stores = told["marketplaceParticipationList"] if isinstance(told, dict) else told
    SellerAccount.objects.filter(pk=client.seller.pk).update(
        display_name=stores[0]["storeName"], legal_name=business.get("name", client.seller.legal_name)
    )
    if place := business.get("registeredBusinessAddress"):
        address = client.seller.return_address
        assert address is not None
        address.street = f"{place['addressLine1']}\n{place['addressLine2']}"
        address.city, address.region = place["city"], place["stateOrProvinceCode"]
        address.postal_code = place["postalCode"]
        address.save()
    return Ask()


@loads("createRestrictedDataToken")
def restricted(client: SpClient, case: Case) -> Ask:
    body = {k: v for k, v in case.asked["body"].items() if k != "targetApplication"}
    return Ask(body=body)


# --- catalogue, listings ----------------------------------------------------------------------------------------------


@loads("searchDefinitionsProductTypes")
def product_types(client: SpClient, case: Case) -> Ask:
    return Ask(query={"marketplaceIds": US, "keywords": "LUGGAGE"})


@loads("getDefinitionsProductType")
def product_type(client: SpClient, case: Case) -> Ask:
    return Ask(path={"productType": "LUGGAGE"}, query={"marketplaceIds": US})


@loads("getCatalogItem", "searchCatalogItems")
def product(client: SpClient, case: Case) -> Ask:
    told = case.answer["items"][0] if "items" in case.answer else case.answer
    summary = told["summaries"][0]
    offer = make_offer(
        client.caller,
        title=summary["itemName"],
        brand=summary["brand"],
        attributes={"color": summary["color"], "size": summary["size"], "gtin": "887276302195"},
    )
    shown_image(client.caller, offer.product)
    family = told["relationships"][0]["relationships"][0]["parentAsins"][0]
    parent = make_offer(client.caller, title="A family of televisions").product
    Product.objects.filter(pk=parent.pk).update(asin=family, variation_theme="size_color")
    Product.objects.filter(pk=offer.product_id).update(asin=told["asin"], parent=parent)
    return Ask(path={"asin": told["asin"]})


def _listing(client: SpClient, told: dict[str, Any]) -> Offer:
    summary, price = told["summaries"][0], told["offers"][0]["price"]
    quantity = told["fulfillmentAvailability"][0]["quantity"]
    offer = make_offer(
        client.caller,
        title=summary["itemName"],
        sku=told["sku"],
        product_type=summary["productType"].lower(),
        price_minor=orders.minor(price["amount"], price["currencyCode"]),
        quantity=quantity,
    )
    shown_image(client.caller, offer.product)
    Product.objects.filter(pk=offer.product_id).update(asin=summary["asin"])
    return offer


@loads("getListingsItem")
def listing(client: SpClient, case: Case) -> Ask:
    parts = ",".join(k for k in case.answer if k != "sku")
    _listing(client, case.answer)
    path = {"sellerId": client.seller.number, "sku": case.answer["sku"]}
    return Ask(path=path, query={"marketplaceIds": US, "includedData": parts})


@loads("searchListingsItems")
def listings(client: SpClient, case: Case) -> Ask:
    _listing(client, case.answer["items"][0])
    for sku in case.asked["identifiers"][1:]:
        make_offer(client.caller, sku=sku)
    return Ask(
        path={"sellerId": client.seller.number}, query={"sortBy": "sku", "sortOrder": "ASC", "marketplaceIds": US}
    )


@loads("putListingsItem", "patchListingsItem", "deleteListingsItem")
def listing_change(client: SpClient, case: Case) -> Ask:
    sku = case.asked.get("sku", case.answer["sku"])
    make_offer(client.caller, sku=sku)
    wrong = "INVALID" in sku and sku != "VALIDATION_VALID"
    title = [{"value": "Hardside carry-on spinner suitcase", "marketplace_id": US}]
    wanted: dict[str, Any] = {"item_name": title}
    if wrong:
        wanted = {"fake_attribute": [{"value": "x"}]}
    elif case.operation.method == "PUT":
        wanted |= {
            "condition_type": [{"value": "new_new"}],
            "purchasable_offer": [{"currency": "USD", "our_price": [{"schedule": [{"value_with_tax": 100.0}]}]}],
            "fulfillment_availability": [{"fulfillment_channel_code": "DEFAULT", "quantity": 5}],
            "color": [{"value": "Black"}],
        }
    body: Any = {"productType": "LUGGAGE", "requirements": "LISTING", "attributes": wanted}
    if case.operation.method == "PATCH":
        patches = [{"op": "replace", "path": f"/attributes/{k}", "value": v} for k, v in wanted.items()]
        body = {"productType": "MUG", "patches": patches}
    path = {"sellerId": client.seller.number, "sku": sku}
    return Ask(path=path, query={"marketplaceIds": US}, body=None if case.operation.method == "DELETE" else body)


@loads("getListingsRestrictions")
def restrictions(client: SpClient, case: Case) -> Ask:
    offer = make_offer()
    Product.objects.filter(pk=offer.product_id).update(product_type="handmade_home")
    query = {
        "asin": offer.product.asin,
        "sellerId": client.seller.number,
        "marketplaceIds": US,
        "conditionType": "used_acceptable",
    }
    return Ask(query=query)


# --- feeds, reports ---------------------------------------------------------------------------------------------------


def _document(client: SpClient) -> str:
    made = client.ok("POST", "/feeds/2021-06-30/documents", body={"contentType": "text/plain; charset=UTF-8"})
    client.web.put(made["url"].partition("testserver")[2], b"sku\n", content_type="text/plain; charset=UTF-8")
    return str(made["feedDocumentId"])


@loads("getFeeds", "getFeed", "cancelFeed")
def feed(client: SpClient, case: Case) -> Ask:
    told = (
        (case.answer.get("feeds") or [case.answer])[0] if case.answer else {"feedType": "POST_ORDER_FULFILLMENT_DATA"}
    )
    body = {"feedType": told["feedType"], "marketplaceIds": [US], "inputFeedDocumentId": _document(client)}
    made = client.ok("POST", "/feeds/2021-06-30/feeds", body=body)
    if case.answer:
        now = clock.now()
        FeedRequest.objects.filter(number=made["feedId"]).update(
            status=told["processingStatus"], created_at=now, started_at=now, ended_at=now
        )
    return Ask(path={"feedId": made["feedId"]})


@loads("createFeed")
def feed_made(client: SpClient, case: Case) -> Ask:
    return Ask(body=case.asked["body"] | {"inputFeedDocumentId": _document(client)})


@loads("createFeedDocument")
def feed_document_made(client: SpClient, case: Case) -> Ask:
    return Ask(body=case.asked["body"])


@loads("getFeedDocument")
def feed_document(client: SpClient, case: Case) -> Ask:
    return Ask(path={"feedDocumentId": _document(client)})


def _report(client: SpClient, report_type: str, **columns: Any) -> ReportRequest:
    now = clock.now()
    values = {"created_at": now, "marketplace_ids": [US], **columns}
    return ReportRequest.objects.create(seller=client.seller, report_type=report_type, **values)


@loads("getReports", "getReport", "cancelReport")
def report(client: SpClient, case: Case) -> Ask:
    told = (
        (case.answer.get("reports") or [case.answer])[0]
        if case.answer
        else {"reportType": "GET_MERCHANT_LISTINGS_ALL_DATA"}
    )
    now = clock.now()
    times = dict.fromkeys(("data_from", "data_until", "started_at", "ended_at"), now) if case.answer else {}
    row = _report(client, told["reportType"], status=told.get("processingStatus", "IN_QUEUE"), **times)
    return Ask(path={"reportId": row.number})


@loads("createReport")
def report_made(client: SpClient, case: Case) -> Ask:
    return Ask(body=case.asked["body"] | {"marketplaceIds": [US]})


@loads("getReportSchedules", "getReportSchedule", "cancelReportSchedule")
def schedule(client: SpClient, case: Case) -> Ask:
    told = (
        case.answer.get("reportSchedules") or [case.answer]
        if case.answer
        else [{"reportType": "GET_MERCHANT_LISTINGS_ALL_DATA", "period": "P1D"}]
    )
    for each in told:
        row = ReportSchedule.objects.create(
            seller=client.seller,
            report_type=each["reportType"],
            period=each["period"],
            marketplace_ids=each.get("marketplaceIds", []),
            next_at=clock.now(),
            created_at=clock.now(),
        )
    return Ask(path={"reportScheduleId": row.number})


@loads("createReportSchedule")
def schedule_made(client: SpClient, case: Case) -> Ask:
    soon = (clock.now() + timedelta(days=1)).isoformat()
    body = {
        "reportType": "GET_MERCHANT_LISTINGS_ALL_DATA",
        "period": "P1D",
        "nextReportCreationTime": soon,
        "marketplaceIds": [US],
    }
    return Ask(body=body)


@loads("getReportDocument")
def report_document(client: SpClient, case: Case) -> Ask:
    from fondaco.engine.testing import run_tasks

    body = {"reportType": "GET_MERCHANT_LISTINGS_ALL_DATA", "marketplaceIds": [US]}
    number = client.ok("POST", "/reports/2021-06-30/reports", body=body)["reportId"]
    run_tasks()
    told = client.ok("GET", f"/reports/2021-06-30/reports/{number}")
    return Ask(path={"reportDocumentId": told["reportDocumentId"]})


# --- orders -----------------------------------------------------------------------------------------------------------


@loads("orders_2026-01-01/searchOrders")
def orders_2026(client: SpClient, case: Case) -> Ask:
    for each in case.answer["orders"]:
        orders.load(client, orders.from_2026(each))
    return Ask(query={"createdAfter": LONG_AGO, "marketplaceIds": None, "paginationToken": None})


@loads("orders_2026-01-01/getOrder")
def order_2026(client: SpClient, case: Case) -> Ask:
    row = orders.load(client, orders.from_2026(case.answer["order"]))
    return Ask(path={"orderId": row.number})


@loads("ordersV0/getOrders")
def orders_v0(client: SpClient, case: Case) -> Ask:
    for each in case.answer["payload"]["Orders"]:
        orders.load(client, orders.from_v0(each))
    return Ask(query={"CreatedAfter": LONG_AGO, "NextToken": None})


@loads("ordersV0/getOrder")
def order_v0(client: SpClient, case: Case) -> Ask:
    row = orders.load(client, orders.from_v0(case.answer["payload"]))
    return Ask(path={"orderId": row.number})


@loads("getOrderBuyerInfo", "getOrderAddress", "getOrderItems", "getOrderItemsBuyerInfo", "getOrderRegulatedInfo")
def order_parts(client: SpClient, case: Case) -> Ask:
    told = case.answer["payload"]
    wanted = orders.Wanted(number=told["AmazonOrderId"], buyer=told.get("BuyerName", "Mara Lindqvist"))
    if to := told.get("ShippingAddress"):
        wanted.address = {
            "name": to["Name"],
            "street": to["AddressLine1"],
            "city": to["City"],
            "region": to["StateOrRegion"],
            "postal_code": to["PostalCode"],
            "country": to["CountryCode"],
            "phone": to["Phone"],
        }
    if items := [i for i in told.get("OrderItems", []) if "ASIN" in i]:
        wanted.items = [
            {
                "asin": i["ASIN"],
                "sku": i["SellerSKU"],
                "title": i["Title"],
                "price_minor": orders.minor(i["ItemPrice"]["Amount"], "USD"),
                "tax_minor": orders.minor(i["ItemTax"]["Amount"], "USD"),
            }
            for i in items
        ]
    row = orders.load(client, wanted)
    return Ask(path={"orderId": row.number}, is_restricted=True)


def _order(client: SpClient, number: str = "") -> Order:
    return orders.load(client, orders.Wanted(number=number))


@loads("confirmShipment")
def shipment_confirmed(client: SpClient, case: Case) -> Ask:
    row = _order(client, case.asked["orderId"])
    body = case.asked["body"]
    item = {"orderItemId": str(row.items.get().pk), "quantity": 1}
    return Ask(
        path={"orderId": row.number}, body=body | {"packageDetail": body["packageDetail"] | {"orderItems": [item]}}
    )


@loads("updateShipmentStatus")
def shipment_status(client: SpClient, case: Case) -> Ask:
    body = {"marketplaceId": US, "shipmentStatus": "ReadyForPickup"}
    return Ask(path={"orderId": _order(client).number}, body=body)


@loads("updateVerificationStatus")
def verification(client: SpClient, case: Case) -> Ask:
    return Ask(path={"orderId": _order(client, case.asked["orderId"]).number}, body=case.asked["body"])


# --- labels -----------------------------------------------------------------------------------------------------------

_NUMBER = "903-5563053-5647845"
_FROM = {
    "Name": "John Doe",
    "AddressLine1": "300 Turnbull Ave",
    "Email": "jdoe@fondaco.example",
    "City": "Detroit",
    "StateOrProvinceCode": "MI",
    "PostalCode": "48123",
    "CountryCode": "US",
    "Phone": "7132341234",
}


def _details(client: SpClient) -> dict[str, Any]:
    wanted = orders.Wanted(
        number=_NUMBER,
        address={
            "name": "New York",
            "street": "TIME WARNER CENTER\n10 COLUMBUS CIR",
            "city": "NEW YORK",
            "region": "NY",
            "postal_code": "10019-1158",
            "country": "US",
        },
    )
    row = orders.load(client, wanted)
    known = {r.carrier: r.terms_version for r in carriers().rates(rate_request())}
    for party, version in {MARKETPLACE: MARKETPLACE_TERMS, **known}.items():
        TermsAccepted.objects.create(
            seller=client.seller, party=party, version=version, accepted_by=client.caller.person
        )
    return {
        "AmazonOrderId": row.number,
        "ItemList": [{"OrderItemId": str(row.items.get().pk), "Quantity": 1}],
        "ShipFromAddress": _FROM,
        "PackageDimensions": {"Length": 10.25, "Width": 10.25, "Height": 10.25, "Unit": "inches"},
        "Weight": {"Value": 10.25, "Unit": "oz"},
        "ShippingServiceOptions": {
            "DeliveryExperience": "NoTracking",
            "CarrierWillPickUp": False,
            "LabelFormat": "PNG",
        },
    }


def _purchase(client: SpClient) -> dict[str, Any]:
    details = _details(client)
    offered = client.ok("POST", "/mfn/v0/eligibleShippingServices", body={"ShipmentRequestDetails": details})
    service = offered["payload"]["ShippingServiceList"][0]
    return {"ShipmentRequestDetails": details} | {
        k: service[k] for k in ("ShippingServiceId", "ShippingServiceOfferId")
    }


@loads("getEligibleShipmentServices")
def rates(client: SpClient, case: Case) -> Ask:
    return Ask(body={"ShipmentRequestDetails": _details(client)})


@loads("createShipment")
def label_bought(client: SpClient, case: Case) -> Ask:
    return Ask(body=_purchase(client))


@loads("getShipment", "cancelShipment")
def label(client: SpClient, case: Case) -> Ask:
    made = client.ok("POST", "/mfn/v0/shipments", body=_purchase(client))["payload"]
    return Ask(path={"shipmentId": made["ShipmentId"]})


@loads("getAdditionalSellerInputs")
def label_inputs(client: SpClient, case: Case) -> Ask:
    return Ask(body=case.asked["body"] | {"OrderId": _order(client, _NUMBER).number})


# --- buyers -----------------------------------------------------------------------------------------------------------

_TALK = "123-1234567-1234567"


@loads("getMessagingActionsForOrder", "GetAttributes")
def talk(client: SpClient, case: Case) -> Ask:
    return Ask(path={"amazonOrderId": _order(client, _TALK).number}, query={"marketplaceIds": US})


@loads(
    "confirmCustomizationDetails",
    "createConfirmDeliveryDetails",
    "createLegalDisclosure",
    "createConfirmOrderDetails",
    "createConfirmServiceDetails",
    "CreateWarranty",
    "createDigitalAccessKey",
    "createUnexpectedProblem",
    "sendInvoice",
)
def said(client: SpClient, case: Case) -> Ask:
    row = _order(client, _TALK)
    if case.operation.name == "confirmCustomizationDetails":
        row.items.update(customisation={"text": "For Ada"})
    body = dict(case.asked.get("body") or {})
    if "attachments" in body or case.operation.name == "sendInvoice":
        resource = case.operation.path.replace("{amazonOrderId}", row.number).lstrip("/")
        file = {"uploadDestinationId": _uploaded(client, resource), "fileName": "document.jpg"}
        body["attachments"] = [file]
    return Ask(path={"amazonOrderId": row.number}, query={"marketplaceIds": US}, body=body)


def _uploaded(client: SpClient, resource: str) -> str:
    data = make_jpeg()
    md5 = base64.b64encode(hashlib.md5(data).digest()).decode()
    path = f"/uploads/2020-11-01/uploadDestinations/{resource}"
    made = client.ok("POST", path, marketplaceIds=US, contentMD5=md5, contentType="image/jpeg")["payload"]
    assert client.web.put(made["url"].partition("testserver")[2], data, content_type="image/jpeg").status_code == 200
    return str(made["uploadDestinationId"])


@loads("getSolicitationActionsForOrder", "createProductReviewAndSellerFeedbackSolicitation")
def solicitation(client: SpClient, case: Case) -> Ask:
    row = delivered_order(offer=make_offer(client.caller, quantity=9), delivered_at=clock.now() - timedelta(days=10))
    Order.objects.filter(pk=row.pk).update(number=_TALK)
    return Ask(path={"amazonOrderId": _TALK}, query={"marketplaceIds": US})


# --- supply sources ---------------------------------------------------------------------------------------------------

_SOURCES = "/supplySources/2020-07-01/supplySources"


def _source(client: SpClient, told: dict[str, Any]) -> str:
    # The published answers leave out the name that their own model requires.
    address = {"name": "North"} | {k: v for k, v in told["address"].items() if v}
    body = {"supplySourceCode": told["supplySourceCode"], "alias": told["alias"], "address": address}
    made = client.ok("POST", _SOURCES, body=body)
    change = {k: _without_blanks(told[k]) for k in ("configuration", "capabilities") if k in told}
    if change:
        client.ok("PUT", f"{_SOURCES}/{made['supplySourceId']}", body=change)
    return str(made["supplySourceId"])


def _without_blanks(value: Any) -> Any:
    """Blank mail addresses are none, and of `ORDER` the model says that it is `Order`."""
    if isinstance(value, dict):
        return {k: made for k, v in value.items() if (made := _without_blanks(v)) not in ("", {})}
    return "Order" if value == "ORDER" else value


@loads("getSupplySources", "getSupplySource")
def source(client: SpClient, case: Case) -> Ask:
    told = case.answer["supplySources"][0] if "supplySources" in case.answer else case.answer
    return Ask(path={"supplySourceId": _source(client, told)})


_PLAIN = {
    "supplySourceCode": "owner_s2cs_test_010101_aaaas",
    "alias": "north",
    "address": {
        "name": "North",
        "addressLine1": "1 Quay",
        "city": "Reading",
        "stateOrRegion": "PA",
        "postalCode": "19601",
        "countryCode": "US",
    },
}


@loads("createSupplySource")
def source_made(client: SpClient, case: Case) -> Ask:
    return Ask(body=_PLAIN)


@loads("updateSupplySource", "archiveSupplySource", "updateSupplySourceStatus")
def source_changed(client: SpClient, case: Case) -> Ask:
    body = {"updateSupplySource": {"alias": "south"}, "updateSupplySourceStatus": {"status": "Active"}}
    return Ask(path={"supplySourceId": _source(client, _PLAIN)}, body=body.get(case.operation.name))


# --- money ------------------------------------------------------------------------------------------------------------


@loads("listTransactions", "listBalances", "listSummary", "listFinancialEventGroups", "listFinancialEvents")
def money(client: SpClient, case: Case) -> Ask:
    orders.load(client, orders.Wanted(number="812-9762527-5511111", is_shipped=True, items=[{"price_minor": 1000}]))
    now = clock.now()
    query: dict[str, Any] = {
        "listTransactions": {"postedAfter": LONG_AGO, "nextToken": None},
        "listBalances": {"marketplaceIds": US},
        "listSummary": {
            "marketplaceIds": US,
            "periodStart": (now - timedelta(days=3)).date().isoformat(),
            "periodEnd": now.date().isoformat(),
        },
        "listFinancialEventGroups": {
            "FinancialEventGroupStartedAfter": LONG_AGO,
            "FinancialEventGroupStartedBefore": None,
        },
        "listFinancialEvents": {"PostedAfter": LONG_AGO, "NextToken": None},
    }[case.operation.name]
    if "asOfDate" in case.asked:
        query["asOfDate"] = now.date().isoformat()
    return Ask(query=query)


@loads("listFinancialEventsByGroupId")
def money_of_group(client: SpClient, case: Case) -> Ask:
    orders.load(client, orders.Wanted(number="444-5553343-4331111", is_shipped=True))
    groups = client.ok("GET", "/finances/v0/financialEventGroups", FinancialEventGroupStartedAfter=LONG_AGO)
    first = groups["payload"]["FinancialEventGroupList"][0]
    return Ask(path={"eventGroupId": first["FinancialEventGroupId"]})


@loads("listFinancialEventsByOrderId")
def money_of_order(client: SpClient, case: Case) -> Ask:
    row = orders.load(client, orders.Wanted(number="444-5553343-4331111", is_shipped=True))
    return Ask(path={"orderId": row.number})


# --- notifications ----------------------------------------------------------------------------------------------------

_QUEUE = {
    "resourceSpecification": {"sqs": {"arn": "arn:aws:sqs:us-east-2:444455556666:queue1"}},
    "name": "SQSDestination",
}
_KIND = "ORDER_CHANGE"


def _destination(client: SpClient) -> str:
    made = client.ok("POST", "/notifications/v1/destinations", body=_QUEUE)
    return str(made["payload"]["destinationId"])


@loads("createDestination")
def destination_made(client: SpClient, case: Case) -> Ask:
    return Ask(body=_QUEUE)


@loads("getDestinations", "getDestination", "deleteDestination")
def destination(client: SpClient, case: Case) -> Ask:
    return Ask(path={"destinationId": _destination(client)})


@loads("createSubscription")
def subscription_made(client: SpClient, case: Case) -> Ask:
    body = {"payloadVersion": "1.0", "destinationId": _destination(client)}
    return Ask(path={"notificationType": _KIND}, body=body)


@loads("getSubscriptions", "getSubscription", "getSubscriptionById", "deleteSubscriptionById")
def subscription(client: SpClient, case: Case) -> Ask:
    body = {"payloadVersion": "1.0", "destinationId": _destination(client)}
    made = client.ok("POST", f"/notifications/v1/subscriptions/{_KIND}", body=body)["payload"]
    path = {"notificationType": _KIND, "subscriptionId": made["subscriptionId"]}
    return Ask(path=path, query={"notificationTypes": _KIND} if "notificationTypes" in case.asked else {})

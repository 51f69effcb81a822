"""Orders, version 2026-01-01."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from fondaco.orders.models import OrderItem, Parcel
from fondaco.spapi.door import Call, many, moment, operation, paging, text, whole
from fondaco.spapi.door.call import store_of
from fondaco.spapi.door.errors import invalid
from fondaco.spapi.queries import orders as queries
from fondaco.spapi.queries.buyers import aliases_of
from fondaco.spapi.rules.roles import ApiRole
from fondaco.spapi.served import forms
from fondaco.spapi.served.forms import money
from fondaco.spapi.served.order_facts import LEVELS, Facts, sent, street_lines, waiting

ROLES = (ApiRole.INVENTORY_AND_ORDERS, ApiRole.SHIPPING)
PARTS = (
    "BUYER",
    "RECIPIENT",
    "PROCEEDS",
    "EXPENSE",
    "PROMOTION",
    "CANCELLATION",
    "FULFILLMENT",
    "PACKAGES",
    "TAX",
    "PAYMENT",
    "FULFILLMENT_ORDERS",
)
STATUSES = (
    "PENDING_AVAILABILITY",
    "PENDING",
    "UNSHIPPED",
    "PARTIALLY_SHIPPED",
    "SHIPPED",
    "CANCELLED",
    "UNFULFILLABLE",
)
_CHANNELS = {"MERCHANT": "seller", "AMAZON": "marketplace"}
_DIFFERS = "An order exists once it is paid: PENDING, PENDING_AVAILABILITY and UNFULFILLABLE do not occur."


@operation(
    "searchOrders",
    "GET",
    "/orders/2026-01-01/orders",
    rate=(0.0056, 20),
    roles=ROLES,
    query=(
        moment("createdAfter"),
        moment("createdBefore"),
        moment("lastUpdatedAfter"),
        moment("lastUpdatedBefore"),
        many("fulfillmentStatuses", choices=STATUSES),
        many("marketplaceIds", most=50),
        many("fulfilledBy", choices=tuple(_CHANNELS)),
        whole("maxResultsPerPage", default=100, most=100),
        text("paginationToken"),
        many("includedData", choices=PARTS),
    ),
    differs=_DIFFERS,
)
def search_orders(call: Call) -> dict[str, Any]:
    """The seller's orders, the latest first."""
    seller = call.seller
    created, changed = call["createdAfter"], call["lastUpdatedAfter"]
    token = call["paginationToken"]
    if not token and (created is None) == (changed is None):
        raise invalid("Send either createdAfter or lastUpdatedAfter.")
    by_change = changed is not None
    before = call["lastUpdatedBefore"] if by_change else call["createdBefore"]
    if (call["createdBefore"] and by_change) or (call["lastUpdatedBefore"] and not by_change):
        raise invalid("createdBefore goes with createdAfter, lastUpdatedBefore with lastUpdatedAfter.")
    question = queries.Question(
        stores=tuple(store_of(m).code for m in call["marketplaceIds"]),
        statuses=tuple(call["fulfillmentStatuses"]),
        channels=tuple(_CHANNELS[c] for c in call["fulfilledBy"]),
        after=changed if by_change else created,
        before=before,
        by_change=by_change,
    )
    rows, more = queries.page_of(
        seller,
        question,
        size=call["maxResultsPerPage"],
        after=paging.position(call, "searchOrders", token),
    )
    parts = frozenset(call["includedData"])
    aliases = aliases_of(rows) if "BUYER" in parts else {}
    reply: dict[str, Any] = {"orders": [order(Facts(row), parts, aliases) for row in rows]}
    until = forms.moment(before or call.at)
    reply["lastUpdatedBefore" if by_change else "createdBefore"] = until
    if more:
        token = paging.token(call, "searchOrders", queries.position_of(rows[-1], question))
        reply["pagination"] = {"nextToken": token}
    return reply


@operation(
    "getOrder",
    "GET",
    "/orders/2026-01-01/orders/{orderId}",
    rate=(0.5, 30),
    roles=ROLES,
    query=(many("includedData", choices=PARTS),),
    differs=_DIFFERS,
)
def get_order(call: Call) -> dict[str, Any]:
    """One order with the parts asked for."""
    found = queries.whole_order_of(call.seller, call["orderId"])
    parts = frozenset(call["includedData"])
    return {"order": order(Facts(found), parts, aliases_of([found]) if "BUYER" in parts else {})}


def order(facts: Facts, parts: frozenset[str], aliases: Mapping[Any, str]) -> dict[str, Any]:
    """An order; `parts` are the optional ones, `aliases` what stands for buyers (for BUYER)."""
    row, store = facts.order, facts.store
    made: dict[str, Any] = {
        "orderId": row.number,
        "createdTime": forms.moment(row.placed_at),
        "lastUpdatedTime": forms.moment(facts.changed_at),
        "programs": ["PRIME"] if row.has_prime else [],
        "salesChannel": {
            "channelName": "AMAZON",
            "marketplaceId": store.marketplace_id,
            "marketplaceName": store.name,
        },
        "orderItems": [_item(facts, item, parts) for item in facts.items],
    }
    if "BUYER" in parts:
        made["buyer"] = {"buyerName": row.buyer.name, "buyerEmail": aliases[row.buyer_id]}
    if "RECIPIENT" in parts:
        made["recipient"] = {"deliveryAddress": _address(facts)}
    if "PROCEEDS" in parts:
        made["proceeds"] = {"grandTotal": money(row.total_minor, row.currency)}
    if "FULFILLMENT" in parts:
        made["fulfillment"] = _fulfilment(facts)
    if "PACKAGES" in parts:
        made["packages"] = [_package(facts, parcel) for parcel in facts.parcels]
    if "PAYMENT" in parts:
        paid = {"paymentMethod": "CreditCard", "paymentAmount": money(row.total_minor, row.currency)}
        made["payment"] = {"paymentExecutions": [paid]}
    if "FULFILLMENT_ORDERS" in parts:
        made["fulfillmentOrders"] = []
    return {key: value for key, value in made.items() if value is not None}


def _item(facts: Facts, item: OrderItem, parts: frozenset[str]) -> dict[str, Any]:
    currency = facts.order.currency
    made: dict[str, Any] = {
        "orderItemId": str(item.pk),
        "quantityOrdered": item.quantity,
        "programs": ["PRIME"] if item.is_prime else [],
        "product": {
            "asin": item.asin,
            "title": item.title,
            "sellerSku": item.sku,
            "condition": _condition(item),
            "price": {"unitPrice": money(item.price_minor, currency)},
        },
    }
    if "PROCEEDS" in parts:
        made["proceeds"] = _proceeds(item, currency)
    if "FULFILLMENT" in parts:
        made["fulfillment"] = {"quantityFulfilled": sent(item), "quantityUnfulfilled": waiting(item)}
    if "CANCELLATION" in parts:
        gone = item.quantity - sent(item) - waiting(item)
        if gone:
            made["cancellation"] = {"cancellationExecution": {"cancelledBy": "UNKNOWN", "cancelReason": "CANCELLED"}}
    return made


def _condition(item: OrderItem) -> dict[str, str]:
    kind, _, subtype = forms.CONDITION_OUT[item.condition].partition("_")
    made = {"conditionType": kind.upper(), "conditionSubtype": subtype.upper()}
    return made | ({"conditionNote": item.offer.condition_note} if item.offer.condition_note else {})


def _proceeds(item: OrderItem, currency: str) -> dict[str, Any]:
    parts = [
        ("ITEM", item.price_minor * item.quantity),
        ("TAX", item.tax_minor * item.quantity),
        ("SHIPPING", item.shipping_minor),
    ]
    return {
        "proceedsTotal": money(item.total_minor, currency),
        "breakdowns": [{"type": kind, "subtotal": money(minor, currency)} for kind, minor in parts if minor],
    }


def _fulfilment(facts: Facts) -> dict[str, Any]:
    ship, deliver = facts.ship_window, facts.delivery_window
    return {
        "fulfillmentStatus": facts.status,
        "fulfilledBy": "AMAZON" if facts.is_by_marketplace else "MERCHANT",
        "fulfillmentServiceLevel": LEVELS[facts.speed][0].upper(),
        "shipByWindow": {"earliestDateTime": forms.moment(ship[0]), "latestDateTime": forms.moment(ship[1])},
        "deliverByWindow": {"earliestDateTime": forms.moment(deliver[0]), "latestDateTime": forms.moment(deliver[1])},
    }


def _address(facts: Facts) -> dict[str, str]:
    postal = facts.postal
    made = {
        "name": postal.name,
        "companyName": postal.company,
        **{f"addressLine{n}": line for n, line in enumerate(street_lines(postal), start=1)},
        "city": postal.city,
        "districtOrCounty": postal.city_area,
        "stateOrRegion": postal.region,
        "postalCode": postal.postal_code,
        "countryCode": postal.country,
        "phone": postal.phone,
    }
    return {key: value for key, value in made.items() if value}


def _package(facts: Facts, parcel: Parcel) -> dict[str, Any]:
    counts = Counter(unit.item_id for unit in parcel.units.all())
    if parcel.delivered_at:
        status = "DELIVERED"
    elif parcel.lost_at:
        status = "UNDELIVERABLE"
    else:
        status = "IN_TRANSIT" if parcel.shipped_at else "PENDING"
    made: dict[str, Any] = {
        "packageReferenceId": str(parcel.pk),
        "createdTime": forms.moment(parcel.confirmed_at),
        "packageStatus": {"status": status},
        "carrier": parcel.carrier,
        "shippingService": parcel.service,
        "trackingNumber": parcel.tracking_number,
        "packageItems": [{"orderItemId": str(pk), "quantity": n} for pk, n in counts.items()],
    }
    if parcel.shipped_at:
        made["shipTime"] = forms.moment(parcel.shipped_at)
    return {key: value for key, value in made.items() if value != ""}

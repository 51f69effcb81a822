"""Orders as published, in both versions, put into the store."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from fondaco.catalogue.tests.factories import make_offer
from fondaco.engine import clock
from fondaco.orders.models import Order, OrderItem, Parcel
from fondaco.orders.tests.factories import make_buyer, placed_order, ship
from fondaco.policy import stores
from fondaco.spapi.tests.client import SpClient


@dataclass
class Wanted:
    """What both versions tell of an order."""

    number: str
    placed_at: str = ""
    marketplace: str = "ATVPDKIKX0DER"
    currency: str = "USD"
    buyer: str = "Mara Lindqvist"
    address: dict[str, str] = field(default_factory=dict)
    is_prime: bool = False
    by_marketplace: bool = False
    is_shipped: bool = False
    items: list[dict[str, Any]] = field(default_factory=list)
    packages: list[dict[str, Any]] = field(default_factory=list)


def minor(amount: str, currency: str) -> int:
    return int(Decimal(amount) * (1 if currency == "JPY" else 100))


def load(client: SpClient, wanted: Wanted) -> Order:
    """The order, by the operations; then what they decide by themselves is set as published."""
    items = wanted.items or [{}]
    offers = [
        make_offer(client.caller, title=i.get("title") or "Card book", sku=i.get("sku", ""), quantity=40) for i in items
    ]
    order = placed_order(
        buyer=make_buyer(wanted.buyer), offers=offers, quantity=max(i.get("quantity", 1) for i in items)
    )
    for item, given in zip(order.items.order_by("position"), items, strict=True):
        _item(item, given, wanted)
    store = stores.store_by_marketplace_id(wanted.marketplace)
    changed: dict[str, Any] = {
        "currency": wanted.currency,
        "store": store.code if store else order.store,
        "has_prime": wanted.is_prime,
        "address": {**order.address, **wanted.address} if wanted.address else order.address,
    }
    if wanted.number:
        changed["number"] = wanted.number
    if wanted.placed_at:
        changed["placed_at"] = datetime.fromisoformat(wanted.placed_at)
    Order.objects.filter(pk=order.pk).update(**changed)
    order.refresh_from_db()
    if wanted.is_shipped:
        _ship(order, wanted)
    return order


def _item(item: OrderItem, given: dict[str, Any], wanted: Wanted) -> None:
    quantity = given.get("quantity", 1)
    item.units.filter(number__gt=quantity).delete()
    OrderItem.objects.filter(pk=item.pk).update(
        quantity=quantity,
        asin=given.get("asin", item.asin),
        title=given.get("title", item.title),
        sku=given.get("sku", item.sku),
        price_minor=given.get("price_minor", item.price_minor),
        tax_minor=given.get("tax_minor", 0),
        shipping_minor=0,
        is_prime=wanted.is_prime,
        speed="standard",
        channel="marketplace" if wanted.by_marketplace else "seller",
    )


def _ship(order: Order, wanted: Wanted) -> None:
    from fondaco.orders.operations import record_scan

    parcel = ship(order)
    record_scan(parcel=parcel, kind="accepted", key="first", at=clock.now())
    for given in wanted.packages[:1]:
        Parcel.objects.filter(pk=parcel.pk).update(
            carrier=given.get("carrier", parcel.carrier),
            service=given.get("shippingService", ""),
            tracking_number=given.get("trackingNumber", parcel.tracking_number),
        )


def from_2026(answer: dict[str, Any]) -> Wanted:
    """An order in the shape of version 2026-01-01."""
    grand = answer.get("proceeds", {}).get("grandTotal", {})
    currency = grand.get("currencyCode", "USD")
    postal = answer.get("recipient", {}).get("deliveryAddress", {})
    fulfilment = answer.get("fulfillment", {})
    return Wanted(
        number=answer["orderId"],
        placed_at=answer["createdTime"],
        marketplace=answer["salesChannel"]["marketplaceId"],
        currency=currency,
        buyer=answer.get("buyer", {}).get("buyerName", "Mara Lindqvist"),
        address={
            "name": postal.get("name", ""),
            "company": postal.get("companyName", ""),
            "street": "\n".join(postal[f"addressLine{n}"] for n in (1, 2, 3) if postal.get(f"addressLine{n}")),
            "city": postal.get("city", ""),
            "city_area": postal.get("districtOrCounty", ""),
            "region": postal.get("stateOrRegion", ""),
            "postal_code": postal.get("postalCode", ""),
            "country": postal.get("countryCode", "US"),
            "phone": postal.get("phone", ""),
        },
        is_prime="PRIME" in answer.get("programs", []),
        by_marketplace=fulfilment.get("fulfilledBy") == "AMAZON",
        is_shipped=fulfilment.get("fulfillmentStatus") == "SHIPPED",
        items=[_item_2026(each, currency) for each in answer["orderItems"]],
        packages=answer.get("packages", []),
    )


def _item_2026(given: dict[str, Any], currency: str) -> dict[str, Any]:
    product = given["product"]
    parts = {b["type"]: b["subtotal"]["amount"] for b in given.get("proceeds", {}).get("breakdowns", [])}
    quantity = given["quantityOrdered"]
    return {
        "asin": product["asin"],
        "title": product["title"],
        "sku": product["sellerSku"],
        "quantity": quantity,
        "price_minor": minor(product["price"]["unitPrice"]["amount"], currency),
        "tax_minor": minor(parts.get("TAX", "0"), currency) // quantity,
    }


def from_v0(answer: dict[str, Any]) -> Wanted:
    """An order in the shape of version 0: one item carries the whole price."""
    total = answer.get("OrderTotal", {"CurrencyCode": "USD", "Amount": "11.01"})
    currency = total["CurrencyCode"]
    return Wanted(
        number=answer["AmazonOrderId"],
        placed_at=answer["PurchaseDate"],
        marketplace=answer["MarketplaceId"],
        currency=currency,
        is_prime=answer["IsPrime"],
        by_marketplace=answer["FulfillmentChannel"] == "AFN",
        is_shipped=answer["OrderStatus"] == "Shipped",
        items=[{"price_minor": minor(total["Amount"], currency)}],
    )

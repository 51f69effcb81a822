"""The reports: listings, suppressed listings, orders, settlements. Columns are those that programs know."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.db.models import QuerySet

from fondaco.catalogue.models import Offer, OfferStatus
from fondaco.catalogue.queries.reasons import held_words
from fondaco.images.queries import picture_urls
from fondaco.kit.csv_safety import tab_line
from fondaco.ledger.models import Entry
from fondaco.orders.models import Order
from fondaco.policy.stores import store_by_marketplace_id
from fondaco.spapi.models import ReportRequest
from fondaco.spapi.operations.reports import report
from fondaco.spapi.queries import orders as order_queries
from fondaco.spapi.served.forms import amount, moment
from fondaco.spapi.served.order_facts import Facts, sent

_CONDITION_NUMBERS = {
    "new": "11",
    "refurbished": "10",
    "used_like_new": "1",
    "used_very_good": "2",
    "used_good": "3",
    "used_acceptable": "4",
}
_LISTING_COLUMNS = (
    "item-name",
    "item-description",
    "listing-id",
    "seller-sku",
    "price",
    "quantity",
    "open-date",
    "image-url",
    "item-is-marketplace",
    "item-condition",
    "asin1",
    "product-id",
    "product-id-type",
    "fulfillment-channel",
    "status",
)


def _line(cells: Any) -> str:
    return tab_line(cells) + "\n"


def _stores(request: ReportRequest) -> list[str]:
    return [s.code for m in request.marketplace_ids if (s := store_by_marketplace_id(m))]


def _offers(request: ReportRequest) -> QuerySet[Offer]:
    found = Offer.objects.filter(seller=request.seller, store__in=_stores(request)).exclude(status=OfferStatus.CLOSED)
    return found.select_related("product__main_picture").order_by("pk")


@report("GET_MERCHANT_LISTINGS_ALL_DATA")
def all_listings(request: ReportRequest) -> Iterator[str]:
    """Every listing, for sale or not."""
    yield from _listings(_offers(request))


@report("GET_MERCHANT_LISTINGS_DATA")
def active_listings(request: ReportRequest) -> Iterator[str]:
    """Listings that can be bought."""
    yield from _listings(_offers(request).filter(status=OfferStatus.ACTIVE, units_sellable__gt=0))


@report("GET_MERCHANT_LISTINGS_INACTIVE_DATA")
def inactive_listings(request: ReportRequest) -> Iterator[str]:
    """Listings that cannot be bought."""
    offers = _offers(request)
    yield from _listings(offers.filter(units_sellable=0) | offers.exclude(status=OfferStatus.ACTIVE))


def _listings(offers: QuerySet[Offer]) -> Iterator[str]:
    yield _line(_LISTING_COLUMNS)
    for offer in offers.iterator(chunk_size=1000):
        product, active = offer.product, offer.status == OfferStatus.ACTIVE and offer.units_sellable > 0
        yield _line(
            (
                product.title,
                product.description,
                offer.pk.hex[:12],
                offer.sku,
                amount(offer.price_minor, offer.currency),
                offer.units_sellable,
                moment(offer.created_at),
                picture_urls(product.main_picture).large,
                "y",
                _CONDITION_NUMBERS[offer.condition],
                product.asin,
                product.asin,
                "1",
                "DEFAULT" if offer.channel == "seller" else "AMAZON_NA",
                "Active" if active else "Inactive",
            )
        )


@report("GET_FLAT_FILE_OPEN_LISTINGS_DATA")
def open_listings(request: ReportRequest) -> Iterator[str]:
    """SKU, ASIN, price and quantity of active offers."""
    yield _line(("sku", "asin", "price", "quantity"))
    for offer in _offers(request).filter(status=OfferStatus.ACTIVE).iterator(chunk_size=1000):
        yield _line((offer.sku, offer.product.asin, amount(offer.price_minor, offer.currency), offer.units_sellable))


@report("GET_MERCHANTS_LISTINGS_FYP_REPORT")
def suppressed_listings(request: ReportRequest) -> Iterator[str]:
    """Listings that search does not find, and why."""
    yield _line(
        ("Status", "Reason", "SKU", "ASIN", "Product name", "Condition", "Status Change Date", "Issue Description")
    )
    for offer in (
        _offers(request).filter(status=OfferStatus.ACTIVE, product__searchable=False).iterator(chunk_size=1000)
    ):
        product = offer.product
        yield _line(
            (
                "Search Suppressed",
                product.held_reason,
                offer.sku,
                product.asin,
                product.title,
                offer.condition,
                moment(product.updated_at),
                held_words(product.held_reason),
            )
        )


_ORDER_COLUMNS = (
    "amazon-order-id",
    "purchase-date",
    "last-updated-date",
    "order-status",
    "fulfillment-channel",
    "sales-channel",
    "ship-service-level",
    "product-name",
    "sku",
    "asin",
    "item-status",
    "quantity",
    "currency",
    "item-price",
    "item-tax",
    "shipping-price",
    "ship-city",
    "ship-state",
    "ship-postal-code",
    "ship-country",
    "is-prime",
)


@report("GET_FLAT_FILE_ALL_ORDERS_DATA_BY_LAST_UPDATE_GENERAL")
def orders_by_update(request: ReportRequest) -> Iterator[str]:
    """Orders that changed in the time asked for."""
    yield from _orders(request, "updated_at")


@report("GET_FLAT_FILE_ALL_ORDERS_DATA_BY_ORDER_DATE_GENERAL")
def orders_by_date(request: ReportRequest) -> Iterator[str]:
    """Orders that were placed in the time asked for."""
    yield from _orders(request, "placed_at")


def _orders(request: ReportRequest, field: str) -> Iterator[str]:
    until = request.data_until or request.created_at
    begin = request.data_from or until - timedelta(days=30)
    found = Order.objects.filter(
        seller=request.seller, store__in=_stores(request), **{f"{field}__gte": begin, f"{field}__lte": until}
    )
    yield _line(_ORDER_COLUMNS)
    for row in order_queries.loaded(found).order_by(field, "pk").iterator(chunk_size=500):
        facts = Facts(row)
        for item in facts.items:
            done = sent(item)
            yield _line(
                (
                    row.number,
                    moment(row.placed_at),
                    moment(facts.changed_at),
                    facts.status.title().replace("_", ""),
                    "Amazon" if item.channel == "marketplace" else "Merchant",
                    facts.store.name,
                    item.speed,
                    item.title,
                    item.sku,
                    item.asin,
                    "Shipped" if done == item.quantity else "Cancelled" if row.status == "cancelled" else "Unshipped",
                    item.quantity,
                    row.currency,
                    amount(item.price_minor * item.quantity, row.currency),
                    amount(item.tax_minor * item.quantity, row.currency),
                    amount(item.shipping_minor, row.currency),
                    facts.postal.city,
                    facts.postal.region,
                    facts.postal.postal_code,
                    facts.postal.country,
                    str(item.is_prime).lower(),
                )
            )


@report("GET_V2_SETTLEMENT_REPORT_DATA_FLAT_FILE_V2")
def settlement(request: ReportRequest) -> Iterator[str]:
    """What was booked on the account's proceeds in the time asked for, line by line."""
    until = request.data_until or request.created_at
    begin = request.data_from or until - timedelta(days=14)
    yield _line(
        (
            "settlement-id",
            "currency",
            "transaction-type",
            "order-id",
            "amount-type",
            "amount-description",
            "amount",
            "posted-date-time",
        )
    )
    rows = Entry.objects.filter(
        seller=request.seller,
        at__gte=begin,
        at__lte=until,
    )
    for entry in rows.select_related("posting", "account").order_by("at", "pk").iterator(chunk_size=1000):
        posting = entry.posting
        yield _line(
            (
                str(entry.period_id or ""),
                entry.account.currency,
                posting.kind.replace("_", " ").title(),
                posting.cause_label if posting.cause_kind == "orders.order" else "",
                entry.account.kind,
                posting.reason,
                amount(entry.amount_minor, entry.account.currency),
                moment(entry.at),
            )
        )

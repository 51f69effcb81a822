"""What the door hears of the domains below, and what it makes of it for programs that subscribed.

Hooks run in the transaction of the change: the notice is written with it, or not at all.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from fondaco.catalogue import watchers
from fondaco.catalogue.models import Offer, OfferStatus
from fondaco.feeds import hooks as feed_hooks
from fondaco.feeds.models import Batch
from fondaco.messaging import letters
from fondaco.messaging.rules.words import Side
from fondaco.orders import hooks
from fondaco.orders.models import Order, OrderUnit, Parcel
from fondaco.policy import stores
from fondaco.spapi import nudges
from fondaco.spapi.models import FeedRequest
from fondaco.spapi.operations import listing_changes, notices
from fondaco.spapi.operations.listing_changes import Said
from fondaco.spapi.queries import orders as order_queries
from fondaco.spapi.rules.notices import ORDER_CHANGE
from fondaco.spapi.served import forms, listing_item
from fondaco.spapi.served.order_facts import Facts, sent

_V0_STATUS = {
    "UNSHIPPED": "Unshipped",
    "PARTIALLY_SHIPPED": "PartiallyShipped",
    "SHIPPED": "Shipped",
    "CANCELLED": "Canceled",
}


def listen() -> None:
    """Called once, when the application is ready."""
    watchers.after(listing_changes.mark)
    hooks.on_placed(_placed)
    hooks.on_shipped(_shipped)
    hooks.on_voided(_voided)
    hooks.on_cancelled(_cancelled)
    feed_hooks.on_finished(_batch_finished)


# --- orders -----------------------------------------------------------------------------------------------------------


def _placed(order: Order, *, at: datetime) -> None:
    letters.alias_for(buyer=order.buyer, seller=order.seller, stands_for=Side.BUYER)  # so that no read has to make it
    _order_changed(order, "placed", "Order placed", at)


def _shipped(parcel: Parcel, *, at: datetime) -> None:
    _order_changed(parcel.order, f"shipped:{parcel.pk}", "Shipment confirmed", at)


def _voided(parcel: Parcel, *, at: datetime) -> None:
    _order_changed(parcel.order, f"voided:{parcel.pk}", "Shipment voided", at)


def _cancelled(order: Order, units: Sequence[OrderUnit], *, at: datetime) -> None:
    first = min(str(unit.pk) for unit in units)
    _order_changed(order, f"cancelled:{first}", "Units cancelled", at)


def _order_changed(order: Order, event: str, reason: str, at: datetime) -> None:
    change = "OrderStatusChange"
    notices.tell(
        order.seller_id,
        ORDER_CHANGE,
        event_key=f"{order.pk}:{event}",
        at=at,
        payload=lambda: {"OrderChangeNotification": _order_change(order.pk, change, reason, at)},
        marketplace_id=stores.store_of(order.store).marketplace_id,
        change=change,
    )


def _order_change(order_id: UUID, change: str, reason: str, at: datetime) -> dict[str, Any]:
    """The order as it stands in this transaction."""
    facts = Facts(order_queries.loaded(Order.objects.filter(pk=order_id)).get())
    order = facts.order
    shipped = sum(sent(item) for item in facts.items)
    total = sum(item.quantity for item in facts.items)
    ship, arrive = facts.ship_window, facts.delivery_window
    return {
        "NotificationLevel": "OrderLevel",
        "SellerId": order.seller.number,
        "AmazonOrderId": order.number,
        "OrderChangeType": change,
        "OrderChangeTrigger": {"TimeOfOrderChange": forms.moment(at), "ChangeReason": reason},
        "Summary": {
            "MarketplaceId": facts.store.marketplace_id,
            "OrderStatus": _V0_STATUS[facts.status],
            "PurchaseDate": forms.moment(order.placed_at),
            "DestinationPostalCode": facts.postal.postal_code,
            "FulfillmentType": "AFN" if facts.is_by_marketplace else "MFN",
            "OrderType": "StandardOrder",
            "NumberOfItemsShipped": shipped,
            "NumberOfItemsUnshipped": max(0, total - shipped),
            "EarliestShipDate": forms.moment(ship[0]),
            "LatestShipDate": forms.moment(ship[1]),
            "EarliestDeliveryDate": forms.moment(arrive[0]),
            "LatestDeliveryDate": forms.moment(arrive[1]),
            "OrderPrograms": ["Prime"] if order.has_prime else [],
            "ShippingPrograms": [],
            "OrderItems": [_order_item(facts, item) for item in facts.items],
        },
    }


def _order_item(facts: Facts, item: Any) -> dict[str, Any]:
    shipped = sent(item)
    return {
        "OrderItemId": str(item.pk),
        "SellerSKU": item.offer.sku,
        "SupplySourceId": None,
        "OrderItemStatus": "Shipped" if shipped == item.quantity else "Unshipped",
        "Quantity": item.quantity,
        "QuantityShipped": shipped,
    }


# --- listings ---------------------------------------------------------------------------------------------------------


def read_listings(offers: Sequence[Offer]) -> dict[UUID, Said]:
    """What these offers of one seller say now."""
    if not offers:
        return {}
    shelf = listing_item.shelf_of(offers, lambda path: path, wanted=["issues"])
    return {offer.pk: _said(offer, shelf) for offer in offers}


def _said(offer: Offer, shelf: listing_item.Shelf) -> Said:
    if offer.status == OfferStatus.CLOSED:
        return Said(["DELETED"], [], [], [], 0)
    issues = listing_item.issues_of(offer, stores.store_of(offer.store), shelf)
    actions = [a["action"] for each in issues for a in each.get("enforcements", {}).get("actions", [])]
    return Said(
        status=sorted(listing_item.status_of(offer)),
        severities=sorted({each["severity"] for each in issues} & {"ERROR", "WARNING"}),
        actions=sorted(set(actions)),
        issues=sorted(
            {f"{each['code']}|{each['severity']}|{','.join(each.get('attributeNames', []))}" for each in issues}
        ),
        quantity=offer.units_sellable,
    )


# --- feeds ------------------------------------------------------------------------------------------------------------


def _batch_finished(batch: Batch) -> None:
    """The file of a listings feed is through: the feed that it belongs to ends in a task, which writes the report."""
    feed_id = FeedRequest.objects.filter(number=batch.number).values_list("pk", flat=True).first()
    if feed_id is not None:
        nudges.end_feed(feed_id)

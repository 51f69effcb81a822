"""Made-up notifications, one of each type, for trying a receiver out."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from fondaco.policy import stores
from fondaco.spapi.rules import notices as rules
from fondaco.spapi.served.forms import moment

_SELLER, _SKU, _ASIN = "ATESTTESTTEST0", "TEST-SKU-1", "F0TEST0000"


def sample(kind: str, at: datetime) -> dict[str, Any]:
    """The payload of a test notification of this type."""
    market = stores.store_of("US").marketplace_id
    listing = {"SellerId": _SELLER, "MarketplaceId": market, "Asin": _ASIN, "Sku": _SKU}
    finished = {"sellerId": _SELLER, "accountId": _SELLER, "processingStatus": "DONE"}
    made: dict[str, dict[str, Any]] = {
        rules.ORDER_CHANGE: {"OrderChangeNotification": _order(market, moment(at))},
        rules.STATUS_CHANGE: {**listing, "CreatedDate": moment(at), "Status": ["BUYABLE", "DISCOVERABLE"]},
        rules.ISSUES_CHANGE: {**listing, "Severities": ["ERROR"], "EnforcementActions": ["SEARCH_SUPPRESSED"]},
        rules.QUANTITY_CHANGE: {
            "SellerId": _SELLER,
            "FulfillmentChannelCode": "DEFAULT",
            "Sku": _SKU,
            "Quantity": 7,
        },
        rules.FEED_FINISHED: {
            "feedProcessingFinishedNotification": {
                **finished,
                "feedId": "100000000001",
                "feedType": "JSON_LISTINGS_FEED",
            }
        },
        rules.REPORT_FINISHED: {
            "reportProcessingFinishedNotification": {
                **finished,
                "reportId": "100000000002",
                "reportType": "GET_MERCHANT_LISTINGS_ALL_DATA",
            }
        },
    }
    return made[kind]


def _order(market: str, at: str) -> dict[str, Any]:
    item = {
        "OrderItemId": "TEST-ITEM-1",
        "SellerSKU": _SKU,
        "SupplySourceId": None,
        "OrderItemStatus": "Unshipped",
        "Quantity": 1,
        "QuantityShipped": 0,
    }
    return {
        "NotificationLevel": "OrderLevel",
        "SellerId": _SELLER,
        "AmazonOrderId": "000-0000000-0000000",
        "OrderChangeType": "OrderStatusChange",
        "OrderChangeTrigger": {"TimeOfOrderChange": at, "ChangeReason": "Test"},
        "Summary": {
            "MarketplaceId": market,
            "OrderStatus": "Unshipped",
            "PurchaseDate": at,
            "DestinationPostalCode": "10001",
            "FulfillmentType": "MFN",
            "OrderType": "StandardOrder",
            "NumberOfItemsShipped": 0,
            "NumberOfItemsUnshipped": 1,
            "OrderItems": [item],
        },
    }

"""Where two answers differ once order, generated ids and times are set aside.

A difference is the way to it without list positions: `order.buyer.buyerName`. What is empty counts as absent.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

#: Ids and addresses that a server makes up; nobody can ask for a certain one.
GENERATED = frozenset(
    [
        "orderItemId",
        "OrderItemId",
        "packageReferenceId",
        "feedId",
        "reportId",
        "reportScheduleId",
        "reportDocumentId",
        "feedDocumentId",
        "submissionId",
        "supplySourceId",
        "subscriptionId",
        "destinationId",
        "ShipmentId",
        "ShippingServiceOfferId",
        "FinancialEventGroupId",
        "nextToken",
        "NextToken",
        "nextPageToken",
        "previousToken",
        "restrictedDataToken",
        "url",
        "checksum",
        "Checksum",
        "Contents",
        "TrackingId",
        "trackingNumber",
        "version",
        "productTypeVersion",
        "link",
        "resource",
        "buyerEmail",
        "BuyerEmail",
    ]
)
_TIME = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d.*)?$|1\.\d+E9$")
#: By what the members of a list are told apart, the first that they have.
_NAMES = (
    "orderId",
    "AmazonOrderId",
    "asin",
    "ASIN",
    "sku",
    "sellerSku",
    "marketplaceId",
    "variant",
    "identifierType",
    "type",
    "name",
    "code",
)


def differences(published: Any, ours: Any) -> set[str]:
    """The ways to whatever is missing, more, or other in `ours`; none: they are equal."""
    return set(_walk(_plain(published), _plain(ours), ""))


def _plain(value: Any, key: str = "") -> Any:
    if isinstance(value, dict):
        return {k: made for k, v in value.items() if (made := _plain(v, k)) not in (None, "", [], {})}
    if isinstance(value, list):
        return sorted((_plain(each, key) for each in value), key=_order)
    if key in GENERATED and value not in (None, ""):
        return "*"
    if isinstance(value, str) and _TIME.match(value):
        return "*"
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _order(value: Any) -> tuple[str, str]:
    if isinstance(value, dict):
        return next((str(value[n]) for n in _NAMES if n in value), ""), repr(sorted(value))
    return repr(value), ""


def _walk(published: Any, ours: Any, way: str) -> Iterator[str]:
    if isinstance(published, dict) and isinstance(ours, dict):
        for key in {*published, *ours}:
            below = f"{way}.{key}" if way else key
            if key in published and key in ours:
                yield from _walk(published[key], ours[key], below)
            else:
                yield below
    elif isinstance(published, list) and isinstance(ours, list):
        if len(published) != len(ours):
            yield f"{way}[]"
        for one, other in zip(published, ours, strict=False):
            yield from _walk(one, other, way)
    elif published != ours:
        yield way

"""Notifications: which types there are, who may hear of them, what a filter lets through, when to try again."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from fondaco.spapi.rules.roles import ApiRole

ORDER_CHANGE = "ORDER_CHANGE"
STATUS_CHANGE = "LISTINGS_ITEM_STATUS_CHANGE"
ISSUES_CHANGE = "LISTINGS_ITEM_ISSUES_CHANGE"
QUANTITY_CHANGE = "LISTINGS_ITEM_MFN_QUANTITY_CHANGE"
FEED_FINISHED = "FEED_PROCESSING_FINISHED"
REPORT_FINISHED = "REPORT_PROCESSING_FINISHED"
LISTINGS = (STATUS_CHANGE, ISSUES_CHANGE, QUANTITY_CHANGE)

ORDER_CHANGE_TYPES = ("BuyerRequestedChange", "DeliveryTipChange", "OrderStatusChange")


@dataclass(frozen=True, slots=True)
class Kind:
    """A type of notification. `version` is what its payload says; `also` are other versions that clients ask for.

    Any one of `roles` may hear of it. `lower`: its envelope's names begin with a small letter, as published.
    """

    name: str
    version: str
    roles: tuple[ApiRole, ...]
    also: tuple[str, ...] = ()
    lower: bool = False
    filters: bool = False

    @property
    def versions(self) -> tuple[str, ...]:
        return (self.version, *self.also)


_REPORTS = tuple(ApiRole)
KINDS = {
    kind.name: kind
    for kind in (
        Kind(ORDER_CHANGE, "1.0", (ApiRole.INVENTORY_AND_ORDERS, ApiRole.SHIPPING), filters=True),
        Kind(STATUS_CHANGE, "1.0", (ApiRole.PRODUCT_LISTING,)),
        Kind(ISSUES_CHANGE, "2023-12-13", (ApiRole.PRODUCT_LISTING,), also=("1.0",)),
        Kind(QUANTITY_CHANGE, "1.0", (ApiRole.PRODUCT_LISTING, ApiRole.INVENTORY_AND_ORDERS)),
        Kind(
            FEED_FINISHED,
            "2020-09-04",
            (ApiRole.PRODUCT_LISTING, ApiRole.INVENTORY_AND_ORDERS, ApiRole.SHIPPING),
            also=("1.0",),
            lower=True,
        ),
        Kind(REPORT_FINISHED, "2020-09-04", _REPORTS, also=("1.0",), lower=True),
    )
}


def envelope(
    kind: Kind,
    payload: Mapping[str, Any],
    *,
    at: str,
    application: str,
    subscription: str,
    notification: str,
    published: str = "",
) -> dict[str, Any]:
    """The whole message in the published form. `at` and `published` are ISO moments."""
    metadata = {
        "ApplicationId": application,
        "SubscriptionId": subscription,
        "PublishTime": published or at,
        "NotificationId": notification,
    }
    made: dict[str, Any] = {
        "NotificationVersion": kind.version if kind.lower else "1.0",
        "NotificationType": kind.name,
        "PayloadVersion": kind.version,
        "EventTime": at,
        "Payload": payload,
        "NotificationMetadata": metadata,
    }
    if not kind.lower:
        return made
    made["NotificationMetadata"] = {_small(name): value for name, value in metadata.items()}
    return {_small(name): value for name, value in made.items()}


def _small(name: str) -> str:
    return name[0].lower() + name[1:]


def lets_through(directive: Mapping[str, Any], *, marketplace_id: str, change: str = "") -> bool:
    """Whether a subscription's event filter wants an event of this marketplace and (orders) of this kind of change."""
    wanted = directive.get("eventFilter") or {}
    markets, changes = wanted.get("marketplaceIds"), wanted.get("orderChangeTypes")
    if markets and marketplace_id and marketplace_id not in markets:
        return False
    return not (changes and change and change not in changes)


# --- trying -----------------------------------------------------------------------------------------------------------

WAITS = tuple(timedelta(seconds=s) for s in (5, 30, 120, 600, 1800, 3600, 7200, 14400, 28800, 28800, 28800))
"""Between the tries of one notification: together about 33 hours."""
GIVE_UP_AFTER = timedelta(days=3)
"""What is older is not sent any more, however few tries it had while its destination was down."""
LONGEST_ASKED = timedelta(hours=8)
SECRET_HOLDS = timedelta(days=7)
"""How long a webhook is also signed with the secret before the last one."""


def next_try(attempts: int, *, asked_s: int | None = None) -> timedelta | None:
    """How long to wait after `attempts` failed tries, at least what the other side asked for; None to give up."""
    if attempts > len(WAITS):
        return None
    wait = WAITS[max(attempts, 1) - 1]
    return wait if asked_s is None else max(wait, min(timedelta(seconds=asked_s), LONGEST_ASKED))


def breaks_line(status: int) -> bool:
    """Whether a status says that the whole destination is in trouble, so that nothing else is worth trying now."""
    return status in (408, 425, 429) or status >= 500


# --- signing ----------------------------------------------------------------------------------------------------------


def secret_of(server_key: str, destination_id: str, number: int) -> str:
    """The signing secret of a webhook, `whsec_…`: nothing that needs keeping, and different for each number."""
    made = hmac.new(server_key.encode(), f"fondaco.spapi.webhook|{destination_id}|{number}".encode(), hashlib.sha256)
    return "whsec_" + base64.b64encode(made.digest()).decode()


def signatures(secrets: Sequence[str], *, message_id: str, at: datetime, body: bytes) -> dict[str, str]:
    """The headers of a signed webhook after the Standard Webhooks specification: one signature for each secret."""
    stamp = str(int(at.timestamp()))
    signed = b".".join((message_id.encode(), stamp.encode(), body))
    made = [
        hmac.new(base64.b64decode(secret.removeprefix("whsec_")), signed, hashlib.sha256).digest() for secret in secrets
    ]
    return {
        "webhook-id": message_id,
        "webhook-timestamp": stamp,
        "webhook-signature": " ".join("v1," + base64.b64encode(each).decode() for each in made),
    }

"""Roles of an application: which groups of operations it may call. `RESTRICTED` ones open personal data."""

from __future__ import annotations

from enum import StrEnum


class ApiRole(StrEnum):
    """Groups of operations that an application asks for when it is registered."""

    PRODUCT_LISTING = "product_listing"
    INVENTORY_AND_ORDERS = "inventory_and_order_tracking"
    SHIPPING = "direct_to_consumer_shipping"
    FINANCE = "finance_and_accounting"
    COMMUNICATION = "buyer_communication"
    SOLICITATION = "buyer_solicitation"
    INSIGHTS = "selling_partner_insights"


ALL = tuple(ApiRole)
RESTRICTED = frozenset({ApiRole.SHIPPING})

GRANTLESS_SCOPES = {
    "sellingpartnerapi::notifications": "notifications",
    "sellingpartnerapi::client_credential:rotation": "rotation",
}

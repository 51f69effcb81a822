"""Sellers, version 1."""

from __future__ import annotations

from typing import Any

from django.conf import settings

from fondaco.policy import stores
from fondaco.policy.stores import Store
from fondaco.sellers.models import Address, SellerAccount
from fondaco.sellers.queries import owner_of
from fondaco.sellers.rules import Plan
from fondaco.spapi.door import Call, operation
from fondaco.spapi.queries.accounts import sells_in
from fondaco.spapi.served.forms import language_of


@operation(
    "getMarketplaceParticipations",
    "GET",
    "/sellers/v1/marketplaceParticipations",
    rate=(0.016, 15),
)
def get_marketplace_participations(call: Call) -> dict[str, Any]:
    """The stores of the account's region, and whether it sells there."""
    return {"payload": _participations(call)}


@operation(
    "getAccount",
    "GET",
    "/sellers/v1/account",
    rate=(0.016, 15),
    differs="businessType follows from the plan (INDIVIDUAL, else PRIVATE_LIMITED): legal forms are not recorded.",
)
def get_account(call: Call) -> dict[str, Any]:
    """The account: stores, plan, legal name and address, and its owner."""
    seller = call.seller
    is_individual = seller.plan == Plan.INDIVIDUAL
    account: dict[str, Any] = {
        "marketplaceParticipationList": _participations(call),
        "businessType": "INDIVIDUAL" if is_individual else "PRIVATE_LIMITED",
        "sellingPlan": "INDIVIDUAL" if is_individual else "PROFESSIONAL",
    }
    address = _address(seller.return_address or seller.ship_from, seller)
    if not is_individual:
        account["business"] = {"name": seller.legal_name, "registeredBusinessAddress": address}
    if person := owner_of(seller):
        account["primaryContact"] = {"name": person.name or person.email, "address": address}
    return {"payload": account}


def _participations(call: Call) -> list[dict[str, Any]]:
    seller = call.seller
    home = stores.store_of(seller.store)
    active = sells_in(seller)
    region = [s for s in stores.STORES.values() if s.region == home.region]
    return [
        {
            "marketplace": _marketplace(each),
            "storeName": seller.display_name,
            "participation": {
                "isParticipating": each.code == home.code or each.code in active,
                "hasSuspendedListings": not seller.is_active,
            },
        }
        for each in sorted(region, key=lambda s: (s.code != home.code, s.code))
    ]


def _marketplace(store: Store) -> dict[str, str]:
    return {
        "id": store.marketplace_id,
        "name": store.name,
        "countryCode": store.country,
        "defaultCurrencyCode": store.currency,
        "defaultLanguageCode": language_of(store),
        "domainName": getattr(settings, "FONDACO_DOMAIN", "") or "localhost",
    }


def _address(found: Address | None, seller: SellerAccount) -> dict[str, str]:
    if found is None:
        return {"addressLine1": "", "countryCode": seller.country}
    first, _, rest = found.street.partition("\n")
    full = {
        "addressLine1": first,
        "addressLine2": rest.replace("\n", ", "),
        "city": found.city,
        "stateOrProvinceCode": found.region,
        "postalCode": found.postal_code,
        "countryCode": found.country,
    }
    return {key: value for key, value in full.items() if value or key == "addressLine1"}

"""Listings Restrictions, version 2021-08-01: may this seller list this?"""

from __future__ import annotations

from typing import Any

from fondaco.catalogue import restrictions
from fondaco.catalogue.models import Product
from fondaco.catalogue.product_types import all_types
from fondaco.kit.errors import Refusal
from fondaco.spapi.door import Call, many, operation, text
from fondaco.spapi.rules.roles import ApiRole
from fondaco.spapi.served.forms import CONDITIONS
from fondaco.web.refusals import spoken


@operation(
    "getListingsRestrictions",
    "GET",
    "/listings/2021-08-01/restrictions",
    rate=(5, 10),
    roles=(ApiRole.PRODUCT_LISTING,),
    query=(
        text("asin", required=True),
        text("conditionType", choices=CONDITIONS),
        text("sellerId", required=True),
        many("marketplaceIds", required=True),
        text("reasonLocale"),
        text("productType"),
    ),
    differs="Restrictions hold for every condition alike; an unknown ASIN is a reason, not an error.",
    bare_errors=True,
)
def get_listings_restrictions(call: Call) -> dict[str, Any]:
    """The reasons that keep the seller from listing an ASIN, by store; none: it may be listed."""
    seller = call.require_seller_id()
    product = Product.objects.filter(asin=call["asin"][:10]).first()
    found = []
    for store in call.stores():
        reasons = []
        if product is None:
            reasons.append({"message": "This ASIN is not in the catalogue.", "reasonCode": "ASIN_NOT_FOUND"})
        elif not seller.is_active:
            reasons.append({"message": "This seller account cannot list goods now.", "reasonCode": "NOT_ELIGIBLE"})
        elif kind := all_types().get(product.product_type):
            try:
                restrictions.require_allowed(seller=seller, product_type=kind, store=store.code, at=call.at)
            except Refusal as refusal:
                said = spoken(refusal)
                reasons.append({"message": f"{said.words} {said.fix}".strip(), "reasonCode": "APPROVAL_REQUIRED"})
        if reasons:
            entry: dict[str, Any] = {"marketplaceId": store.marketplace_id, "reasons": reasons}
            if call["conditionType"]:
                entry["conditionType"] = call["conditionType"]
            found.append(entry)
    return {"restrictions": found}

"""Product Type Definitions, version 2020-09-01."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext

from fondaco.catalogue.product_types import ProductType, all_types
from fondaco.kit.errors import NotFound
from fondaco.kit.text import fold
from fondaco.spapi import product_schemas
from fondaco.spapi.door import Call, many, operation, text
from fondaco.spapi.door.errors import invalid
from fondaco.spapi.rules.roles import ApiRole

REQUIREMENTS = ("LISTING", "LISTING_PRODUCT_ONLY", "LISTING_OFFER_ONLY")


@operation(
    "searchDefinitionsProductTypes",
    "GET",
    "/definitions/2020-09-01/productTypes",
    rate=(5, 10),
    roles=(ApiRole.PRODUCT_LISTING,),
    query=(
        many("keywords"),
        many("marketplaceIds", required=True),
        text("itemName"),
        text("locale"),
        text("searchLocale"),
    ),
)
def search_definitions_product_types(call: Call) -> dict[str, Any]:
    """Product types by keywords, by the title of an item (the best first), or all."""
    stores = call.stores()
    if call["keywords"] and call["itemName"]:
        raise invalid("keywords and itemName cannot be used together.")
    words = [fold(w) for w in call["keywords"]] or fold(call["itemName"]).split()
    scored = [(_score(kind, words), kind) for kind in all_types().values()]
    found = [kind for score, kind in sorted(scored, key=lambda pair: -pair[0]) if score or not words]
    return {
        "productTypes": [
            {
                "name": kind.key.upper(),
                "displayName": gettext(kind.name),
                "marketplaceIds": [s.marketplace_id for s in stores],
            }
            for kind in found
        ],
        "productTypeVersion": product_schemas.version(),
    }


def _score(kind: ProductType, words: list[str]) -> int:
    names = set(fold(gettext(kind.name)).split()) | set(fold(kind.key.replace("_", " ")).split())
    return sum(2 if w in names or w.removesuffix("s") in names else any(w in n for n in names) for w in words)


@operation(
    "getDefinitionsProductType",
    "GET",
    "/definitions/2020-09-01/productTypes/{productType}",
    rate=(5, 10),
    roles=(ApiRole.PRODUCT_LISTING,),
    query=(
        text("sellerId"),
        many("marketplaceIds", required=True),
        text("productTypeVersion", default="LATEST"),
        text("requirements", choices=REQUIREMENTS, default="LISTING"),
        text("requirementsEnforced", choices=("ENFORCED", "NOT_ENFORCED"), default="ENFORCED"),
        text("locale", default="DEFAULT"),
        text("parentageLevel", choices=("NONE", "CHILD", "PARENT")),
    ),
    differs="The schemas are this marketplace's own; only the latest version is kept.",
)
def get_definitions_product_type(call: Call) -> dict[str, Any]:
    """One product type: where its schema is, and the groups of its properties."""
    stores = call.stores()
    kind = all_types().get(call["productType"].lower())
    if kind is None:
        raise NotFound(what="product type")
    wanted = call["productTypeVersion"]
    if wanted not in ("LATEST", "RELEASE_CANDIDATE", product_schemas.version()):
        raise invalid(f"There is no version {wanted[:60]}.", "Only the latest version is kept: send LATEST.")
    enforced = call["requirementsEnforced"] == "ENFORCED"
    how = {"store": stores[0], "requirements": call["requirements"], "enforced": enforced}
    schema = product_schemas.schema_of(kind, **how)
    name, checksum = product_schemas.named(schema)
    _, meta_checksum = product_schemas.named(product_schemas.META_SCHEMA)
    return {
        "metaSchema": _link(call, product_schemas.META_NAME, meta_checksum),
        "schema": _link(call, product_schemas.address_name(kind, name, **how), checksum),
        "requirements": call["requirements"],
        "requirementsEnforced": call["requirementsEnforced"],
        "propertyGroups": product_schemas.groups_of(kind, schema),
        "locale": stores[0].language.replace("-", "_") if call["locale"] == "DEFAULT" else call["locale"],
        "marketplaceIds": [s.marketplace_id for s in stores],
        "productType": kind.key.upper(),
        "displayName": gettext(kind.name),
        "productTypeVersion": {"version": product_schemas.version(), "latest": True, "releaseCandidate": False},
    }


def _link(call: Call, name: str, checksum: str) -> dict[str, Any]:
    return {
        "link": {"resource": call.absolute(reverse("spapi:schema", args=[name])), "verb": "GET"},
        "checksum": checksum,
    }

"""JSON Schemas of product types, written by us from the catalogue's own data.

The form follows the published meta-schema's vocabulary (selectors, `maxUniqueItems`, `editable`), so that tools which
build forms from it work; the content is ours. A schema is named by a hash of itself, so its address never changes.
"""

from __future__ import annotations

import base64
import hashlib
import json
from functools import cache
from typing import Any

from django.utils.translation import get_language, gettext

from fondaco.catalogue import product_types
from fondaco.catalogue.product_types import ProductType
from fondaco.feeds.columns import CONDITIONS
from fondaco.policy.stores import Store
from fondaco.spapi.served.forms import CONDITION_OUT

DRAFT = "https://json-schema.org/draft/2019-09/schema"
META_NAME = "product-type-definition-meta-schema-v1"

GROUPS: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "product_identity": (
        "Product identity",
        "What identifies the product.",
        ("item_name", "brand", "externally_assigned_product_identifier", "merchant_suggested_asin"),
    ),
    "offer": (
        "Offer",
        "Condition, price and units.",
        ("condition_type", "condition_note", "purchasable_offer", "fulfillment_availability"),
    ),
    "product_details": ("Product details", "What buyers read about the product.", ("product_description",)),
    "variations": (
        "Variations",
        "How products of a family belong together.",
        ("parentage_level", "child_parent_sku_relationship", "variation_theme"),
    ),
    "images": ("Images", "Addresses of pictures.", ()),
}
IMAGES = (
    "main_product_image_locator",
    *(f"other_product_image_locator_{n}" for n in range(1, 9)),
    "swatch_product_image_locator",
)
OFFER_ONLY = (
    "condition_type",
    "condition_note",
    "purchasable_offer",
    "fulfillment_availability",
    "merchant_suggested_asin",
)


def schema_of(kind: ProductType, *, store: Store, requirements: str, enforced: bool) -> dict[str, Any]:
    """The schema for a product type in one store, in the active language."""
    properties = _properties(kind, store)
    if requirements == "LISTING_OFFER_ONLY":
        properties = {name: properties[name] for name in OFFER_ONLY}
    elif requirements == "LISTING_PRODUCT_ONLY":
        properties = {
            name: rule
            for name, rule in properties.items()
            if name not in OFFER_ONLY or name == "merchant_suggested_asin"
        }
    schema: dict[str, Any] = {
        "$schema": DRAFT,
        "$id": f"urn:fondaco:product-type:{kind.key}:{store.code}:{requirements}",
        "title": gettext(kind.name),
        "type": "object",
        "$defs": {
            "marketplace_id": {"type": "string", "enum": [store.marketplace_id], "default": store.marketplace_id},
            "language_tag": {"type": "string", "examples": [store.language.replace("-", "_")]},
        },
        "properties": properties,
        "additionalProperties": False,
    }
    needed = [name for name in _required(kind, requirements) if name in properties]
    if enforced and needed:
        schema["required"] = needed
    return schema


def named(schema: dict[str, Any]) -> tuple[str, str]:
    """The schema's name (of its content) and its published checksum (base64 of the MD5 of its bytes)."""
    raw = json.dumps(schema, ensure_ascii=False, sort_keys=True).encode()
    checksum = base64.b64encode(hashlib.md5(raw, usedforsecurity=False).digest()).decode()
    return hashlib.sha256(raw).hexdigest()[:32], checksum


def address_name(kind: ProductType, name: str, *, store: Store, requirements: str, enforced: bool) -> str:
    """The address under which `by_name` finds a schema again: what it is made from, and its own `name`."""
    language = get_language() or "en"
    return ".".join((kind.key, store.code, requirements, "e" if enforced else "n", language, name[:16]))


def by_name(name: str) -> dict[str, Any] | None:
    """A schema by its address name, or the meta-schema; None when there is none."""
    from django.utils import translation

    from fondaco.policy.stores import STORES

    if name == META_NAME:
        return META_SCHEMA
    parts = name.split(".")
    if len(parts) != 6 or parts[0] not in product_types.all_types() or parts[1] not in STORES:
        return None
    key, store, requirements, enforced, language, _print = parts
    if requirements not in ("LISTING", "LISTING_PRODUCT_ONLY", "LISTING_OFFER_ONLY") or language not in (
        "en",
        "vi",
        "zh-hant",
    ):
        return None
    with translation.override(language):
        return schema_of(
            product_types.product_type(key), store=STORES[store], requirements=requirements, enforced=enforced == "e"
        )


def groups_of(kind: ProductType, schema: dict[str, Any]) -> dict[str, Any]:
    """The property groups that a schema's properties belong to."""
    own = [name for name in schema["properties"] if name in product_types.attributes()]
    found: dict[str, Any] = {}
    for key, (title, description, names) in GROUPS.items():
        members = [*names, *(own if key == "product_details" else ()), *(IMAGES if key == "images" else ())]
        present = [name for name in dict.fromkeys(members) if name in schema["properties"]]
        if present:
            found[key] = {"title": title, "description": description, "propertyNames": present}
    return found


@cache
def version() -> str:
    """Names the state of all product types: a change of any is another version."""
    raw = json.dumps(
        {key: [t.name, sorted(t.categories), t.attributes, t.themes] for key, t in product_types.all_types().items()},
        sort_keys=True,
    )
    return hashlib.sha256(raw.encode()).hexdigest()[:12]


def _required(kind: ProductType, requirements: str) -> tuple[str, ...]:
    offer = ("condition_type", "purchasable_offer", "fulfillment_availability")
    if requirements == "LISTING_OFFER_ONLY":
        return (*offer, "merchant_suggested_asin")
    product = ("item_name", *kind.attributes)
    return product if requirements == "LISTING_PRODUCT_ONLY" else (*product, *offer)


def _properties(kind: ProductType, store: Store) -> dict[str, Any]:
    found: dict[str, Any] = {
        "item_name": _text("Item name", 200),
        "brand": _text("Brand", 100),
        "product_description": _text("Description", 2000),
        "externally_assigned_product_identifier": _entries(
            "Product identifier",
            {
                "type": {"type": "string", "enum": ["upc", "ean", "gtin", "isbn"]},
                "value": {"type": "string", "maxLength": 14},
            },
            required=("type", "value"),
        ),
        "merchant_suggested_asin": _entries("ASIN", {"value": {"type": "string", "pattern": "^[A-Z0-9]{10}$"}}),
        "condition_type": _entries("Condition", {"value": {"type": "string", "enum": _conditions()}}, store=False),
        "condition_note": _text("Condition note", 1000),
        "purchasable_offer": _price(store),
        "fulfillment_availability": _availability(),
        "parentage_level": _entries("Parentage", {"value": {"type": "string", "enum": ["parent", "child"]}}),
        "child_parent_sku_relationship": _entries(
            "Parent", {"parent_sku": {"type": "string", "maxLength": 40}}, required=("parent_sku",)
        ),
    }
    if kind.themes:
        found["variation_theme"] = _entries(
            "Variation theme",
            {"name": {"type": "string", "enum": [theme.upper() for theme in kind.themes]}},
            required=("name",),
            store=False,
        )
    names = dict.fromkeys(kind.attributes)
    for theme in kind.themes:
        names |= dict.fromkeys(product_types.theme(theme).attributes)
    for name in names:
        known = product_types.attributes().get(name)
        found[name] = _text(known.name if known else name.replace("_", " ").capitalize(), 200)
    for name in IMAGES:
        found[name] = _entries(
            name.replace("_", " ").capitalize(),
            {"media_location": {"type": "string", "format": "uri", "maxLength": 2000}},
            required=("media_location",),
        )
    return found


def _text(title: str, most: int) -> dict[str, Any]:
    return _entries(
        title,
        {
            "value": {"type": "string", "maxLength": most, "minLength": 1},
            "language_tag": {"$ref": "#/$defs/language_tag"},
        },
    )


def _entries(
    title: str, fields: dict[str, Any], *, required: tuple[str, ...] = ("value",), store: bool = True
) -> dict[str, Any]:
    properties = dict(fields)
    rule: dict[str, Any] = {
        "title": gettext(title) if title else title,
        "type": "array",
        "minItems": 1,
        "maxUniqueItems": 1,
        "items": {
            "type": "object",
            "required": list(required),
            "properties": properties,
            "additionalProperties": False,
        },
    }
    if store:
        properties["marketplace_id"] = {"$ref": "#/$defs/marketplace_id"}
        rule["selectors"] = ["marketplace_id"]
    return rule


def _price(store: Store) -> dict[str, Any]:
    schedule = {
        "type": "array",
        "minItems": 1,
        "items": {
            "type": "object",
            "required": ["value_with_tax"],
            "properties": {"value_with_tax": {"type": "number", "minimum": 0}},
        },
    }
    ours = {
        "type": "array",
        "minItems": 1,
        "items": {"type": "object", "required": ["schedule"], "properties": {"schedule": schedule}},
    }
    return _entries(
        "Price",
        {
            "currency": {"type": "string", "enum": [store.currency]},
            "audience": {"type": "string", "enum": ["ALL"]},
            "our_price": ours,
        },
        required=("our_price",),
    )


def _availability() -> dict[str, Any]:
    return _entries(
        "Availability",
        {
            "fulfillment_channel_code": {"type": "string", "enum": ["DEFAULT", "AMAZON_NA", "AMAZON_EU", "AMAZON_FE"]},
            "quantity": {"type": "integer", "minimum": 0},
            "lead_time_to_ship_max_days": {"type": "integer", "minimum": 0, "maximum": 365},
            "restock_date": {"type": "string", "format": "date"},
        },
        required=("fulfillment_channel_code",),
        store=False,
    )


def _conditions() -> list[str]:
    return [name for name in CONDITION_OUT.values() if name in CONDITIONS or name.split("_")[0] in ("new", "used")]


META_SCHEMA: dict[str, Any] = {
    "$schema": DRAFT,
    "$id": f"urn:fondaco:{META_NAME}",
    "title": "Product type definition meta-schema",
    "description": "JSON Schema 2019-09 with the words that product type definitions use besides.",
    "$vocabulary": {
        "https://json-schema.org/draft/2019-09/vocab/core": True,
        "https://json-schema.org/draft/2019-09/vocab/applicator": True,
        "https://json-schema.org/draft/2019-09/vocab/validation": True,
        "https://json-schema.org/draft/2019-09/vocab/meta-data": True,
        "https://json-schema.org/draft/2019-09/vocab/format": False,
    },
    "$recursiveAnchor": True,
    "allOf": [{"$ref": DRAFT}],
    "properties": {
        "selectors": {"type": "array", "items": {"type": "string"}, "description": "What makes an entry another one."},
        "maxUniqueItems": {"type": "integer", "minimum": 0, "description": "Most entries with the same selectors."},
        "editable": {"type": "boolean"},
        "hidden": {"type": "boolean"},
        "enumNames": {"type": "array", "items": {"type": "string"}},
    },
}

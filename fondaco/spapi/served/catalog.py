"""Catalog Items, version 2022-04-01."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from fondaco.catalogue import product_types
from fondaco.catalogue.models import ListingImage, Offer, OfferStatus, Product
from fondaco.catalogue.search import find
from fondaco.images.queries import picture_urls
from fondaco.kit.errors import NotFound
from fondaco.kit.text import fold
from fondaco.policy.stores import Store
from fondaco.spapi.door import Call, many, operation, paging, text, whole
from fondaco.spapi.door.errors import invalid
from fondaco.spapi.queries.listings import displayed_of
from fondaco.spapi.rules.roles import ApiRole

PARTS = (
    "attributes",
    "classifications",
    "dimensions",
    "identifiers",
    "images",
    "productTypes",
    "relationships",
    "salesRanks",
    "summaries",
    "vendorDetails",
)
_VARIANTS = frozenset({"MAIN", "SWCH", *(f"PT{n:02d}" for n in range(1, 9))})
_MOST_FOUND = 200


@operation(
    "getCatalogItem",
    "GET",
    "/catalog/2022-04-01/items/{asin}",
    rate=(2, 2),
    roles=(ApiRole.PRODUCT_LISTING,),
    query=(
        many("marketplaceIds", required=True),
        many("includedData", choices=PARTS, default=("summaries",)),
        text("locale"),
    ),
    differs="Sizes, sales ranks and vendor details are not recorded: those parts are empty.",
)
def get_catalog_item(call: Call) -> dict[str, Any]:
    """One product of the catalogue, with the parts asked for."""
    stores = call.stores()
    found = Product.objects.filter(asin=call["asin"]).select_related("parent", "main_picture").first()
    if found is None:
        raise NotFound(what="product")
    return _items([found], call, stores)[0]


@operation(
    "searchCatalogItems",
    "GET",
    "/catalog/2022-04-01/items",
    rate=(2, 2),
    roles=(ApiRole.PRODUCT_LISTING,),
    query=(
        many("identifiers", most=20),
        text(
            "identifiersType",
            choices=("ASIN", "EAN", "GTIN", "ISBN", "JAN", "MINSAN", "SKU", "UPC"),
        ),
        many("marketplaceIds", required=True, most=1),
        many("includedData", choices=PARTS, default=("summaries",)),
        text("locale"),
        text("sellerId"),
        many("keywords", most=20),
        many("brandNames"),
        many("classificationIds"),
        whole("pageSize", default=10, most=20),
        text("pageToken"),
        text("keywordsLocale"),
    ),
    differs="Keywords find at most the 200 newest listings that have all the words.",
)
def search_catalog_items(call: Call) -> dict[str, Any]:
    """Products by identifiers or by keywords."""
    stores = call.stores()
    given, words = call["identifiers"], call["keywords"]
    if bool(given) == bool(words):
        raise invalid("Send either identifiers or keywords.", "identifiers need identifiersType.")
    if given and not call["identifiersType"]:
        raise invalid("identifiers need identifiersType.")
    products = _by_identifiers(call, given) if given else _by_words(call, stores[0], words)
    start = int(paging.position(call, "searchCatalogItems", call["pageToken"]) or 0)
    size = call["pageSize"]
    shown = products[start : start + size]
    reply: dict[str, Any] = {"numberOfResults": len(products), "items": _items(shown, call, stores)}
    pages = {}
    if start + size < len(products):
        pages["nextToken"] = paging.token(call, "searchCatalogItems", start + size)
    if start:
        pages["previousToken"] = paging.token(call, "searchCatalogItems", max(0, start - size))
    if pages:
        reply["pagination"] = pages
    if words:
        reply["refinements"] = _refinements(products)
    return reply


def _by_identifiers(call: Call, given: Sequence[str]) -> list[Product]:
    kind = call["identifiersType"]
    rows = Product.objects.select_related("parent", "main_picture")
    if kind == "ASIN":
        found = {p.asin: p for p in rows.filter(asin__in=given)}
        return [found[asin] for asin in given if asin in found]
    if kind == "SKU":
        if call["sellerId"] != call.seller.number:
            raise invalid("identifiersType SKU needs the sellerId of the token's own account.")
        offers = Offer.objects.filter(seller=call.seller, sku__in=given).exclude(status=OfferStatus.CLOSED)
        ids = dict(offers.values_list("sku", "product_id"))
        products = {p.pk: p for p in rows.filter(pk__in=ids.values())}
        return [products[ids[sku]] for sku in given if sku in ids]
    if kind in ("JAN", "MINSAN"):
        return []
    return list(rows.filter(attributes__gtin__in=list(given)).order_by("pk")[:_MOST_FOUND])


def _by_words(call: Call, store: Store, words: Sequence[str]) -> list[Product]:
    found: list[Product] = []
    for page in range(1, _MOST_FOUND // find.PAGE + 2):
        result = find.search(" ".join(words), store=store.code, page=page)
        found += result.products
        if page >= result.pages:
            break
    if call["brandNames"]:
        wanted = {fold(b) for b in call["brandNames"]}
        found = [p for p in found if fold(p.brand) in wanted]
    if call["classificationIds"]:
        wanted = set(call["classificationIds"])
        found = [p for p in found if _department(p) in wanted]
    return found


def _department(product: Product) -> str:
    kind = product_types.all_types().get(product.product_type)
    return kind.department if kind else ""


def _refinements(products: Sequence[Product]) -> dict[str, Any]:
    brands: dict[str, int] = {}
    departments: dict[str, int] = {}
    for product in products:
        if product.brand:
            brands[product.brand] = brands.get(product.brand, 0) + 1
        if key := _department(product):
            departments[key] = departments.get(key, 0) + 1
    named = product_types.departments()
    return {
        "brands": [{"brandName": name, "numberOfResults": n} for name, n in sorted(brands.items())],
        "classifications": [
            {"classificationId": key, "displayName": named[key].name, "numberOfResults": n}
            for key, n in sorted(departments.items())
        ],
    }


def _items(products: Sequence[Product], call: Call, stores: Sequence[Store]) -> list[dict[str, Any]]:
    wanted = call["includedData"]
    images = displayed_of(products) if "images" in wanted else {}
    asins = _family_asins(products) if "relationships" in wanted else {}
    return [_item(p, call, stores, wanted, images.get(p.pk, []), asins) for p in products]


def _item(
    product: Product,
    call: Call,
    stores: Sequence[Store],
    wanted: Sequence[str],
    images: Sequence[ListingImage],
    asins: dict[Any, list[str]],
) -> dict[str, Any]:
    parts: dict[str, Callable[[Store], dict[str, Any] | None]] = {
        "classifications": lambda s: _classified(product),
        "identifiers": lambda s: {"identifiers": _identifiers(product)},
        "images": lambda s: {"images": _images(images, call)},
        "productTypes": lambda s: {"productType": product.product_type.upper()},
        "relationships": lambda s: {"relationships": _relationships(product, asins)},
        "summaries": lambda s: _summary(product),
    }
    made: dict[str, Any] = {"asin": product.asin}
    for name in wanted:
        if name == "attributes":
            made[name] = _attributes(product, stores[0])
        elif name in parts:
            rows = [(s, parts[name](s)) for s in stores]
            made[name] = [{"marketplaceId": s.marketplace_id, **row} for s, row in rows if row is not None]
        else:
            made[name] = []
    return made


def _attributes(product: Product, store: Store) -> dict[str, Any]:
    said: dict[str, Any] = {"item_name": product.title, "brand": product.brand, **product.attributes}
    return {name: [{"value": value, "marketplace_id": store.marketplace_id}] for name, value in said.items() if value}


def _classified(product: Product) -> dict[str, Any] | None:
    key = _department(product)
    if not key:
        return None
    named = product_types.departments()[key]
    return {"classifications": [{"classificationId": key, "displayName": named.name}]}


def _identifiers(product: Product) -> list[dict[str, str]]:
    code = str(product.attributes.get("gtin") or "")
    if not code:
        return []
    kind = {12: "UPC", 13: "EAN", 10: "ISBN"}.get(len(code), "GTIN")
    codes = {kind: code}
    if kind == "UPC":
        codes["EAN"] = code.zfill(13)
    if kind != "ISBN":
        codes["GTIN"] = code.zfill(14)
    return [{"identifierType": name, "identifier": value} for name, value in sorted(codes.items())]


def _images(images: Sequence[ListingImage], call: Call) -> list[dict[str, Any]]:
    found = []
    for image in images:
        urls = picture_urls(image.picture)
        if image.variant in _VARIANTS and urls.large:
            found.append(
                {
                    "variant": image.variant,
                    "link": call.absolute(urls.large),
                    "height": urls.height,
                    "width": urls.width,
                }
            )
    return found


def _family_asins(products: Sequence[Product]) -> dict[Any, list[str]]:
    parents = [p.pk for p in products if p.parent_id is None]
    found: dict[Any, list[str]] = {}
    for parent, asin in (
        Product.objects.filter(parent_id__in=parents).order_by("pk").values_list("parent_id", "asin")[:5000]
    ):
        found.setdefault(parent, []).append(asin)
    return found


def _relationships(product: Product, asins: dict[Any, list[str]]) -> list[dict[str, Any]]:
    parent = product.parent
    theme = (parent or product).variation_theme
    made: dict[str, Any] = {"type": "VARIATION"}
    if parent:
        made["parentAsins"] = [parent.asin]
    elif children := asins.get(product.pk):
        made["childAsins"] = children
    else:
        return []
    if theme:
        made["variationTheme"] = {"attributes": list(product_types.theme(theme).attributes), "theme": theme.upper()}
    return [made]


def _summary(product: Product) -> dict[str, Any]:
    stated = product.attributes
    made: dict[str, Any] = {
        "itemName": product.title,
        "brand": product.brand,
        "color": stated.get("color", ""),
        "size": stated.get("size", ""),
        "itemClassification": "VARIATION_PARENT"
        if not product.parent_id and product.variation_theme
        else "BASE_PRODUCT",
    }
    key = _department(product)
    if key:
        named = product_types.departments()[key]
        made["browseClassification"] = {"classificationId": key, "displayName": named.name}
        made["websiteDisplayGroup"], made["websiteDisplayGroupName"] = key, named.name
    return {name: value for name, value in made.items() if value}

"""A listing as the interface says it: summaries, attributes, offers, availability, issues, relationships."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from fondaco.catalogue import product_types
from fondaco.catalogue.models import ListingImage, Offer, OfferStatus
from fondaco.catalogue.queries.reasons import shown_reason
from fondaco.catalogue.rules.states import ImageState
from fondaco.engine.fetch import every_fault
from fondaco.images.pipeline.findings import CATALOGUE as FINDINGS
from fondaco.images.queries import large_url
from fondaco.policy import stores
from fondaco.policy.stores import Store
from fondaco.spapi.queries.listings import images_of, parent_skus
from fondaco.spapi.served.forms import CONDITION_OUT, amount, language_of, moment, money

Absolute = Callable[[str], str]
_SEVERITY = {"fatal": "ERROR", "error": "ERROR", "warning": "WARNING", "info": "INFO"}


@dataclass(slots=True)
class Shelf:
    """What the items of one reply share: the pictures and family names of all of them."""

    images: dict[Any, list[ListingImage]]
    parents: dict[Any, str]
    absolute: Absolute


TELL_PICTURES = frozenset({"attributes", "issues"})


def shelf_of(offers: Sequence[Offer], absolute: Absolute, *, wanted: Sequence[str]) -> Shelf:
    """Read for all offers of a reply at once: what the parts that are `wanted` tell."""
    parents = [o.product.parent_id for o in offers if o.product.parent_id]
    names = parent_skus(offers[0].seller, parents) if parents else {}
    return Shelf(images_of(offers) if TELL_PICTURES.intersection(wanted) else {}, names, absolute)


def item(offer: Offer, shelf: Shelf, *, wanted: Sequence[str], marketplaces: Sequence[Store]) -> dict[str, Any]:
    """One listing with the parts that are `wanted`. An offer stands in one store; others say nothing of it."""
    store = stores.store_of(offer.store)
    here = store in marketplaces
    made: dict[str, Any] = {"sku": offer.sku}
    parts: dict[str, Callable[[], Any]] = {
        "summaries": lambda: [_summary(offer, store, shelf)] if here else [],
        "attributes": lambda: attributes_of(offer, store, shelf),
        "issues": lambda: issues_of(offer, store, shelf) if here else [],
        "offers": lambda: [_offer(offer, store)] if here else [],
        "fulfillmentAvailability": lambda: [_availability(offer, store)],
        "procurement": list,
        "relationships": lambda: [_relationships(offer, store, shelf)] if here else [],
        "productTypes": lambda: [_product_type(offer, store)] if here else [],
    }
    for name in wanted:
        made[name] = parts[name]()
    return made


def _summary(offer: Offer, store: Store, shelf: Shelf) -> dict[str, Any]:
    product = offer.product
    made: dict[str, Any] = {
        "marketplaceId": store.marketplace_id,
        "asin": product.asin,
        "productType": product.product_type.upper(),
        "conditionType": CONDITION_OUT[offer.condition],
        "status": status_of(offer),
        "itemName": product.title,
        "createdDate": moment(offer.created_at),
        "lastUpdatedDate": moment(max(offer.updated_at, product.updated_at)),
    }
    picture = product.main_picture
    if picture is not None and (url := large_url(picture)):
        made["mainImage"] = {"link": shelf.absolute(url), "height": picture.height, "width": picture.width}
    return made


def status_of(offer: Offer) -> list[str]:
    """BUYABLE: an active offer with a unit. DISCOVERABLE: search finds the page."""
    active = offer.status == OfferStatus.ACTIVE
    found = ["BUYABLE"] if active and offer.units_sellable > 0 else []
    return [*found, "DISCOVERABLE"] if active and offer.product.searchable else found


def attributes_of(offer: Offer, store: Store, shelf: Shelf) -> dict[str, Any]:
    """The attributes as they would be sent: what the catalogue says now, in the form of the interface."""
    product = offer.product
    said: dict[str, list[dict[str, Any]]] = {}

    def put(name: str, **fields: Any) -> None:
        said[name] = [{**fields, "marketplace_id": store.marketplace_id}]

    tag = language_of(store)
    put("item_name", value=product.title, language_tag=tag)
    if product.brand:
        put("brand", value=product.brand, language_tag=tag)
    if product.description:
        put("product_description", value=product.description, language_tag=tag)
    for name, value in product.attributes.items():
        if name == "gtin":
            kind = {12: "upc", 13: "ean"}.get(len(str(value)), "gtin")
            put("externally_assigned_product_identifier", type=kind, value=str(value))
        elif name in product_types.attributes():
            put(name, value=str(value), language_tag=tag)
    put("condition_type", value=CONDITION_OUT[offer.condition])
    if offer.condition_note:
        put("condition_note", value=offer.condition_note, language_tag=tag)
    price = float(amount(offer.price_minor, offer.currency))
    put(
        "purchasable_offer",
        currency=offer.currency,
        audience="ALL",
        our_price=[{"schedule": [{"value_with_tax": price}]}],
    )
    said["fulfillment_availability"] = [_stock_attribute(offer, store)]
    if offer.product.parent_id:
        put("parentage_level", value="child")
        put("child_parent_sku_relationship", parent_sku=shelf.parents.get(offer.product.parent_id, ""))
    for image in shelf.images.get(offer.product_id, []):
        if image.source_url and (name := locator_of(image.variant)):
            put(name, media_location=image.source_url)
    return said


def _stock_attribute(offer: Offer, store: Store) -> dict[str, Any]:
    made: dict[str, Any] = {
        "fulfillment_channel_code": channel_code(offer, store),
        "quantity": offer.units_sellable,
        "lead_time_to_ship_max_days": offer.handling_days,
    }
    if offer.restock_date:
        made["restock_date"] = offer.restock_date.isoformat()
    return made


def channel_code(offer: Offer, store: Store) -> str:
    """DEFAULT for goods that the seller ships, the region's centre for those of the marketplace."""
    if offer.channel == "seller":
        return "DEFAULT"
    return {"north_america": "AMAZON_NA", "europe": "AMAZON_EU"}.get(store.region, "AMAZON_FE")


def locator_of(variant: str) -> str:
    """The attribute that names the picture of a slot; "" for slots the interface has no name for."""
    if variant == "MAIN":
        return "main_product_image_locator"
    if variant == "SWCH":
        return "swatch_product_image_locator"
    number = variant.removeprefix("PT")
    return f"other_product_image_locator_{int(number)}" if number.isdigit() and 1 <= int(number) <= 8 else ""


def _offer(offer: Offer, store: Store) -> dict[str, Any]:
    return {
        "marketplaceId": store.marketplace_id,
        "offerType": "B2C",
        "price": money(offer.price_minor, offer.currency),
        "audience": {"value": "ALL", "displayName": "All buyers"},
    }


def _availability(offer: Offer, store: Store) -> dict[str, Any]:
    return {"fulfillmentChannelCode": channel_code(offer, store), "quantity": offer.units_sellable}


def _relationships(offer: Offer, store: Store, shelf: Shelf) -> dict[str, Any]:
    product = offer.product
    if not product.parent_id:
        return {"marketplaceId": store.marketplace_id, "relationships": []}
    theme = product.parent.variation_theme if product.parent else product.variation_theme
    relation: dict[str, Any] = {
        "type": "VARIATION",
        "parentSkus": [sku] if (sku := shelf.parents.get(product.parent_id)) else [],
    }
    if theme:
        names = list(product_types.theme(theme).attributes)
        relation["variationTheme"] = {"attributes": names, "theme": theme.upper()}
    return {"marketplaceId": store.marketplace_id, "relationships": [relation]}


def _product_type(offer: Offer, store: Store) -> dict[str, Any]:
    return {"marketplaceId": store.marketplace_id, "productType": offer.product.product_type.upper()}


# --- issues -----------------------------------------------------------------------------------------------------------


def issues_of(offer: Offer, store: Store, shelf: Shelf) -> list[dict[str, Any]]:
    """What keeps the listing, or a picture of it, from showing; each with what is done about it until it is mended."""
    found = []
    images = shelf.images.get(offer.product_id, [])
    suppressed = not offer.product.searchable
    for image in images:
        if image.state not in (ImageState.REJECTED, ImageState.DISPLAYED, ImageState.ELIGIBLE, ImageState.NOT_SELECTED):
            continue
        for reason in image.reasons:
            found.append(_image_issue(image, reason, store, held=suppressed and image.variant == "MAIN"))
    if suppressed and not any("enforcements" in each for each in found):
        found.append(_held(offer, store))
    kind = product_types.all_types().get(offer.product.product_type)
    for name in kind.missing(offer.product.attributes) if kind else ():
        found.append(
            {
                "code": "90220",
                "message": f"'{name}' is required but not supplied.",
                "severity": "WARNING",
                "attributeNames": [name],
                "categories": ["MISSING_ATTRIBUTE"],
                "marketplaceIds": [store.marketplace_id],
            }
        )
    return found


def _image_issue(image: ListingImage, reason: dict[str, Any], store: Store, *, held: bool) -> dict[str, Any]:
    code = str(reason.get("code", ""))
    shown = shown_reason(reason)
    rejected = image.state == ImageState.REJECTED
    severity = _SEVERITY.get(shown.severity, "ERROR") if rejected else "INFO" if shown.severity == "info" else "WARNING"
    made: dict[str, Any] = {
        "code": issue_code(code),
        "message": f"{shown.words} {shown.fix}".strip(),
        "severity": severity,
        "categories": ["INVALID_IMAGE"],
        "marketplaceIds": [store.marketplace_id],
    }
    if name := locator_of(image.variant):
        made["attributeNames"] = [name]
    if held and severity == "ERROR":
        made["enforcements"] = _suppressed()
    return made


def issue_code(code: str) -> str:
    """The code that reports print: published ones for what could not be fetched, ours for what was seen."""
    if code in FINDINGS or code not in every_fault():
        return f"LOCAL-IMG-{code.upper().replace('_', '-')}"[:60]
    return str(every_fault()[code].FEED_CODE)


def _held(offer: Offer, store: Store) -> dict[str, Any]:
    from fondaco.catalogue.queries.reasons import held_words

    reason = offer.product.held_reason
    waiting = reason == "image_processing"
    made: dict[str, Any] = {
        "code": f"LOCAL-IMG-{reason.upper().replace('_', '-')}",
        "message": held_words(reason),
        "severity": "INFO" if waiting else "ERROR",
        "categories": ["MISSING_ATTRIBUTE" if reason == "image_missing" else "INVALID_IMAGE"],
        "attributeNames": ["main_product_image_locator"],
        "marketplaceIds": [store.marketplace_id],
    }
    if not waiting:
        made["enforcements"] = _suppressed()
    return made


def _suppressed() -> dict[str, Any]:
    return {"actions": [{"action": "SEARCH_SUPPRESSED"}], "exemption": {"status": "NOT_EXEMPT"}}

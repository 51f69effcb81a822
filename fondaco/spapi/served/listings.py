"""Listings Items, version 2021-08-01."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from django.utils.translation import gettext
from pydantic import BaseModel, Field

from fondaco.feeds import errors as faults
from fondaco.feeds.errors import Issue
from fondaco.feeds.operations.single import Outcome, apply_message
from fondaco.kit.errors import NotFound
from fondaco.kit.ids import new_id
from fondaco.spapi.door import Call, many, moment, operation, paging, text, whole
from fondaco.spapi.door.errors import invalid
from fondaco.spapi.queries.listings import Page, Question, listing_of, page_of, position_of
from fondaco.spapi.rules.roles import ApiRole
from fondaco.spapi.served.listing_item import item, shelf_of

ROLE = (ApiRole.PRODUCT_LISTING,)
PARTS = (
    "summaries",
    "attributes",
    "issues",
    "offers",
    "fulfillmentAvailability",
    "procurement",
    "relationships",
    "productTypes",
)
IDENTIFIERS = ("ASIN", "EAN", "FNSKU", "GTIN", "ISBN", "JAN", "MINSAN", "SKU", "UPC")
_ONE = "/listings/2021-08-01/items/{sellerId}/{sku}"
_STATUSES = ("BUYABLE", "DISCOVERABLE")
_WRITTEN = (
    many("marketplaceIds", required=True, most=1),
    many("includedData", choices=("identifiers", "issues"), default=("issues",)),
    text("mode", choices=("VALIDATION_PREVIEW",)),
    text("issueLocale"),
)


class ListingsItemPutRequest(BaseModel):
    productType: Annotated[str, Field(min_length=1, max_length=100)]
    requirements: Literal["LISTING", "LISTING_PRODUCT_ONLY", "LISTING_OFFER_ONLY"] = "LISTING"
    attributes: dict[str, Any]


class PatchOperation(BaseModel):
    op: Literal["add", "replace", "merge", "delete"]
    path: Annotated[str, Field(min_length=1, max_length=300)]
    value: list[dict[str, Any]] | None = None


class ListingsItemPatchRequest(BaseModel):
    productType: Annotated[str, Field(min_length=1, max_length=100)]
    patches: Annotated[list[PatchOperation], Field(min_length=1, max_length=500)]


@operation(
    "getListingsItem",
    "GET",
    _ONE,
    rate=(5, 10),
    roles=ROLE,
    query=(
        many("marketplaceIds", required=True),
        text("issueLocale"),
        many("includedData", choices=PARTS, default=("summaries",)),
    ),
)
def get_listings_item(call: Call) -> dict[str, Any]:
    """One listing of the seller, with the parts asked for."""
    seller = call.require_seller_id()
    stores = call.stores()
    found = listing_of(seller, call["sku"])
    if found is None:
        raise NotFound(what="listing")
    wanted = call["includedData"]
    return item(found, shelf_of([found], call.absolute, wanted=wanted), wanted=wanted, marketplaces=stores)


@operation(
    "searchListingsItems",
    "GET",
    "/listings/2021-08-01/items/{sellerId}",
    rate=(5, 5),
    roles=ROLE,
    query=(
        many("marketplaceIds", required=True),
        text("issueLocale"),
        many("includedData", choices=PARTS, default=("summaries",)),
        many("identifiers", most=20),
        text("identifiersType", choices=IDENTIFIERS),
        text("variationParentSku"),
        text("packageHierarchySku"),
        moment("createdAfter"),
        moment("createdBefore"),
        moment("lastUpdatedAfter"),
        moment("lastUpdatedBefore"),
        many("withIssueSeverity", choices=("WARNING", "ERROR")),
        many("withStatus", choices=_STATUSES),
        many("withoutStatus", choices=_STATUSES),
        text("sortBy", choices=("sku", "createdDate", "lastUpdatedDate"), default="lastUpdatedDate"),
        text("sortOrder", choices=("ASC", "DESC"), default="DESC"),
        whole("pageSize", default=10, most=20),
        text("pageToken"),
    ),
    differs="numberOfResults is exact up to 1,000; package hierarchies do not exist here.",
)
def search_listings_items(call: Call) -> dict[str, Any]:
    """The seller's listings that answer the filters, a page at a time."""
    seller = call.require_seller_id()
    stores = call.stores()
    question = _question(call, stores[0].code)
    where = paging.position(call, "searchListingsItems", call["pageToken"])
    back, after = (where[0] == "back", where[1]) if where else (False, None)
    page = Page()
    if question is not None:
        page = page_of(seller, question, size=call["pageSize"], after=after, back=back)
    rows = page.offers
    shelf = shelf_of(rows, call.absolute, wanted=call["includedData"]) if rows else None
    reply: dict[str, Any] = {
        "numberOfResults": page.count,
        "items": [item(o, shelf, wanted=call["includedData"], marketplaces=stores) for o in rows] if shelf else [],
    }
    if question and rows and (page.more or page.before):
        reply["pagination"] = _pages(call, page, question)
    return reply


def _pages(call: Call, page: Page, question: Question) -> dict[str, str]:
    made = {}
    if page.more:
        made["nextToken"] = paging.token(call, "searchListingsItems", ["on", position_of(page.offers[-1], question)])
    if page.before:
        made["previousToken"] = paging.token(
            call, "searchListingsItems", ["back", position_of(page.offers[0], question)]
        )
    return made


def _question(call: Call, store: str) -> Question | None:
    """The filters; None when they can match nothing."""
    given, kind = call["identifiers"], call["identifiersType"]
    if bool(given) != bool(kind):
        raise invalid("identifiers and identifiersType go together.")
    if call["packageHierarchySku"] or kind in ("FNSKU", "JAN", "MINSAN"):
        return None
    both = set(call["withStatus"]) & set(call["withoutStatus"])
    if both:
        return None

    def wanted(name: str) -> bool | None:
        return True if name in call["withStatus"] else False if name in call["withoutStatus"] else None

    return Question(
        store=store,
        skus=tuple(given) if kind == "SKU" else (),
        asins=tuple(given) if kind == "ASIN" else (),
        barcodes=tuple(given) if kind in ("EAN", "GTIN", "ISBN", "UPC") else (),
        parent_sku=call["variationParentSku"],
        created_after=call["createdAfter"],
        created_before=call["createdBefore"],
        updated_after=call["lastUpdatedAfter"],
        updated_before=call["lastUpdatedBefore"],
        buyable=wanted("BUYABLE"),
        discoverable=wanted("DISCOVERABLE"),
        severities=tuple(call["withIssueSeverity"]),
        order=call["sortBy"],
        descending=call["sortOrder"] == "DESC",
    )


@operation("putListingsItem", "PUT", _ONE, rate=(5, 10), roles=ROLE, query=_WRITTEN, body=ListingsItemPutRequest)
def put_listings_item(call: Call) -> dict[str, Any]:
    """Create or fully replace a listing. Faults of the data are issues of the reply, not errors of the request."""
    body: ListingsItemPutRequest = call.body
    message = {
        "operationType": "UPDATE",
        "productType": body.productType.lower(),
        "requirements": body.requirements,
        "attributes": body.attributes,
    }
    return _written(call, message)


@operation("patchListingsItem", "PATCH", _ONE, rate=(5, 5), roles=ROLE, query=_WRITTEN, body=ListingsItemPatchRequest)
def patch_listings_item(call: Call) -> dict[str, Any]:
    """Change some attributes of a listing and leave the rest."""
    body: ListingsItemPatchRequest = call.body
    patches = [p.model_dump(exclude_none=True) for p in body.patches]
    message = {
        "operationType": "PATCH",
        # The neutral type says "whatever it is" when only the offer changes.
        "productType": body.productType.lower(),
        "patches": patches,
    }
    return _written(call, message)


@operation(
    "deleteListingsItem",
    "DELETE",
    _ONE,
    rate=(5, 5),
    roles=ROLE,
    query=(many("marketplaceIds", required=True, most=1), text("issueLocale")),
)
def delete_listings_item(call: Call) -> dict[str, Any]:
    """End a listing. Its units stay counted and its pictures stay with the product."""
    seller = call.require_seller_id()
    if listing_of(seller, call["sku"]) is None:
        raise NotFound(what="listing")
    return _written(call, {"operationType": "DELETE"})


def _written(call: Call, message: dict[str, Any]) -> dict[str, Any]:
    seller = call.require_seller_id()
    store = call.stores()[0]
    submission_id = new_id()
    preview = call.values.get("mode") == "VALIDATION_PREVIEW"
    sku = call["sku"]
    outcome = apply_message(
        call.caller,
        message={"messageId": 1, "sku": sku, **message},
        store=store.code,
        submission_id=submission_id,
        preview=preview,
    )
    status = "INVALID" if not outcome.is_accepted else "VALID" if preview else "ACCEPTED"
    reply: dict[str, Any] = {"sku": sku, "status": status, "submissionId": str(submission_id)}
    wanted = call.values.get("includedData") or ["issues"]
    if "issues" in wanted:
        reply["issues"] = _issues(outcome)
    if "identifiers" in wanted:
        found = listing_of(seller, sku)
        made = {"marketplaceId": store.marketplace_id, "asin": found.product.asin} if found else None
        reply["identifiers"] = [made] if made else []
    return reply


_ATTRIBUTES = {
    "item-name": "item_name",
    "product-type": "product_type",
    "description": "product_description",
    "item-condition": "condition_type",
    "condition-note": "condition_note",
    "price": "purchasable_offer",
    "currency": "purchasable_offer",
    "quantity": "fulfillment_availability",
    "fulfilment-channel": "fulfillment_availability",
    "handling-days": "fulfillment_availability",
    "restock-date": "fulfillment_availability",
    "product-id": "externally_assigned_product_identifier",
    "product-id-type": "externally_assigned_product_identifier",
    "parent-sku": "child_parent_sku_relationship",
    "parentage": "parentage_level",
    "variation-theme": "variation_theme",
    "main-image-url": "main_product_image_locator",
    "swatch-image-url": "swatch_product_image_locator",
    "colour": "color",
    **{f"other-image-url{n}": f"other_product_image_locator_{n}" for n in range(1, 9)},
}


def _issues(outcome: Outcome) -> list[dict[str, Any]]:
    return [_issue(each) for each in outcome.issues]


def _issue(issue: Issue) -> dict[str, Any]:
    entry = faults.fault(issue.fault)
    message = faults.words(issue, message=gettext(entry.message))
    fix = faults.words(issue, message=gettext(entry.fix))
    name = _ATTRIBUTES.get(issue.column, issue.column.removeprefix("attribute:"))
    made: dict[str, Any] = {
        "code": entry.code,
        "message": f"{message} {fix}".strip(),
        "severity": "WARNING" if entry.type is faults.ErrorType.WARNING else "ERROR",
        "categories": ["MISSING_ATTRIBUTE"] if entry.code == "90220" else ["INVALID_ATTRIBUTE"] if name else [],
    }
    if name:
        made["attributeNames"] = [name]
    return made

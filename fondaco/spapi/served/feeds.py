"""Feeds, version 2021-06-30."""

from __future__ import annotations

from typing import Annotated, Any

from django.urls import reverse
from pydantic import BaseModel, Field

from fondaco.sellers.rules import Capability
from fondaco.spapi.door import Answer, Call, many, moment, operation, paging, text, whole, yes_no
from fondaco.spapi.door.call import store_of
from fondaco.spapi.models import Document, FeedRequest
from fondaco.spapi.models.documents import DocumentKind, FeedStatus
from fondaco.spapi.operations import documents, feeds
from fondaco.spapi.rules.roles import ApiRole
from fondaco.spapi.served import forms

ROLES = (ApiRole.PRODUCT_LISTING, ApiRole.INVENTORY_AND_ORDERS, ApiRole.SHIPPING)


class CreateFeedDocumentSpecification(BaseModel):
    contentType: Annotated[str, Field(min_length=1, max_length=120)]


class CreateFeedSpecification(BaseModel):
    feedType: Annotated[str, Field(min_length=1, max_length=80)]
    marketplaceIds: Annotated[list[str], Field(min_length=1, max_length=25)]
    inputFeedDocumentId: Annotated[str, Field(min_length=1, max_length=120)]
    feedOptions: dict[str, str] = Field(default_factory=dict)


@operation(
    "createFeedDocument",
    "POST",
    "/feeds/2021-06-30/documents",
    rate=(0.5, 15),
    roles=ROLES,
    body=CreateFeedDocumentSpecification,
)
def create_feed_document(call: Call) -> Answer:
    """A place for a feed's content: an id, and a signed address for one PUT within a quarter of an hour."""
    seller = call.caller.require_seller(Capability.EDIT_LISTINGS)
    made = documents.reserve(seller, kind=DocumentKind.FEED, content_type=call.body.contentType)
    return Answer(201, {"feedDocumentId": documents.public_id(made), "url": _address(call, made, put=True)})


@operation(
    "getFeedDocument",
    "GET",
    "/feeds/2021-06-30/documents/{feedDocumentId}",
    rate=(0.0222, 10),
    roles=ROLES,
    query=(yes_no("enableContentEncodingUrlHeader"),),
)
def get_feed_document(call: Call) -> dict[str, Any]:
    """Where a feed's input or its processing report can be fetched, for a quarter of an hour."""
    kinds = (DocumentKind.FEED.value, DocumentKind.FEED_RESULT.value)
    found = documents.document_of(call.seller, call["feedDocumentId"], kinds=kinds)
    made = {"feedDocumentId": documents.public_id(found), "url": _address(call, found, put=False)}
    return made | ({"compressionAlgorithm": "GZIP"} if found.is_gzip else {})


@operation(
    "createFeed", "POST", "/feeds/2021-06-30/feeds", rate=(0.0083, 15), roles=ROLES, body=CreateFeedSpecification
)
def create_feed(call: Call) -> Answer:
    """Have a document worked off."""
    body: CreateFeedSpecification = call.body
    seller = call.caller.require_seller(Capability.EDIT_LISTINGS)
    for each in body.marketplaceIds:
        store_of(each)
    document = documents.document_of(seller, body.inputFeedDocumentId, kinds=(DocumentKind.FEED.value,))
    made = feeds.create(
        call.caller,
        feed_type=body.feedType,
        marketplace_ids=body.marketplaceIds,
        document=document,
        options=body.feedOptions,
    )
    return Answer(202, {"feedId": made.number})


@operation(
    "getFeeds",
    "GET",
    "/feeds/2021-06-30/feeds",
    rate=(0.0222, 10),
    roles=ROLES,
    query=(
        many("feedTypes", most=10),
        many("marketplaceIds", most=10),
        whole("pageSize", default=10, most=100),
        many("processingStatuses", choices=tuple(FeedStatus.values)),
        moment("createdSince"),
        moment("createdUntil"),
        text("nextToken"),
    ),
)
def get_feeds(call: Call) -> dict[str, Any]:
    """The seller's feeds, newest first."""
    found = FeedRequest.objects.filter(seller=call.seller).select_related("input", "result")
    if call["feedTypes"]:
        found = found.filter(feed_type__in=call["feedTypes"])
    if call["createdSince"]:
        found = found.filter(created_at__gte=call["createdSince"])
    if call["createdUntil"]:
        found = found.filter(created_at__lte=call["createdUntil"])
    start = int(paging.position(call, "getFeeds", call["nextToken"]) or 0)
    size, wanted, markets = call["pageSize"], set(call["processingStatuses"]), set(call["marketplaceIds"])
    shown: list[FeedRequest] = []
    at = start
    for row in found.order_by("-created_at", "-id")[start : start + 2000].iterator():
        at += 1
        feed = feeds.current(row)
        if (not wanted or feed.status in wanted) and (not markets or markets & set(feed.marketplace_ids)):
            shown.append(feed)
        if len(shown) == size:
            break
    reply: dict[str, Any] = {"feeds": [_feed(f) for f in shown]}
    if len(shown) == size and found.count() > at:
        reply["nextToken"] = paging.token(call, "getFeeds", at)
    return reply


@operation("getFeed", "GET", "/feeds/2021-06-30/feeds/{feedId}", rate=(2, 15), roles=ROLES)
def get_feed(call: Call) -> dict[str, Any]:
    """One feed: how far it is, and its report's document once it is done."""
    return _feed(feeds.feed_of(call.seller, call["feedId"]))


@operation("cancelFeed", "DELETE", "/feeds/2021-06-30/feeds/{feedId}", rate=(2, 15), roles=ROLES)
def cancel_feed(call: Call) -> Answer:
    """Call off a feed that is still in the queue."""
    feeds.cancel(call.caller, feed=feeds.feed_of(call.seller, call["feedId"]))
    return Answer(200)


def _feed(feed: FeedRequest) -> dict[str, Any]:
    made: dict[str, Any] = {
        "feedId": feed.number,
        "feedType": feed.feed_type,
        "marketplaceIds": feed.marketplace_ids,
        "createdTime": forms.moment(feed.created_at),
        "processingStatus": feed.status,
    }
    if feed.started_at:
        made["processingStartTime"] = forms.moment(feed.started_at)
    if feed.ended_at:
        made["processingEndTime"] = forms.moment(feed.ended_at)
    if feed.result is not None:
        made["resultFeedDocumentId"] = documents.public_id(feed.result)
    return made


def _address(call: Call, document: Document, *, put: bool) -> str:
    return call.absolute(reverse("spapi:document", args=[documents.ticket(document, put=put)]))

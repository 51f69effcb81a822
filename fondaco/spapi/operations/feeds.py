"""Feeds: created from a document, worked off by the domain they belong to, answered by a report."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import IO, Any, cast

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef
from django.utils import translation
from django.utils.translation import gettext_noop as N_

from fondaco.engine import clock, files
from fondaco.feeds import operations as inventory
from fondaco.feeds import queries as inventory_queries
from fondaco.feeds import report as reports
from fondaco.feeds import words
from fondaco.feeds.items import items_of
from fondaco.feeds.models import Batch
from fondaco.feeds.rules import BatchState
from fondaco.kit.errors import Invalid, NotFound, Refusal
from fondaco.sellers.access import Caller
from fondaco.sellers.models import SellerAccount
from fondaco.spapi.models import Document, FeedRequest
from fondaco.spapi.models.documents import DocumentKind, FeedStatus
from fondaco.spapi.operations import documents, ended
from fondaco.spapi.rules.notices import FEED_FINISHED

LISTINGS = "JSON_LISTINGS_FEED"
#: Feeds whose processing ended in the published interface; they are taken and answered as FATAL, as there.
ENDED = frozenset(
    {
        "POST_PRODUCT_DATA",
        "POST_INVENTORY_AVAILABILITY_DATA",
        "POST_PRODUCT_OVERRIDES_DATA",
        "POST_PRODUCT_PRICING_DATA",
        "POST_PRODUCT_IMAGE_DATA",
        "POST_PRODUCT_RELATIONSHIP_DATA",
        "POST_FLAT_FILE_INVLOADER_DATA",
        "POST_FLAT_FILE_LISTINGS_DATA",
        "POST_FLAT_FILE_BOOKLOADER_DATA",
        "POST_FLAT_FILE_CONVERGENCE_LISTINGS_DATA",
        "POST_FLAT_FILE_PRICEANDQUANTITYONLY_UPDATE_DATA",
        "POST_UIEE_BOOKLOADER_DATA",
    }
)
_OVER = (FeedStatus.DONE, FeedStatus.FATAL, FeedStatus.CANCELLED)
_OF_BATCH = {
    BatchState.REQUEST_SUBMITTED: FeedStatus.IN_QUEUE,
    BatchState.IN_PROGRESS: FeedStatus.IN_PROGRESS,
    BatchState.DONE: FeedStatus.DONE,
    # What could not be read at all is done too: the report says why.
    BatchState.FATAL: FeedStatus.DONE,
    BatchState.CANCELLED: FeedStatus.CANCELLED,
}

Handler = Callable[[FeedRequest, IO[bytes]], Iterator[str]]
_handlers: dict[str, tuple[Handler, str]] = {}


class FeedTypeUnknown(Invalid):
    CODE = "feed_type_unknown"
    WORDS = N_("There is no feed type %(feed_type)s.")


class DocumentMissing(Invalid):
    CODE = "feed_document_missing"
    WORDS = N_("Nothing was sent to the feed document's address.")
    FIX = N_("Send the document with PUT to the address that createFeedDocument answered, then create the feed.")


class FeedOver(Refusal):
    CODE = "feed_over"
    WORDS = N_("This feed is no longer in the queue.")


def handles(feed_type: str, *, content_type: str) -> Callable[[Handler], Handler]:
    """Register what works a feed type off: it gets the request and the open input, and yields the pieces of the report.

    It runs in a task, perhaps more than once for the same feed: what it writes must be safe to repeat.
    """

    def register(fn: Handler) -> Handler:
        _handlers[feed_type] = (fn, content_type)
        return fn

    return register


def create(
    caller: Caller, *, feed_type: str, marketplace_ids: list[str], document: Document, options: dict[str, str]
) -> FeedRequest:
    """A feed from a document that was sent up. The same document again answers the same feed.

    Raises FeedTypeUnknown, DocumentMissing, and what submitting an inventory file refuses.
    """
    seller = document.seller
    if feed_type != LISTINGS and feed_type not in ENDED and feed_type not in _handlers:
        raise FeedTypeUnknown(feed_type=feed_type[:80])
    if not document.sha256:
        raise DocumentMissing
    if done := FeedRequest.objects.filter(input=document).first():
        return done
    made = FeedRequest(
        seller=seller,
        person=caller.person,
        feed_type=feed_type,
        marketplace_ids=marketplace_ids,
        options=options,
        input=document,
        created_at=clock.now(),
    )
    try:
        with transaction.atomic():
            if feed_type == LISTINGS:
                with files.open_file(documents.STORE, document.sha256) as source:
                    batch = inventory.submit(
                        caller, file=source, name="listings.json", request_key=f"spapi:{document.pk.hex}"
                    )
                made.batch_id, made.number = batch.pk, batch.number
            elif feed_type in ENDED:
                made.status, made.started_at, made.ended_at = FeedStatus.FATAL, made.created_at, made.created_at
            made.save(force_insert=True)
            if made.status == FeedStatus.FATAL:
                _tell(made)
            if feed_type in _handlers:
                from fondaco.spapi import nudges

                nudges.work_off(made.pk)
    except IntegrityError:
        return FeedRequest.objects.get(input=document)
    return made


def current(feed: FeedRequest) -> FeedRequest:
    """The feed as it stands now: a listings feed follows its batch, and gets its report once that is over."""
    if feed.batch_id is None or feed.status in _OVER:
        return feed
    batch = Batch.objects.select_related("seller").filter(pk=feed.batch_id).first()
    if batch is None:
        return feed
    status = _OF_BATCH[BatchState(batch.state)]
    feed.started_at = batch.planned_at or feed.started_at
    if status not in _OVER:
        feed.status = status
        return feed
    result = _listings_report(feed, batch) if status is FeedStatus.DONE else None
    with transaction.atomic():
        locked = FeedRequest.objects.select_for_update().get(pk=feed.pk)
        if locked.status in _OVER:
            return locked
        locked.status, locked.result = status, result
        locked.started_at, locked.ended_at = feed.started_at or batch.submitted_at, batch.finished_at or clock.now()
        locked.save(update_fields=["status", "result", "started_at", "ended_at"])
        _tell(locked)
    return locked


def end(feed_id: Any) -> None:
    """Bring a listings feed up to its file, once that is through. Again does nothing."""
    feed = FeedRequest.objects.select_related("input", "result", "seller").filter(pk=feed_id).first()
    if feed is not None:
        current(feed)


def _tell(feed: FeedRequest) -> None:
    result = ("resultFeedDocumentId", feed.result)
    ended.tell(feed, kind=FEED_FINISHED, what="feed", of_type=feed.feed_type, result=result)


def cancel(caller: Caller, *, feed: FeedRequest) -> None:
    """Call a feed off that has not begun. Raises FeedOver."""
    if feed.batch_id is not None:
        batch = Batch.objects.get(pk=feed.batch_id)
        if batch.state == BatchState.CANCELLED:
            return
        if batch.state != BatchState.REQUEST_SUBMITTED:
            raise FeedOver
        inventory.cancel(caller, number=batch.number)
        return
    with transaction.atomic():
        locked = FeedRequest.objects.select_for_update().get(pk=feed.pk)
        if locked.status == FeedStatus.CANCELLED:
            return
        if locked.status != FeedStatus.IN_QUEUE:
            raise FeedOver
        locked.status, locked.ended_at = FeedStatus.CANCELLED, clock.now()
        locked.save(update_fields=["status", "ended_at"])
        _tell(locked)


def work_off(feed_id: Any) -> None:
    """Do a feed that has a handler: its effects, its report and its state. Again, it finds what was done."""
    with transaction.atomic():
        feed = (
            FeedRequest.objects.select_for_update(of=("self",))
            .select_related("seller", "input", "person")
            .get(pk=feed_id)
        )
        if feed.status in _OVER:
            return
        feed.status, feed.started_at = FeedStatus.IN_PROGRESS, feed.started_at or clock.now()
        feed.attempts += 1
        feed.save(update_fields=["status", "started_at", "attempts"])
    handler, content_type = _handlers[feed.feed_type]
    with files.open_file(documents.STORE, feed.input.sha256) as source:
        text = "".join(handler(feed, source))
    result = documents.keep(
        feed.seller, kind=DocumentKind.FEED_RESULT, content_type=content_type, source=io.BytesIO(text.encode())
    )
    with transaction.atomic():
        locked = FeedRequest.objects.select_for_update().get(pk=feed.pk)
        if locked.status in _OVER:
            return
        locked.status, locked.result, locked.ended_at = FeedStatus.DONE, result, clock.now()
        locked.save(update_fields=["status", "result", "ended_at"])
        _tell(locked)


def due(*, at: datetime) -> list[Any]:
    """Feeds with a handler that are not over: what the sweep nudges."""
    open_ones = FeedRequest.objects.filter(
        status__in=[FeedStatus.IN_QUEUE, FeedStatus.IN_PROGRESS], batch_id__isnull=True, created_at__lte=at
    )
    return list(open_ones.order_by("created_at").values_list("pk", flat=True)[:500])


def through() -> list[Any]:
    """Listings feeds whose file is through and that do not say so yet: what the sweep ends."""
    over = Batch.objects.filter(
        pk=OuterRef("batch_id"), state__in=[BatchState.DONE, BatchState.FATAL, BatchState.CANCELLED]
    )
    open_ones = FeedRequest.objects.filter(
        Exists(over), status__in=[FeedStatus.IN_QUEUE, FeedStatus.IN_PROGRESS], batch_id__isnull=False
    )
    return list(open_ones.order_by("created_at").values_list("pk", flat=True)[:500])


def feed_of(seller: SellerAccount, number: str) -> FeedRequest:
    """A seller's feed by its id. Raises NotFound."""
    found = FeedRequest.objects.filter(seller=seller, number=number[:12]).select_related("input", "result").first()
    if found is None:
        raise NotFound(what="feed")
    return current(found)


def _listings_report(feed: FeedRequest, batch: Batch) -> Document:
    locale = str(batch.feed_header.get("issueLocale") or "")
    language = "vi" if locale.startswith("vi") else "zh-hant" if locale.startswith("zh") else "en"
    counts = reports.Counts(
        processed=batch.processed, successful=batch.successful, errors=batch.errors, warnings=batch.warnings
    )
    with translation.override(language):
        lines = words.lines(inventory_queries.issues_of(batch).iterator(chunk_size=1000))
        pieces = reports.json_report(
            seller_id=batch.seller.number, feed_id=feed.number, counts=counts, lines=lines, items=items_of(batch)
        )
        source = io.BytesIO("".join(pieces).encode())
    return documents.keep(
        feed.seller,
        kind=DocumentKind.FEED_RESULT,
        content_type="application/json; charset=UTF-8",
        source=cast(IO[bytes], source),
    )

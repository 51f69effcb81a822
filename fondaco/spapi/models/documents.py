"""Documents that are sent up and fetched, and the feeds that were created from them."""

from __future__ import annotations

from django.db import models

from fondaco.kit.ids import new_batch_number, new_id
from fondaco.sellers.models import Person, SellerAccount


class DocumentKind(models.TextChoices):
    """What a document is for."""

    FEED = "feed"
    FEED_RESULT = "feed_result"
    REPORT = "report"
    UPLOAD = "upload"


class Document(models.Model):
    """Bytes under an id. `sha256` is empty until they have arrived; the content stands in the `documents` store."""

    id = models.UUIDField(primary_key=True, default=new_id)
    seller = models.ForeignKey(SellerAccount, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=DocumentKind.choices)
    content_type = models.CharField(max_length=120, default="", blank=True)
    sha256 = models.CharField(max_length=64, default="", blank=True)
    md5 = models.CharField(max_length=32, default="", blank=True)  # what the sender announced, in hex
    size_bytes = models.BigIntegerField(default=0)
    is_gzip = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    arrived_at = models.DateTimeField(null=True)


class FeedStatus(models.TextChoices):
    """As the interface names them."""

    IN_QUEUE = "IN_QUEUE"
    IN_PROGRESS = "IN_PROGRESS"
    DONE = "DONE"
    FATAL = "FATAL"
    CANCELLED = "CANCELLED"


class FeedRequest(models.Model):
    """One `createFeed`. A listings feed has a batch of `feeds` with the same number, whose state counts; the others are
    worked off here. `result` is written when the work is over."""

    id = models.UUIDField(primary_key=True, default=new_id)
    number = models.CharField(max_length=12, unique=True, default=new_batch_number)
    seller = models.ForeignKey(SellerAccount, on_delete=models.PROTECT, related_name="+", db_index=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    feed_type = models.CharField(max_length=80)
    marketplace_ids = models.JSONField(default=list)
    options = models.JSONField(default=dict)
    input = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="+")
    result = models.ForeignKey(Document, on_delete=models.PROTECT, null=True, related_name="+")
    batch_id = models.UUIDField(null=True)
    status = models.CharField(max_length=12, choices=FeedStatus.choices, default=FeedStatus.IN_QUEUE)
    attempts = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            # A document makes one feed: the same request again answers the same feed.
            models.UniqueConstraint(fields=["input"], name="one_feed_per_document"),
            models.CheckConstraint(name="feed_status_known", condition=models.Q(status__in=FeedStatus.values)),
        ]
        indexes = [
            models.Index(fields=["seller", "-created_at", "-id"], name="feed_request_of_seller"),
            models.Index(
                fields=["created_at"],
                condition=models.Q(status__in=["IN_QUEUE", "IN_PROGRESS"]),
                name="feed_request_open",
            ),
        ]


class FeedMessage(models.Model):
    """One message of a feed about orders that was worked off, written with what it did. `code` is "" when it was done."""

    id = models.UUIDField(primary_key=True, default=new_id)
    feed = models.ForeignKey(FeedRequest, on_delete=models.CASCADE, related_name="messages", db_index=False)
    number = models.BigIntegerField()
    code = models.CharField(max_length=60, default="", blank=True)
    words = models.CharField(max_length=1000, default="", blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["feed", "number"], name="feed_message_once")]

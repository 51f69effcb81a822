"""Photographs: what was asked for, what was handed in, and who has seen it."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q

from fondaco.engine import clock
from fondaco.engine.columns import one_of
from fondaco.kit.ids import new_id
from fondaco.messaging.models.conversation import Conversation, Message
from fondaco.messaging.rules.words import RequestState, Side


class PhotoRequest(models.Model):
    """Photographs that are asked for in a conversation. `type` is a code of policy (`photo.types`).

    `preferences` is what the seller asked of format, size, labels and number, as it was then. `remind_at`: when the
    buyer is next reminded; null when there is nothing to remind of.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    conversation = models.ForeignKey(
        Conversation, on_delete=models.CASCADE, related_name="photo_requests", db_index=False
    )
    type = models.CharField(max_length=40)
    state = models.CharField(max_length=10, default=RequestState.OPEN.value)
    asked_by = models.CharField(max_length=8)
    instructions = models.TextField(blank=True)
    preferences = models.JSONField(default=dict)
    policy_version = models.CharField(max_length=120)
    created_at = models.DateTimeField(default=clock.now, editable=False)
    instructed_at = models.DateTimeField(null=True)
    submitted_at = models.DateTimeField(null=True)
    reviewed_at = models.DateTimeField(null=True)
    resolved_at = models.DateTimeField(null=True)
    remind_at = models.DateTimeField(null=True)
    reminders = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            one_of("state", RequestState, name="photo_request_state_known"),
            one_of("asked_by", Side, name="photo_request_asked_by_known"),
            models.UniqueConstraint(
                fields=["conversation"], condition=~Q(state="resolved"), name="one_open_photo_request"
            ),
            models.CheckConstraint(
                condition=~Q(state="resolved") | Q(resolved_at__isnull=False), name="photo_request_resolved_when"
            ),
            models.CheckConstraint(
                condition=Q(remind_at=None) | Q(state="instructed"), name="photo_request_reminds_while_waiting"
            ),
        ]
        indexes = [
            models.Index(fields=["conversation", "created_at"], name="photo_request_of"),
            models.Index(fields=["remind_at"], condition=Q(remind_at__isnull=False), name="photo_request_to_remind"),
        ]

    def __str__(self) -> str:
        return f"{self.type} ({self.state})"


class Attachment(models.Model):
    """One file of a message. `sha256` names the original, which is kept unaltered and leaves for nobody but its sender
    and customer service; `copy`, `preview`, `thumb` name copies without metadata, kept as documents.

    `label` is unique within a message (Q-50). `match`: how far it looks like the listing's picture, once compared.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="attachments", db_index=False)
    request = models.ForeignKey(PhotoRequest, null=True, on_delete=models.SET_NULL, related_name="photos")
    place = models.PositiveSmallIntegerField()
    sha256 = models.CharField(max_length=64)
    format = models.CharField(max_length=8)
    size_bytes = models.PositiveBigIntegerField()
    width = models.PositiveIntegerField(default=0)
    height = models.PositiveIntegerField(default=0)
    file_name = models.CharField(max_length=120)
    label = models.CharField(max_length=90, blank=True)
    view = models.CharField(max_length=40, blank=True)
    findings = models.JSONField(default=list)
    had_location = models.BooleanField(default=False)
    shot_hash = models.BigIntegerField(null=True)
    copy = models.CharField(max_length=64)
    preview = models.CharField(max_length=64)
    thumb = models.CharField(max_length=64)
    shared_at = models.DateTimeField(null=True)
    match = models.JSONField(default=dict)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["message", "place"], name="attachment_place_once"),
            models.UniqueConstraint(fields=["message", "label"], condition=~Q(label=""), name="attachment_label_once"),
        ]

    def __str__(self) -> str:
        return self.label or self.file_name

    @property
    def is_picture(self) -> bool:
        return self.format != "pdf"


class Sighting(models.Model):
    """Somebody other than its sender saw or took a photograph: the first and the last time of one day, and how often."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    attachment = models.ForeignKey(Attachment, on_delete=models.CASCADE, related_name="sightings")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=10)  # preview | copy | original | file
    on_date = models.DateField()
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    times = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["attachment", "person", "kind", "on_date"], name="sighting_a_day"),
            models.CheckConstraint(
                condition=Q(kind__in=["preview", "copy", "original", "file"]), name="sighting_kind_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.attachment_id}"


def _two_days() -> datetime:
    from datetime import timedelta

    return clock.now() + timedelta(days=2)


class Upload(models.Model):
    """A file on its way, in parts, and then waiting for the message it belongs to. Only its owner may use it.

    `state`: receiving → ready or refused. `kept`: what `evidence.judge` said, with the names of the copies.
    """

    RECEIVING, READY, REFUSED, USED = "receiving", "ready", "refused", "used"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    conversation = models.ForeignKey(Conversation, null=True, on_delete=models.CASCADE, related_name="+")
    file_name = models.CharField(max_length=120)
    view = models.CharField(max_length=40, blank=True)
    size_bytes = models.PositiveBigIntegerField()
    received_bytes = models.PositiveBigIntegerField(default=0)
    state = models.CharField(max_length=9, default=RECEIVING)
    sha256 = models.CharField(max_length=64, blank=True)
    kept = models.JSONField(default=dict)
    request_key = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField(default=clock.now, editable=False)
    expires_at = models.DateTimeField(default=_two_days)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["receiving", "ready", "refused", "used"]), name="upload_state_known"
            ),
            models.CheckConstraint(
                condition=Q(received_bytes__lte=models.F("size_bytes")), name="upload_no_longer_than_said"
            ),
            models.UniqueConstraint(fields=["person", "request_key"], condition=~Q(request_key=""), name="upload_once"),
        ]
        indexes = [models.Index(fields=["expires_at"], condition=~Q(state="used"), name="upload_to_forget")]

    def __str__(self) -> str:
        return self.file_name


class UploadPart(models.Model):
    """One part that arrived: where it begins, and its content as a document."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    upload = models.ForeignKey(Upload, on_delete=models.CASCADE, related_name="parts", db_index=False)
    offset = models.PositiveBigIntegerField()
    size_bytes = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["upload", "offset"], name="upload_part_once")]

    def __str__(self) -> str:
        return f"{self.offset} of {self.upload_id}"

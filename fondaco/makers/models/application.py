"""Applications to sell handmade goods, their photos and the talk between reviewer and applicant."""

from __future__ import annotations

from enum import StrEnum

from django.db import models
from django.db.models import Q

from fondaco.engine import clock
from fondaco.engine.columns import one_of
from fondaco.images.models import Picture
from fondaco.kit.ids import new_id
from fondaco.makers.models.shared import among
from fondaco.makers.rules.application import UNDER_WAY, PhotoKind, State
from fondaco.sellers.models import Person, SellerAccount


class Side(StrEnum):
    """Who wrote."""

    APPLICANT = "applicant"
    REVIEWER = "reviewer"


class Application(models.Model):
    """A maker's application.

    `answers` are read by the questions of `policy_version`; `email` repeats the answer to which the invitation is
    bound, exactly as typed. `documents` are files about an organisation (name, sha256, kind). `revision` counts every
    change of state: a decision names the one it has seen. `since` is when the present state began.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    applicant = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    seller = models.ForeignKey(SellerAccount, null=True, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=16, default=State.DRAFT.value)
    since = models.DateTimeField(default=clock.now)
    revision = models.PositiveIntegerField(default=0)
    email = models.CharField(max_length=254, blank=True)
    email_folded = models.CharField(max_length=254, blank=True, db_index=True)
    answers = models.JSONField(default=dict)
    documents = models.JSONField(default=list)
    policy_version = models.CharField(max_length=200, blank=True)
    terms_version = models.CharField(max_length=32, blank=True)
    terms_accepted_at = models.DateTimeField(null=True, blank=True)
    reviewer = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    decision_reason = models.TextField(blank=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=clock.now, editable=False)
    updated_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            one_of("state", State, name="application_state_known"),
            models.UniqueConstraint(
                fields=["applicant"], condition=among("state", UNDER_WAY), name="one_application_under_way"
            ),
            models.CheckConstraint(
                condition=Q(state=State.DRAFT.value)
                | Q(submitted_at__isnull=False) & Q(terms_accepted_at__isnull=False),
                name="application_sent_with_terms",
            ),
            models.CheckConstraint(
                condition=~among("state", (State.DECLINED, State.APPROVED, State.INVITED, State.REGISTERED))
                | Q(decided_at__isnull=False) & Q(reviewer__isnull=False),
                name="application_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.DECLINED.value) | ~Q(decision_reason=""),
                name="application_declined_with_reason",
            ),
        ]
        indexes = [models.Index(fields=["state", "since", "id"], name="application_queue")]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """What the desk calls it."""
        return str(self.answers.get("business_name") or self.answers.get("name") or self.applicant)


class ApplicationPhoto(models.Model):
    """One photo of an application, by content; `findings` are what the inspection said about it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="photos")
    kind = models.CharField(max_length=12)
    picture = models.ForeignKey(Picture, on_delete=models.PROTECT, related_name="+")
    file_name = models.CharField(max_length=200, blank=True)
    findings = models.JSONField(default=list)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        constraints = [
            one_of("kind", PhotoKind, name="application_photo_kind_known"),
            models.UniqueConstraint(fields=["application", "picture"], name="application_photo_once"),
        ]

    def __str__(self) -> str:
        return self.file_name or self.picture_id


class ApplicationMessage(models.Model):
    """A question of the desk, or an answer of the applicant."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="messages")
    author = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    side = models.CharField(max_length=10)
    text = models.TextField()
    request_key = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        constraints = [
            one_of("side", Side, name="application_message_side_known"),
            models.UniqueConstraint(
                fields=["application", "request_key"], condition=~Q(request_key=""), name="application_message_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.side} on {self.application_id}"

"""Announcements that mention the marketplace: drafts, rounds, who was asked, and what was said."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from fondaco.cases.models import Case
from fondaco.engine import clock
from fondaco.engine.columns import one_of
from fondaco.kit import chance
from fondaco.kit.ids import new_id
from fondaco.makers.rules.announcement import Author, State
from fondaco.sellers.models import Person, SellerAccount


def new_announcement_number() -> str:
    """Eight digits without a leading zero: what people quote."""
    return str(10**7 + chance.below(9 * 10**7))


class Announcement(models.Model):
    """A press text under review. `is_short_notice` follows from the day it was sent in and the planned day (Q-47).

    `revision` counts every change of state, so that two reviewers never decide the same.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.CharField(max_length=8, unique=True, default=new_announcement_number, editable=False)
    seller = models.ForeignKey(SellerAccount, on_delete=models.PROTECT, related_name="announcements")
    case = models.OneToOneField(Case, null=True, on_delete=models.PROTECT, related_name="announcement")
    submitted_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    author = models.CharField(max_length=8)
    state = models.CharField(max_length=18, default=State.SUBMITTED.value)
    since = models.DateTimeField(default=clock.now)
    revision = models.PositiveIntegerField(default=0)
    issue_date = models.DateField()
    plan = models.TextField(blank=True)  # where it will be published and how it will be spread (B-HAND-17)
    is_short_notice = models.BooleanField(default=False)
    policy_version = models.CharField(max_length=200, blank=True)
    reviewer = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    decision = models.TextField(blank=True)
    decided_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    request_key = models.CharField(max_length=64, blank=True)
    submitted_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            one_of("state", State, name="announcement_state_known"),
            one_of("author", Author, name="announcement_author_known"),
            models.CheckConstraint(
                condition=Q(state=State.SUBMITTED.value) | Q(reviewer__isnull=False), name="announcement_has_reviewer"
            ),
            models.CheckConstraint(
                condition=~Q(state=State.CLEARED.value) | Q(decided_by__isnull=False, decided_at__isnull=False),
                name="announcement_cleared_by_somebody",
            ),
            models.UniqueConstraint(
                fields=["submitted_by", "request_key"], condition=~Q(request_key=""), name="announcement_sent_once"
            ),
        ]
        indexes = [models.Index(fields=["state", "since", "id"], name="announcement_queue")]

    def __str__(self) -> str:
        return f"Announcement {self.number}"


class DraftRound(models.Model):
    """One draft: the file by its hash, and its paragraphs as text."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    announcement = models.ForeignKey(Announcement, on_delete=models.CASCADE, related_name="rounds")
    number = models.PositiveSmallIntegerField()
    sha256 = models.CharField(max_length=64)
    file_name = models.CharField(max_length=200)
    kind = models.CharField(max_length=4)
    size_bytes = models.PositiveIntegerField(default=0)
    paragraphs = models.JSONField(default=list)
    submitted_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["announcement", "number"], name="draft_round_number"),
            models.CheckConstraint(condition=Q(kind__in=["docx", "doc"]), name="draft_is_a_word_document"),
        ]

    def __str__(self) -> str:
        return f"round {self.number} of {self.announcement_id}"


class Routing(models.Model):
    """A stakeholder was asked about one announcement; `done_at` when they have said what they have to say."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    announcement = models.ForeignKey(Announcement, on_delete=models.CASCADE, related_name="routings")
    stakeholder = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    question = models.TextField(blank=True)
    routed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    routed_at = models.DateTimeField(default=clock.now)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["announcement", "stakeholder"], condition=Q(done_at=None), name="asked_once_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"{self.announcement_id} → {self.stakeholder_id}"


class Comment(models.Model):
    """A remark on a round, on a paragraph (from 0) or on the whole. The maker reads those that are `is_shared`."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    round = models.ForeignKey(DraftRound, on_delete=models.CASCADE, related_name="comments")
    paragraph = models.PositiveIntegerField(null=True, blank=True)
    author = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    text = models.TextField()
    is_shared = models.BooleanField(default=False)
    request_key = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["round", "author", "request_key"], condition=~Q(request_key=""), name="draft_comment_once"
            )
        ]

    def __str__(self) -> str:
        return self.text[:40]

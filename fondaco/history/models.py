"""The one event table. It only grows: both databases refuse to change or delete a row (`guards`)."""

from __future__ import annotations

from django.db import models

from fondaco.history.rules import NAME_LIMIT, ActorKind
from fondaco.kit.ids import new_id

KIND_LIMIT = 60
ID_LIMIT = 64
VERB_LIMIT = 60
CLAUSE_LIMIT = 20
VERSION_LIMIT = 100
WHY_LIMIT = 2000


class EventQuerySet(models.QuerySet["Event"]):
    """Events, found by what they are about."""

    def about(self, kind: str, identity: str) -> EventQuerySet:
        """Everything that happened to one thing."""
        return self.filter(subject_kind=kind, subject_id=identity)

    def newest_first(self) -> EventQuerySet:
        """By time, then by id: ids of one process sort by creation."""
        return self.order_by("-at", "-id")


class Event(models.Model):
    """Who did what to which thing, when and why.

    `about` holds the facts as JSON; `clause` and `policy_version` what the act rests on; events of one request
    or task share `correlation`. No foreign keys: an event stays when the thing is gone.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    at = models.DateTimeField()
    actor_id = models.UUIDField(null=True)
    actor_name = models.CharField(max_length=NAME_LIMIT, blank=True)
    actor_kind = models.CharField(max_length=10, choices=[(kind.value, kind.value) for kind in ActorKind])
    verb = models.CharField(max_length=VERB_LIMIT)
    subject_kind = models.CharField(max_length=KIND_LIMIT)
    subject_id = models.CharField(max_length=ID_LIMIT)
    about = models.JSONField(default=dict)
    why = models.CharField(max_length=WHY_LIMIT, blank=True)
    clause = models.CharField(max_length=CLAUSE_LIMIT, blank=True)
    policy_version = models.CharField(max_length=VERSION_LIMIT, blank=True)
    correlation = models.UUIDField(null=True)

    objects = EventQuerySet.as_manager()

    class Meta:
        indexes = [
            # Begins with the thing, ends with the time: also when the table is partitioned by time.
            models.Index(fields=["subject_kind", "subject_id", "at"], name="history_event_subject"),
            models.Index(fields=["at"], name="history_event_at"),
            models.Index(
                fields=["actor_id", "at"], name="history_event_actor", condition=models.Q(actor_id__isnull=False)
            ),
            models.Index(
                fields=["correlation"], name="history_event_correlation", condition=models.Q(correlation__isnull=False)
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(actor_kind__in=[kind.value for kind in ActorKind]), name="history_event_actor_kind"
            ),
            models.CheckConstraint(
                condition=~models.Q(verb="") & ~models.Q(subject_kind="") & ~models.Q(subject_id=""),
                name="history_event_complete",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.verb} {self.subject_kind} {self.subject_id}"

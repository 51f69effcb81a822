"""A what-if of the operator: a draft policy tried on the refunds of a past period."""

from __future__ import annotations

from enum import StrEnum

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from fondaco.engine import clock
from fondaco.engine.columns import one_of
from fondaco.kit.ids import new_id
from fondaco.returns.models.refund import Refund


class WhatIfState(StrEnum):
    RUNNING = "running"
    DONE = "done"


class WhatIf(models.Model):
    """`draft` maps policy keys to values as JSON. The task walks the refunds of the period in order of time; `cursor_at`
    and `cursor_id` say how far it came, so a killed one goes on where it stood."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    store = models.CharField(max_length=2)
    draft = models.JSONField()
    first_date = models.DateField()
    last_date = models.DateField()
    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    state = models.CharField(max_length=8, default=WhatIfState.RUNNING.value)
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    differing = models.PositiveIntegerField(default=0)
    before_minor = models.BigIntegerField(default=0)
    after_minor = models.BigIntegerField(default=0)
    currency = models.CharField(max_length=3)
    cursor_at = models.DateTimeField(null=True)
    cursor_id = models.UUIDField(null=True)
    request_key = models.CharField(max_length=64)
    created_at = models.DateTimeField(default=clock.now)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            one_of("state", WhatIfState, name="what_if_state_known"),
            models.UniqueConstraint(fields=["author", "request_key"], name="what_if_once"),
            models.CheckConstraint(condition=Q(last_date__gte=F("first_date")), name="what_if_runs_forward"),
            models.CheckConstraint(condition=Q(differing__lte=F("done")), name="what_if_counts"),
        ]
        indexes = [models.Index(fields=["created_at"], condition=Q(state="running"), name="what_if_running")]

    def __str__(self) -> str:
        return f"What if {', '.join(self.draft)}"


class Difference(models.Model):
    """One refund that would have been another."""

    id = models.BigAutoField(primary_key=True)
    what_if = models.ForeignKey(WhatIf, on_delete=models.CASCADE, related_name="differences", db_index=False)
    refund = models.ForeignKey(Refund, on_delete=models.CASCADE, related_name="+", db_index=False)
    before_minor = models.BigIntegerField()
    after_minor = models.BigIntegerField()
    why = models.CharField(max_length=40)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["what_if", "refund"], name="what_if_difference_once")]

    def __str__(self) -> str:
        return f"{self.before_minor} → {self.after_minor}"

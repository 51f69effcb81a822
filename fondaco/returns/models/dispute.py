"""A seller's word against the reason that a buyer chose (Q-25, Q-32)."""

from __future__ import annotations

from enum import StrEnum

from django.conf import settings
from django.db import models
from django.db.models import Q

from fondaco.engine.columns import one_of
from fondaco.kit.ids import new_id
from fondaco.returns.models.request import ReturnUnit


class DisputeState(StrEnum):
    """`recoded`: customer service chose another reason."""

    FILED = "filed"
    RECODED = "recoded"
    DECLINED = "declined"


class ReasonDispute(models.Model):
    """One unit's reason is disputed, with the unit's photographs as evidence; customer service decides."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    unit = models.ForeignKey(ReturnUnit, on_delete=models.PROTECT, related_name="disputes")
    state = models.CharField(max_length=8, default=DisputeState.FILED.value)
    reason = models.CharField(max_length=40)  # the one that was chosen
    text = models.CharField(max_length=2000)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    filed_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    answer = models.CharField(max_length=2000, blank=True)

    class Meta:
        constraints = [
            one_of("state", DisputeState, name="reason_dispute_state_known"),
            models.CheckConstraint(condition=~Q(text=""), name="reason_dispute_says_why"),
            models.UniqueConstraint(fields=["unit"], condition=Q(state="filed"), name="one_open_reason_dispute"),
            models.CheckConstraint(
                condition=Q(state="filed", decided_at=None) | ~Q(state="filed") & Q(decided_at__isnull=False),
                name="reason_dispute_decided_when_over",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id}: {self.state}"

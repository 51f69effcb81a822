"""Many orders asked for at once (IMG-SVC-28)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from fondaco.kit.ids import new_id
from fondaco.sellers.models import SellerAccount


class Batch(models.Model):
    """A list of ASINs to order imaging for, worked off in pieces."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    seller = models.ForeignKey(SellerAccount, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    lines_count = models.PositiveIntegerField()
    request_key = models.CharField(max_length=64)
    at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["seller", "request_key"], name="imaging_batch_once")]
        indexes = [
            models.Index(fields=["seller", "-at", "-id"], name="imaging_batch_of_seller"),
            models.Index(fields=["at"], condition=Q(done_at__isnull=True), name="imaging_batch_open"),
        ]


class LineState(models.TextChoices):
    WAITING = "waiting"
    ORDERED = "ordered"
    REFUSED = "refused"


class BatchLine(models.Model):
    """One ASIN of a batch: ordered, or refused with the code of the reason."""

    id = models.BigAutoField(primary_key=True)
    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="lines", db_index=False)
    number = models.PositiveIntegerField()
    asin = models.CharField(max_length=10)
    state = models.CharField(max_length=8, choices=LineState.choices, default=LineState.WAITING)
    refusal = models.CharField(max_length=60, blank=True)
    facts = models.JSONField(default=dict)
    order = models.ForeignKey("ImagingOrder", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["batch", "number"], name="one_batch_line"),
            models.CheckConstraint(
                name="batch_line_outcome",
                condition=Q(state="waiting", order__isnull=True, refusal="")
                | Q(state="ordered", order__isnull=False, refusal="")
                | (Q(state="refused", order__isnull=True) & ~Q(refusal="")),
            ),
        ]
        indexes = [models.Index(fields=["batch", "state", "number"], name="imaging_batch_lines")]

"""Reports that were asked for, once or on a schedule."""

from __future__ import annotations

from django.db import models

from fondaco.kit.ids import new_batch_number, new_id
from fondaco.sellers.models import Person, SellerAccount
from fondaco.spapi.models.documents import Document, FeedStatus


class ReportSchedule(models.Model):
    """A report that is made again and again. `next_at` is when the next one is due; null once it was called off."""

    id = models.UUIDField(primary_key=True, default=new_id)
    number = models.CharField(max_length=12, unique=True, default=new_batch_number)
    seller = models.ForeignKey(SellerAccount, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    report_type = models.CharField(max_length=80)
    marketplace_ids = models.JSONField(default=list)
    options = models.JSONField(default=dict)
    period = models.CharField(max_length=8)
    next_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            # A new schedule of the same type takes the place of the one before.
            models.UniqueConstraint(
                fields=["seller", "report_type"],
                condition=models.Q(next_at__isnull=False),
                name="one_schedule_per_report_type",
            )
        ]
        indexes = [
            models.Index(fields=["next_at"], condition=models.Q(next_at__isnull=False), name="report_schedule_due")
        ]


class ReportRequest(models.Model):
    """One report. `due_for` is the moment of its schedule, so that each is made once."""

    id = models.UUIDField(primary_key=True, default=new_id)
    number = models.CharField(max_length=12, unique=True, default=new_batch_number)
    seller = models.ForeignKey(SellerAccount, on_delete=models.PROTECT, related_name="+", db_index=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    report_type = models.CharField(max_length=80)
    marketplace_ids = models.JSONField(default=list)
    options = models.JSONField(default=dict)
    data_from = models.DateTimeField(null=True)
    data_until = models.DateTimeField(null=True)
    schedule = models.ForeignKey(ReportSchedule, on_delete=models.PROTECT, null=True, related_name="reports")
    due_for = models.DateTimeField(null=True)
    document = models.ForeignKey(Document, on_delete=models.PROTECT, null=True, related_name="+")
    status = models.CharField(max_length=12, choices=FeedStatus.choices, default=FeedStatus.IN_QUEUE)
    attempts = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["schedule", "due_for"],
                condition=models.Q(schedule__isnull=False),
                name="report_of_schedule_once",
            ),
            models.CheckConstraint(name="report_status_known", condition=models.Q(status__in=FeedStatus.values)),
            models.CheckConstraint(
                name="done_report_has_document",
                condition=~models.Q(status="DONE") | models.Q(document__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["seller", "-created_at", "-id"], name="report_of_seller"),
            models.Index(
                fields=["created_at"],
                condition=models.Q(status__in=["IN_QUEUE", "IN_PROGRESS"]),
                name="spapi_report_open",
            ),
        ]

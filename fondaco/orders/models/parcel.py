"""Parcels on their way to buyers, and what the carrier reported."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from fondaco.engine import clock
from fondaco.engine.columns import one_of
from fondaco.kit.ids import new_id
from fondaco.orders.rules.states import ScanKind


class Parcel(models.Model):
    """Units of one order in one box. `confirmed_at`: the seller said it is sent; `shipped_at`: the carrier's first
    scan, which alone counts as shipped (B-PRIME-04); `label_id`: the label bought here, or none.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    order = models.ForeignKey("orders.Order", on_delete=models.PROTECT, related_name="parcels")
    carrier = models.CharField(max_length=60)
    service = models.CharField(max_length=60, blank=True)
    tracking_number = models.CharField(max_length=60, blank=True)
    label_id = models.UUIDField(null=True, blank=True)
    key = models.CharField(max_length=80)
    confirmed_at = models.DateTimeField()
    shipped_at = models.DateTimeField(null=True, blank=True)
    delivered_at = models.DateTimeField(null=True, blank=True)
    lost_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["order", "key"], name="parcel_once"),
            models.UniqueConstraint(fields=["label_id"], condition=Q(label_id__isnull=False), name="parcel_of_a_label"),
        ]
        indexes = [models.Index(fields=["tracking_number"], name="parcel_by_tracking")]

    def __str__(self) -> str:
        return f"{self.carrier} {self.tracking_number}".strip()


class ParcelScan(models.Model):
    """One report of the carrier. `key` makes a repeated report count once."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    parcel = models.ForeignKey(Parcel, on_delete=models.CASCADE, related_name="scans", db_index=False)
    kind = models.CharField(max_length=16)
    place = models.CharField(max_length=120, blank=True)
    note = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()
    key = models.CharField(max_length=80)
    recorded_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            one_of("kind", ScanKind, name="parcel_scan_known"),
            models.UniqueConstraint(fields=["parcel", "key"], name="parcel_scan_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} at {self.at}"

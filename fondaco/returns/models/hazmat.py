"""Disputes about a product's hazard class, and the classes that were cleared."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from fondaco.cases.models import Case
from fondaco.catalogue.models import Product
from fondaco.engine import clock
from fondaco.kit.ids import new_id


class HazmatDispute(models.Model):
    """What support needs beside the case's thread: which product, and by when it should decide (B-PRIME-26)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="+")
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="+")
    review_by = models.DateTimeField()
    supply_by = models.DateTimeField()
    created_at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return f"Dispute of case {self.case_id}"


class HazmatClearing(models.Model):
    """Support cleared a class: returns of units bought before may be asked for until `until_date` (Q-33)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="+")
    case = models.OneToOneField(Case, null=True, on_delete=models.PROTECT, related_name="+")
    was_class = models.CharField(max_length=12)
    note = models.CharField(max_length=2000, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    decided_at = models.DateTimeField()
    extension_days = models.PositiveSmallIntegerField()
    policy_version = models.CharField(max_length=100)

    class Meta:
        indexes = [models.Index(fields=["product", "-decided_at"], name="hazmat_clearing_of_product")]

    def __str__(self) -> str:
        return f"{self.product_id} cleared"

"""How fast delivery was promised on the pages that members looked at: counts by day, nothing of who looked."""

from __future__ import annotations

from django.db import models

from fondaco.catalogue.models import Offer
from fondaco.kit.ids import new_id


class PromiseView(models.Model):
    """So many page views of an offer on a day (ship-from clock), from a region (`US-OH`), that promised delivery within
    so many days (B-PRIME-06)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    offer = models.ForeignKey(Offer, on_delete=models.CASCADE, related_name="promise_views", db_index=False)
    day = models.DateField()
    region = models.CharField(max_length=12)
    days = models.PositiveSmallIntegerField()
    views = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["offer", "day", "region", "days"], name="promise_views_counted_once")
        ]
        indexes = [models.Index(fields=["day"], name="promise_views_of_day")]

    def __str__(self) -> str:
        return f"{self.day} {self.region}: {self.views} of {self.days} days"

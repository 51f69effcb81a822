"""The imaging style guide: what is shot of which product type (IMG-SVC-05)."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from fondaco.kit.ids import new_id


class GuideEntry(models.Model):
    """One edition of the guide for one product type; the newest counts, orders keep the one they were shot by.

    `shots` are the names of the pictures to take, the main one first. `model`: never | possible, a hint to the studio;
    nothing is promised to sellers (IMG-SVC-59). An edition without text takes the type out of the guide.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    product_type = models.CharField(max_length=40)
    edition = models.PositiveIntegerField()
    text = models.TextField(blank=True)
    shots = models.JSONField(default=list)
    model = models.CharField(max_length=8, default="never")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["product_type", "edition"], name="one_guide_edition"),
            models.CheckConstraint(name="guide_model_known", condition=models.Q(model__in=["never", "possible"])),
        ]

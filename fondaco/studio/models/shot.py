"""Photographs of an order, and what retouching made of them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from fondaco.images.models import Picture
from fondaco.kit.ids import new_id


class Shot(models.Model):
    """One photograph, in the order in which the set is shown (`number` from 1).

    `findings` are those of the *studio* profile. `final` is what will be published: the photograph itself or an
    accepted edit; it needs `passed_at`, the retoucher's word that the product is shown as it is. `flaws` name what
    stands against publication (`rules.accuracy.Fault`); they go when it is retouched anew.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    order = models.ForeignKey("ImagingOrder", on_delete=models.PROTECT, related_name="shots")
    number = models.PositiveSmallIntegerField()
    picture = models.ForeignKey(Picture, on_delete=models.PROTECT, related_name="+", db_index=False)
    has_model = models.BooleanField(default=False)
    model_until = models.DateField(null=True, blank=True)  # what was agreed with the model, if anything
    verdict = models.CharField(max_length=12)
    findings = models.JSONField(default=list)
    final = models.ForeignKey(Picture, on_delete=models.PROTECT, related_name="+", db_index=False)
    final_verdict = models.CharField(max_length=12)
    flaws = models.JSONField(default=list)
    passed_at = models.DateTimeField(null=True, blank=True)
    passed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    request_key = models.CharField(max_length=64)
    file_name = models.CharField(max_length=255, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["order", "number"], name="one_shot_a_number"),
            models.UniqueConstraint(fields=["order", "request_key"], name="shot_taken_once"),
            models.CheckConstraint(name="flawed_is_not_passed", condition=Q(passed_at__isnull=True) | Q(flaws=[])),
        ]
        indexes = [models.Index(fields=["picture"], name="shot_picture")]


class Edit(models.Model):
    """One try at retouching a shot: proposed mends that a person looked at, or a file from a retoucher's program.

    Measured against the photograph on the product alone. `accepted_at`: it became the shot's `final`.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    shot = models.ForeignKey(Shot, on_delete=models.CASCADE, related_name="edits")
    picture = models.ForeignKey(Picture, on_delete=models.PROTECT, related_name="+", db_index=False)
    difference = models.ForeignKey(Picture, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    kinds = models.JSONField(default=list)  # of the proposed mends; empty for an uploaded file
    mean_delta_e = models.FloatField()
    p95_delta_e = models.FloatField()
    overlap = models.FloatField()
    is_known = models.BooleanField(default=True)
    faults = models.JSONField(default=list)
    verdict = models.CharField(max_length=12)
    findings = models.JSONField(default=list)
    policy_version = models.CharField(max_length=60, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["shot", "picture"], name="one_edit_a_result")]

"""Shipping templates: which delivery options a seller offers, where, how fast, for how much."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from fondaco.catalogue.models import Offer
from fondaco.engine import clock
from fondaco.fulfilment.rules.promise import Speed
from fondaco.kit.ids import new_id
from fondaco.sellers.models import SellerAccount


class ShippingTemplate(models.Model):
    """A named set of options. The default one counts for every offer that has no other."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    seller = models.ForeignKey(SellerAccount, on_delete=models.CASCADE, related_name="shipping_templates")
    name = models.CharField(max_length=80)
    is_default = models.BooleanField(default=False)
    ships_saturday = models.BooleanField(default=False)
    ships_sunday = models.BooleanField(default=False)
    delivers_saturday = models.BooleanField(default=False)
    delivers_sunday = models.BooleanField(default=False)
    ships_holidays = models.BooleanField(default=False)  # the seller's override, for shipping alone (B-PRIME-27)
    automation = models.BooleanField(default=False)
    request_key = models.CharField(max_length=64, blank=True)
    updated_at = models.DateTimeField(default=clock.now)
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["seller"], condition=Q(is_default=True, removed_at=None), name="one_default_template"
            ),
            models.UniqueConstraint(
                fields=["seller", "request_key"], condition=~Q(request_key=""), name="template_made_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class TemplateOption(models.Model):
    """One speed of a template. `regions`: `contiguous`, `alaska_hawaii`, `unincorporated`, `military`, `international`, or
    states as `US-OH`; empty means contiguous. `transit_days`: delivery days after the ship day."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    template = models.ForeignKey(ShippingTemplate, on_delete=models.CASCADE, related_name="options", db_index=False)
    speed = models.CharField(max_length=8)
    transit_days = models.PositiveSmallIntegerField()
    price_minor = models.BigIntegerField(default=0)
    further_minor = models.BigIntegerField(default=0)
    regions = models.JSONField(default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["template", "speed"], name="one_option_a_speed"),
            models.CheckConstraint(condition=Q(speed__in=[s.value for s in Speed]), name="template_speed_known"),
            models.CheckConstraint(
                condition=Q(price_minor__gte=0, further_minor__gte=0), name="template_rates_not_negative"
            ),
            models.CheckConstraint(condition=Q(transit_days__range=(0, 60)), name="template_days_in_range"),
        ]

    def __str__(self) -> str:
        return f"{self.speed} of {self.template_id}"


class TemplateOffer(models.Model):
    """An offer that uses a template other than the default."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    offer = models.OneToOneField(Offer, on_delete=models.CASCADE, related_name="shipping_template")
    template = models.ForeignKey(ShippingTemplate, on_delete=models.CASCADE, related_name="offers")

    def __str__(self) -> str:
        return f"{self.offer_id} by {self.template_id}"

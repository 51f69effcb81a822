"""How an offer is packed: remembered from the seller's last label, so that the next one starts from it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from fondaco.catalogue.models import Offer
from fondaco.engine import clock
from fondaco.fulfilment.rules.parcels import Package
from fondaco.kit.ids import new_id


class OfferPackage(models.Model):
    """One packed unit of an offer: grams and millimetres."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    offer = models.OneToOneField(Offer, on_delete=models.CASCADE, related_name="package")
    weight_g = models.PositiveIntegerField()
    length_mm = models.PositiveIntegerField()
    width_mm = models.PositiveIntegerField()
    height_mm = models.PositiveIntegerField()
    updated_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(weight_g__gt=0, length_mm__gt=0, width_mm__gt=0, height_mm__gt=0),
                name="offer_package_has_size",
            )
        ]

    def __str__(self) -> str:
        return f"{self.weight_g} g, {self.length_mm} × {self.width_mm} × {self.height_mm} mm"

    @property
    def package(self) -> Package:
        return Package(self.weight_g, self.length_mm, self.width_mm, self.height_mm)

"""What was asked of buyers through the interface, and where a seller's goods leave from."""

from __future__ import annotations

from django.db import models

from fondaco.kit.ids import new_id
from fondaco.orders.models import Order
from fondaco.sellers.models import Person, SellerAccount


class Solicitation(models.Model):
    """A request for a review and feedback: at most one an order."""

    order = models.OneToOneField(Order, on_delete=models.PROTECT, primary_key=True, related_name="+")
    asked_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField()


class SupplySource(models.Model):
    """A place that goods leave from. The default one is the account's ship-from address; its throughput cap is the
    daily limit of Prime orders."""

    id = models.UUIDField(primary_key=True, default=new_id)
    seller = models.ForeignKey(SellerAccount, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=80)
    alias = models.CharField(max_length=120)
    address = models.JSONField()
    status = models.CharField(max_length=8, default="Inactive")
    is_default = models.BooleanField(default=False)
    configuration = models.JSONField(default=dict)
    capabilities = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["seller", "code"], name="one_supply_source_code"),
            models.UniqueConstraint(
                fields=["seller"], condition=models.Q(is_default=True), name="one_default_supply_source"
            ),
            models.CheckConstraint(
                name="supply_source_status_known", condition=models.Q(status__in=["Active", "Inactive", "Archived"])
            ),
        ]

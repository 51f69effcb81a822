"""Money that goes back to a buyer's card: the step row of each."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from fondaco.engine import clock
from fondaco.kit.ids import new_id
from fondaco.orders.models.order import Order, OrderUnit


class PayBack(models.Model):
    """One amount for the card that paid an order. Written with its cause; a task then tells the gateway, with `key`.

    `unit` is set where it is for one unit: so a unit never gets back more than was paid for it.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="paybacks")
    amount_minor = models.BigIntegerField()
    unit = models.ForeignKey(OrderUnit, null=True, blank=True, on_delete=models.PROTECT, related_name="paybacks")
    currency = models.CharField(max_length=3)
    key = models.CharField(max_length=100, unique=True)
    reason = models.CharField(max_length=40)
    posting_id = models.UUIDField(null=True, blank=True)
    made_at = models.DateTimeField(default=clock.now)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(amount_minor__gt=0), name="payback_positive")]
        indexes = [models.Index(fields=["made_at"], condition=Q(done_at=None), name="payback_undone")]

    def __str__(self) -> str:
        return f"{self.amount_minor} {self.currency} for {self.order_id}"

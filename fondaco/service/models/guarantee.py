"""Guarantee claims of buyers: the seller answers, customer service decides, the loser may appeal once."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from fondaco.engine import clock
from fondaco.engine.columns import one_of
from fondaco.kit.ids import new_id
from fondaco.orders.models import Order, OrderUnit
from fondaco.sellers.models import SellerAccount
from fondaco.service.models.checks import new_claim_number
from fondaco.service.models.remedy import Remedy
from fondaco.service.rules.claims import Fault, GuaranteeState, Verdict


class GuaranteeClaim(models.Model):
    """One unit of a buyer who has waited for the seller long enough. A unit has one claim."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.CharField(max_length=10, unique=True, default=new_claim_number, editable=False)
    buyer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="guarantee_claims")
    seller = models.ForeignKey(SellerAccount, on_delete=models.PROTECT, related_name="guarantee_claims")
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="guarantee_claims")
    unit = models.OneToOneField(OrderUnit, on_delete=models.PROTECT, related_name="guarantee_claim")
    fault = models.CharField(max_length=18)
    text = models.CharField(max_length=4000)
    state = models.CharField(max_length=16, default=GuaranteeState.AWAITING_SELLER.value)
    verdict = models.CharField(max_length=10, blank=True)
    round = models.PositiveSmallIntegerField(default=0)
    seller_due_at = models.DateTimeField()
    answer = models.CharField(max_length=4000, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decision = models.CharField(max_length=4000, blank=True)
    appeal = models.CharField(max_length=4000, blank=True)
    appealed_by = models.CharField(max_length=8, blank=True)  # buyer | seller
    appeal_due_at = models.DateTimeField(null=True, blank=True)
    remedy = models.OneToOneField(Remedy, null=True, blank=True, on_delete=models.PROTECT, related_name="claim")
    returned_posting_id = models.UUIDField(null=True, blank=True)  # what an appeal gave back to the seller
    terms = models.JSONField(default=dict)
    opened_at = models.DateTimeField(default=clock.now)
    updated_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            one_of("state", GuaranteeState, name="guarantee_state_known"),
            one_of("verdict", Verdict, name="guarantee_verdict_known"),
            one_of("fault", Fault, name="guarantee_fault_known"),
            models.CheckConstraint(
                condition=Q(state=GuaranteeState.RESOLVED.value, decided_at__isnull=False) & ~Q(verdict="")
                | ~Q(state=GuaranteeState.RESOLVED.value) & Q(verdict=""),
                name="guarantee_resolved_with_verdict",
            ),
            models.CheckConstraint(condition=Q(round__lte=2), name="guarantee_one_appeal"),
            models.CheckConstraint(condition=Q(appealed_by__in=["", "buyer", "seller"]), name="guarantee_appeal_side"),
        ]
        indexes = [
            models.Index(fields=["seller", "-updated_at", "-id"], name="guarantee_of_seller"),
            models.Index(fields=["buyer", "-updated_at", "-id"], name="guarantee_of_buyer"),
            models.Index(fields=["state", "updated_at", "id"], name="guarantee_by_state"),
            models.Index(
                fields=["seller_due_at"],
                condition=Q(state=GuaranteeState.AWAITING_SELLER.value),
                name="guarantee_seller_due",
            ),
        ]

    def __str__(self) -> str:
        return f"Claim {self.number}"

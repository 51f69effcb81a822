"""Refunds of returned units: the plan as it was carried out, and the facts it was made from."""

from __future__ import annotations

from enum import StrEnum

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from fondaco.engine.columns import one_of
from fondaco.kit.ids import new_id
from fondaco.returns.models.request import Return, ReturnUnit
from fondaco.sellers.models import SellerAccount


class RefundedBy(StrEnum):
    """Who let the money go."""

    SELLER = "seller"
    DUE_TIME = "due_time"  # the marketplace, because the seller did not
    FIRST_SCAN = "first_scan"  # the marketplace, at the carrier's first scan (B-PRIME-21)
    SERVICE = "service"  # customer service, for a unit that never came


class Refund(models.Model):
    """One unit's refund: there is at most one, whatever is clicked, posted or repeated.

    `facts` is what `plan_refund` was given (`facts.as_json`), `plan` what it answered; both serve the what-if and the
    pages, which never compute anew. `is_breach`: the due time had passed (Q-22).
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    unit = models.OneToOneField(ReturnUnit, on_delete=models.PROTECT, related_name="refund")
    parcel = models.ForeignKey(Return, on_delete=models.PROTECT, related_name="refunds")
    seller = models.ForeignKey(SellerAccount, on_delete=models.PROTECT, related_name="+", db_index=False)
    store = models.CharField(max_length=2)
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()
    paid_minor = models.BigIntegerField()
    deduct_pct = models.PositiveSmallIntegerField(default=0)
    label_share_minor = models.BigIntegerField(default=0)
    label_on_seller_minor = models.BigIntegerField(default=0)
    refunded_by = models.CharField(max_length=12)
    is_breach = models.BooleanField(default=False)
    due_at = models.DateTimeField(null=True, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    facts = models.JSONField()
    plan = models.JSONField()
    terms = models.JSONField(default=dict)
    placed_at = models.DateTimeField()  # the order's: the anchor of most values
    at = models.DateTimeField()

    class Meta:
        constraints = [
            one_of("refunded_by", RefundedBy, name="return_refund_by_known"),
            models.CheckConstraint(
                condition=Q(amount_minor__gte=0, amount_minor__lte=F("paid_minor")), name="return_refund_within_paid"
            ),
            models.CheckConstraint(condition=Q(deduct_pct__lte=100), name="return_refund_percentage"),
            models.CheckConstraint(
                condition=Q(label_share_minor__gte=F("label_on_seller_minor"), label_on_seller_minor__gte=0),
                name="return_refund_label_shares",
            ),
        ]
        indexes = [
            models.Index(fields=["store", "at", "id"], name="return_refund_by_time"),
            models.Index(fields=["seller", "-at"], name="return_refund_of_seller"),
        ]

    def __str__(self) -> str:
        return f"{self.amount_minor} {self.currency} for {self.unit_id}"

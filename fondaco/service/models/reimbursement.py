"""Claims of sellers against the marketplace: a refund it gave and charged them for."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from fondaco.engine import clock
from fondaco.engine.columns import one_of
from fondaco.kit.ids import new_id
from fondaco.kit.money import Money
from fondaco.orders.models import Order, PayBack
from fondaco.sellers.models import SellerAccount
from fondaco.service.models.checks import new_claim_number
from fondaco.service.rules.claims import ClaimState, Ground, Verdict


class Reimbursement(models.Model):
    """One claim for one refund. `round` counts decisions: 1, and 2 after an appeal."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.CharField(max_length=10, unique=True, default=new_claim_number, editable=False)
    seller = models.ForeignKey(SellerAccount, on_delete=models.PROTECT, related_name="reimbursements")
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="reimbursements")
    payback = models.OneToOneField(PayBack, on_delete=models.PROTECT, related_name="reimbursement")
    ground = models.CharField(max_length=28)
    asked_minor = models.BigIntegerField()
    charged_minor = models.BigIntegerField()
    granted_minor = models.BigIntegerField(default=0)
    currency = models.CharField(max_length=3)
    state = models.CharField(max_length=20, default=ClaimState.UNDER_INVESTIGATION.value)
    verdict = models.CharField(max_length=10, blank=True)
    round = models.PositiveSmallIntegerField(default=0)
    file_by = models.DateTimeField()
    reply_due_at = models.DateTimeField(null=True, blank=True)
    appeal_due_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    terms = models.JSONField(default=dict)  # policy key → version
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(default=clock.now)
    updated_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            one_of("state", ClaimState, name="reimbursement_state_known"),
            one_of("verdict", Verdict, name="reimbursement_verdict_known"),
            one_of("ground", Ground, name="reimbursement_ground_known"),
            models.CheckConstraint(
                condition=Q(asked_minor__gt=0, asked_minor__lte=F("charged_minor"))
                & Q(granted_minor__gte=0, granted_minor__lte=F("asked_minor")),
                name="reimbursement_within_charge",
            ),
            models.CheckConstraint(
                condition=Q(state=ClaimState.RESOLVED.value, decided_at__isnull=False) & ~Q(verdict="")
                | ~Q(state=ClaimState.RESOLVED.value) & Q(verdict=""),
                name="reimbursement_resolved_with_verdict",
            ),
            models.CheckConstraint(
                condition=Q(state=ClaimState.AWAITING_SELLER.value, reply_due_at__isnull=False)
                | ~Q(state=ClaimState.AWAITING_SELLER.value) & Q(reply_due_at=None),
                name="reimbursement_reply_has_a_time",
            ),
            models.CheckConstraint(condition=Q(round__lte=2), name="reimbursement_one_appeal"),
        ]
        indexes = [
            models.Index(fields=["seller", "-updated_at", "-id"], name="reimbursement_of_seller"),
            models.Index(fields=["state", "updated_at", "id"], name="reimbursement_by_state"),
            models.Index(
                fields=["reply_due_at"], condition=Q(reply_due_at__isnull=False), name="reimbursement_reply_due"
            ),
        ]

    def __str__(self) -> str:
        return f"Claim {self.number}"

    @property
    def asked(self) -> Money:
        return Money(self.asked_minor, self.currency)

    @property
    def granted(self) -> Money:
        return Money(self.granted_minor, self.currency)


class ClaimNote(models.Model):
    """One entry of a claim's thread: said, asked, decided, appealed. `documents`: what was handed in, by content."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    claim = models.ForeignKey(Reimbursement, on_delete=models.CASCADE, related_name="notes")
    side = models.CharField(max_length=8)  # seller | service
    act = models.CharField(max_length=10)  # filed | asked | replied | added | granted | declined | appealed
    text = models.CharField(max_length=4000, blank=True)
    # [{kind, name, sha256, type, size_bytes}]; a photograph out of a conversation: also its `photo` and `original` hash
    documents = models.JSONField(default=list)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    request_key = models.CharField(max_length=64, blank=True)
    at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(side__in=["seller", "service"]), name="claim_note_side_known"),
            models.UniqueConstraint(
                fields=["claim", "request_key"], condition=~Q(request_key=""), name="claim_note_once"
            ),
        ]
        indexes = [models.Index(fields=["claim", "id"], name="claim_thread")]

    def __str__(self) -> str:
        return f"{self.act} in {self.claim_id}"

"""Sellers and their offers in the programme, and what the marketplace took away."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from fondaco.catalogue.models import Offer
from fondaco.engine import clock
from fondaco.engine.columns import one_of
from fondaco.fulfilment.rules.enrolment import RUNNING, EnrolmentState, ItemState, SanctionKind, Suspension
from fondaco.fulfilment.rules.standing import NoticeKind, PlanState, Step, TrialState
from fondaco.kit.ids import new_id
from fondaco.sellers.models import SellerAccount


class Enrolment(models.Model):
    """A seller account in the programme, with the terms it accepted (PRIME-01)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    seller = models.OneToOneField(SellerAccount, on_delete=models.PROTECT, related_name="prime")
    state = models.CharField(max_length=10, default=EnrolmentState.APPLIED.value)
    terms_version = models.CharField(max_length=40)
    terms_accepted_at = models.DateTimeField()
    terms_accepted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    policy_version = models.CharField(max_length=80, blank=True)
    activated_at = models.DateTimeField(null=True, blank=True)
    evaluated_on = models.DateField(null=True, blank=True)
    updated_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            one_of("state", EnrolmentState, name="enrolment_state_known"),
            models.CheckConstraint(
                condition=~Q(state=EnrolmentState.ACTIVE.value) | Q(activated_at__isnull=False),
                name="enrolment_active_since",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.seller_id}: {self.state}"

    @property
    def is_running(self) -> bool:
        """Whether its offers are in the programme: active, or on trial."""
        return self.state in RUNNING


class PrimeItem(models.Model):
    """One offer in the programme. `state` and `reason` keep what lasts (stock, restock date, duplicate)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    offer = models.OneToOneField(Offer, on_delete=models.PROTECT, related_name="prime_item")
    state = models.CharField(max_length=9, default=ItemState.ENROLLED.value)
    reason = models.CharField(max_length=20, blank=True)
    enrolled_at = models.DateTimeField()
    terms_version = models.CharField(max_length=40)
    updated_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=[s.value for s in ItemState]), name="prime_item_state_known"),
            models.CheckConstraint(
                condition=Q(reason__in=["", *(s.value for s in Suspension)]), name="prime_item_reason_known"
            ),
            models.CheckConstraint(
                condition=Q(state=ItemState.SUSPENDED.value) & ~Q(reason="")
                | ~Q(state=ItemState.SUSPENDED.value) & Q(reason=""),
                name="prime_item_suspended_for_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.offer_id}: {self.state} {self.reason}".strip()


class Sanction(models.Model):
    """One of the three actions of PRIME-03, with reason, author and time (Q-53); `lifted_at` when it was taken back."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=28)
    seller = models.ForeignKey(SellerAccount, on_delete=models.PROTECT, related_name="sanctions")
    offer = models.ForeignKey(Offer, null=True, blank=True, on_delete=models.PROTECT, related_name="sanctions")
    reason = models.CharField(max_length=1000)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    policy_version = models.CharField(max_length=80, blank=True)
    made_at = models.DateTimeField(default=clock.now)
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    lift_reason = models.CharField(max_length=1000, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=[k.value for k in SanctionKind]), name="sanction_kind_known"),
            models.CheckConstraint(
                condition=Q(kind=SanctionKind.OFFERS.value, offer__isnull=False)
                | ~Q(kind=SanctionKind.OFFERS.value) & Q(offer__isnull=True),
                name="sanction_of_an_offer_or_account",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="sanction_has_a_reason"),
            models.UniqueConstraint(
                fields=["seller", "kind"],
                condition=Q(lifted_at=None, offer=None),
                name="one_open_sanction_a_kind",
            ),
            models.UniqueConstraint(
                fields=["offer"], condition=Q(lifted_at=None, offer__isnull=False), name="one_open_sanction_an_offer"
            ),
        ]
        indexes = [models.Index(fields=["seller", "-made_at"], name="sanctions_of_seller")]

    def __str__(self) -> str:
        return f"{self.kind} of {self.seller_id}"


class Trial(models.Model):
    """One try at the programme's targets, without a badge (B-PRIME-02). `measured`: code → [good, of], as it was judged."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="trials")
    state = models.CharField(max_length=7, default=TrialState.RUNNING.value)
    began_at = models.DateTimeField()
    judged_at = models.DateTimeField(null=True, blank=True)
    judge_date = models.DateField()
    measured = models.JSONField(default=dict, blank=True)
    policy_version = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            one_of("state", TrialState, name="trial_state_known"),
            models.UniqueConstraint(
                fields=["enrolment"], condition=Q(state=TrialState.RUNNING.value), name="one_running_trial"
            ),
            models.CheckConstraint(
                condition=Q(state=TrialState.RUNNING.value, judged_at=None)
                | ~Q(state=TrialState.RUNNING.value) & Q(judged_at__isnull=False),
                name="trial_judged_when_over",
            ),
        ]
        indexes = [models.Index(fields=["judge_date"], condition=Q(state="running"), name="trials_to_judge")]

    def __str__(self) -> str:
        return f"{self.enrolment_id}: {self.state}"


class Notice(models.Model):
    """A seller was written to about missed targets or a size that was said wrong (B-PRIME-05, B-PRIME-12).

    `step` says what followed; `missed` the codes; `author` the operator of a size notice. One a day and kind."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="notices")
    kind = models.CharField(max_length=7)
    step = models.CharField(max_length=10)
    day = models.DateField()
    missed = models.JSONField(default=list, blank=True)
    why = models.CharField(max_length=1000, blank=True)
    offer = models.ForeignKey(Offer, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    exempt_until = models.DateField(null=True, blank=True)
    policy_version = models.CharField(max_length=80, blank=True)
    made_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            one_of("kind", NoticeKind, name="notice_kind_known"),
            one_of("step", Step, name="notice_step_known"),
            models.UniqueConstraint(
                fields=["enrolment", "day"], condition=Q(kind="metrics"), name="one_metrics_notice_a_day"
            ),
        ]
        indexes = [models.Index(fields=["enrolment", "-made_at"], name="notices_of_enrolment")]

    def __str__(self) -> str:
        return f"{self.enrolment_id}: {self.kind} {self.step}"


class PlanOfAction(models.Model):
    """How a seller means to come back: root cause and steps, and what the operator decided (B-PRIME-12)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="plans")
    state = models.CharField(max_length=8, default=PlanState.FILED.value)
    root_cause = models.CharField(max_length=4000)
    steps = models.CharField(max_length=4000)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    filed_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    answer = models.CharField(max_length=1000, blank=True)

    class Meta:
        constraints = [
            one_of("state", PlanState, name="plan_state_known"),
            models.CheckConstraint(condition=~Q(root_cause="") & ~Q(steps=""), name="plan_is_whole"),
            models.UniqueConstraint(fields=["enrolment"], condition=Q(state="filed"), name="one_open_plan"),
            models.CheckConstraint(
                condition=Q(state="filed", decided_at=None) | ~Q(state="filed") & Q(decided_at__isnull=False),
                name="plan_decided_when_over",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enrolment_id}: {self.state}"

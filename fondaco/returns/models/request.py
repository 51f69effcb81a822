"""A return: one parcel from one buyer to one seller, its units, the reasons that were given, and photos."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from fondaco.engine import clock
from fondaco.engine.columns import one_of
from fondaco.images.models import Picture
from fondaco.kit import chance
from fondaco.kit.ids import new_id
from fondaco.orders.models import Order, OrderUnit
from fondaco.returns.rules.life import Acceptance, Place
from fondaco.returns.rules.reasons import Payer
from fondaco.returns.rules.refund import Grade
from fondaco.sellers.models import SellerAccount

_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def new_return_number() -> str:
    """`R` and nine characters without look-alikes: what stands on the label and is typed in the warehouse."""
    return "R" + "".join(chance.choice(_LETTERS) for _ in range(9))


class LabelState(models.TextChoices):
    """The prepaid label: nothing wanted, wanted, bought, to be voided, voided; `refused`: the carrier said no."""

    NONE = "none"
    WANTED = "wanted"
    BOUGHT = "bought"
    VOIDING = "voiding"
    VOIDED = "voided"
    REFUSED = "refused"


class Return(models.Model):
    """One parcel that comes back. `acceptance` says whether the return is accepted; where each unit is stands on it.

    `terms` are the policy versions in force (Q-52), by key. `zone` is that of `address`, the seller's return address
    as it was. Money of the label is counted in the plan of each refund (Q-29).
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.CharField(max_length=10, unique=True, default=new_return_number, editable=False)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="returns")
    buyer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    seller = models.ForeignKey(SellerAccount, on_delete=models.PROTECT, related_name="+", db_index=False)
    store = models.CharField(max_length=2)
    currency = models.CharField(max_length=3)
    is_prime = models.BooleanField(default=False)
    acceptance = models.CharField(max_length=16)
    requested_at = models.DateTimeField()
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    decision_note = models.CharField(max_length=2000, blank=True)
    accepted_on = models.DateField(null=True, blank=True)  # an exception's day, at the return address (PRIME-42)
    address = models.JSONField()
    zone = models.CharField(max_length=64)
    terms = models.JSONField(default=dict)
    label_state = models.CharField(max_length=8, choices=LabelState.choices, default=LabelState.NONE)
    label_id = models.UUIDField(null=True, blank=True)
    label_minor = models.BigIntegerField(default=0)
    label_weight_g = models.PositiveIntegerField(default=0)
    label_note = models.CharField(max_length=200, blank=True)
    carrier = models.CharField(max_length=60, blank=True)
    tracking_number = models.CharField(max_length=60, blank=True)
    scanned_at = models.DateTimeField(null=True, blank=True)
    delivered_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    request_key = models.CharField(max_length=80)

    class Meta:
        constraints = [
            one_of("acceptance", Acceptance, name="return_acceptance_known"),
            models.CheckConstraint(condition=Q(label_state__in=LabelState.values), name="return_label_state_known"),
            models.UniqueConstraint(fields=["order", "request_key"], name="return_requested_once"),
            models.CheckConstraint(condition=Q(label_minor__gte=0), name="return_label_not_negative"),
            models.CheckConstraint(
                condition=Q(scanned_at=None, delivered_at=None)
                | Q(label_state__in=["bought", "voiding", "voided"])
                | Q(label_state="none"),
                name="return_scans_need_a_label",
            ),
        ]
        indexes = [
            models.Index(fields=["buyer", "-requested_at", "-id"], name="return_of_buyer"),
            models.Index(fields=["seller", "-requested_at", "-id"], name="return_of_seller"),
            models.Index(
                fields=["acceptance", "requested_at"],
                condition=Q(acceptance__in=["requested", "out_of_window"]),
                name="return_undecided",
            ),
            models.Index(fields=["tracking_number"], condition=~Q(tracking_number=""), name="return_by_tracking"),
            models.Index(
                fields=["requested_at"], condition=Q(label_state__in=["wanted", "voiding"]), name="return_label_to_do"
            ),
        ]

    def __str__(self) -> str:
        return self.number


class ReturnUnit(models.Model):
    """One unit in it. `is_live` while its return is open or it was refunded: a unit has one such row at most.

    Amounts, categories and the window are as they were when the return was asked for (anchors of Part 3). `due_at`:
    the refund is due then; empty while nothing has arrived, and once it is refunded.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    parcel = models.ForeignKey(Return, on_delete=models.PROTECT, related_name="units", db_index=False)
    unit = models.ForeignKey(OrderUnit, on_delete=models.PROTECT, related_name="returns", db_index=False)
    number = models.PositiveSmallIntegerField()  # 1…n in the parcel; the last bears the label's odd cents
    is_live = models.BooleanField(default=True)
    reason = models.CharField(max_length=40)
    payer = models.CharField(max_length=6)
    price_minor = models.BigIntegerField()
    tax_minor = models.BigIntegerField(default=0)
    shipping_minor = models.BigIntegerField(default=0)
    categories = models.JSONField(default=list)
    first_day = models.DateField()
    last_day = models.DateField()
    place = models.CharField(max_length=10, default=Place.AT_BUYER.value)
    checked_in_at = models.DateTimeField(null=True, blank=True)
    arrived_at = models.DateTimeField(null=True, blank=True)
    missing_at = models.DateTimeField(null=True, blank=True)
    grade = models.CharField(max_length=16, blank=True)
    grade_note = models.CharField(max_length=1000, blank=True)
    graded_at = models.DateTimeField(null=True, blank=True)
    graded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    dropped_at = models.DateTimeField(null=True, blank=True)  # closed without money by customer service
    due_at = models.DateTimeField(null=True, blank=True)
    due_basis = models.JSONField(default=dict, blank=True)

    class Meta:
        constraints = [
            one_of("place", Place, name="return_unit_place_known"),
            one_of("grade", Grade, name="return_unit_grade_known", or_empty=True),
            one_of("payer", Payer, name="return_unit_payer_known"),
            models.UniqueConstraint(fields=["parcel", "number"], name="return_unit_number_once"),
            models.UniqueConstraint(fields=["unit"], condition=Q(is_live=True), name="return_unit_in_one_return"),
            models.CheckConstraint(
                condition=Q(price_minor__gte=0, tax_minor__gte=0, shipping_minor__gte=0),
                name="return_unit_amounts_not_negative",
            ),
            models.CheckConstraint(condition=Q(last_day__gte=F("first_day")), name="return_unit_window_forward"),
            models.CheckConstraint(
                condition=~Q(place__in=["arrived", "graded"]) | Q(arrived_at__isnull=False),
                name="return_unit_arrived_at_some_time",
            ),
            models.CheckConstraint(
                condition=~Q(place="missing") | Q(missing_at__isnull=False, due_at=None),
                name="return_unit_missing_since",
            ),
            models.CheckConstraint(
                condition=~Q(place="graded") | ~Q(grade="") & Q(graded_at__isnull=False),
                name="return_unit_graded_somehow",
            ),
        ]
        indexes = [
            models.Index(fields=["unit"], name="return_unit_of_order_unit"),
            models.Index(fields=["due_at"], condition=Q(due_at__isnull=False), name="return_unit_due"),
            models.Index(fields=["missing_at"], condition=Q(place="missing"), name="return_unit_missing"),
        ]

    def __str__(self) -> str:
        return f"{self.parcel_id}/{self.number}"


class ReasonChoice(models.Model):
    """One version of a unit's reason; the last one is in force, all are kept (Q-31)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    unit = models.ForeignKey(ReturnUnit, on_delete=models.PROTECT, related_name="reasons", db_index=False)
    version = models.PositiveSmallIntegerField()
    reason = models.CharField(max_length=40)
    comment = models.CharField(max_length=1000, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    by_service = models.BooleanField(default=False)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["unit", "version"], name="return_reason_version_once")]

    def __str__(self) -> str:
        return f"{self.reason} ({self.version})"


class ReturnPhoto(models.Model):
    """A photograph of what came back. `verdict` is what the evidence profile says of it; empty until it was looked at."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    unit = models.ForeignKey(ReturnUnit, on_delete=models.PROTECT, related_name="photos", db_index=False)
    picture = models.ForeignKey(Picture, on_delete=models.PROTECT, related_name="+", db_index=False)
    file_name = models.CharField(max_length=255, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    added_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["unit", "picture"], name="return_photo_once")]

    def __str__(self) -> str:
        return self.file_name or str(self.picture_id)

"""Labels, what became of them step by step, and where their parcels are."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models
from django.db.models import Q

from fondaco.engine import clock
from fondaco.engine.columns import one_of
from fondaco.fulfilment.rules.labels import (
    ChargeAt,
    LabelState,
    Purpose,
    ScanCode,
    Step,
    TrackingState,
    tracking_state,
)
from fondaco.fulfilment.rules.parcels import Package
from fondaco.kit.ids import new_id
from fondaco.kit.money import Money
from fondaco.sellers.addresses import PostalAddress, lines_of, zone_of
from fondaco.sellers.models import SellerAccount


class Label(models.Model):
    """One label, outbound or return, from the question to the carrier on.

    The row is written before the carrier is asked for the first time; its id is the key of every question. What it
    is for is an id, not a foreign key (`cause_kind` is "orders.order" or "returns.return"): returns stand above.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    purpose = models.CharField(max_length=8)
    seller = models.ForeignKey(SellerAccount, on_delete=models.PROTECT, related_name="labels")
    cause_kind = models.CharField(max_length=40)
    cause_id = models.CharField(max_length=64)
    cause_label = models.CharField(max_length=60)
    carrier = models.CharField(max_length=24)
    service = models.CharField(max_length=32)
    carrier_name = models.CharField(max_length=60)
    service_name = models.CharField(max_length=60)
    price_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    charge_at = models.CharField(max_length=12, default=ChargeAt.PURCHASE.value)
    policy_version = models.CharField(max_length=80, blank=True)
    from_address = models.JSONField()
    to_address = models.JSONField()
    weight_g = models.PositiveIntegerField()
    length_mm = models.PositiveIntegerField()
    width_mm = models.PositiveIntegerField()
    height_mm = models.PositiveIntegerField()
    contents = models.JSONField(default=list)  # lines for the slip: [{"quantity": 1, "title": …, "sku": …}]
    references = models.JSONField(default=dict)  # word on the label → text: {"Order": "112-…"}
    details = models.JSONField(default=dict)  # facts that the domain behind `cause_kind` reads again when it is bought
    ship_at = models.DateTimeField()
    ship_by_date = models.DateField(null=True, blank=True)
    promised_date = models.DateField(null=True, blank=True)
    arrives_date = models.DateField(null=True, blank=True)
    is_protected = models.BooleanField(default=False)  # "claims protected" (B-PRIME-25)
    has_late_risk = models.BooleanField(default=False)
    terms = models.JSONField(default=dict)  # whose terms → version accepted (PRIME-20)
    state = models.CharField(max_length=8, default=LabelState.ASKED.value)
    void_wanted = models.BooleanField(default=False)
    refusal = models.CharField(max_length=200, blank=True)
    asks = models.PositiveIntegerField(default=0)
    next_ask_at = models.DateTimeField(null=True, blank=True)
    tracking_number = models.CharField(max_length=40, blank=True)
    carrier_reference = models.CharField(max_length=60, blank=True)
    tracking = models.CharField(max_length=12, default=TrackingState.NOT_SCANNED.value)
    next_look_at = models.DateTimeField(null=True, blank=True)
    first_scan_at = models.DateTimeField(null=True, blank=True)
    delivered_at = models.DateTimeField(null=True, blank=True)
    last_scan_at = models.DateTimeField(null=True, blank=True)
    charge_posting_id = models.UUIDField(null=True, blank=True)
    request_key = models.CharField(max_length=80)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        constraints = [
            one_of("purpose", Purpose, name="label_purpose_known"),
            one_of("state", LabelState, name="label_state_known"),
            one_of("tracking", TrackingState, name="label_tracking_known"),
            one_of("charge_at", ChargeAt, name="label_charge_at_known"),
            models.CheckConstraint(condition=Q(price_minor__gte=0), name="label_price_not_negative"),
            models.CheckConstraint(
                condition=Q(weight_g__gt=0, length_mm__gt=0, width_mm__gt=0, height_mm__gt=0),
                name="label_parcel_has_size",
            ),
            models.UniqueConstraint(fields=["seller", "request_key"], name="label_asked_once"),
            models.UniqueConstraint(
                fields=["tracking_number"], condition=~Q(tracking_number=""), name="label_tracking_once"
            ),
            models.CheckConstraint(
                condition=Q(state__in=[LabelState.ASKED.value, LabelState.REFUSED.value]) | ~Q(tracking_number=""),
                name="label_bought_has_tracking",
            ),
            # A question is open exactly while the label waits for an answer: the sweep finds it by this alone.
            models.CheckConstraint(
                condition=Q(state__in=[LabelState.ASKED.value, LabelState.VOIDING.value], next_ask_at__isnull=False)
                | Q(
                    state__in=[LabelState.BOUGHT.value, LabelState.REFUSED.value, LabelState.VOIDED.value],
                    next_ask_at__isnull=True,
                ),
                name="label_open_question_is_due",
            ),
            models.CheckConstraint(
                condition=Q(state=LabelState.BOUGHT.value) | Q(next_look_at__isnull=True),
                name="label_looks_only_when_bought",
            ),
            models.CheckConstraint(
                condition=~Q(charge_at=ChargeAt.PURCHASE.value)
                | ~Q(state=LabelState.BOUGHT.value)
                | Q(price_minor=0)
                | Q(charge_posting_id__isnull=False),
                name="label_bought_is_charged",
            ),
        ]
        indexes = [
            models.Index(fields=["cause_kind", "cause_id"], name="label_of_cause"),
            models.Index(fields=["seller", "-created_at", "-id"], name="label_of_seller"),
            models.Index(fields=["next_ask_at"], condition=Q(next_ask_at__isnull=False), name="label_to_ask"),
            models.Index(fields=["next_look_at"], condition=Q(next_look_at__isnull=False), name="label_to_look"),
        ]

    def __str__(self) -> str:
        return self.tracking_number or f"Label {self.pk}"

    @property
    def key(self) -> str:
        """Stands for this label at the carrier and in the ledger."""
        return f"label:{self.pk}"

    @property
    def price(self) -> Money:
        return Money(self.price_minor, self.currency)

    @property
    def package(self) -> Package:
        return Package(self.weight_g, self.length_mm, self.width_mm, self.height_mm)

    @property
    def origin(self) -> PostalAddress:
        return PostalAddress(**self.from_address)

    @property
    def destination(self) -> PostalAddress:
        return PostalAddress(**self.to_address)

    @property
    def from_lines(self) -> list[str]:
        return lines_of(self.origin)

    @property
    def to_lines(self) -> list[str]:
        return lines_of(self.destination)

    @property
    def origin_zone(self) -> ZoneInfo:
        return ZoneInfo(zone_of(country=self.origin.country, region=self.origin.region))

    @property
    def is_usable(self) -> bool:
        """Bought, and not taken back: it may be printed and stuck on."""
        return self.state == LabelState.BOUGHT

    def tracking_of(self, codes: list[str]) -> TrackingState:
        return tracking_state(codes)


class LabelStep(models.Model):
    """What happened to a label: each step at most once."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    label = models.ForeignKey(Label, on_delete=models.CASCADE, related_name="steps")
    step = models.CharField(max_length=12)
    note = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            one_of("step", Step, name="label_step_known"),
            models.UniqueConstraint(fields=["label", "step"], name="label_step_once"),
        ]

    def __str__(self) -> str:
        return f"{self.step} of {self.label_id}"


class TrackingEvent(models.Model):
    """A scan that the carrier told us about. `key` is its own, so telling it twice writes it once."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    label = models.ForeignKey(Label, on_delete=models.CASCADE, related_name="events")
    key = models.CharField(max_length=80)
    code = models.CharField(max_length=20)
    place = models.CharField(max_length=120, blank=True)
    at = models.DateTimeField()
    told_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            one_of("code", ScanCode, name="tracking_event_code_known"),
            models.UniqueConstraint(fields=["label", "key"], name="tracking_event_once"),
        ]
        indexes = [models.Index(fields=["label", "at"], name="tracking_of_label")]

    def __str__(self) -> str:
        return f"{self.code} of {self.label_id}"


class TermsAccepted(models.Model):
    """A seller accepted one version of the marketplace's or a carrier's terms of label purchase (PRIME-20)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    seller = models.ForeignKey(SellerAccount, on_delete=models.PROTECT, related_name="label_terms")
    party = models.CharField(max_length=24)  # "marketplace", or the carrier's code
    version = models.CharField(max_length=40)
    accepted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["seller", "party", "version"], name="label_terms_accepted_once"),
        ]

    def __str__(self) -> str:
        return f"{self.party} {self.version} by {self.seller_id}"

"""The memory of the simulated carriers: the outside world of the demo and of tests.

Nothing of the marketplace reads these tables; it asks through the port. The operator looks at them.
"""

from __future__ import annotations

from enum import StrEnum

from django.db import models
from django.db.models import Q

from fondaco.engine import clock
from fondaco.engine.columns import one_of
from fondaco.fulfilment.rules.labels import ScanCode
from fondaco.kit.ids import new_id


class ParcelState(StrEnum):
    READY = "ready"
    MOVING = "moving"
    DELIVERED = "delivered"
    LOST = "lost"
    VOIDED = "voided"


class FaultKind(StrEnum):
    """`outage`: no answer, nothing done. `lost_answer`: it is done, but the answer is lost. `refusal`: a plain no."""

    OUTAGE = "outage"
    LOST_ANSWER = "lost_answer"
    REFUSAL = "refusal"


class SimulatedParcel(models.Model):
    """A label that the simulator sold. `key` is the buyer's: asked again, it answers with this row."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    key = models.CharField(max_length=80, unique=True)
    carrier = models.CharField(max_length=24)
    service = models.CharField(max_length=32)
    tracking_number = models.CharField(max_length=40, unique=True)
    price_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    origin = models.CharField(max_length=120)
    destination = models.CharField(max_length=120)
    weight_g = models.PositiveIntegerField()
    arrives_date = models.DateField()
    state = models.CharField(max_length=10, default=ParcelState.READY.value)
    bought_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [one_of("state", ParcelState, name="simulated_parcel_state_known")]
        indexes = [models.Index(fields=["-bought_at", "-id"], name="simulated_parcel_newest")]

    def __str__(self) -> str:
        return self.tracking_number


class SimulatedScan(models.Model):
    """A scan that will happen at `due_at`, or happened at `happened_at`."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    parcel = models.ForeignKey(SimulatedParcel, on_delete=models.CASCADE, related_name="scans")
    number = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=20)
    place = models.CharField(max_length=120, blank=True)
    due_at = models.DateTimeField()
    happened_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            one_of("code", ScanCode, name="simulated_scan_code_known"),
            models.UniqueConstraint(fields=["parcel", "number"], name="simulated_scan_numbered"),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(happened_at__isnull=True), name="simulated_scan_to_come")
        ]

    def __str__(self) -> str:
        return f"{self.code} of {self.parcel_id}"


class SimulatedFault(models.Model):
    """A fault that the operator set: `left` is how often it still strikes; null: until it is mended."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    carrier = models.CharField(max_length=24, blank=True)  # empty: all of them
    call = models.CharField(max_length=8, blank=True)  # rates, buy, void, track; empty: every call
    kind = models.CharField(max_length=12)
    left = models.PositiveIntegerField(null=True, blank=True)
    set_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [one_of("kind", FaultKind, name="simulated_fault_kind_known")]

    def __str__(self) -> str:
        return f"{self.kind} of {self.carrier or 'every carrier'}"


class SimulatedCall(models.Model):
    """What was asked of a carrier that costs money, and what it answered."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    call = models.CharField(max_length=8)
    carrier = models.CharField(max_length=24, blank=True)
    key = models.CharField(max_length=80, blank=True)
    answer = models.CharField(max_length=200)
    at = models.DateTimeField(default=clock.now)

    class Meta:
        indexes = [models.Index(fields=["-at", "-id"], name="simulated_call_newest")]

    def __str__(self) -> str:
        return f"{self.call}: {self.answer}"

"""What customer service gave back, and the parts of it unit by unit."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from fondaco.engine import clock
from fondaco.engine.columns import one_of
from fondaco.kit.ids import new_id
from fondaco.kit.money import Money
from fondaco.orders.models import Order, OrderItem, OrderUnit, PayBack
from fondaco.sellers.models import SellerAccount
from fondaco.service.rules.remedies import RemedyKind


class Remedy(models.Model):
    """One decision with its amount, reason, author and time. Zero is a decision too (Q-37); it has no parts."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="remedies")
    seller = models.ForeignKey(SellerAccount, on_delete=models.PROTECT, related_name="remedies")
    item = models.ForeignKey(OrderItem, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=16)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    charges_seller = models.BooleanField()
    is_protected = models.BooleanField(default=False)  # the marketplace bears it because of its label (B-PRIME-25)
    return_number = models.CharField(max_length=24, blank=True)
    why = models.CharField(max_length=2000)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    clause = models.CharField(max_length=16)
    policy_version = models.CharField(max_length=120, blank=True)
    request_key = models.CharField(max_length=80, unique=True)
    made_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            one_of("kind", RemedyKind, name="remedy_kind_known"),
            models.CheckConstraint(condition=Q(amount_minor__gte=0), name="remedy_not_negative"),
            models.CheckConstraint(condition=~Q(why=""), name="remedy_has_a_reason"),
            models.CheckConstraint(
                condition=Q(is_protected=False) | Q(charges_seller=False), name="remedy_protected_not_charged"
            ),
            # Of an item's late delivery the shipping cost goes back once, however often it is reported.
            models.UniqueConstraint(
                fields=["item"], condition=Q(kind=RemedyKind.LATE_DELIVERY.value), name="remedy_late_once_an_item"
            ),
        ]
        indexes = [
            models.Index(fields=["seller", "-made_at", "-id"], name="remedy_of_seller"),
            models.Index(fields=["-made_at", "-id"], name="remedy_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.amount_minor} {self.currency}"

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.currency)


class RemedyPart(models.Model):
    """What went back for one unit, with the row that moves the card."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    remedy = models.ForeignKey(Remedy, on_delete=models.CASCADE, related_name="parts")
    unit = models.ForeignKey(OrderUnit, on_delete=models.PROTECT, related_name="remedy_parts")
    amount_minor = models.BigIntegerField()
    payback = models.OneToOneField(PayBack, on_delete=models.PROTECT, related_name="remedy_part")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="remedy_part_positive"),
            models.UniqueConstraint(fields=["remedy", "unit"], name="remedy_part_once_a_unit"),
        ]

    def __str__(self) -> str:
        return f"{self.amount_minor} of {self.remedy_id}"

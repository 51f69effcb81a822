"""A checkout: what was agreed, for how much, and whether the card paid it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from fondaco.engine import clock
from fondaco.engine.columns import one_of
from fondaco.kit.ids import new_id
from fondaco.orders.rules.states import CheckoutState
from fondaco.sellers.models import Card


class Checkout(models.Model):
    """The step row of one purchase. It is written, with the units reserved, before the card is asked; orders come
    into being with the answer. `plan` holds each line as it was agreed. `card_key` makes a repeated question charge once.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="checkouts")
    request_key = models.CharField(max_length=64)
    request_hash = models.CharField(max_length=64)
    state = models.CharField(max_length=8, default=CheckoutState.ASKED.value)
    store = models.CharField(max_length=2)
    currency = models.CharField(max_length=3)
    total_minor = models.BigIntegerField()
    card = models.ForeignKey(Card, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    card_token = models.CharField(max_length=80, blank=True)
    address = models.JSONField()
    place = models.CharField(max_length=24, blank=True)
    is_member = models.BooleanField(default=False)
    language = models.CharField(max_length=16, blank=True)
    policy_version = models.CharField(max_length=120, blank=True)
    plan = models.JSONField()
    reason = models.CharField(max_length=40, blank=True)
    asks = models.PositiveIntegerField(default=1)
    next_try_at = models.DateTimeField()
    made_at = models.DateTimeField(default=clock.now)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            one_of("state", CheckoutState, name="checkout_state_known"),
            models.UniqueConstraint(fields=["person", "request_key"], name="checkout_once"),
            models.CheckConstraint(condition=Q(total_minor__gte=0), name="checkout_total_not_negative"),
            models.CheckConstraint(
                condition=Q(state=CheckoutState.ASKED.value, answered_at=None)
                | ~Q(state=CheckoutState.ASKED.value) & Q(answered_at__isnull=False),
                name="checkout_answered_or_asked",
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_try_at"], condition=Q(state=CheckoutState.ASKED.value), name="checkout_unanswered"
            ),
        ]

    def __str__(self) -> str:
        return f"Checkout {self.pk}"

    @property
    def card_key(self) -> str:
        return f"checkout:{self.pk}"

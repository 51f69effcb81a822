"""Mail: lasting aliases, and every mail that was accepted."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from fondaco.engine import clock
from fondaco.engine.columns import one_of
from fondaco.kit import chance
from fondaco.kit.ids import new_id
from fondaco.messaging.models.conversation import Conversation, Message
from fondaco.messaging.rules.words import Side
from fondaco.sellers.models import SellerAccount

_LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"


def new_alias_token() -> str:
    """Twenty characters that nobody guesses and that can be read aloud: 98 bits."""
    return "".join(chance.choice(_LETTERS) for _ in range(20))


class Alias(models.Model):
    """An address that stands for one party towards the other, for as long as both exist (B-PHOTO-03).

    `stands_for` buyer: the seller (or customer service) writes to it and reaches the buyer. `stands_for` seller or
    service: the buyer writes to it. `seller` is null for customer service.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    token = models.CharField(max_length=20, unique=True, default=new_alias_token, editable=False)
    buyer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False)
    seller = models.ForeignKey(SellerAccount, null=True, on_delete=models.CASCADE, related_name="+")
    stands_for = models.CharField(max_length=8)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        constraints = [
            one_of("stands_for", Side, name="alias_stands_for_known"),
            models.UniqueConstraint(
                fields=["buyer", "seller", "stands_for"], condition=Q(seller__isnull=False), name="alias_of_a_pair"
            ),
            models.UniqueConstraint(
                fields=["buyer", "stands_for"], condition=Q(seller=None), name="alias_of_a_buyer_and_service"
            ),
        ]

    def __str__(self) -> str:
        return self.token


class InboundMail(models.Model):
    """A mail for one alias, stored before its sender was told that it was accepted; worked off by a task.

    `sha256` names the bytes as they came (documents). `state`: received → filed (`message`) or refused (`reason`,
    `told_at` when its sender was told).
    """

    RECEIVED, FILED, REFUSED = "received", "filed", "refused"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    alias = models.ForeignKey(Alias, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False)
    recipient = models.CharField(max_length=320)
    sender = models.CharField(max_length=320, blank=True)
    source = models.CharField(max_length=12)
    sha256 = models.CharField(max_length=64)
    size_bytes = models.PositiveBigIntegerField()
    state = models.CharField(max_length=8, default=RECEIVED)
    reason = models.CharField(max_length=40, blank=True)
    facts = models.JSONField(default=dict)
    conversation = models.ForeignKey(
        Conversation, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    message = models.ForeignKey(Message, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False)
    received_at = models.DateTimeField(default=clock.now)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="received", settled_at=None, reason="")
                | Q(state="filed", settled_at__isnull=False, reason="")
                | Q(state="refused", settled_at__isnull=False) & ~Q(reason=""),
                name="inbound_mail_settled",
            ),
            models.UniqueConstraint(fields=["sha256", "recipient"], name="inbound_mail_once"),
        ]
        indexes = [
            models.Index(fields=["received_at"], condition=Q(state="received"), name="inbound_mail_waiting"),
            models.Index(fields=["-received_at"], name="inbound_mail_newest"),
        ]

    def __str__(self) -> str:
        return f"mail to {self.recipient}"

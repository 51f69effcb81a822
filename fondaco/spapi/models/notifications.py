"""Where notifications go, who asked for which, and each one that was or will be sent."""

from __future__ import annotations

from enum import StrEnum

from django.db import models

from fondaco.catalogue.models import Offer
from fondaco.engine.columns import one_of
from fondaco.kit.ids import new_id
from fondaco.sellers.models import SellerAccount
from fondaco.spapi.models.access import Application


class DestinationKind(StrEnum):
    """How a notification travels."""

    WEBHOOK = "webhook"
    SQS = "sqs"


class Destination(models.Model):
    """A place of an application's own: `address` is a URL (webhook) or an ARN (queue).

    A webhook's signing secret follows from the server's key, the id and `secret_number`; the one before still signs, too,
    until `old_secret_until`. After failures nothing is tried before `paused_until`. `claimed_until`: a task is sending.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="destinations")
    name = models.CharField(max_length=256)
    kind = models.CharField(max_length=8)
    address = models.CharField(max_length=2048)
    secret_number = models.PositiveIntegerField(default=1)
    old_secret_until = models.DateTimeField(null=True)
    failures = models.PositiveIntegerField(default=0)
    paused_until = models.DateTimeField(null=True)
    claimed_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            one_of("kind", DestinationKind, name="destination_kind_known"),
            models.UniqueConstraint(
                fields=["application", "kind", "address"],
                condition=models.Q(ended_at__isnull=True),
                name="one_destination_per_address",
            ),
            # Whoever named a queue first has it: nobody else's program can have messages put in there.
            models.UniqueConstraint(
                fields=["address"], condition=models.Q(ended_at__isnull=True, kind="sqs"), name="one_owner_of_a_queue"
            ),
        ]


class Subscription(models.Model):
    """An application hears of one type of event of one seller account. It speaks only while the account's grant stands."""

    id = models.UUIDField(primary_key=True, default=new_id)
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="subscriptions")
    seller = models.ForeignKey(SellerAccount, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=60)
    payload_version = models.CharField(max_length=20)
    destination = models.ForeignKey(Destination, on_delete=models.PROTECT, related_name="subscriptions")
    directive = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["application", "seller", "kind"],
                condition=models.Q(ended_at__isnull=True),
                name="one_subscription_per_type",
            )
        ]
        indexes = [
            models.Index(
                fields=["seller", "kind"], condition=models.Q(ended_at__isnull=True), name="subscription_of_seller"
            )
        ]


class NoticeState(StrEnum):
    """WAITING until the other side took it (SENT), or until trying has ended (DEAD)."""

    WAITING = "waiting"
    SENT = "sent"
    DEAD = "dead"


class Notice(models.Model):
    """One notification to one destination, written with its cause. Its id is the NotificationId, the same at every try.

    `event_key` names the event: an event makes one notice for each subscription. A test has no subscription.
    `body` is what is sent, whole. `trying_since` begins anew when somebody has it sent again.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    subscription = models.ForeignKey(Subscription, on_delete=models.PROTECT, null=True, related_name="notices")
    destination = models.ForeignKey(Destination, on_delete=models.PROTECT, related_name="notices", db_index=False)
    seller = models.ForeignKey(SellerAccount, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    kind = models.CharField(max_length=60)
    event_key = models.CharField(max_length=160)
    body = models.JSONField()
    state = models.CharField(max_length=7, default=NoticeState.WAITING.value)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField()
    last_error = models.CharField(max_length=300, default="", blank=True)
    trying_since = models.DateTimeField()
    created_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            one_of("state", NoticeState, name="notice_state_known"),
            models.UniqueConstraint(fields=["subscription", "event_key"], name="one_notice_per_event"),
        ]
        indexes = [
            models.Index(
                fields=["destination", "next_at", "id"], condition=models.Q(state="waiting"), name="notice_waiting"
            ),
            models.Index(fields=["destination", "-id"], name="notice_of_destination"),
            models.Index(fields=["created_at"], name="notice_by_age"),
        ]


class ListingWatch(models.Model):
    """A seller whose listings are watched because some program asked. Held locked while they are compared.

    `round` counts the times that watching began; `looked_until` is the offer up to which the first look has come.
    """

    seller = models.OneToOneField(SellerAccount, on_delete=models.PROTECT, primary_key=True, related_name="+")
    active = models.BooleanField(default=True)
    round = models.PositiveIntegerField(default=1)
    looked_until = models.UUIDField(null=True)
    is_looked_over = models.BooleanField(default=False)


class ListingChange(models.Model):
    """An offer that may say something else since: written with the change, taken off once it was compared."""

    id = models.UUIDField(primary_key=True, default=new_id)
    seller = models.ForeignKey(SellerAccount, on_delete=models.CASCADE, related_name="+", db_index=False)
    offer = models.ForeignKey(Offer, on_delete=models.CASCADE, related_name="+", db_index=False, db_constraint=False)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["seller", "id"], name="listing_change_of_seller")]


class ListingTold(models.Model):
    """What was last told, or seen at first, of an offer: status, issues with severities and enforcement actions, quantity."""

    offer = models.OneToOneField(Offer, on_delete=models.CASCADE, primary_key=True, related_name="+")
    round = models.PositiveIntegerField()
    status = models.JSONField(default=list)
    severities = models.JSONField(default=list)
    actions = models.JSONField(default=list)
    issues = models.JSONField(default=list)
    quantity = models.PositiveIntegerField(default=0)

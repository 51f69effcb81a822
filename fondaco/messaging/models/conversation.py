"""Conversations and what was said in them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from fondaco.catalogue.models import Product
from fondaco.engine import clock
from fondaco.engine.columns import one_of
from fondaco.kit import chance
from fondaco.kit.ids import new_id
from fondaco.messaging.rules.words import Audience, Channel, Outcome, ReportReason, Side, Subject
from fondaco.orders.models import Order, OrderItem, OrderUnit
from fondaco.sellers.models import SellerAccount


def new_conversation_number() -> str:
    """Ten digits without a leading zero: what people quote and what stands in a mail's subject."""
    return str(10**9 + chance.below(9 * 10**9))


class Conversation(models.Model):
    """One buyer and who answers them, about a product, an order, an item of it or one unit.

    `audience`: who answers (Q-42); the seller of a conversation with customer service sees nothing of it but the
    photographs that were shared. `due_at`: the earliest moment by which an answer is owed; null when none is.
    `buyer_read_at`, `desk_read_at`: up to when each side has read. `outcome` and `closed_at` stand together.
    `order_number` is kept beside the order to be searched by.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.CharField(max_length=10, unique=True, default=new_conversation_number, editable=False)
    buyer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="conversations", db_index=False
    )
    seller = models.ForeignKey(SellerAccount, on_delete=models.PROTECT, related_name="conversations", db_index=False)
    product = models.ForeignKey(Product, null=True, on_delete=models.PROTECT, related_name="+")
    order = models.ForeignKey(Order, null=True, on_delete=models.PROTECT, related_name="conversations")
    item = models.ForeignKey(OrderItem, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    unit = models.ForeignKey(OrderUnit, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    order_number = models.CharField(max_length=19, blank=True)
    subject = models.CharField(max_length=20)
    audience = models.CharField(max_length=8)
    route_reason = models.CharField(max_length=20, blank=True)
    opened_by = models.CharField(max_length=8)
    last_side = models.CharField(max_length=8)
    last_text = models.CharField(max_length=160, blank=True)
    last_at = models.DateTimeField(default=clock.now)
    due_at = models.DateTimeField(null=True)
    buyer_read_at = models.DateTimeField(null=True)
    desk_read_at = models.DateTimeField(null=True)
    last_buyer_at = models.DateTimeField(null=True)
    last_desk_at = models.DateTimeField(null=True)
    has_photos = models.BooleanField(default=False)
    shared_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=12, blank=True)
    closed_at = models.DateTimeField(null=True)
    request_key = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        constraints = [
            one_of("subject", Subject, name="conversation_subject_known"),
            one_of("audience", Audience, name="conversation_audience_known"),
            one_of("opened_by", Side, name="conversation_opened_by_known"),
            one_of("last_side", Side, name="conversation_last_side_known"),
            one_of("outcome", Outcome, name="conversation_outcome_known", or_empty=True),
            models.CheckConstraint(
                condition=Q(closed_at=None, outcome="") | Q(closed_at__isnull=False) & ~Q(outcome=""),
                name="conversation_closed_with_an_outcome",
            ),
            models.CheckConstraint(
                condition=Q(product__isnull=False) | Q(order__isnull=False), name="conversation_is_about_something"
            ),
            models.CheckConstraint(
                condition=Q(order__isnull=False) | Q(item=None, unit=None), name="conversation_item_of_an_order"
            ),
            models.CheckConstraint(
                condition=Q(order=None, order_number="") | Q(order__isnull=False) & ~Q(order_number=""),
                name="conversation_number_of_its_order",
            ),
            models.CheckConstraint(
                condition=Q(order__isnull=False) | Q(audience=Audience.SELLER.value),
                name="conversation_before_buying_with_the_seller",
            ),
            models.UniqueConstraint(
                fields=["buyer", "request_key"], condition=~Q(request_key=""), name="conversation_opened_once"
            ),
        ]
        indexes = [
            models.Index(fields=["buyer", "-last_at", "-id"], name="conversation_of_buyer"),
            models.Index(fields=["seller", "audience", "-last_at", "-id"], name="conversation_of_seller"),
            models.Index(
                fields=["seller", "audience", "due_at", "id"],
                condition=Q(due_at__isnull=False),
                name="conversation_due",
            ),
            models.Index(fields=["audience", "-last_at", "-id"], name="conversation_of_service"),
            models.Index(
                fields=["audience", "due_at", "id"], condition=Q(due_at__isnull=False), name="conversation_service_due"
            ),
            models.Index(
                fields=["seller", "audience", "-last_at"],
                condition=Q(last_buyer_at__gt=F("desk_read_at")) | Q(desk_read_at=None),
                name="conversation_unread",
            ),
            models.Index(
                fields=["seller", "-shared_at"], condition=Q(shared_at__isnull=False), name="conversation_shared"
            ),
            models.Index(fields=["order_number"], condition=~Q(order_number=""), name="conversation_by_order"),
        ]

    def __str__(self) -> str:
        return f"Conversation {self.number}"


class Message(models.Model):
    """One message. What was said never changes; who reads it later reads the same.

    A buyer's message that wants an answer has `due_at`; `answered_at` or `excused_at` ("no response needed") settle
    it. `late`: it was answered after that moment. `mail_id`: the Message-ID it came with, for threading.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="messages", db_index=False)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    side = models.CharField(max_length=8)
    channel = models.CharField(max_length=5, default=Channel.PAGE.value)
    text = models.TextField(blank=True)
    is_critical = models.BooleanField(default=False)
    due_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    excused_at = models.DateTimeField(null=True)
    policy_version = models.CharField(max_length=120, blank=True)
    mail_id = models.CharField(max_length=255, blank=True)
    request_key = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        constraints = [
            one_of("side", Side, name="message_side_known"),
            one_of("channel", Channel, name="message_channel_known"),
            models.CheckConstraint(condition=Q(due_at=None) | Q(side=Side.BUYER.value), name="message_due_of_buyer"),
            models.CheckConstraint(
                condition=Q(due_at__isnull=False) | Q(answered_at=None, excused_at=None), name="message_settled_if_due"
            ),
            models.CheckConstraint(
                condition=Q(answered_at=None) | Q(excused_at=None), name="message_answered_or_excused"
            ),
            models.UniqueConstraint(
                fields=["conversation", "request_key"], condition=~Q(request_key=""), name="message_once"
            ),
            models.UniqueConstraint(
                fields=["conversation", "mail_id"], condition=~Q(mail_id=""), name="message_mail_once"
            ),
        ]
        indexes = [
            models.Index(fields=["conversation", "id"], name="message_thread"),
            models.Index(fields=["mail_id"], condition=~Q(mail_id=""), name="message_by_mail"),
            models.Index(
                fields=["conversation", "created_at"], condition=Q(due_at__isnull=False), name="message_clock"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.side} in {self.conversation_id}"


class Report(models.Model):
    """A message that its reader reported (Q-51). Nothing is deleted by it; customer service looks."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="reports")
    reporter = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=16)
    note = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(default=clock.now, editable=False)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            one_of("reason", ReportReason, name="report_reason_known"),
            models.UniqueConstraint(fields=["message", "reporter"], name="report_once"),
            models.CheckConstraint(
                condition=Q(settled_at=None, settled_by=None) | Q(settled_at__isnull=False, settled_by__isnull=False),
                name="report_settled_by_somebody",
            ),
        ]
        indexes = [models.Index(fields=["created_at"], condition=Q(settled_at=None), name="report_open")]

    def __str__(self) -> str:
        return f"{self.reason} of {self.message_id}"

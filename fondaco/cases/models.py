"""Tables of cases and their threads."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from fondaco.cases.rules import CaseType, Outcome, Side, State
from fondaco.engine import clock
from fondaco.engine.columns import one_of
from fondaco.kit import chance
from fondaco.kit.ids import new_id
from fondaco.sellers.models import SellerAccount


def new_case_number() -> str:
    """Ten digits without a leading zero: what people quote."""
    return str(10**9 + chance.below(9 * 10**9))


class Case(models.Model):
    """A request to the marketplace's support.

    `state` and `outcome` are what `rules.state_of` makes of the messages, kept here to be searched by.
    `assigned_to` is who of support cares for it: whoever took it or answered first.
    `contents` is checked by type (`rules.check_contents`). `origin` says what led here: a diagnosis run, or empty.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.CharField(max_length=10, unique=True, default=new_case_number, editable=False)
    type = models.CharField(max_length=24)
    seller = models.ForeignKey(SellerAccount, null=True, on_delete=models.PROTECT, related_name="cases")
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    assigned_to = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    state = models.CharField(max_length=16, default=State.OPEN.value)
    outcome = models.CharField(max_length=16, blank=True)
    contents = models.JSONField(default=dict)
    origin = models.CharField(max_length=80, blank=True)
    request_key = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField(default=clock.now, editable=False)
    updated_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            one_of("type", CaseType, name="case_type_known"),
            one_of("state", State, name="case_state_known"),
            one_of("outcome", Outcome, name="case_outcome_known", or_empty=True),
            models.CheckConstraint(
                condition=Q(state=State.CLOSED.value) & ~Q(outcome="") | ~Q(state=State.CLOSED.value) & Q(outcome=""),
                name="case_closed_with_an_outcome",
            ),
            models.UniqueConstraint(
                fields=["opened_by", "request_key"], condition=~Q(request_key=""), name="case_opened_once"
            ),
        ]
        indexes = [
            models.Index(fields=["seller", "-updated_at", "-id"], name="case_of_seller"),
            models.Index(fields=["state", "updated_at", "id"], name="case_by_state"),
            models.Index(fields=["assigned_to", "updated_at", "id"], name="case_by_assignee"),
        ]

    def __str__(self) -> str:
        return f"Case {self.number}"


class CaseMessage(models.Model):
    """One message of a case's thread. The opening is the first, without text; `outcome` is set where it closes."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="messages")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    side = models.CharField(max_length=8)
    text = models.TextField(blank=True)
    outcome = models.CharField(max_length=16, blank=True)
    request_key = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        constraints = [
            one_of("side", Side, name="case_message_side_known"),
            one_of("outcome", Outcome, name="case_message_outcome_known", or_empty=True),
            models.UniqueConstraint(
                fields=["case", "request_key"], condition=~Q(request_key=""), name="case_message_once"
            ),
        ]
        indexes = [models.Index(fields=["case", "id"], name="case_thread")]

    def __str__(self) -> str:
        return f"{self.side} in {self.case_id}"

"""Reads of labels. A label that the caller may not see does not exist."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from fondaco.fulfilment.models import Label, TrackingEvent
from fondaco.kit.errors import NotFound
from fondaco.sellers.access import Caller
from fondaco.sellers.rules import Capability, Role

_STAFF = (Role.CUSTOMER_SERVICE, Role.SUPPORT, Role.OPERATOR)


def labels_of_seller(caller: Caller) -> QuerySet[Label]:
    """The labels of the account being worked in. Raises SignInRequired, SellerRequired, Denied."""
    return Label.objects.filter(seller=caller.require_seller(Capability.VIEW))


def label_for(caller: Caller, label_id: UUID) -> Label:
    """One label that the caller's accounts paid for; any, for customer service. Raises NotFound."""
    label = Label.objects.select_related("seller").filter(pk=label_id).first()
    if label is None or not (caller.has(*_STAFF) or caller.may(Capability.VIEW, seller=label.seller)):
        raise NotFound
    return label


def labels_of(cause_kind: str, cause_id: object) -> list[Label]:
    """All labels of an order or a return that the caller has found, oldest first."""
    return list(Label.objects.filter(cause_kind=cause_kind, cause_id=str(cause_id)).order_by("created_at", "id"))


def events_of(label: Label) -> list[TrackingEvent]:
    """The scans, newest first."""
    return list(label.events.order_by("-at", "-id"))


def open_questions(*, at: datetime, limit: int = 500) -> list[UUID]:
    """Labels whose question to the carrier is to be asked (again)."""
    due = Label.objects.filter(next_ask_at__lte=at).order_by("next_ask_at", "id")
    return list(due.values_list("pk", flat=True)[:limit])


def labels_to_look_at(*, at: datetime, limit: int = 500) -> list[UUID]:
    """Labels whose parcel is to be looked for."""
    due = Label.objects.filter(next_look_at__lte=at).order_by("next_look_at", "id")
    return list(due.values_list("pk", flat=True)[:limit])

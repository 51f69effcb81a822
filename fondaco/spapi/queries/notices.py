"""Notifications as the seller portal lists them."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from fondaco.sellers.access import Caller
from fondaco.sellers.rules import Capability
from fondaco.spapi.models import Destination, Notice, NoticeState, Subscription


@dataclass(frozen=True, slots=True)
class Notifications:
    """An account's destinations (of its own applications), and what programs hear of it."""

    destinations: tuple[Destination, ...]
    subscriptions: tuple[Subscription, ...]


def notifications_of(caller: Caller) -> Notifications:
    """Raises SignInRequired, SellerRequired, Denied."""
    seller = caller.require_seller(Capability.EDIT_ACCOUNT)
    places = Destination.objects.filter(application__seller=seller, ended_at__isnull=True)
    heard = Subscription.objects.filter(seller=seller, ended_at__isnull=True)
    return Notifications(
        tuple(places.select_related("application").order_by("-id")),
        tuple(heard.select_related("application", "destination").order_by("kind", "id")),
    )


def notices_of(caller: Caller, *, state: str = "") -> QuerySet[Notice]:
    """What was sent or waits: about this account, and to destinations of its own applications."""
    seller = caller.require_seller(Capability.EDIT_ACCOUNT)
    rows = Notice.objects.filter(Q(seller=seller) | Q(destination__application__seller=seller))
    if state in set(NoticeState):
        rows = rows.filter(state=state)
    return rows.select_related("destination__application")

"""Events become notices, in the transaction of what happened: one for each subscription that wants to hear of it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from fondaco.engine.slots import prepared
from fondaco.kit.ids import new_id
from fondaco.spapi import nudges
from fondaco.spapi.models import Grant, Notice, Subscription
from fondaco.spapi.rules import notices as rules
from fondaco.spapi.rules.notices import KINDS


def standing() -> QuerySet[Subscription]:
    """Subscriptions that may speak: not ended, and the account's grant to the application stands."""
    grants = Grant.objects.filter(
        application=OuterRef("application"), seller=OuterRef("seller"), revoked_at__isnull=True
    )
    return Subscription.objects.filter(Exists(grants), ended_at__isnull=True, application__ended_at__isnull=True)


def tell(
    seller_id: UUID,
    kind: str,
    *,
    event_key: str,
    at: datetime,
    payload: Callable[[], Mapping[str, Any]],
    marketplace_id: str = "",
    change: str = "",
) -> int:
    """Write the notices of one event; returns how many subscriptions want it.

    The same `event_key` again writes nothing. `payload` is only asked when somebody listens. Call it in the transaction
    of the change.
    """
    wanted = [
        each
        for each in _listening.all(seller_id, kind)
        if rules.lets_through(each.directive, marketplace_id=marketplace_id, change=change)
    ]
    if not wanted:
        return 0
    said = payload()
    Notice.objects.bulk_create([notice_of(each, said, event_key, at) for each in wanted], ignore_conflicts=True)
    wake({each.destination_id for each in wanted})
    return len(wanted)


@prepared
def _listening(seller: Any, kind: Any) -> QuerySet[Subscription]:
    return standing().filter(seller=seller, kind=kind).select_related("application")


def notice_of(subscription: Subscription, said: Mapping[str, Any], event_key: str, at: datetime) -> Notice:
    """The notice of one event for one subscription, unsaved."""
    pk = new_id()
    body = rules.envelope(
        KINDS[subscription.kind],
        said,
        at=_moment(at),
        application=subscription.application.client_id,
        subscription=str(subscription.pk),
        notification=str(pk),
    )
    return Notice(
        id=pk,
        subscription=subscription,
        destination_id=subscription.destination_id,
        seller_id=subscription.seller_id,
        kind=subscription.kind,
        event_key=event_key[:160],
        body=body,
        next_at=at,
        trying_since=at,
        created_at=at,
    )


def wake(destination_ids: Collection[UUID]) -> None:
    """Have what waits for these destinations sent."""
    for each in sorted(destination_ids):
        nudges.deliver(each)


def _moment(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")

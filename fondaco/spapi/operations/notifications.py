"""Destinations of an application, and what it subscribes to of a seller account."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_noop as N_

from fondaco import history
from fondaco.engine import clock
from fondaco.kit import text
from fondaco.kit.errors import Denied, Invalid, NotFound, Refusal
from fondaco.kit.ids import new_id
from fondaco.sellers.access import Caller
from fondaco.sellers.models import SellerAccount
from fondaco.sellers.queries import as_id
from fondaco.sellers.rules import Capability
from fondaco.spapi import nudges, senders
from fondaco.spapi.models import Application, Destination, DestinationKind, ListingWatch, Notice, Subscription
from fondaco.spapi.operations import notices
from fondaco.spapi.rules import notices as rules
from fondaco.spapi.rules.notices import KINDS, Kind

MOST_DESTINATIONS = 50


class AddressRefused(Invalid):
    CODE = "webhook_address_refused"
    WORDS = N_("This address cannot be a webhook: %(why)s")


class NoQueueService(Invalid):
    CODE = "no_queue_service"
    WORDS = N_("This server sends to no queue service.")
    FIX = N_("Use a webhook, or ask the operator to set FONDACO_SQS_ENDPOINT.")


class AddressTaken(Refusal):
    CODE = "queue_of_another_application"
    WORDS = N_("This queue is the destination of another application.")


class TooManyDestinations(Refusal):
    CODE = "too_many_destinations"
    WORDS = N_("An application can have at most %(most)s destinations.")


class DestinationInUse(Refusal):
    CODE = "destination_in_use"
    WORDS = N_("Subscriptions still point to this destination.")
    FIX = N_("Delete the subscriptions first.")


class KindUnknown(Invalid):
    CODE = "notification_type_unknown"
    WORDS = N_("This store does not raise notifications of the type %(kind)s.")


class VersionUnknown(Invalid):
    CODE = "payload_version_unknown"
    WORDS = N_("Notifications of this type have no payload version %(version)s.")


class RoleMissing(Denied):
    CODE = "notification_role_missing"
    WORDS = N_("The application does not have a role that may hear of %(kind)s.")


class SubscriptionStands(Refusal):
    CODE = "subscription_stands"
    WORDS = N_("There is a subscription of this type already, to another destination or with another filter.")
    FIX = N_("Delete it first.")


class NoScenario(Invalid):
    CODE = "test_scenario_missing"
    WORDS = N_("Name a test scenario.")


# --- destinations -----------------------------------------------------------------------------------------------------


def create_destination(application: Application, *, name: str, kind: DestinationKind, address: str) -> Destination:
    """A place for an application's notifications. The same place again answers the one there is.

    Raises AddressRefused, NoQueueService, AddressTaken, TooManyDestinations.
    """
    if kind is DestinationKind.WEBHOOK and (why := senders.refused_address(address)):
        raise AddressRefused(why=why)
    if kind is DestinationKind.SQS and not senders.queue_service():
        raise NoQueueService
    at = clock.now()
    with transaction.atomic():
        Application.objects.select_for_update(no_key=True).get(pk=application.pk)
        standing = Destination.objects.filter(application=application, ended_at__isnull=True)
        if there := standing.filter(kind=kind.value, address=address).first():
            return there
        if standing.count() >= MOST_DESTINATIONS:
            raise TooManyDestinations(most=MOST_DESTINATIONS)
        try:
            with transaction.atomic():
                made = Destination.objects.create(
                    application=application,
                    name=text.line(name, limit=256, required=True),
                    kind=kind.value,
                    address=address,
                    created_at=at,
                )
        except IntegrityError:
            raise AddressTaken from None
        about = {"name": made.name}
        history.record(actor=None, verb="destination.created", subject=application, about=about, at=at)
    return made


def destination_of(application: Application, destination_id: str) -> Destination:
    """Raises NotFound."""
    found = Destination.objects.filter(application=application, pk=as_id(destination_id), ended_at__isnull=True).first()
    if found is None:
        raise NotFound(what="destination")
    return found


def end_destination(application: Application, *, destination_id: str) -> None:
    """Remove a destination; what still waits for it is not sent. Raises NotFound, DestinationInUse."""
    with transaction.atomic():
        found = destination_of(application, destination_id)
        found = Destination.objects.select_for_update().get(pk=found.pk)
        if found.ended_at:
            return
        if found.subscriptions.filter(ended_at__isnull=True).exists():
            raise DestinationInUse
        at = clock.now()
        found.ended_at = at
        found.save(update_fields=["ended_at"])
        about = {"name": found.name}
        history.record(actor=None, verb="destination.ended", subject=application, about=about, at=at)
        notices.wake([found.pk])


def rotate_webhook_secret(caller: Caller, *, destination_id: str | UUID) -> Destination:
    """A new signing secret; for a week messages carry a signature of the old one beside it. Raises NotFound, Denied."""
    seller = caller.require_seller(Capability.EDIT_ACCOUNT)
    with transaction.atomic():
        found = (
            Destination.objects.select_for_update(of=("self",))
            .select_related("application")
            .filter(
                application__seller=seller,
                pk=as_id(destination_id),
                kind=DestinationKind.WEBHOOK.value,
                ended_at__isnull=True,
            )
            .first()
        )
        if found is None:
            raise NotFound(what="destination")
        at = clock.now()
        found.secret_number, found.old_secret_until = found.secret_number + 1, at + rules.SECRET_HOLDS
        found.save(update_fields=["secret_number", "old_secret_until"])
        about = {"name": found.name}
        history.record(actor=caller, verb="destination.secret_rotated", subject=found.application, about=about, at=at)
    return found


def secret_of(destination: Destination) -> str:
    """The secret with which a webhook's messages are signed now; "" for a queue."""
    if destination.kind != DestinationKind.WEBHOOK:
        return ""
    return rules.secret_of(settings.SECRET_KEY, destination.pk.hex, destination.secret_number)


# --- subscriptions ----------------------------------------------------------------------------------------------------


def kind_of(name: str) -> Kind:
    """Raises KindUnknown."""
    if name not in KINDS:
        raise KindUnknown(kind=name[:60], known=", ".join(sorted(KINDS)))
    return KINDS[name]


def subscribe(
    application: Application,
    seller: SellerAccount,
    *,
    kind: str,
    payload_version: str,
    destination_id: str,
    directive: Mapping[str, Any],
) -> Subscription:
    """Hear of one type of event. The same request again answers the same subscription.

    Raises KindUnknown, VersionUnknown, RoleMissing, NotFound, SubscriptionStands.
    """
    wanted = kind_of(kind)
    if payload_version not in wanted.versions:
        raise VersionUnknown(version=payload_version[:20], known=", ".join(wanted.versions))
    if set(wanted.roles).isdisjoint(application.roles):
        raise RoleMissing(kind=kind)
    at = clock.now()
    with transaction.atomic():
        destination = Destination.objects.select_for_update(no_key=True).get(
            pk=destination_of(application, destination_id).pk
        )
        if destination.ended_at:
            raise NotFound(what="destination")
        try:
            with transaction.atomic():
                made = Subscription.objects.create(
                    application=application,
                    seller=seller,
                    kind=kind,
                    payload_version=payload_version,
                    destination=destination,
                    directive=dict(directive),
                    created_at=at,
                )
        except IntegrityError:
            return _same(application, seller, kind, payload_version, destination, directive)
        if kind in rules.LISTINGS:
            _watch_listings(seller)
        about = {"application": application.name, "kind": kind}
        history.record(actor=None, verb="subscription.made", subject=made, about=about, at=at)
    return made


def _same(
    application: Application,
    seller: SellerAccount,
    kind: str,
    version: str,
    destination: Destination,
    directive: Mapping[str, Any],
) -> Subscription:
    there = Subscription.objects.get(application=application, seller=seller, kind=kind, ended_at__isnull=True)
    asked = (version, destination.pk, dict(directive))
    if (there.payload_version, there.destination_id, there.directive) != asked:
        raise SubscriptionStands
    return there


def subscription_by_id(application: Application, *, kind: str, subscription_id: str) -> Subscription:
    """Any subscription of the application. Raises NotFound."""
    found = Subscription.objects.filter(
        application=application, pk=as_id(subscription_id), kind=kind, ended_at__isnull=True
    ).first()
    if found is None:
        raise NotFound(what="subscription")
    return found


def unsubscribe(application: Application, *, kind: str, subscription_id: str) -> None:
    """End a subscription: what still waits under it is not sent. Raises NotFound."""
    with transaction.atomic():
        found = subscription_by_id(application, kind=kind, subscription_id=subscription_id)
        found = Subscription.objects.select_for_update().get(pk=found.pk)
        if found.ended_at:
            return
        found.ended_at = at = clock.now()
        found.save(update_fields=["ended_at"])
        _stop_watching(found.seller_id)
        about = {"application": application.name, "kind": kind}
        history.record(actor=None, verb="subscription.ended", subject=found, about=about, at=at)
        notices.wake([found.destination_id])


def _watch_listings(seller: SellerAccount) -> None:
    watch, made = ListingWatch.objects.select_for_update().get_or_create(seller=seller)
    if not made:
        if watch.active:
            return
        watch.active, watch.round, watch.looked_until, watch.is_looked_over = True, watch.round + 1, None, False
        watch.save(update_fields=["active", "round", "looked_until", "is_looked_over"])
    nudges.look_over(seller.pk)


def _stop_watching(seller_id: UUID) -> None:
    listening = Subscription.objects.filter(seller_id=seller_id, kind__in=rules.LISTINGS, ended_at__isnull=True)
    if not listening.exists():
        ListingWatch.objects.filter(seller_id=seller_id).update(active=False)


# --- tests ------------------------------------------------------------------------------------------------------------


def send_test(
    application: Application,
    *,
    kind: str,
    destination_id: str,
    payload_version: str,
    scenario: str,
    payload: Mapping[str, Any],
    at: datetime,
) -> Notice:
    """Send a made-up notification to a destination. Raises KindUnknown, VersionUnknown, NoScenario, NotFound."""
    wanted = kind_of(kind)
    if payload_version not in wanted.versions:
        raise VersionUnknown(version=payload_version[:20], known=", ".join(wanted.versions))
    if not scenario:
        raise NoScenario
    with transaction.atomic():
        destination = destination_of(application, destination_id)
        pk = new_id()
        body = rules.envelope(
            wanted,
            payload,
            at=at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            application=application.client_id,
            subscription="test",
            notification=str(pk),
        )
        made = Notice.objects.create(
            id=pk,
            destination=destination,
            kind=kind,
            event_key=f"test:{pk}",
            body=body,
            next_at=at,
            trying_since=at,
            created_at=at,
        )
        notices.wake([destination.pk])
    return made

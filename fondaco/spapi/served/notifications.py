"""Notifications, version 1: destinations, subscriptions, test notifications."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from django.http import JsonResponse
from pydantic import BaseModel, Field

from fondaco.spapi.door import Answer, Call, many, operation, paging, text, whole
from fondaco.spapi.door.errors import ApiError, invalid
from fondaco.spapi.models import Destination, DestinationKind, Subscription
from fondaco.spapi.operations import notifications
from fondaco.spapi.rules import notices as rules
from fondaco.spapi.served.notification_samples import sample

GRANTLESS = "sellingpartnerapi::notifications"
_SUBSCRIPTIONS = "/notifications/v1/subscriptions"
_DESTINATIONS = "/notifications/v1/destinations"
_RATE = (1, 5)
_DESTINATION_DIFFERS = (
    "Beside queues there are webhooks: resourceSpecification {webhook: {url}}; the reply's resource is empty, and the headers "
    "x-fondaco-webhook-url and x-fondaco-webhook-secret hold what the published shape has no place for. Queues go to the SQS-speaking service that the operator set. There is no EventBridge: it is refused."
)


class Sqs(BaseModel):
    arn: Annotated[str, Field(max_length=1000, pattern=r"^arn:aws:sqs:[^\s:]+:[^\s:]+:[^\s:]+$")]


class EventBridge(BaseModel):
    region: str
    accountId: str


class Webhook(BaseModel):
    url: Annotated[str, Field(min_length=1, max_length=2048)]


class ResourceSpecification(BaseModel):
    sqs: Sqs | None = None
    eventBridge: EventBridge | None = None
    webhook: Webhook | None = None


class CreateDestinationRequest(BaseModel):
    name: Annotated[str, Field(min_length=1, max_length=256)]
    resourceSpecification: ResourceSpecification


class Aggregation(BaseModel):
    aggregationTimePeriod: Literal["FiveMinutes", "TenMinutes"]


class EventFilter(BaseModel):
    eventFilterType: Literal["ANY_OFFER_CHANGED", "ORDER_CHANGE", "SHIPMENT_TRACKING_MILESTONE_CHANGED"]
    marketplaceIds: Annotated[list[str], Field(max_length=50)] | None = None
    orderChangeTypes: list[Literal["BuyerRequestedChange", "DeliveryTipChange", "OrderStatusChange"]] | None = None
    aggregationSettings: Aggregation | None = None


class ProcessingDirective(BaseModel):
    eventFilter: EventFilter | None = None
    filterExpression: Annotated[str, Field(min_length=1, max_length=256)] | None = None


class CreateSubscriptionRequest(BaseModel):
    destinationId: Annotated[str, Field(min_length=1, max_length=80)]
    payloadVersion: Annotated[str, Field(min_length=1, max_length=20)]
    processingDirective: ProcessingDirective | None = None


class TestNotification(BaseModel):
    payloadVersion: Annotated[str, Field(min_length=1, max_length=20)]
    testScenario: Annotated[str, Field(max_length=200)] = ""


class SendTestNotificationRequest(BaseModel):
    destinationId: Annotated[str, Field(min_length=1, max_length=80)]
    testNotification: TestNotification


# --- destinations -----------------------------------------------------------------------------------------------------


@operation(
    "createDestination",
    "POST",
    _DESTINATIONS,
    rate=_RATE,
    body=CreateDestinationRequest,
    scope=GRANTLESS,
    differs=_DESTINATION_DIFFERS,
)
def create_destination(call: Call) -> JsonResponse:
    """A place for the application's notifications."""
    asked: ResourceSpecification = call.body.resourceSpecification
    given = [name for name in ("sqs", "eventBridge", "webhook") if getattr(asked, name) is not None]
    if len(given) != 1:
        raise invalid("resourceSpecification names one resource.", "One of: sqs, webhook.")
    if asked.eventBridge is not None:
        raise invalid("This server does not send to EventBridge.", "Use sqs or webhook.")
    if asked.webhook is not None:
        kind, address = DestinationKind.WEBHOOK, asked.webhook.url
    else:
        assert asked.sqs is not None
        kind, address = DestinationKind.SQS, asked.sqs.arn
    made = notifications.create_destination(call.application, name=call.body.name, kind=kind, address=address)
    return _with_headers(made)


@operation("getDestinations", "GET", _DESTINATIONS, rate=_RATE, scope=GRANTLESS)
def get_destinations(call: Call) -> dict[str, Any]:
    """All of the application's."""
    found = Destination.objects.filter(application=call.application, ended_at__isnull=True).order_by("id")
    return {"payload": [_destination(each) for each in found]}


@operation("getDestination", "GET", f"{_DESTINATIONS}/{{destinationId}}", rate=_RATE, scope=GRANTLESS)
def get_destination(call: Call) -> JsonResponse:
    """One of them."""
    return _with_headers(notifications.destination_of(call.application, call["destinationId"]))


@operation("deleteDestination", "DELETE", f"{_DESTINATIONS}/{{destinationId}}", rate=_RATE, scope=GRANTLESS)
def delete_destination(call: Call) -> dict[str, Any]:
    """Remove one that no subscription points to."""
    notifications.end_destination(call.application, destination_id=call["destinationId"])
    return {}


def _destination(row: Destination) -> dict[str, Any]:
    """The published models know no webhook, and strict clients refuse what they do not know: its resource is empty."""
    resource = {"sqs": {"arn": row.address}} if row.kind == DestinationKind.SQS else {}
    return {"destinationId": str(row.pk), "name": row.name, "resource": resource}


def _with_headers(row: Destination) -> JsonResponse:
    """One destination; of a webhook the address and the secret stand in headers."""
    response = JsonResponse({"payload": _destination(row)})
    if row.kind == DestinationKind.WEBHOOK:
        response.headers["x-fondaco-webhook-url"] = row.address
        response.headers["x-fondaco-webhook-secret"] = notifications.secret_of(row)
        response.headers["Cache-Control"] = "no-store"
    return response


# --- subscriptions ----------------------------------------------------------------------------------------------------


@operation(
    "getSubscriptions",
    "GET",
    _SUBSCRIPTIONS,
    rate=_RATE,
    query=(
        many("notificationTypes", required=True, most=1),
        text("payloadVersion"),
        whole("pageSize", default=30, least=30, most=100),
        text("nextToken"),
    ),
)
def get_subscriptions(call: Call) -> dict[str, Any]:
    """The account's subscriptions of one type, by this application."""
    found = _of_account(call, call["notificationTypes"][0]).order_by("id")
    start, size = int(paging.position(call, "getSubscriptions", call["nextToken"]) or 0), call["pageSize"]
    rows = list(found[start : start + size + 1])
    payload: dict[str, Any] = {"subscriptions": [_subscription(each) for each in rows[:size]]}
    if len(rows) > size:
        payload["nextToken"] = paging.token(call, "getSubscriptions", start + size)
    return {"payload": payload}


@operation(
    "getSubscription",
    "GET",
    f"{_SUBSCRIPTIONS}/{{notificationType}}",
    rate=_RATE,
    query=(text("payloadVersion"),),
)
def get_subscription(call: Call) -> dict[str, Any]:
    """The account's subscription of this type, by this application."""
    found = _of_account(call, call["notificationType"]).first()
    if found is None:
        raise ApiError(404, "There is no subscription of this type.")
    return {"payload": _subscription(found)}


def _of_account(call: Call, kind: str) -> Any:
    rows = Subscription.objects.filter(
        application=call.application, seller=call.seller, kind=kind, ended_at__isnull=True
    )
    return rows.filter(payload_version=call["payloadVersion"]) if call["payloadVersion"] else rows


@operation(
    "createSubscription",
    "POST",
    f"{_SUBSCRIPTIONS}/{{notificationType}}",
    rate=_RATE,
    body=CreateSubscriptionRequest,
    differs="Raised here: " + ", ".join(sorted(rules.KINDS)) + ". Other types, and filterExpression, are refused.",
)
def create_subscription(call: Call) -> dict[str, Any]:
    """Hear of one type of event."""
    body: CreateSubscriptionRequest = call.body
    kind = notifications.kind_of(call["notificationType"])
    directive = _directive(kind, body.processingDirective)
    try:
        made = notifications.subscribe(
            call.application,
            call.seller,
            kind=kind.name,
            payload_version=body.payloadVersion,
            destination_id=body.destinationId,
            directive=directive,
        )
    except notifications.SubscriptionStands as stands:
        raise ApiError(409, str(stands), stands.FIX, code="Conflict") from None
    return {"payload": _subscription(made)}


def _directive(kind: rules.Kind, given: ProcessingDirective | None) -> dict[str, Any]:
    if given is None or (given.eventFilter is None and given.filterExpression is None):
        return {}
    if given.filterExpression is not None:
        raise invalid("filterExpression is not supported.", "Use eventFilter, or none.")
    assert given.eventFilter is not None
    if not kind.filters or given.eventFilter.eventFilterType != kind.name:
        raise invalid(f"{kind.name} takes no such eventFilter.", "ORDER_CHANGE takes one of the type ORDER_CHANGE.")
    if given.eventFilter.aggregationSettings is not None:
        raise invalid(f"{kind.name} is not aggregated.", "Leave aggregationSettings out.")
    return given.model_dump(exclude_none=True)


@operation(
    "getSubscriptionById",
    "GET",
    f"{_SUBSCRIPTIONS}/{{notificationType}}/{{subscriptionId}}",
    rate=_RATE,
    scope=GRANTLESS,
)
def get_subscription_by_id(call: Call) -> dict[str, Any]:
    """One of the application's subscriptions, whoever's account it hears of."""
    found = notifications.subscription_by_id(
        call.application, kind=call["notificationType"], subscription_id=call["subscriptionId"]
    )
    return {"payload": _subscription(found)}


@operation(
    "deleteSubscriptionById",
    "DELETE",
    f"{_SUBSCRIPTIONS}/{{notificationType}}/{{subscriptionId}}",
    rate=_RATE,
    scope=GRANTLESS,
)
def delete_subscription_by_id(call: Call) -> dict[str, Any]:
    """End one; what still waited under it is not sent."""
    notifications.unsubscribe(call.application, kind=call["notificationType"], subscription_id=call["subscriptionId"])
    return {}


def _subscription(row: Subscription) -> dict[str, Any]:
    made: dict[str, Any] = {
        "subscriptionId": str(row.pk),
        "payloadVersion": row.payload_version,
        "destinationId": str(row.destination_id),
    }
    return made | ({"processingDirective": row.directive} if row.directive else {})


@operation(
    "sendTestNotification",
    "POST",
    f"{_SUBSCRIPTIONS}/{{notificationType}}/testNotification",
    rate=_RATE,
    body=SendTestNotificationRequest,
    scope=GRANTLESS,
    differs="Every named scenario sends the same made-up notification of the type.",
)
def send_test_notification(call: Call) -> Answer:
    """A made-up notification to one of the application's destinations."""
    body: SendTestNotificationRequest = call.body
    kind = notifications.kind_of(call["notificationType"])
    notifications.send_test(
        call.application,
        kind=kind.name,
        destination_id=body.destinationId,
        payload_version=body.testNotification.payloadVersion,
        scenario=body.testNotification.testScenario,
        payload=sample(kind.name, call.at),
        at=call.at,
    )
    return Answer(200, {})

"""Destinations and subscriptions, and which events become notices."""

from __future__ import annotations

import json

import pytest
from jsonschema.validators import validator_for

from fondaco.catalogue import operations as catalogue
from fondaco.catalogue.models import Offer
from fondaco.catalogue.operations import stock
from fondaco.catalogue.rules.stock import MovementKind
from fondaco.catalogue.tests.factories import make_offer
from fondaco.engine import clock
from fondaco.engine.testing import run_tasks
from fondaco.orders import operations as orders
from fondaco.orders.models import Order
from fondaco.orders.tests.factories import placed_order
from fondaco.sellers.tests.factories import make_seller
from fondaco.spapi.models import Destination, ListingChange, ListingTold, Notice, Subscription
from fondaco.spapi.operations import access
from fondaco.spapi.rules import notices as rules
from fondaco.spapi.rules.roles import ApiRole
from fondaco.spapi.served.notification_samples import sample
from fondaco.spapi.tests import published
from fondaco.spapi.tests.client import US, SpClient, make_client
from fondaco.spapi.tests.test_feeds import _feed, _message

pytestmark = pytest.mark.django_db

DESTINATIONS = "/notifications/v1/destinations"
SUBSCRIPTIONS = "/notifications/v1/subscriptions"
_SCHEMA = {
    rules.ORDER_CHANGE: "OrderChangeNotification.json",
    rules.STATUS_CHANGE: "ListingsItemStatusChangeNotification.json",
    rules.ISSUES_CHANGE: "ListingsItemIssuesChangeNotification_2023-12-13.json",
    rules.QUANTITY_CHANGE: "ListingsItemMfnQuantityChange.json",
    rules.FEED_FINISHED: "FeedProcessingFinishedNotification.json",
    rules.REPORT_FINISHED: "ReportProcessingFinishedNotification.json",
}


@pytest.fixture(autouse=True)
def _webhooks_here(settings):
    settings.FONDACO_WEBHOOK_ALLOW = ["127.0.0.1:9"]
    settings.FONDACO_SPAPI_LIMITS = 0


def _destination(client: SpClient, url: str = "http://127.0.0.1:9/in", name: str = "Mine") -> str:
    body = {"name": name, "resourceSpecification": {"webhook": {"url": url}}}
    return client.ok("POST", DESTINATIONS, body=body)["payload"]["destinationId"]


def _subscribe(client: SpClient, kind: str, destination: str = "", **more) -> str:
    body = {
        "destinationId": destination or _destination(client),
        "payloadVersion": rules.KINDS[kind].version,
        **more,
    }
    return client.ok("POST", f"{SUBSCRIPTIONS}/{kind}", body=body)["payload"]["subscriptionId"]


def _bodies(kind: str) -> list[dict]:
    """The notices of a kind in order, each held against the published schema."""
    schema = json.loads((published.require() / "schemas/notifications" / _SCHEMA[kind]).read_text())
    # The published schema names another type than its own example and everybody's documentation.
    if kind == rules.STATUS_CHANGE:
        schema["properties"]["NotificationType"].pop("enum")
    found = [n.body for n in Notice.objects.filter(kind=kind).order_by("id")]
    for body in found:
        validator_for(schema)(schema).validate(body)
    return found


# --- destinations -----------------------------------------------------------------------------------------------------


def test_a_destination_is_made_read_and_removed(client_of):
    pk = _destination(client_of)
    assert _destination(client_of) == pk, "the same place again is the same destination"
    response = client_of.get(f"{DESTINATIONS}/{pk}")
    got = response.json()["payload"]
    assert got == {"destinationId": pk, "name": "Mine", "resource": {}}
    assert response.headers["x-fondaco-webhook-secret"].startswith("whsec_")
    assert response.headers["x-fondaco-webhook-url"] == "http://127.0.0.1:9/in"
    assert client_of.ok("GET", DESTINATIONS)["payload"] == [got]
    assert client_of.ok("DELETE", f"{DESTINATIONS}/{pk}") == {}
    assert client_of.call("GET", f"{DESTINATIONS}/{pk}").status_code == 404
    assert client_of.call("DELETE", f"{DESTINATIONS}/{pk}").status_code == 404


def test_a_grantless_token_manages_destinations(client_of):
    token = access.exchange(
        {
            "grant_type": "client_credentials",
            "client_id": client_of.application.client_id,
            "client_secret": client_of.secret,
            "scope": "sellingpartnerapi::notifications",
        }
    )["access_token"]
    body = {"name": "Mine", "resourceSpecification": {"webhook": {"url": "http://127.0.0.1:9/in"}}}
    made = client_of.ok("POST", DESTINATIONS, body=body, token=token)["payload"]
    pk = _subscribe(client_of, rules.ORDER_CHANGE, made["destinationId"])
    path = f"{SUBSCRIPTIONS}/ORDER_CHANGE/{pk}"
    assert client_of.ok("GET", path, token=token)["payload"]["subscriptionId"] == pk
    assert client_of.call("GET", f"{SUBSCRIPTIONS}/ORDER_CHANGE", token=token).status_code == 403
    client_of.ok("DELETE", path, token=token)
    client_of.ok("DELETE", f"{DESTINATIONS}/{made['destinationId']}", token=token)


@pytest.mark.parametrize(
    ("resource", "says"),
    [
        ({"eventBridge": {"region": "us-east-1", "accountId": "1"}}, "EventBridge"),
        ({"sqs": {"arn": "arn:aws:sqs:us-east-1:123456789012:mine"}}, "no queue service"),
        ({"sqs": {"arn": "nonsense"}}, "arn"),
        ({}, "one resource"),
        ({"webhook": {"url": "http://127.0.0.1:9/"}, "sqs": {"arn": "arn:aws:sqs:a:b:c"}}, "one resource"),
        ({"webhook": {"url": "http://example.com/in"}}, "https"),
        ({"webhook": {"url": "https://example.com:22/in"}}, "443"),
        ({"webhook": {"url": "https://me:secret@example.com/in"}}, "password"),
        ({"webhook": {"url": "ftp://example.com"}}, "https"),
        ({"webhook": {"url": "https://2130706433/in"}}, "private"),
    ],
)
def test_a_destination_that_cannot_be_is_refused(client_of, resource, says):
    response = client_of.call("POST", DESTINATIONS, body={"name": "X", "resourceSpecification": resource})
    assert response.status_code == 400
    error = response.json()["errors"][0]
    assert says in error["message"] + error["details"]
    assert not Destination.objects.exists()


def test_a_queue_belongs_to_who_named_it_first(client_of, settings):
    settings.FONDACO_SQS_ENDPOINT = "http://127.0.0.1:9"
    arn = "arn:aws:sqs:us-east-1:123456789012:mine"
    body = {"name": "Q", "resourceSpecification": {"sqs": {"arn": arn}}}
    made = client_of.ok("POST", DESTINATIONS, body=body)["payload"]
    assert made["resource"] == {"sqs": {"arn": arn}}
    other = make_client(make_seller("Other"))
    assert other.call("POST", DESTINATIONS, body=body).status_code == 400


def test_another_applications_destinations_are_not_found(client_of):
    pk = _destination(client_of)
    other = make_client(make_seller("Other"))
    assert other.ok("GET", DESTINATIONS)["payload"] == []
    assert other.call("GET", f"{DESTINATIONS}/{pk}").status_code == 404
    assert other.call("DELETE", f"{DESTINATIONS}/{pk}").status_code == 404
    body = {"destinationId": pk, "payloadVersion": "1.0"}
    assert other.call("POST", f"{SUBSCRIPTIONS}/ORDER_CHANGE", body=body).status_code == 404


# --- subscriptions ----------------------------------------------------------------------------------------------------


def test_a_subscription_is_made_once_read_and_ended(client_of):
    destination = _destination(client_of)
    pk = _subscribe(client_of, rules.ORDER_CHANGE, destination)
    assert _subscribe(client_of, rules.ORDER_CHANGE, destination) == pk
    wanted = {"subscriptionId": pk, "payloadVersion": "1.0", "destinationId": destination}
    assert client_of.ok("GET", f"{SUBSCRIPTIONS}/ORDER_CHANGE")["payload"] == wanted
    assert client_of.ok("GET", f"{SUBSCRIPTIONS}/ORDER_CHANGE/{pk}")["payload"] == wanted
    listed = client_of.ok("GET", SUBSCRIPTIONS, notificationTypes="ORDER_CHANGE")["payload"]
    assert listed == {"subscriptions": [wanted]}
    assert client_of.call("DELETE", f"{DESTINATIONS}/{destination}").status_code == 400
    client_of.ok("DELETE", f"{SUBSCRIPTIONS}/ORDER_CHANGE/{pk}")
    assert client_of.call("GET", f"{SUBSCRIPTIONS}/ORDER_CHANGE").status_code == 404
    client_of.ok("DELETE", f"{DESTINATIONS}/{destination}")


def test_a_second_subscription_of_a_type_is_a_conflict(client_of):
    _subscribe(client_of, rules.ORDER_CHANGE)
    other = _destination(client_of, "http://127.0.0.1:9/other")
    body = {"destinationId": other, "payloadVersion": "1.0"}
    response = client_of.call("POST", f"{SUBSCRIPTIONS}/ORDER_CHANGE", body=body)
    assert (response.status_code, response.json()["errors"][0]["code"]) == (409, "Conflict")
    assert Subscription.objects.count() == 1


@pytest.mark.parametrize(
    ("kind", "change", "status"),
    [
        ("ANY_OFFER_CHANGED", {}, 400),
        ("ORDER_CHANGE", {"payloadVersion": "9.9"}, 400),
        ("ORDER_CHANGE", {"destinationId": "00000000-0000-0000-0000-000000000000"}, 404),
        ("ORDER_CHANGE", {"destinationId": "no id"}, 404),
        ("ORDER_CHANGE", {"processingDirective": {"filterExpression": "a == b"}}, 400),
        (
            "FEED_PROCESSING_FINISHED",
            {"processingDirective": {"eventFilter": {"eventFilterType": "ORDER_CHANGE"}}},
            400,
        ),
        ("ORDER_CHANGE", {"processingDirective": {"eventFilter": {"eventFilterType": "ANY_OFFER_CHANGED"}}}, 400),
    ],
)
def test_a_subscription_that_cannot_be_is_refused(client_of, kind, change, status):
    body = {"destinationId": _destination(client_of), "payloadVersion": "1.0", **change}
    assert client_of.call("POST", f"{SUBSCRIPTIONS}/{kind}", body=body).status_code == status
    assert not Subscription.objects.exists()


def test_an_application_hears_only_of_what_its_roles_open():
    published.require()
    client = make_client(roles=[ApiRole.FINANCE])
    body = {"destinationId": _destination(client), "payloadVersion": "1.0"}
    assert client.call("POST", f"{SUBSCRIPTIONS}/ORDER_CHANGE", body=body).status_code == 403


# --- events -----------------------------------------------------------------------------------------------------------


def _ship(order: Order) -> None:
    orders.record_shipment(order=order, key="k", carrier="UPS", tracking="1Z")


def test_an_order_tells_of_its_life(client_of):
    destination = _destination(client_of)
    subscription = _subscribe(client_of, rules.ORDER_CHANGE, destination)
    order = placed_order(offer=make_offer(client_of.caller))
    _ship(order)
    placed, shipped = _bodies(rules.ORDER_CHANGE)
    said = placed["Payload"]["OrderChangeNotification"]
    assert (said["AmazonOrderId"], said["SellerId"]) == (order.number, client_of.seller.number)
    assert said["Summary"]["OrderStatus"] == "Unshipped"
    assert shipped["Payload"]["OrderChangeNotification"]["Summary"]["OrderStatus"] == "Shipped"
    assert placed["NotificationMetadata"]["SubscriptionId"] == subscription
    assert placed["NotificationMetadata"]["NotificationId"] == str(Notice.objects.order_by("id").first().pk)


def test_a_filter_keeps_other_marketplaces_and_changes_out(client_of):
    wanted = {"eventFilterType": "ORDER_CHANGE", "marketplaceIds": [US], "orderChangeTypes": ["BuyerRequestedChange"]}
    _subscribe(client_of, rules.ORDER_CHANGE, processingDirective={"eventFilter": wanted})
    placed_order(offer=make_offer(client_of.caller))
    assert not Notice.objects.exists()


def test_nobody_else_hears_of_it(client_of):
    other = make_client(make_seller("Other"))
    _subscribe(other, rules.ORDER_CHANGE)
    placed_order(offer=make_offer(client_of.caller))
    assert not Notice.objects.exists()


def test_a_revoked_grant_ends_what_is_heard(client_of):
    _subscribe(client_of, rules.ORDER_CHANGE)
    grant = client_of.application.grants.get(revoked_at__isnull=True)
    access.revoke(client_of.caller, grant_id=grant.pk)
    placed_order(offer=make_offer(client_of.caller))
    assert not Notice.objects.exists()


def test_what_rolls_back_is_not_told(client_of):
    from django.db import transaction

    _subscribe(client_of, rules.ORDER_CHANGE)
    with transaction.atomic():
        placed_order(offer=make_offer(client_of.caller))
        assert Notice.objects.count() == 1
        transaction.set_rollback(True)
    assert not Notice.objects.exists()


def test_a_feed_and_a_report_tell_that_they_are_over(client_of):
    destination = _destination(client_of)
    _subscribe(client_of, rules.FEED_FINISHED, destination)
    _subscribe(client_of, rules.REPORT_FINISHED, destination)
    number = _feed(client_of, _message(1))
    body = {"reportType": "GET_MERCHANT_LISTINGS_ALL_DATA", "marketplaceIds": [US]}
    report = client_of.ok("POST", "/reports/2021-06-30/reports", body=body)["reportId"]
    run_tasks()
    (feed,) = _bodies(rules.FEED_FINISHED)
    said = feed["payload"]["feedProcessingFinishedNotification"]
    assert (said["feedId"], said["processingStatus"]) == (number, "DONE")
    assert client_of.ok("GET", f"/feeds/2021-06-30/documents/{said['resultFeedDocumentId']}")
    (made,) = _bodies(rules.REPORT_FINISHED)
    assert made["payload"]["reportProcessingFinishedNotification"]["reportId"] == report
    client_of.ok("GET", f"/feeds/2021-06-30/feeds/{number}")
    assert Notice.objects.count() == 2


def test_a_feed_that_is_read_before_its_task_tells_once(client_of):
    _subscribe(client_of, rules.FEED_FINISHED)
    number = _feed(client_of, feed_type="POST_PRODUCT_DATA")
    run_tasks()
    client_of.ok("GET", f"/feeds/2021-06-30/feeds/{number}")
    (feed,) = _bodies(rules.FEED_FINISHED)
    assert feed["payload"]["feedProcessingFinishedNotification"]["processingStatus"] == "FATAL"


# --- listings ---------------------------------------------------------------------------------------------------------


def _watched(client: SpClient) -> None:
    run_tasks()  # what offers still have to do for their pages
    destination = _destination(client)
    for kind in rules.LISTINGS:
        _subscribe(client, kind, destination)
    run_tasks()


def test_only_what_changes_after_subscribing_is_told(client_of):
    offer = make_offer(client_of.caller, quantity=3)
    _watched(client_of)
    assert not Notice.objects.exists()
    catalogue.change_offer(client_of.caller, offer_id=offer.pk, price_minor=offer.price_minor + 1)
    run_tasks()
    assert not Notice.objects.exists(), "a price is not what these types are about"
    assert not ListingChange.objects.exists()
    catalogue.change_offer(client_of.caller, offer_id=offer.pk, quantity=0)
    run_tasks()
    (status,) = _bodies(rules.STATUS_CHANGE)
    assert status["Payload"]["Sku"] == offer.sku
    assert "BUYABLE" not in status["Payload"]["Status"]
    (quantity,) = _bodies(rules.QUANTITY_CHANGE)
    assert quantity["Payload"]["Quantity"] == 0
    assert not _bodies(rules.ISSUES_CHANGE)


def test_every_unit_that_moves_is_told(client_of):
    offer = make_offer(client_of.caller, quantity=3)
    _watched(client_of)
    stock.move_units(offer_id=offer.pk, kind=MovementKind.RESERVE, units=1, cause="order", key="once")
    run_tasks()
    assert [b["Payload"]["Quantity"] for b in _bodies(rules.QUANTITY_CHANGE)] == [2]
    assert not _bodies(rules.STATUS_CHANGE)


def test_a_closed_listing_is_deleted(client_of):
    offer = make_offer(client_of.caller, quantity=3)
    _watched(client_of)
    catalogue.close(client_of.caller, offer_id=offer.pk)
    run_tasks()
    assert _bodies(rules.STATUS_CHANGE)[-1]["Payload"]["Status"] == ["DELETED"]


def test_a_listing_of_a_feed_is_told_with_its_issues(client_of):
    _watched(client_of)
    _feed(client_of, _message(1))
    run_tasks()
    assert _bodies(rules.STATUS_CHANGE)[-1]["Payload"]["Sku"] == "MUG-1"
    issues = _bodies(rules.ISSUES_CHANGE)[-1]["Payload"]
    assert (issues["Severities"], issues["EnforcementActions"]) == (["ERROR"], ["SEARCH_SUPPRESSED"])
    told = Notice.objects.count()
    run_tasks()
    assert Notice.objects.count() == told


def test_a_mark_that_comes_while_its_listing_is_compared_stays(client_of, monkeypatch):
    from fondaco.spapi import listens
    from fondaco.spapi.operations import listing_changes

    offer = make_offer(client_of.caller, quantity=3)
    _watched(client_of)
    catalogue.change_offer(client_of.caller, offer_id=offer.pk, quantity=2)
    late: list[int] = []

    def read(offers):
        said = listens.read_listings(offers)
        if not late:
            late.append(1)
            Offer.objects.filter(pk=offer.pk).update(units_sellable=1)
            listing_changes.mark(offers=[offer.pk], products=[])
        return said

    listing_changes.compare(client_of.seller.pk, read=read)
    assert [b["Payload"]["Quantity"] for b in _bodies(rules.QUANTITY_CHANGE)] == [2, 1]


def test_killed_while_comparing_the_repeat_tells_once(client_of):
    from fondaco.spapi import listens
    from fondaco.spapi.operations import listing_changes

    offer = make_offer(client_of.caller, quantity=3)
    _watched(client_of)
    catalogue.change_offer(client_of.caller, offer_id=offer.pk, quantity=0)

    def killed(offers):
        listens.read_listings(offers)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        listing_changes.compare(client_of.seller.pk, read=killed)
    run_tasks()
    run_tasks()
    assert len(_bodies(rules.STATUS_CHANGE)) == 1


def test_unwatched_sellers_leave_no_marks(client_of):
    offer = make_offer(client_of.caller, quantity=3)
    catalogue.change_offer(client_of.caller, offer_id=offer.pk, quantity=0)
    assert not ListingChange.objects.exists()
    assert not ListingTold.objects.exists()


def test_watching_again_begins_from_what_is_then(client_of):
    offer = make_offer(client_of.caller, quantity=3)
    _watched(client_of)
    for row in Subscription.objects.all():
        client_of.ok("DELETE", f"{SUBSCRIPTIONS}/{row.kind}/{row.pk}")
    catalogue.change_offer(client_of.caller, offer_id=offer.pk, quantity=0)
    _watched(client_of)
    assert not Notice.objects.exists()
    catalogue.change_offer(client_of.caller, offer_id=offer.pk, quantity=5)
    run_tasks()
    assert len(_bodies(rules.STATUS_CHANGE)) == 1


# --- tests ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", sorted(rules.KINDS))
def test_a_test_notification_has_the_published_shape(client_of, kind):
    destination = _destination(client_of)
    body = {
        "destinationId": destination,
        "testNotification": {"payloadVersion": rules.KINDS[kind].version, "testScenario": "ANY"},
    }
    assert client_of.ok("POST", f"{SUBSCRIPTIONS}/{kind}/testNotification", body=body) == {}
    (sent,) = _bodies(kind)
    said = sent.get("Payload") or sent["payload"]
    assert set(said) == set(sample(kind, clock.now()))


def test_a_test_without_a_scenario_is_refused(client_of):
    body = {"destinationId": _destination(client_of), "testNotification": {"payloadVersion": "1.0"}}
    assert client_of.call("POST", f"{SUBSCRIPTIONS}/ORDER_CHANGE/testNotification", body=body).status_code == 400

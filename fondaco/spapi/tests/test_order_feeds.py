"""XML feeds about orders: refunds, cancellations, shipments, and their processing reports."""

from __future__ import annotations

from datetime import timedelta

import pytest
from lxml import etree

from fondaco.catalogue.tests.factories import make_offer
from fondaco.engine import clock
from fondaco.engine.testing import run_tasks
from fondaco.orders.models import Parcel, PayBack
from fondaco.orders.tests.factories import delivered_order, placed_order
from fondaco.returns.models import Refund
from fondaco.returns.tests.factories import make_return, make_returning_seller, make_ware
from fondaco.sellers.tests.factories import make_seller
from fondaco.spapi.models import FeedMessage, FeedRequest
from fondaco.spapi.operations import feeds, order_feeds
from fondaco.spapi.tests.client import US, make_client
from fondaco.spapi.tests.test_feeds import _document

pytestmark = pytest.mark.django_db
REFUND = "POST_PAYMENT_ADJUSTMENT_DATA"


@pytest.fixture(autouse=True)
def _no_limits(settings) -> None:
    settings.FONDACO_SPAPI_LIMITS = 0


def _envelope(client, kind: str, *bodies: str, seller: str = "") -> bytes:
    messages = "".join(
        f"<Message><MessageID>{n}</MessageID><{kind}>{body}</{kind}></Message>" for n, body in enumerate(bodies, 1)
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?><AmazonEnvelope xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<Header><DocumentVersion>1.01</DocumentVersion><MerchantIdentifier>{seller or client.seller.number}"
        f"</MerchantIdentifier></Header><MessageType>{kind}</MessageType>{messages}</AmazonEnvelope>"
    ).encode()


def _send(client, feed_type: str, raw: bytes) -> str:
    body = {"feedType": feed_type, "marketplaceIds": [US], "inputFeedDocumentId": _document(client, raw)}
    return client.ok("POST", "/feeds/2021-06-30/feeds", body=body)["feedId"]


def _report(client, number: str):
    """The processing report of a feed that is done: summary counts, and the results by message."""
    feed = client.ok("GET", f"/feeds/2021-06-30/feeds/{number}")
    assert feed["processingStatus"] == "DONE"
    document = client.ok("GET", f"/feeds/2021-06-30/documents/{feed['resultFeedDocumentId']}")
    response = client.web.get(document["url"].partition("testserver")[2])
    root = etree.fromstring(b"".join(response.streaming_content))
    counts = [int(e.text) for e in root.find(".//ProcessingSummary")]
    results = {int(r.findtext("MessageID")): r.findtext("ResultDescription") for r in root.iter("Result")}
    return counts, results


def _worked(client, feed_type: str, raw: bytes):
    number = _send(client, feed_type, raw)
    run_tasks()
    return _report(client, number)


def _adjustment(order, *amounts: str, reason: str = "GeneralAdjustment", currency: str = "USD", item=None) -> str:
    items = [item] if item else list(order.items.all())
    parts = "".join(
        f"<AdjustedItem><AmazonOrderItemCode>{each.pk}</AmazonOrderItemCode><AdjustmentReason>{reason}</AdjustmentReason>"
        f'<ItemPriceAdjustments><Component><Type>Principal</Type><Amount currency="{currency}">{amount}</Amount>'
        "</Component></ItemPriceAdjustments></AdjustedItem>"
        for each, amount in zip(items, amounts, strict=False)
    )
    return f"<AmazonOrderID>{order.number}</AmazonOrderID>{parts}"


def _delivered(client, **line):
    return delivered_order(offer=make_offer(client.caller, quantity=20), **line)


def test_a_refund_goes_back_once_and_the_report_says_what_failed(client_of):
    order = _delivered(client_of)
    raw = _envelope(
        client_of,
        "OrderAdjustment",
        _adjustment(order, "5.00"),
        _adjustment(order, "9999.00"),
        _adjustment(order, "1.00", reason="Nonsense"),
        _adjustment(order, "1.00", currency="EUR"),
        _adjustment(order, "x"),
        "<AmazonOrderID>000-0000000-0000000</AmazonOrderID>",
    )
    counts, results = _worked(client_of, REFUND, raw)
    assert counts == [6, 1, 5, 0]
    assert sorted(results) == [2, 3, 4, 5, 6]
    assert "refund_above_paid" in results[2]
    assert "refund_in_another_currency" in results[4]
    row = PayBack.objects.get()
    assert (row.amount_minor, row.reason) == (500, "seller_adjustment")


def test_a_feed_that_is_worked_off_again_does_nothing_twice(client_of):
    order = _delivered(client_of)
    number = _send(client_of, REFUND, _envelope(client_of, "OrderAdjustment", _adjustment(order, "5.00")))
    run_tasks()
    first = _report(client_of, number)
    FeedRequest.objects.filter(number=number).update(status="IN_PROGRESS")
    feeds.work_off(FeedRequest.objects.get(number=number).pk)
    assert _report(client_of, number) == first
    assert PayBack.objects.count() == 1


def test_killed_between_two_messages_the_repeat_does_the_rest(client_of, monkeypatch):
    order = _delivered(client_of)
    raw = _envelope(client_of, "OrderAdjustment", _adjustment(order, "5.00"), _adjustment(order, "2.00"))
    number = _send(client_of, REFUND, raw)
    pk = FeedRequest.objects.get(number=number).pk
    real, calls = order_feeds._adjust, []

    def killed(*given):
        calls.append(1)
        real(*given)
        if len(calls) == 2:
            raise KeyboardInterrupt

    monkeypatch.setattr(order_feeds, "_adjust", killed)
    with pytest.raises(KeyboardInterrupt):
        feeds.work_off(pk)
    assert FeedMessage.objects.count() == PayBack.objects.count() == 1
    monkeypatch.undo()
    run_tasks()
    assert sorted(PayBack.objects.values_list("amount_minor", flat=True)) == [200, 500]
    assert _report(client_of, number)[0] == [2, 2, 0, 0]


def test_a_message_that_fails_half_way_leaves_nothing(client_of):
    order = delivered_order(offers=[make_offer(client_of.caller, quantity=9) for _ in range(2)])
    raw = _envelope(client_of, "OrderAdjustment", _adjustment(order, "1.00", "9999.00"))
    counts, _ = _worked(client_of, REFUND, raw)
    assert counts == [1, 0, 1, 0]
    assert not PayBack.objects.exists()


def test_a_returned_unit_is_refunded_by_its_plan():
    client_of = make_client(make_returning_seller())
    order = delivered_order(
        offer=make_ware(client_of.seller), item={"is_prime": True}, delivered_at=clock.now() - timedelta(days=7)
    )
    found = make_return(order, received_at=clock.now())
    item = found.units.get().unit.item
    paid = found.units.get().price_minor + found.units.get().tax_minor
    wrong = _envelope(client_of, "OrderAdjustment", _adjustment(order, "0.01", reason="CustomerReturn", item=item))
    counts, results = _worked(client_of, REFUND, wrong)
    assert counts[2] == 1
    assert "refund_not_as_planned" in results[1]
    amount = f"{paid // 100}.{paid % 100:02d}"
    right = _envelope(client_of, "OrderAdjustment", _adjustment(order, amount, reason="CustomerReturn", item=item))
    assert _worked(client_of, REFUND, right)[0] == [1, 1, 0, 0]
    assert Refund.objects.get().refunded_by == "seller"


def test_what_was_not_sent_is_not_refunded_but_cancelled(client_of):
    order = placed_order(offer=make_offer(client_of.caller, quantity=9), quantity=2)
    counts, results = _worked(client_of, REFUND, _envelope(client_of, "OrderAdjustment", _adjustment(order, "1.00")))
    assert (counts[2], "refund_before_shipment" in results[1]) == (1, True)
    body = f"<AmazonOrderID>{order.number}</AmazonOrderID><StatusCode>Failure</StatusCode><Item><AmazonOrderItemCode>{{}}</AmazonOrderItemCode><CancelReason>NoInventory</CancelReason></Item>"
    raw = _envelope(client_of, "OrderAcknowledgement", body.format(order.items.get().pk))
    assert _worked(client_of, "POST_ORDER_ACKNOWLEDGEMENT_DATA", raw)[0] == [1, 1, 0, 0]
    order.refresh_from_db()
    assert order.status == "cancelled"


def test_an_acknowledgement_changes_nothing(client_of):
    order = placed_order(offer=make_offer(client_of.caller, quantity=9))
    body = f"<AmazonOrderID>{order.number}</AmazonOrderID><StatusCode>{{}}</StatusCode>"
    raw = _envelope(client_of, "OrderAcknowledgement", body.format("Success"), body.format("Perhaps"))
    assert _worked(client_of, "POST_ORDER_ACKNOWLEDGEMENT_DATA", raw)[0] == [2, 1, 1, 0]
    order.refresh_from_db()
    assert order.status == "placed"


def test_a_shipment_is_confirmed_for_the_units_named(client_of):
    order = placed_order(offer=make_offer(client_of.caller, quantity=9), quantity=3)
    body = (
        f"<AmazonOrderID>{order.number}</AmazonOrderID><FulfillmentData><CarrierCode>UPS</CarrierCode>"
        "<ShipperTrackingNumber>1Z1</ShipperTrackingNumber></FulfillmentData>"
        f"<Item><AmazonOrderItemCode>{order.items.get().pk}</AmazonOrderItemCode><Quantity>{{}}</Quantity></Item>"
    )
    raw = _envelope(client_of, "OrderFulfillment", body.format(2), body.format(2), body.format(0))
    counts, results = _worked(client_of, "POST_ORDER_FULFILLMENT_DATA", raw)
    assert (counts, sorted(results)) == ([3, 1, 2, 0], [2, 3])
    assert Parcel.objects.get().units.count() == 2


def test_another_accounts_order_is_none(client_of):
    other = make_client(make_seller("Other"))
    order = _delivered(other)
    counts, results = _worked(client_of, REFUND, _envelope(client_of, "OrderAdjustment", _adjustment(order, "1.00")))
    assert counts[2] == 1
    assert "no order" in results[1]
    assert not PayBack.objects.exists()


BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
    b"<AmazonEnvelope><MessageType>OrderAdjustment</MessageType><Message><MessageID>1</MessageID>"
    b"<OrderAdjustment><AmazonOrderID>&b;</AmazonOrderID></OrderAdjustment></Message></AmazonEnvelope>"
)
FILE = BOMB.replace(b'"aaaaaaaaaa"', b'SYSTEM "file:///etc/passwd"')


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (BOMB, "document type"),
        (FILE, "document type"),
        (b"", "well-formed"),
        (b"{}", "well-formed"),
        (b"<a/>", "AmazonEnvelope"),
        (b"<AmazonEnvelope></AmazonEnvelope>", "no messages"),
        (b"<AmazonEnvelope><MessageType>Price</MessageType></AmazonEnvelope>", "takes OrderAdjustment"),
        (b"<AmazonEnvelope><MessageType>OrderAdjustment</MessageType><Message><MessageID>x</MessageID></Message></AmazonEnvelope>", "no number"),
        (b"<AmazonEnvelope><Header><MerchantIdentifier>AOTHER</MerchantIdentifier></Header></AmazonEnvelope>", "another seller"),
        (b"\xff\xfe<\x00A\x00", "AmazonEnvelope"),
    ],
)  # fmt: skip
def test_a_document_that_cannot_be_used_is_said_so(client_of, raw, says):
    if not raw:
        raw = b" "
    counts, results = _worked(client_of, REFUND, raw)
    assert says in results[0]
    assert counts[2] == 1
    assert "passwd" not in results[0]
    assert "root:" not in str(results)


def test_a_document_that_breaks_off_has_done_what_came_before(client_of):
    order = _delivered(client_of)
    raw = _envelope(client_of, "OrderAdjustment", _adjustment(order, "5.00"), _adjustment(order, "1.00"))
    counts, results = _worked(client_of, REFUND, raw[:-80])
    assert counts[1] == 1
    assert "well-formed" in results[0]
    assert PayBack.objects.count() == 1

"""Bad input at every operation: the published error shape, words that help, nothing of another seller, nothing broken.

The client of these tests holds each reply against its published model, so a wrong shape fails before anything here asks.
"""

from __future__ import annotations

import json
from functools import cache
from urllib.parse import quote, urlencode

import pytest
from django.test import Client

from fondaco.catalogue.tests.factories import make_offer
from fondaco.orders.tests.factories import placed_order
from fondaco.sellers.tests.factories import make_seller
from fondaco.spapi.door.operation import Operation, every
from fondaco.spapi.door.parameters import Kind, Parameter
from fondaco.spapi.tests import published
from fondaco.spapi.tests.client import US, make_client
from fondaco.spapi.tests.test_feeds import _document, _feed, _message

pytestmark = pytest.mark.django_db
TOKENS = ("pageToken", "nextToken", "NextToken", "nextPageToken", "paginationToken")
MARKETS = ("marketplaceIds", "MarketplaceIds", "marketplaceId")
# Several fields that exclude each other: one of them makes the question whole.
NEEDED = {
    "/orders/v0/orders": {"CreatedAfter": "2020-01-01T00:00:00Z"},
    "/orders/2026-01-01/orders": {"createdAfter": "2020-01-01T00:00:00Z"},
    "/catalog/2022-04-01/items": {"keywords": "mug"},
    "/feeds/2021-06-30/feeds": {"feedTypes": "JSON_LISTINGS_FEED"},
    "/reports/2021-06-30/reports": {"reportTypes": "GET_MERCHANT_LISTINGS_ALL_DATA"},
    "/finances/2024-06-19/transactions": {"postedAfter": "2020-01-01T00:00:00Z"},
    "/finances/v0/financialEvents": {"PostedAfter": "2020-01-01T00:00:00Z"},
}


def _id(o: Operation) -> str:
    return f"{o.method} {o.path}"


def _all(wanted) -> list[Operation]:
    return [o for o in every() if wanted(o)]


@pytest.fixture(autouse=True)
def _no_limits(settings) -> None:
    settings.FONDACO_SPAPI_LIMITS = 0


def _path(o: Operation, **given: str) -> str:
    path = o.path
    for part in [p.strip("{}") for p in path.split("/") if p.startswith("{")]:
        path = path.replace("{" + part + "}", quote(given.get(part, "unknown"), safe=""))
    return path


def _value(parameter: Parameter) -> str:
    if parameter.name in MARKETS:
        return US
    if parameter.choices:
        return parameter.choices[0]
    return {Kind.WHOLE: "10", Kind.MOMENT: "2020-01-01T00:00:00Z", Kind.YES_NO: "true"}.get(
        parameter.kind, "ORDER_CHANGE"
    )


def _query(o: Operation, **more: str) -> dict[str, str]:
    return {p.name: _value(p) for p in o.query if p.required} | NEEDED.get(o.path, {}) | more


def _refused(client, o: Operation, *, path: str = "", query=None, raw: str | None = None, kind="application/json"):
    """The first error of a reply that must be a refusal of the request."""
    where = (path or _path(o, sellerId=client.seller.number)) + (f"?{urlencode(query)}" if query else "")
    response = client.web.generic(
        o.method,
        where,
        raw or "",
        content_type=kind if raw is not None else "",
        headers={"x-amz-access-token": client.token},
    )
    published.check(response)
    assert 400 <= response.status_code < 500, (response.status_code, response.content)
    assert b"Traceback" not in response.content
    error = _error(response)
    assert error["message"]
    assert error["code"]
    return response.status_code, error


def _error(response) -> dict[str, str]:
    """The first error; one model publishes the list as the whole body."""
    body = response.json()
    return (body if isinstance(body, list) else body["errors"])[0]


@cache
def _fields(o: Operation) -> tuple[str, ...]:
    """The fields that a body must have."""
    assert o.body is not None
    return tuple(name for name, field in o.body.model_fields.items() if field.is_required())


@pytest.mark.parametrize("o", _all(lambda o: True), ids=_id)
def test_without_a_token_every_operation_says_so(o, db):
    published.require()
    for headers, says in (
        ({}, "missing"),
        ({"x-amz-access-token": "nonsense"}, "invalid"),
        ({"x-amz-access-token": "fdrt|nonsense"}, "invalid"),
    ):
        response = Client().generic(o.method, _path(o), headers=headers)
        published.check(response)
        error = _error(response)
        assert (response.status_code, error["code"]) == (403, "Unauthorized")
        assert says in error["details"]


@pytest.mark.parametrize("o", _all(lambda o: o.body is not None), ids=_id)
def test_what_is_no_json_object_is_said_so(o, client_of):
    for raw in ("{", "[]", "12", '"text"', "null", '{"a": NaN}', "\x00", '{"a": "\\u0000"}', "[" * 5000):
        status, error = _refused(client_of, o, query=_query(o), raw=raw)
        assert status == 400
        assert "body" in error["message"]
    status, error = _refused(client_of, o, query=_query(o), raw="<a/>", kind="text/xml")
    assert (status, error["code"]) == (415, "UnsupportedMediaType")


@pytest.mark.parametrize("o", _all(lambda o: o.body is not None and _fields(o)), ids=_id)
def test_missing_and_wrong_fields_are_named(o, client_of):
    _, error = _refused(client_of, o, query=_query(o), raw="{}")
    assert any(name in error["message"] + error["details"] for name in _fields(o))
    for wrong in (True, 1.5, -1, [], [[]], {}, "", None, "x" * 3000, [{"a": 1}]):
        raw = json.dumps(dict.fromkeys(_fields(o), wrong))
        _refused(client_of, o, query=_query(o), raw=raw)


@pytest.mark.parametrize(
    ("o", "name"),
    [(o, p.name) for o in every() for p in o.query if p.required],
    ids=lambda v: v if isinstance(v, str) else _id(v),
)
def test_a_missing_parameter_is_named(o, name, client_of):
    query = {k: v for k, v in _query(o).items() if k != name}
    status, error = _refused(client_of, o, query=query, raw="{}" if o.body else None)
    assert (status, name in error["message"]) == (400, True)


_BAD = {Kind.WHOLE: ("x", "-1", "1.5", "9" * 30), Kind.MOMENT: ("yesterday", "2020-13-45"), Kind.YES_NO: ("perhaps",)}


@pytest.mark.parametrize(
    ("o", "name"),
    [(o, p.name) for o in every() for p in o.query if p.kind in _BAD or p.choices],
    ids=lambda v: v if isinstance(v, str) else _id(v),
)
def test_a_parameter_of_the_wrong_kind_is_named(o, name, client_of):
    kind = next(p.kind for p in o.query if p.name == name)
    for bad in _BAD.get(kind, ("NONSENSE",)):
        status, error = _refused(client_of, o, query=_query(o, **{name: bad}), raw="{}" if o.body else None)
        assert (status, name in error["message"]) == (400, True), bad


@pytest.mark.parametrize("o", _all(lambda o: any(p.name in MARKETS for p in o.query) and o.method == "GET"), ids=_id)
def test_an_unknown_marketplace_is_named(o, client_of):
    name = next(p.name for p in o.query if p.name in MARKETS)
    status, error = _refused(client_of, o, query=_query(o, **{name: "NOWHERE"}))
    assert (status, "NOWHERE" in error["message"], US in error["details"]) == (400, True, True)


@pytest.mark.parametrize("o", _all(lambda o: any(p.name in TOKENS for p in o.query)), ids=_id)
def test_page_tokens_that_were_tampered_with_are_refused(o, client_of):
    if "{orderId}" in o.path:
        pytest.skip("an order's items come on one page; its token is not read")
    name = next(p.name for p in o.query if p.name in TOKENS)
    for bad in ("nonsense", "eyJhIjoxfQ:1abc:def", "x" * 3000):
        status, error = _refused(client_of, o, query=_query(o, **{name: bad}))
        if status != 404:
            assert (status, "page token" in error["message"]) == (400, True)


def test_events_of_another_sellers_order_are_none(client_of):
    order = placed_order(offer=make_offer(make_client(make_seller("Secret Stall")).caller, quantity=9))
    found = client_of.ok("GET", f"/finances/v0/orders/{order.number}/financialEvents")["payload"]["FinancialEvents"]
    assert not any(found.values())


@pytest.mark.parametrize("o", _all(lambda o: "{" in o.path and o.name != "listFinancialEventsByOrderId"), ids=_id)
def test_what_belongs_to_another_seller_reads_as_not_there(o, client_of, settings):
    settings.FONDACO_WEBHOOK_ALLOW = ["127.0.0.1:9"]
    other = make_client(make_seller("Secret Stall", return_to="IL"))
    offer = make_offer(other.caller, title="Secret goods", quantity=9)
    order = placed_order(offer=offer)
    body = {"name": "Mine", "resourceSpecification": {"webhook": {"url": "http://127.0.0.1:9/in"}}}
    place = other.ok("POST", "/notifications/v1/destinations", body=body)["payload"]["destinationId"]
    asked = {"destinationId": place, "payloadVersion": "1.0"}
    subscription = other.ok("POST", "/notifications/v1/subscriptions/ORDER_CHANGE", body=asked)["payload"]
    report = {"reportType": "GET_MERCHANT_LISTINGS_ALL_DATA", "marketplaceIds": [US]}
    scheduled = {**report, "period": "P1D"}
    given = {
        "sellerId": other.seller.number,
        "sku": offer.sku,
        "orderId": order.number,
        "amazonOrderId": order.number,
        "feedId": _feed(other, _message(1)),
        "feedDocumentId": _document(other, b"{}"),
        "reportId": other.ok("POST", "/reports/2021-06-30/reports", body=report)["reportId"],
        "reportScheduleId": other.ok("POST", "/reports/2021-06-30/schedules", body=scheduled)["reportScheduleId"],
        "destinationId": place,
        "subscriptionId": subscription["subscriptionId"],
        "notificationType": "ORDER_CHANGE",
        "supplySourceId": "DEFAULT",
        "productType": "NO_SUCH_TYPE",
        "resource": f"messaging/v1/orders/{order.number}/messages/legalDisclosure",
    }
    if "/subscriptions/{notificationType}" in o.path and "{subscriptionId}" not in o.path:
        given["notificationType"] = "NO_SUCH_TYPE"
    # A body that would be good enough to be acted on is no use here: what the path names must be refused or not there.
    status, error = _refused(client_of, o, path=_path(o, **given), query=_query(o), raw="{}" if o.body else None)
    assert status in (400, 403, 404)
    said = json.dumps(error)
    assert "Secret" not in said
    assert other.seller.display_name not in said


def test_another_sellers_sku_is_no_offer_of_mine(client_of):
    other = make_client(make_seller("Secret Stall"))
    offer = make_offer(other.caller, quantity=9)
    own = f"/listings/2021-08-01/items/{client_of.seller.number}/{offer.sku}"
    response = client_of.get(own, marketplaceIds=US)
    assert response.status_code == 404
    found = client_of.ok(
        "GET",
        f"/listings/2021-08-01/items/{client_of.seller.number}",
        marketplaceIds=US,
        identifiersType="SKU",
        identifiers=offer.sku,
    )
    assert found["numberOfResults"] == 0


def test_a_page_token_of_another_seller_is_refused(client_of):
    for _ in range(3):
        make_offer(client_of.caller, quantity=1)
    path = "/listings/2021-08-01/items/{}"
    first = client_of.ok("GET", path.format(client_of.seller.number), marketplaceIds=US, pageSize=1)
    token = first["pagination"]["nextToken"]
    other = make_client(make_seller("Other"))
    response = other.get(path.format(other.seller.number), marketplaceIds=US, pageSize=1, pageToken=token)
    assert (response.status_code, "page token" in response.json()["errors"][0]["message"]) == (400, True)


@pytest.mark.parametrize("joined", [True, False])
def test_lists_come_joined_or_repeated(client_of, joined):
    skus = [make_offer(client_of.caller, quantity=1).sku for _ in range(2)]
    path = f"/listings/2021-08-01/items/{client_of.seller.number}"
    rest = [
        ("marketplaceIds", US),
        ("marketplaceIds", US),
        ("MarketplaceId", US),
        ("marketplace_ids", US),
        ("what", "ever"),
    ]
    listed = [("identifiers", ",".join(skus))] if joined else [("identifiers", sku) for sku in skus]
    query = urlencode([*rest, ("identifiersType", "SKU"), *listed])
    response = client_of.web.get(
        f"{path}?{query}",
        headers={"x-amz-access-token": client_of.token, "Authorization": "AWS4-HMAC-SHA256 Credential=old"},
        HTTP_HOST="ocalhost:9080",
    )
    published.check(response)
    assert sorted(i["sku"] for i in response.json()["items"]) == sorted(skus)

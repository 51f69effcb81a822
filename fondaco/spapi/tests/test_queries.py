"""A page of the interface asks the database as often as a page with one row."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from fondaco.catalogue.tests.factories import make_offer
from fondaco.engine import clock
from fondaco.ledger.models import Period
from fondaco.ledger.operations import close_statement_period
from fondaco.messaging.models import Alias
from fondaco.orders.tests.factories import placed_order
from fondaco.spapi.models import AccessToken
from fondaco.spapi.tests.client import US

pytestmark = pytest.mark.django_db
LONG_AGO = "2020-01-01T00:00:00Z"


@pytest.fixture(autouse=True)
def _no_limits(settings) -> None:
    settings.FONDACO_SPAPI_LIMITS = 0


def _asked(client, path: str, **query) -> list[str]:
    with CaptureQueriesContext(
        connection,
    ) as seen:
        client.ok("GET", path, **query)
    return [q["sql"] for q in seen.captured_queries]


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("/orders/v0/orders", {"CreatedAfter": LONG_AGO, "MarketplaceIds": US}),
        (
            "/orders/2026-01-01/orders",
            {"createdAfter": LONG_AGO, "marketplaceIds": US, "includedData": "BUYER,PACKAGES,FULFILLMENT"},
        ),
        ("/finances/v0/financialEvents", {"PostedAfter": LONG_AGO}),
    ],
)
def test_more_orders_ask_nothing_more_and_write_nothing(client_of, path, query):
    placed_order(offer=make_offer(client_of.caller, quantity=9))
    one = _asked(client_of, path, **query)
    for _ in range(4):
        placed_order(offer=make_offer(client_of.caller, quantity=9))
    many = _asked(client_of, path, **query)
    assert len(many) == len(one)
    assert not [sql for sql in many if sql.startswith(("INSERT", "UPDATE", "DELETE"))]


def test_aliases_of_older_orders_are_made_together(client_of):
    for _ in range(3):
        placed_order(offer=make_offer(client_of.caller, quantity=9))
    Alias.objects.all().delete()
    query = {"CreatedAfter": LONG_AGO, "MarketplaceIds": US}
    first = _asked(client_of, "/orders/v0/orders", **query)
    assert len([sql for sql in first if sql.startswith("INSERT")]) == 1
    assert not [sql for sql in _asked(client_of, "/orders/v0/orders", **query) if sql.startswith("INSERT")]
    assert Alias.objects.filter(stands_for="buyer").count() == 3


def test_more_statement_periods_ask_nothing_more(client_of):
    path = "/finances/v0/financialEventGroups"
    placed_order(offer=make_offer(client_of.caller, quantity=9))
    one = _asked(client_of, path)
    for _ in range(2):
        clock.set_to(at=clock.now() + timedelta(weeks=3))
        period = Period.objects.get(seller=client_of.seller, closed_at=None)
        close_statement_period(period_id=period.pk, at=clock.now())
        placed_order(offer=make_offer(client_of.caller, quantity=9))
    AccessToken.objects.update(expires_at=clock.now() + timedelta(hours=1))  # weeks have passed
    assert Period.objects.filter(seller=client_of.seller).count() > 1
    assert len(_asked(client_of, path)) == len(one)
    groups = client_of.ok("GET", path)["payload"]["FinancialEventGroupList"]
    assert all(group["OriginalTotal"]["CurrencyAmount"] > 0 for group in groups)

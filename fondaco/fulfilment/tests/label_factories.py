"""Small makers of labels, in the market of the sellers' factories."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime
from typing import Any

from fondaco.engine.testing import run_tasks
from fondaco.fulfilment.carriers.port import RateRequest, carriers
from fondaco.fulfilment.models import Label
from fondaco.fulfilment.operations.labels import LabelAsk, ask_label, ask_return_label
from fondaco.fulfilment.rules.labels import Purpose
from fondaco.fulfilment.rules.parcels import Package
from fondaco.ledger.rules import Cause
from fondaco.sellers.addresses import PostalAddress
from fondaco.sellers.models import SellerAccount
from fondaco.sellers.tests.factories import make_seller

_count = itertools.count(1)

CHICAGO = PostalAddress(
    name="Harbor Goods", street="12 Wharf Street", city="Chicago", region="IL", postal_code="60601", country="US"
)
AUSTIN = PostalAddress(
    name="Ana Nguyễn", street="900 Congress Ave\nApt 4", city="Austin", region="TX", postal_code="78701", country="US"
)
MUG_BOX = Package(700, 200, 150, 120)
MONDAY = datetime(2022, 6, 6, 15, 0, tzinfo=UTC)


def rate_request(**options: Any) -> RateRequest:
    values = {
        "purpose": Purpose.OUTBOUND,
        "origin": CHICAGO,
        "destination": AUSTIN,
        "package": MUG_BOX,
        "ship_at": MONDAY,
        **options,
    }
    return RateRequest(**values)


def make_label(
    *, seller: SellerAccount | None = None, service: str = "ground", bought: bool = True, **options: Any
) -> Label:
    """An outbound label of an order; by default bought."""
    request = options.pop("request", None) or rate_request()
    rate = next(r for r in carriers().rates(request) if r.service == service)
    number = next(_count)
    values = {
        "purpose": Purpose.OUTBOUND,
        "seller": seller or make_seller(),
        "cause": Cause("test.order", str(number), f"Order {number}"),
        "rate": rate,
        "request": request,
        "price": rate.price,
        "request_key": f"label-{number}",
        "contents": [{"quantity": 1, "title": "Stoneware mug", "sku": "MUG-1"}],
        "references": {"Order": f"112-0000000-{number:07d}"},
        **options,
    }
    label = ask_label(LabelAsk(**values))
    if bought:
        run_tasks()
        label.refresh_from_db()
    return label


def make_return_label(*, seller: SellerAccount | None = None, bought: bool = True, **options: Any) -> Label:
    number = next(_count)
    values = {
        "seller": seller or make_seller(),
        "origin": AUSTIN,
        "destination": CHICAGO,
        "package": MUG_BOX,
        "cause": Cause("test.return", str(number), f"Return {number}"),
        "request_key": f"return-{number}",
        **options,
    }
    label = ask_return_label(**values)
    if bought:
        run_tasks()
        label.refresh_from_db()
    return label

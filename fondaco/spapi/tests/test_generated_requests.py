"""Requests made from the published models: whatever they hold, no 5xx and no reply outside its schema.

A few examples an operation here; `FONDACO_EXAMPLES=500` makes it a long night. Half of the ids in paths, queries and bodies are ids that
exist, so that a request gets past "not found".
"""

from __future__ import annotations

import json
import os
from typing import Any
from urllib.parse import quote, urlencode

import pytest
import schemathesis
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode

from fondaco.catalogue.tests.factories import make_offer
from fondaco.orders.tests.factories import delivered_order, placed_order
from fondaco.spapi.tests import models_folder, published
from fondaco.spapi.tests.client import US, SpClient, make_client

EXAMPLES = int(os.environ.get("FONDACO_EXAMPLES", "6"))


def _models() -> list[str]:
    return sorted(published.models()) if models_folder.folder() is not None else []


def _operations() -> list[Any]:
    found = []
    for name in _models():
        schema = schemathesis.openapi.from_dict(published.models()[name])
        schema.config.generation.update(modes=list(GenerationMode))
        for each in schema.get_all_operations():
            operation = each.ok()
            label = f"{name[:-5]}-{operation.definition.raw['operationId']}"
            found.append(pytest.param(operation, id=label))
    return found


def test_every_operation_is_asked():
    published.require()
    assert len(_operations()) == 82


@pytest.fixture
def store(db: None, settings: Any) -> tuple[SpClient, dict[str, list[str]]]:
    """A client, and what exists: values by the name of the parameter that asks for them."""
    settings.FONDACO_SPAPI_LIMITS = 0
    client = make_client()
    offer = make_offer(client.caller, quantity=50)
    orders = [placed_order(offer=offer, quantity=2).number, delivered_order(offer=offer).number]
    exists = {
        "sellerId": [client.seller.number],
        "sku": [offer.sku],
        "asin": [offer.product.asin],
        "orderId": orders,
        "amazonOrderId": orders,
        "AmazonOrderId": orders,
        "marketplaceIds": [US],
        "MarketplaceIds": [US],
        "marketplaceId": [US],
        "productType": [offer.product.product_type],
    }
    return client, exists


@pytest.mark.parametrize("operation", _operations())
def test_no_request_breaks_the_door(operation, store):
    client, exists = store

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(), known=st.randoms(use_true_random=False))
    def asked(case: Any, known: Any) -> None:
        path = {k: _known(known, exists, k, v) for k, v in (case.path_parameters or {}).items()}
        query = {k: _known(known, exists, k, v) for k, v in (case.query or {}).items()}
        with transaction.atomic():
            response = _send(client, case, path, query, _body(known, exists, case.body))
            transaction.set_rollback(True)
        said = f"{case.method} {response.wsgi_request.get_full_path()} {response.content[:500]!r}"
        assert response.status_code < 500, said
        published.check(response)

    asked()


def _known(known: Any, exists: dict[str, list[str]], name: str, value: Any) -> Any:
    if name in exists and known.random() < 0.6:
        return known.choice(exists[name])
    return value


def _body(known: Any, exists: dict[str, list[str]], body: Any) -> Any:
    if isinstance(body, dict):
        return {
            k: _known(known, exists, k, _body(known, exists, v)) if not isinstance(v, list) else _body(known, exists, v)
            for k, v in body.items()
        }
    if isinstance(body, list):
        return [_body(known, exists, each) for each in body]
    return body


def _send(client: SpClient, case: Any, path: dict[str, Any], query: dict[str, Any], body: Any) -> Any:
    where = case.path
    for name, value in path.items():
        where = where.replace("{" + name + "}", quote(published.query_text(value), safe="") or "none")
    flat = [
        (k, ",".join(map(published.query_text, v)) if isinstance(v, list) else published.query_text(v))
        for k, v in query.items()
    ]
    raw = b"" if _unset(body) else json.dumps(body, default=str).encode("utf-8", "surrogatepass")
    web: Client = client.web
    web.raise_request_exception = False
    return web.generic(
        case.method,
        where + (f"?{urlencode(flat, errors='surrogatepass')}" if flat else ""),
        raw,
        content_type="application/json" if raw else "",
        headers={"x-amz-access-token": client.token},
    )


def _unset(value: Any) -> bool:
    return type(value).__name__ == "NotSet" or value == ""

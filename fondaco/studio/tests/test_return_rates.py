"""What studio pictures did to returns: counted from orders and returns, shown on the order (IMG-SVC-09)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from fondaco.catalogue import returned
from fondaco.catalogue.returned import Sold
from fondaco.engine import clock
from fondaco.orders.tests.factories import make_buyer, placed_order
from fondaco.returns.queries.figures import sold_and_returned
from fondaco.sellers.tests.factories import owner_of
from fondaco.studio.queries.seller import return_rates
from fondaco.studio.tests.factories import billed, crew, here, make_studio_seller

pytestmark = pytest.mark.django_db


@pytest.mark.spec("IMG-SVC-09")
def test_units_sold_are_counted_before_and_after(client: Client, monkeypatch: Any) -> None:
    seller, caller = make_studio_seller()
    offer = here(caller, quantity=9)
    buyer = make_buyer()
    placed_order(buyer=buyer, offer=offer, quantity=2)
    now = clock.now()
    clock.set_to(at=now + timedelta(hours=1))
    order = billed(caller, crew(), offer)
    clock.set_to(at=now + timedelta(hours=2))
    placed_order(buyer=buyer, offer=offer, quantity=3)
    found = return_rates(order)
    assert found is not None
    assert (found.before, found.after) == (Sold(2, 0), Sold(3, 0))
    assert sold_and_returned(offer.product_id, now, now) == Sold(0, 0)
    monkeypatch.setattr(
        returned, "_figures", lambda product, since, until: Sold(20, 5 if until <= order.published_at else 1)
    )
    client.force_login(owner_of(seller), backend="allauth.account.auth_backends.AuthenticationBackend")
    page = client.get(reverse("studio:order", args=[order.pk])).content.decode()
    assert "Before (5 of 20)" in page
    assert "After (1 of 20)" in page
    assert client.get(reverse("studio:returns")).status_code == 404  # the operator's
    client.force_login(crew()["operator"].person, backend="allauth.account.auth_backends.AuthenticationBackend")
    for query in ("", f"?asin={offer.product.asin.lower()}"):
        chart = client.get(reverse("studio:returns") + query).content.decode()
        assert "Before (5 of 20)" in chart
        assert "After (1 of 20)" in chart
    assert "Before (" not in client.get(reverse("studio:returns") + "?asin=F0NOTHERE1").content.decode()

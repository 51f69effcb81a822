"""The native API of the programme: from the requirements to an enrolled offer, its badge, its promise, its rates."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from django.test import Client

from fondaco.catalogue.tests.factories import make_offer
from fondaco.engine import clock
from fondaco.fulfilment.models import Enrolment, PrimeItem
from fondaco.sellers.rules import MemberRole
from fondaco.sellers.tests.factories import make_caller, make_member, make_person, make_seller

pytestmark = pytest.mark.django_db
BASE = "/api/fulfilment"


@pytest.fixture
def seller():
    clock.set_to(at=datetime(2022, 3, 1, 15, 0, tzinfo=UTC))
    yield make_seller("Swift Outfitters", return_to="IL")
    clock.reset()


def client_of(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def send(client: Client, verb: str, path: str, body: dict | None = None):
    return getattr(client, verb)(f"{BASE}{path}", json.dumps(body or {}), content_type="application/json")


@pytest.mark.spec("PRIME-01", "PRIME-28", "PRIME-29", "PRIME-54", "B-PRIME-02", "B-PRIME-10")
def test_from_the_requirements_to_an_enrolled_offer(seller) -> None:
    caller = make_caller(seller=seller)
    shop = client_of(caller.person)
    offer, empty = make_offer(caller, quantity=5), make_offer(caller, title="Empty", quantity=0)
    assert shop.get(f"{BASE}/enrolment").json()["state"] == ""
    assert send(shop, "post", "/enrolment", {"accepted_version": "old"}).json()["code"] == "prime_terms_not_accepted"
    current = shop.get(f"{BASE}/enrolment").json()["current_terms_version"]
    for _twice in range(2):
        assert send(shop, "post", "/enrolment", {"accepted_version": current}).json()["state"] == "applied"
    refused = send(shop, "post", "/enrolment/activation")
    assert (refused.status_code, refused.json()["code"], refused.json()["clause"]) == (
        409,
        "prime_limit_needed",
        "PRIME-28",
    )
    for wrong in (0, -1, 10**9):
        assert send(shop, "put", "/volume", {"orders_per_day": wrong}).status_code in (409, 422)
    assert send(shop, "put", "/volume", {"orders_per_day": 3}).json()["orders_per_day"] == 3
    assert send(shop, "post", "/enrolment/activation").json()["state"] == "active"
    assert send(shop, "post", "/enrolment/trial").json()["code"] == "prime_trial_not_possible"
    for _twice in range(2):
        assert send(shop, "put", f"/offers/{offer.pk}").json()["state"] == "enrolled"
    assert send(shop, "put", f"/offers/{empty.pk}").json()["code"] == "prime_out_of_stock"
    assert PrimeItem.objects.count() == 1
    assert shop.get(f"{BASE}/offers/{offer.pk}/badge?zip=43215").json()["is_shown"] is True
    slow = shop.get(f"{BASE}/offers/{offer.pk}/badge?zip=99501").json()
    assert [c["code"] for c in slow["checks"] if not c["is_met"]] == ["speed"]
    assert send(shop, "put", "/volume/switch", {"off": True}).json()["is_all_off"] is True
    assert shop.get(f"{BASE}/offers").json()["items"][-1]["suspensions"] == ["all_off"]
    assert send(shop, "delete", f"/offers/{offer.pk}").json()["state"] == ""
    assert shop.get(f"{BASE}/metrics").json()["mode"] == "inform"
    assert send(shop, "delete", "/enrolment").json()["state"] == "disabled"


@pytest.mark.spec("Q-35", "PRIME-08")
def test_a_promise_at_any_address_is_an_answer(seller) -> None:
    caller = make_caller(seller=seller)
    shop = client_of(caller.person)
    offer = make_offer(caller, quantity=5)
    for query in ("zip=43215", "zip=00000", "zip=%00", "zip=9e99", "", "zip=09012&street=PSC 3 Box 1&state=AE", "country=CA&zip=M5V",
                  "country=ZZ", "street=PO Box 1&zip=43215&state=OH"):  # fmt: skip
        answer = shop.get(f"{BASE}/promise?offer={offer.pk}&{query}")
        assert answer.status_code == 200, query
    assert shop.get(f"{BASE}/promise?offer=none").status_code == 404


def test_other_roles_and_strangers(seller) -> None:
    caller = make_caller(seller=seller)
    warehouse = client_of(make_member(make_person("Wade"), seller, MemberRole.WAREHOUSE).person)
    current = client_of(caller.person).get(f"{BASE}/enrolment").json()["current_terms_version"]
    assert send(warehouse, "post", "/enrolment", {"accepted_version": current}).status_code == 403
    assert not Enrolment.objects.exists()
    stranger = client_of(make_caller(seller=make_seller("Someone Else")).person)
    assert send(stranger, "put", f"/offers/{make_offer(caller, quantity=1).pk}").status_code in (403, 404)
    assert Client().get(f"{BASE}/enrolment").status_code == 401

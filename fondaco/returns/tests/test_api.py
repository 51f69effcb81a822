"""The native API of returns: the preview is the plan that the refund carries out; keys count once."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from django.test import Client

from fondaco.engine import clock
from fondaco.engine.testing import run_tasks
from fondaco.orders.models import OrderUnit
from fondaco.orders.tests.factories import make_buyer
from fondaco.returns.models import Refund, Return
from fondaco.returns.operations import carrier
from fondaco.sellers.demo import ensure_personas
from tests.journeys.returning import day, delivered

pytestmark = pytest.mark.django_db(transaction=True)
BASE = "/api/returns"


@pytest.fixture
def people():
    clock.set_to(at=day("11-17"))
    yield ensure_personas()
    clock.reset()


def client_of(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def send(client: Client, verb: str, path: str, body: dict | None = None, key: str = "first-key"):
    return getattr(client, verb)(
        f"{BASE}{path}", json.dumps(body or {}), content_type="application/json", headers={"Idempotency-Key": key}
    )


@pytest.mark.spec("PRIME-31", "PRIME-33", "PRIME-43", "PRIME-44", "Q-29", "Q-31")
def test_from_preview_to_refund_it_is_one_plan(people) -> None:
    order = delivered(people["prime-buyer"], ("lamp", 40_00), at=day("11-05"))
    unit = OrderUnit.objects.get(item__order=order)
    buyer, seller = client_of(people["prime-buyer"]), client_of(people["swift"])
    table = buyer.get(f"{BASE}/reasons").json()
    assert [r["number"] for r in table] == list(range(1, 19))
    assert sum(r["payer"] == "buyer" for r in table) == 7
    body = {"order": order.number, "units": [{"unit": str(unit.pk), "reason": 10}]}
    seen = send(buyer, "post", "/previews", body).json()
    assert (seen["answers"][0]["answer"], seen["label_minor"], seen["plan"]["refund_minor"]) == (
        "authorised",
        725,
        3275,
    )
    assert sum(line["minor"] for line in seen["plan"]["units"][0]["lines"]) == 3275
    assert not Return.objects.exists()
    (made,) = send(buyer, "post", "/returns", body).json()
    assert send(buyer, "post", "/returns", body).json()[0]["number"] == made["number"]
    run_tasks()
    number = made["number"]
    assert buyer.get(f"{BASE}/returns/{number}").json()["label_minor"] == 725
    changed = send(buyer, "put", f"/returns/{number}/units/1/reason", {"reason": "DEFECTIVE"}).json()
    assert changed["units"][0]["payer"] == "seller"
    send(buyer, "put", f"/returns/{number}/units/1/reason", {"reason": "NO_LONGER_NEEDED"})
    assert send(seller, "post", f"/seller/returns/{number}/units/1/refund").status_code == 409  # not arrived
    row = Return.objects.get()
    carrier.record_delivered(return_id=row.pk, at=datetime(2022, 11, 23, 18, tzinfo=UTC))
    preview = f"{BASE}/seller/returns/{number}/units/1/refund-preview"
    plan = seller.get(preview).json()
    assert plan["refund_minor"] == 3275
    too_much = seller.get(f"{preview}?deduct_pct=51").json()
    assert too_much["code"] == "deduction_above_cap"
    assert send(seller, "post", f"/seller/returns/{number}/units/1/refund", {"expected_minor": 4000}).status_code == 409
    assert send(seller, "post", f"/seller/returns/{number}/units/1/refund", {"currency": "EUR"}).status_code in (
        409,
        422,
    )
    assert not Refund.objects.exists()
    first = send(seller, "post", f"/seller/returns/{number}/units/1/refund", {"expected_minor": 3275}).json()
    again = send(seller, "post", f"/seller/returns/{number}/units/1/refund", {"deduct_pct": 10}).json()
    assert first == again
    assert (first["amount_minor"], Refund.objects.count()) == (3275, 1)


def test_strangers_find_nothing_and_bad_input_is_refused(people) -> None:
    order = delivered(people["prime-buyer"], ("lamp", 40_00), at=day("11-05"))
    foreign = delivered(people["prime-buyer"], ("lamp", 40_00), at=day("11-05"))
    unit, other = (OrderUnit.objects.get(item__order=o) for o in (order, foreign))
    buyer, stranger = client_of(people["prime-buyer"]), client_of(make_buyer("Nia"))
    body = {"order": order.number, "units": [{"unit": str(unit.pk), "reason": 10}]}
    assert send(stranger, "post", "/previews", body).status_code == 404
    assert send(stranger, "post", "/returns", body).status_code == 404
    for units in (
        [],
        [{"unit": str(unit.pk), "reason": "BORED"}],
        [{"unit": str(unit.pk), "reason": 19}],
        [{"unit": str(other.pk), "reason": 10}],
        [{"unit": "x", "reason": 10}],
        [{"unit": str(unit.pk), "reason": 10}] * 2,
    ):
        answer = send(
            buyer, "post", "/returns", {"order": order.number, "units": units}, key=f"key-{len(str(units))}-x"
        )
        assert 400 <= answer.status_code < 500, units
        assert answer.json()["code"]
    assert not Return.objects.exists()
    assert Client().get(f"{BASE}/returns").status_code == 401

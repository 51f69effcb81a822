"""Imaging through the native API: the same operations, the same refusals, keys against doubling."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from fondaco.engine.testing import run_tasks
from fondaco.sellers import operations as sellers
from fondaco.sellers.access import Caller
from fondaco.sellers.rules import Role
from fondaco.studio.models import ImagingOrder
from fondaco.studio.tests.factories import (
    complete,
    crew,
    here,
    make_studio_seller,
    placed,
    received,
    staff,
    studio_jpeg,
)

pytestmark = pytest.mark.django_db


class Program:
    """A client with a token."""

    def __init__(self, caller: Caller) -> None:
        _row, secret = sellers.make_token(caller, name="program", seller=caller.seller, request_key="token-1")
        self.client, self.headers = Client(), {"Authorization": f"Bearer {secret}"}

    def get(self, path: str) -> Any:
        return self.client.get(f"/api/imaging{path}", headers=self.headers)

    def post(self, path: str, body: Any = None, key: str = "") -> Any:
        headers = {**self.headers, **({"Idempotency-Key": key} if key else {})}
        return self.client.post(f"/api/imaging{path}", body or {}, content_type="application/json", headers=headers)


def test_quote_order_and_follow() -> None:
    _seller, caller = make_studio_seller()
    offer = here(caller)
    program = Program(caller)
    quote = program.get(f"/quotes/{offer.product.asin}").json()
    assert (quote["can_order"], quote["price"]) == (True, {"minor": 5000, "currency": "USD"})
    without_key = program.post("/orders", {"asin": offer.product.asin})
    assert (without_key.status_code, without_key.json()["code"]) == (422, "invalid")
    assert without_key.json()["faults"][0]["place"].startswith("header")
    made = program.post("/orders", {"asin": offer.product.asin}, key="order-key-1")
    assert made.status_code == 201
    again = program.post("/orders", {"asin": offer.product.asin}, key="order-key-1")
    assert again.json()["id"] == made.json()["id"]
    refused = program.post("/orders", {"asin": offer.product.asin}, key="order-key-2")
    assert (refused.status_code, refused.json()["code"]) == (409, "imaging_order_open")
    assert refused.json()["clause"] == "Q-56"
    shown = program.get(f"/orders/{made.json()['id']}").json()
    assert [m["leg"] for m in shown["movements"]] == ["reserved"]
    assert program.get("/orders?limit=1").json()["items"][0]["label"] == shown["label"]
    assert ImagingOrder.objects.count() == 1


def test_a_stranger_and_a_floor_see_nothing_of_it() -> None:
    _seller, caller = make_studio_seller()
    order = placed(caller)
    _other, stranger = make_studio_seller("Stranger")
    assert Program(stranger).get(f"/orders/{order.pk}").status_code == 404
    assert Program(caller).post("/floor/check-in", {"label": order.label}).status_code == 403
    assert Client().get("/api/imaging/orders").status_code == 401


@pytest.mark.spec("IMG-SVC-01")
def test_the_floors_by_program() -> None:
    _seller, caller = make_studio_seller()
    order = placed(caller)
    fc, studio, retoucher = (Program(staff(role)) for role in (Role.FC_ASSOCIATE, Role.PHOTOGRAPHER, Role.RETOUCHER))
    assert [o["label"] for o in fc.get("/floor/picks").json()["items"]] == [order.label]
    wrong = fc.post("/floor/pick", {"label": order.label, "scanned": "other"})
    assert wrong.json()["code"] == "imaging_wrong_product"
    assert fc.post("/floor/pick", {"label": order.label, "scanned": order.product.asin}).json()["where"] == "fc_dock"
    assert fc.post("/floor/dispatch", {"labels": [order.label]}).json()[0]["where"] == "to_studio"
    assert studio.post("/floor/receive", {"label": order.label}).json()["state"] == "RECEIVED_AT_STUDIO"
    job = f"/floor/jobs/{order.pk}"
    studio.post(job, {"shoot_with": "tabletop", "research": "Three quarters."})
    for n in (1, 2):
        shot = studio.client.post(
            f"/api/imaging{job}/shots",
            {"picture": SimpleUploadedFile("a.jpg", studio_jpeg(n), "image/jpeg")},
            headers={**studio.headers, "Idempotency-Key": f"shot-key-{n}"},
        )
        assert (shot.status_code, shot.json()["verdict"]) == (201, "eligible")
    assert studio.post(f"{job}/finish").json()["state"] == "IMAGING_COMPLETE"
    for each in order.shots.all():
        assert retoucher.post(f"/floor/shots/{each.pk}/pass").json()["is_passed"]
    assert retoucher.post(f"{job}/release").status_code == 200
    run_tasks()
    assert Program(caller).get(f"/orders/{order.pk}").json()["state"] == "BILLED"
    assert fc.post("/floor/check-in", {"label": order.label}).json()["where"] == "back"

    assert fc.get("/floor/returning").json()["items"] == fc.get("/floor/missing").json()["items"] == []


@pytest.mark.spec("IMG-SVC-08", "IMG-SVC-29", "IMG-SVC-48")
def test_retouching_and_turning_away_by_program() -> None:
    _seller, caller = make_studio_seller()
    people = crew()
    order = complete(caller, people, shots=3)
    retoucher, studio = Program(people["retoucher"]), Program(people["photographer"])
    assert [o["label"] for o in retoucher.get("/floor/edits").json()["items"]] == [order.label]
    first = retoucher.get(f"/floor/jobs/{order.pk}/shots").json()[0]
    shot = f"/floor/shots/{first['id']}"
    assert all("kind" in mend for mend in retoucher.get(f"{shot}/mends").json())
    assert retoucher.post(f"{shot}/mends", {"kinds": ["no such"]}).json()["code"] == "imaging_no_mend_chosen"

    def upload(data: bytes) -> Any:
        file = {"picture": SimpleUploadedFile("a.jpg", data, "image/jpeg")}
        return retoucher.client.post(f"/api/imaging{shot}/edits", file, headers=retoucher.headers)

    assert upload(b"nothing").json()["code"] == "imaging_broken_file"
    edit = upload(studio_jpeg(1, hue=1)).json()
    assert (edit["faults"], edit["is_final"]) == (["colour"], False)
    assert upload(studio_jpeg(1, hue=1)).json()["id"] == edit["id"]
    assert retoucher.post(f"/floor/edits/{edit['id']}/accept").json()["flaws"] == ["colour"]
    blocked = retoucher.post(f"{shot}/pass")
    assert (blocked.status_code, blocked.json()["code"]) == (409, "imaging_not_accurate")
    assert retoucher.post(f"{shot}/photograph").json()["flaws"] == []
    assert retoucher.post(f"{shot}/flaw", {"fault": "outline"}).json()["flaws"] == ["marked", "outline"]
    assert studio.post(f"{shot}/pass").status_code == 403
    other = received(caller, people)
    job = f"/floor/jobs/{other.pk}"
    studio.post(job, {"shoot_with": "model"})
    sent = studio.client.post(
        f"/api/imaging{job}/shots",
        {
            "picture": SimpleUploadedFile("a.jpg", studio_jpeg(4), "image/jpeg"),
            "has_model": "true",
            "model_until": "2030-05-01",
        },
        headers={**studio.headers, "Idempotency-Key": "shot-key-1"},
    )
    assert (sent.status_code, sent.json()["has_model"]) == (201, True)
    assert other.shots.get().model_until.isoformat() == "2030-05-01"
    gone = studio.client.delete(f"/api/imaging{job}/shots/{sent.json()['id']}", headers=studio.headers)
    assert gone.json() == []
    turned = studio.post(f"{job}/turn-away").json()
    assert (turned["state"], turned["exit"], turned["where"]) == ("NOT_PHOTOGRAPHED", "capacity", "to_fc")


@pytest.mark.spec("IMG-SVC-28")
def test_a_list_by_program() -> None:
    _seller, caller = make_studio_seller()
    asins = [here(caller).product.asin for _ in range(2)]
    program = Program(caller)
    made = program.post("/lists", {"asins": [*asins, "F0NOTHERE1"]}, key="list-key-1")
    assert made.status_code == 202
    run_tasks()
    done = program.get(f"/lists/{made.json()['id']}").json()
    assert (done["ordered"], done["refused"], done["is_done"]) == (2, 1, True)
    codes = [line["refusal_code"] for line in program.get(f"/lists/{done['id']}/lines").json()["items"]]
    assert codes == ["", "", "not_found"]


def test_every_endpoint_is_described() -> None:
    paths = Client().get("/api/openapi.json").json()["paths"]
    mine = {path: verbs for path, verbs in paths.items() if path.startswith("/api/imaging/")}
    assert len(mine) >= 35
    for path, verbs in mine.items():
        for verb in verbs.values():
            assert verb["summary"], path
            assert verb["description"], path
            assert "404" in verb["responses"], path


def test_no_endpoint_gives_a_file() -> None:
    paths = Client().get("/api/openapi.json").json()["paths"]
    for path, verbs in paths.items():
        for verb in verbs.values():
            for answer in verb["responses"].values():
                kinds = set(answer.get("content", {}))
                assert kinds <= {"application/json"}, path

"""Applications, profiles and announcements for programs: the same verbs, the same refusals."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from fondaco.engine import clock
from fondaco.makers.tests.factories import ANSWERS, make_maker_of, photo, word
from fondaco.sellers.tests.factories import make_person, make_seller

pytestmark = pytest.mark.django_db


def put(client: Client, path: str, body: dict[str, Any], **headers: str) -> Any:
    return client.put(f"/api/makers/{path}", body, content_type="application/json", headers=headers)


@pytest.mark.spec("HAND-07")
def test_an_application_by_program(client: Client) -> None:
    client.force_login(make_person("June Clay"))
    assert client.get("/api/makers/application").status_code == 404
    saved = put(client, "application", {"answers": {**ANSWERS, "team_size": "x"}})
    assert saved.status_code == 200, saved.content
    assert saved.json()["answers"]["business_name"] == "Juniper Clay"
    sent = client.post("/api/makers/application/submit", {"accepts_terms": True}, content_type="application/json")
    assert (sent.status_code, sent.json()["code"]) == (422, "application_incomplete")
    put(client, "application", {"answers": {"team_size": "1"}})
    for kind in ("workspace", "process"):
        file = SimpleUploadedFile("a.jpg", photo(), content_type="image/jpeg")
        assert client.post(f"/api/makers/application/photos/{kind}", {"file": file}).status_code == 200
    sent = client.post("/api/makers/application/submit", {"accepts_terms": True}, content_type="application/json")
    assert sent.json()["state"] == "submitted"


@pytest.mark.spec("HAND-25", "HAND-27")
def test_an_announcement_by_program(client: Client) -> None:
    owner = make_person("June Clay")
    make_maker_of(make_seller("Juniper Clay", owner=owner), owner)
    client.force_login(owner)
    day = (clock.now() + timedelta(days=40)).date().isoformat()

    def send(data: bytes, key: str) -> Any:
        draft = SimpleUploadedFile("news.docx", data)
        headers = {"Idempotency-Key": key}
        return client.post("/api/makers/announcements", {"draft": draft, "issue_date": day}, headers=headers)

    refused = send(b"%PDF-1.7", "first-key-1")
    assert (refused.status_code, refused.json()["code"]) == (422, "draft_not_word")
    made = send(word(), "second-key-2")
    assert made.status_code == 201, made.content
    assert send(word(), "second-key-2").json()["number"] == made.json()["number"]
    listed = client.get("/api/makers/announcements").json()
    assert [row["state"] for row in listed["items"]] == ["submitted"]

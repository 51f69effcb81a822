"""Applications, profiles and announcements for programs: the same verbs, the same refusals."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from fondaco.engine import clock
from fondaco.engine.testing import run_tasks
from fondaco.makers.models import ApplicationPhoto
from fondaco.makers.operations import announcing
from fondaco.makers.rules.announcement import Author
from fondaco.makers.tests.factories import ANSWERS, make_maker_of, photo, word
from fondaco.sellers.rules import Role
from fondaco.sellers.tests.factories import make_caller, make_person, make_seller, make_staff

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


@pytest.mark.spec("HAND-16", "HAND-18", "B-HAND-08")
def test_a_profile_by_program_from_the_first_version_on(client: Client) -> None:
    owner = make_person("June Clay")
    make_maker_of(make_seller("Juniper Clay", owner=owner), owner)
    client.force_login(owner)

    def hand_in(kind: str, data: bytes) -> Any:
        file = SimpleUploadedFile("a.jpg", data, content_type="image/jpeg")
        return client.post("/api/makers/profile/pictures", {"file": file, "kind": kind})

    small = hand_in("portrait", photo(size=150))
    assert (small.status_code, small.json()["code"]) == (422, "profile_picture_too_small")
    portrait, shop = hand_in("portrait", photo()).json()["picture"], hand_in("workshop", photo()).json()["picture"]
    body: dict[str, Any] = {
        "name": "Juniper Clay",
        "slug": "juniper",
        "portrait": portrait,
        "pictures": [{"picture": shop, "alt": "The kiln"}],
        "texts": {"US": {"en": {"inspiration": "Tides.", "story": "See www.other.com", "process": ""}}},
    }
    refused = put(client, "profile", body, **{"Idempotency-Key": "first-one"})
    assert (refused.status_code, refused.json()["code"]) == (422, "profile_not_valid")
    assert client.get("/api/makers/profile").status_code == 404
    body["texts"]["US"]["en"]["story"] = "I came to clay at nine."
    sent = put(client, "profile", body, **{"Idempotency-Key": "second-one"})
    assert sent.status_code == 200, sent.content
    run_tasks()
    shown = client.get("/api/makers/profile").json()
    assert (shown["number"], shown["state"]) == (1, "shown")
    assert shown["content"]["pictures"][0]["alt"] == "The kiln"
    later = {key: value for key, value in body.items() if key not in ("portrait", "pictures")}
    assert put(client, "profile", later, **{"Idempotency-Key": "third-one"}).json()["content"]["pictures"]
    forged = put(client, "profile", {**body, "portrait": "a" * 64}, **{"Idempotency-Key": "fourth-one"})
    assert (forged.status_code, forged.json()["code"]) == (422, "profile_picture_not_handed_in")


@pytest.mark.spec("HAND-28", "HAND-29")
def test_rounds_and_their_difference_by_program(client: Client) -> None:
    owner = make_person("June Clay")
    seller = make_seller("Juniper Clay", owner=owner)
    make_maker_of(seller, owner)
    june = make_caller(owner, seller=seller)
    day = (clock.now() + timedelta(days=40)).date()
    row = announcing.submit(
        june, data=word("One.", "The best pots."), file_name="a.docx", issue_date=day, author=Author.OWN
    )
    sofia = make_caller(make_staff(Role.PR_REVIEWER))
    announcing.connect(make_caller(role=Role.SUPPORT), number=row.number, reviewer_id=sofia.person.pk)
    row = announcing.begin(sofia, number=row.number)
    announcing.comment(sofia, number=row.number, text="Says who?", paragraph=1, is_shared=True)
    announcing.comment(sofia, number=row.number, text="Between us.", paragraph=1)
    announcing.request_changes(sofia, number=row.number, text="Please.", revision=row.revision)
    client.force_login(owner)
    first = client.get(f"/api/makers/announcements/{row.number}/rounds/1").json()
    assert [r["text"] for r in first["remarks"]] == ["Says who?"]
    draft = SimpleUploadedFile("b.docx", word("One.", "The finest pots."))
    assert client.post(f"/api/makers/announcements/{row.number}/rounds", {"draft": draft}).status_code == 201
    second = client.get(f"/api/makers/announcements/{row.number}/rounds/2").json()
    assert [c["kind"] for c in second["changes"]] == ["same", "changed"]
    assert {p["text"] for p in second["changes"][1]["pieces"] if p["kind"] == "added"} == {"finest"}
    assert client.get(f"/api/makers/announcements/{row.number}/rounds/3").status_code == 404
    client.force_login(make_person("Somebody Else"))
    assert client.get(f"/api/makers/announcements/{row.number}/rounds/1").status_code == 404


def test_photos_and_documents_of_an_application_by_program(client: Client) -> None:
    client.force_login(make_person("June Clay"))
    put(client, "application", {"answers": ANSWERS})
    file = SimpleUploadedFile("a.jpg", photo(), content_type="image/jpeg")
    (kept,) = client.post("/api/makers/application/photos/process", {"file": file}).json()["photos"]
    assert kept["kind"] == "process"
    assert client.delete(f"/api/makers/application/photo/{kept['id']}").json()["process_photos"] == 0
    assert not ApplicationPhoto.objects.exists()
    macro = SimpleUploadedFile("statutes.docx", b"MZ")
    refused = client.post("/api/makers/application/documents", {"file": macro})
    assert (refused.status_code, refused.json()["code"]) == (422, "application_document_refused")
    good = SimpleUploadedFile("statutes.docx", word())
    assert client.post("/api/makers/application/documents", {"file": good}).status_code == 200


def test_the_schema_names_every_door(client: Client) -> None:
    paths = client.get("/api/openapi.json").json()["paths"]
    ours = {path.removeprefix("/api/makers") for path in paths if path.startswith("/api/makers")}
    assert ours >= {
        "/application",
        "/application/photos/{kind}",
        "/application/photo/{photo_id}",
        "/application/documents",
        "/application/submit",
        "/application/answer",
        "/profile",
        "/profile/pictures",
        "/announcements",
        "/announcements/{number}",
        "/announcements/{number}/rounds",
        "/announcements/{number}/rounds/{round_number}",
        "/announcements/{number}/issue-date",
    }

"""The maker profile: whose words, whose name, and one for each country (B-HAND-08)."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from fondaco.engine.testing import run_tasks
from fondaco.makers.tests.factories import make_maker_of, photo
from fondaco.sellers.tests.factories import make_person, make_seller

pytestmark = pytest.mark.django_db


def send(client: Client, key: str, **fields: Any) -> Any:
    file = SimpleUploadedFile("a.jpg", photo(), content_type="image/jpeg")
    portrait = client.post("/api/makers/profile/pictures", {"file": file, "kind": "portrait"}).json()["picture"]
    texts = {
        "US": {"en": {"inspiration": "Tides.", "story": "I came to clay at nine.", "process": ""}},
        "MX": {"en": {"inspiration": "Mareas.", "story": "Llegué al barro.", "process": ""}},
    }
    body = {"name": "Juniper Clay", "slug": "juniper", "portrait": portrait, "pictures": [], "texts": texts, **fields}
    headers = {"Idempotency-Key": f"profile-{key}-key"}
    return client.put("/api/makers/profile", json.dumps(body), content_type="application/json", headers=headers)


@pytest.fixture
def june(client: Client) -> Client:
    owner = make_person("June Clay")
    make_maker_of(make_seller("Juniper Clay", owner=owner), owner)
    client.force_login(owner)
    return client


@pytest.mark.spec("B-HAND-08", "HAND-16", "HAND-17", "Q-44")
def test_pictures_name_and_address_are_shared_and_each_country_has_its_words(june: Client) -> None:
    assert send(june, "first").status_code == 200
    run_tasks()
    url, visitor = reverse("makers:maker", args=["juniper"]), Client()
    home, mexico = (visitor.get(url, {"store": store}).content.decode() for store in ("US", "MX"))
    assert "I came to clay at nine." in home
    assert "Llegué al barro." not in home
    assert "Llegué al barro." in mexico
    assert all("Juniper Clay" in page for page in (home, mexico))
    closed = send(june, "closed", texts={"DE": {"en": {"inspiration": "", "story": "Hallo.", "process": ""}}})
    assert (closed.status_code, closed.json()["code"]) == (422, "profile_not_valid")


@pytest.mark.spec("B-HAND-08")
@pytest.mark.parametrize("slug", ["juniper-clay", "juniperclay", "Juniper-Clay"])
def test_the_short_address_is_not_the_name(june: Client, slug: str) -> None:
    refused = send(june, "same", slug=slug)
    assert (refused.status_code, refused.json()["code"]) == (422, "profile_not_valid")
    assert "profile_address_is_name" in refused.content.decode()


@pytest.mark.spec("B-HAND-08")
def test_name_and_address_are_unique(june: Client) -> None:
    assert send(june, "first").status_code == 200
    run_tasks()
    owner = make_person("Tove Lind")
    make_maker_of(make_seller("Lind Weaving", owner=owner), owner)
    other = Client()
    other.force_login(owner)
    taken = send(other, "name", slug="lind")
    assert taken.status_code == 409, taken.content
    again = send(other, "slug", name="Lind Weaving")
    assert again.status_code == 409, again.content

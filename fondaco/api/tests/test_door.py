"""The door itself: who is let in, and what it says when it says no."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from fondaco.sellers import operations
from fondaco.sellers.access import caller_for
from fondaco.sellers.models import ApiToken, Membership
from fondaco.sellers.rules import Role
from fondaco.sellers.tests.factories import make_caller, make_member, make_person, make_seller, make_staff, owner_of

pytestmark = pytest.mark.django_db


def _token(seller: Any = None, **kwargs: Any) -> str:
    caller = make_caller(seller=seller, **kwargs)
    _row, secret = operations.make_token(caller, name="till", seller=seller, request_key="key-1")
    assert secret
    return secret


def _get(client: Client, path: str, secret: str = "", **headers: str) -> Any:
    return client.get(path, headers={**({"Authorization": f"Bearer {secret}"} if secret else {}), **headers})


def test_nobody_is_told_how_to_come_in(client: Client) -> None:
    answer = client.get("/api/me")
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    body = answer.json()
    assert body["code"] == "sign_in_required"
    assert body["clause"] == "PLAT-03"
    assert body["fix"]
    assert body["request_id"] == answer.headers["X-Request-Id"]


def test_a_token_speaks_for_its_person_in_its_account(client: Client) -> None:
    seller = make_seller()
    assert _get(client, "/api/me", _token(seller)).json()["seller"] == seller.number


def test_a_token_of_an_account_has_no_staff_roles_and_no_other_account(client: Client) -> None:
    person = make_staff(Role.OPERATOR)
    here, there = make_seller("Here"), make_seller("There")
    make_member(person, here)
    make_member(person, there)
    _row, secret = operations.make_token(caller_for(person), name="x", seller=there, request_key="key-1")
    body = _get(client, "/api/me", secret or "").json()
    assert (body["seller"], body["roles"]) == (there.number, [])


def test_a_staff_token_has_roles_and_no_account(client: Client) -> None:
    person = make_staff(Role.FC_ASSOCIATE)
    make_member(person, make_seller())
    _row, secret = operations.make_token(caller_for(person), name="scanner", seller=None, request_key="key-1")
    body = _get(client, "/api/me", secret or "").json()
    assert (body["seller"], body["roles"]) == ("", ["fc_associate"])


def test_a_token_ends_when_withdrawn_when_its_person_leaves_and_when_it_is_wrong(client: Client) -> None:
    seller = make_seller()
    secret = _token(seller)
    assert _get(client, "/api/me", secret + "x").json()["code"] == "token_unknown"
    operations.withdraw_token(make_caller(seller=seller), ApiToken.objects.get().pk)
    assert _get(client, "/api/me", secret).status_code == 401
    person = make_person()
    make_member(person, seller)
    _row, other = operations.make_token(caller_for(person), name="y", seller=seller, request_key="key-2")
    assert _get(client, "/api/me", other or "").status_code == 200
    Membership.objects.filter(person=person).delete()
    assert _get(client, "/api/me", other or "").status_code == 401


def test_a_wrong_token_is_refused_beside_a_good_session(client: Client) -> None:
    client.force_login(owner_of(make_seller()), backend="allauth.account.auth_backends.AuthenticationBackend")
    assert client.get("/api/me").status_code == 200
    assert _get(client, "/api/me", "fdo_wrong").status_code == 401


def test_only_a_hash_of_the_secret_is_kept() -> None:
    secret = _token(make_seller())
    row = ApiToken.objects.get()
    assert secret not in json.dumps([row.secret_hash, row.name, row.request_key])
    assert len(row.shown_part) < 12


def test_the_same_key_makes_one_token_and_tells_the_secret_once() -> None:
    seller = make_seller()
    caller = make_caller(seller=seller)
    first, secret = operations.make_token(caller, name="a", seller=seller, request_key="key-1")
    again, nothing = operations.make_token(caller, name="a", seller=seller, request_key="key-1")
    assert (again.pk, nothing) == (first.pk, None)
    assert secret


def test_an_unknown_address_answers_as_the_api_does(client: Client) -> None:
    answer = client.post("/api/no/such/place")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


@pytest.mark.parametrize(("accept", "starts"), [("vi", "Hãy"), ("zh-Hant", "請"), ("en", "Say")])
def test_says_no_in_the_language_of_the_caller(client: Client, accept: str, starts: str) -> None:
    assert client.get("/api/me", headers={"Accept-Language": accept}).json()["words"].startswith(starts)


def test_without_a_header_the_persons_own_language_counts(client: Client) -> None:
    person = make_person(language="vi")
    seller = make_seller(owner=person)
    secret = _token(seller)
    assert _get(client, "/api/me", secret).headers["Content-Language"] == "en"  # what the middleware chose
    assert _get(client, "/api/me", secret).json()["language"] == "vi"


def test_the_page_of_tokens_shows_a_secret_once(client: Client) -> None:
    seller = make_seller()
    client.force_login(owner_of(seller), backend="allauth.account.auth_backends.AuthenticationBackend")
    form = {"name": "Stock program", "acts_as": seller.number, "request_key": "abcdefgh1"}
    shown = client.post(reverse("sellers:tokens"), form)
    assert "fdo_" in shown.content.decode()
    assert shown.headers["Cache-Control"] == "no-store"
    assert "fdo_" not in client.post(reverse("sellers:tokens"), form, follow=True).content.decode().replace(
        ApiToken.objects.get().shown_part, ""
    )
    assert ApiToken.objects.count() == 1
    client.post(reverse("sellers:token_withdraw", args=[ApiToken.objects.get().pk]))
    assert ApiToken.objects.get().withdrawn_at


def test_nobody_withdraws_anothers_token(client: Client) -> None:
    _token(make_seller())
    client.force_login(make_person(), backend="allauth.account.auth_backends.AuthenticationBackend")
    assert client.post(reverse("sellers:token_withdraw", args=[ApiToken.objects.get().pk])).status_code == 404


def test_the_description_and_its_page_open_for_everybody(client: Client) -> None:
    schema = client.get("/api/openapi.json").json()
    assert schema["openapi"].startswith("3.")
    assert "/api/me" in schema["paths"]
    page = client.get("/api/docs")
    assert page.status_code == 200
    assert "/api/me" in page.content.decode()

"""Tokens, roles, limits, and what real clients send."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from fondaco.engine import clock
from fondaco.kit.errors import Denied, NotFound
from fondaco.sellers.models import Membership
from fondaco.sellers.rules import MemberRole
from fondaco.sellers.tests.factories import make_caller, make_member, make_person, make_seller
from fondaco.spapi.models import AccessToken, Application, AuthorisationCode, Grant
from fondaco.spapi.operations import access
from fondaco.spapi.rules.buckets import Rate, take
from fondaco.spapi.rules.restricted import opened
from fondaco.spapi.rules.roles import ApiRole
from fondaco.spapi.tests.client import make_client

pytestmark = pytest.mark.django_db
PARTICIPATIONS = "/sellers/v1/marketplaceParticipations"


def _form(client, **more):
    return {
        "grant_type": "refresh_token",
        "client_id": client.application.client_id,
        "client_secret": client.secret,
        "refresh_token": client.refresh_token,
        **more,
    }


@pytest.mark.parametrize("as_json", [False, True])
def test_token_endpoint_takes_form_and_json(client_of, as_json):
    form = _form(client_of)
    if as_json:
        response = client_of.web.post("/auth/o2/token", json.dumps(form), content_type="application/json")
    else:
        response = client_of.web.post("/auth/o2/token", form)
    body = response.json()
    assert response.status_code == 200
    assert body["token_type"] == "bearer"
    assert body["expires_in"] == 3600
    assert body["refresh_token"] == client_of.refresh_token
    assert response.headers["Cache-Control"] == "no-store"
    assert client_of.call("GET", PARTICIPATIONS, token=body["access_token"]).status_code == 200


def test_refreshing_leaves_earlier_access_tokens_alone(client_of):
    access.exchange(_form(client_of))
    assert client_of.get(PARTICIPATIONS).status_code == 200


@pytest.mark.parametrize(
    ("change", "status", "error"),
    [
        ({"client_secret": "fdcs|wrong"}, 401, "invalid_client"),
        ({"client_id": "nobody"}, 401, "invalid_client"),
        ({"refresh_token": "fdrf|wrong"}, 400, "invalid_grant"),
        ({"refresh_token": ""}, 400, "invalid_request"),
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
        ({"grant_type": ""}, 400, "invalid_request"),
        ({"grant_type": "client_credentials", "scope": "everything"}, 400, "invalid_scope"),
        ({"grant_type": "authorization_code", "code": "x"}, 400, "invalid_grant"),
    ],
)
def test_token_endpoint_refuses(client_of, change, status, error):
    response = client_of.web.post("/auth/o2/token", _form(client_of, **change))
    assert (response.status_code, response.json()["error"]) == (status, error)
    assert response.json()["error_description"]


def test_only_digests_are_kept(client_of):
    rows = [*Application.objects.values(), *Grant.objects.values(), *AccessToken.objects.values()]
    kept = json.dumps(rows, default=str)
    for secret in (client_of.secret, client_of.refresh_token, client_of.token):
        assert secret not in kept


@pytest.mark.parametrize("token", ["", "fdat|unknown", "fdrt|unknown"])
def test_without_a_token_access_is_denied(client_of, token):
    response = client_of.call("GET", PARTICIPATIONS, token=token)
    assert response.status_code == 403
    assert response.json()["errors"][0]["code"] == "Unauthorized"


def test_tokens_expire(client_of):
    clock.set_to(at=clock.now() + timedelta(hours=1, seconds=1))
    response = client_of.get(PARTICIPATIONS)
    assert response.status_code == 403
    assert "expired" in response.json()["errors"][0]["details"]


def test_revoking_a_grant_ends_its_tokens_at_once(client_of):
    grant = Grant.objects.get()
    access.revoke(client_of.caller, grant_id=grant.pk)
    assert client_of.get(PARTICIPATIONS).status_code == 403
    assert client_of.web.post("/auth/o2/token", _form(client_of)).json()["error"] == "invalid_grant"


def test_a_grant_ends_with_the_membership_of_who_gave_it(client_of):
    other = make_person("Successor")
    make_member(other, client_of.seller, MemberRole.OWNER)
    Membership.objects.filter(person=client_of.caller.person).delete()
    assert client_of.get(PARTICIPATIONS).status_code == 403


def test_a_rotated_secret_leaves_the_old_one_a_week(client_of):
    fresh = access.rotate_secret(client_of.caller, application_id=client_of.application.pk)
    for secret in (client_of.secret, fresh.secret):
        assert "access_token" in access.exchange(_form(client_of, client_secret=secret))
    clock.set_to(at=clock.now() + timedelta(days=7, minutes=1))
    with pytest.raises(access.TokenRefused):
        access.exchange(_form(client_of))
    assert "access_token" in access.exchange(_form(client_of, client_secret=fresh.secret))


def test_removing_an_application_ends_everything_of_it(client_of):
    access.end_application(client_of.caller, application_id=client_of.application.pk)
    access.end_application(client_of.caller, application_id=client_of.application.pk)
    assert client_of.get(PARTICIPATIONS).status_code == 403
    assert client_of.web.post("/auth/o2/token", _form(client_of)).json()["error"] == "invalid_client"


def test_another_accounts_application_is_not_found(client_of):
    stranger = make_caller(seller=make_seller("Other"))
    for verb in (access.rotate_secret, access.end_application):
        with pytest.raises(NotFound):
            verb(stranger, application_id=client_of.application.pk)
    with pytest.raises(NotFound):
        access.revoke(stranger, grant_id=Grant.objects.get().pk)


def test_a_viewer_registers_nothing():
    seller = make_seller()
    viewer = make_person("Viewer")
    make_member(viewer, seller, MemberRole.VIEWER)
    with pytest.raises(Denied):
        access.register(make_caller(viewer, seller=seller), name="X", roles=["product_listing"])


def test_registering_twice_makes_one(client_of):
    first = access.register(client_of.caller, name="A", roles=["product_listing"], request_key="k")
    again = access.register(client_of.caller, name="A", roles=["product_listing"], request_key="k")
    assert (again.application, again.secret) == (first.application, "")


def test_a_role_that_is_missing_closes_an_operation(db):
    client = make_client(roles=[ApiRole.FINANCE])
    response = client.get("/definitions/2020-09-01/productTypes", marketplaceIds="ATVPDKIKX0DER")
    assert response.status_code == 403
    assert "product_listing" in response.json()["errors"][0]["details"]


def test_grantless_tokens_open_only_their_scope(client_of):
    body = access.exchange(_form(client_of, grant_type="client_credentials", scope="sellingpartnerapi::notifications"))
    response = client_of.call("GET", PARTICIPATIONS, token=body["access_token"])
    assert response.status_code == 403


def test_consent_leads_back_with_a_code_that_works_once(client_of):
    Application.objects.update(redirect_url="https://tools.example/back?a=1")
    seller = make_seller("Second Account")
    owner = make_caller(seller=seller)
    client_of.web.force_login(owner.person)
    page = client_of.web.get(
        "/apps/authorize/consent", {"application_id": client_of.application.client_id, "state": "s1"}
    )
    assert "Stock program" in page.content.decode()
    form = {"application_id": client_of.application.client_id, "state": "s1"}
    response = client_of.web.post("/apps/authorize/consent", form)
    assert response.status_code == 302
    address = response.headers["Location"]
    assert address.startswith("https://tools.example/back?a=1&state=s1&selling_partner_id=" + seller.number)
    code = address.rpartition("spapi_oauth_code=")[2].replace("%7C", "|")
    exchanged = access.exchange(_form(client_of, grant_type="authorization_code", code=code))
    assert client_of.call("GET", PARTICIPATIONS, token=exchanged["access_token"]).status_code == 200
    with pytest.raises(access.TokenRefused):
        access.exchange(_form(client_of, grant_type="authorization_code", code=code))
    assert AuthorisationCode.objects.get().used_at


def test_limits_are_told_and_kept(client_of):
    for _ in range(15):
        response = client_of.get(PARTICIPATIONS)
        assert response.status_code == 200
        assert response.headers["x-amzn-RateLimit-Limit"] == "0.016"
    response = client_of.get(PARTICIPATIONS)
    assert response.status_code == 429
    assert response.json()["errors"][0]["code"] == "QuotaExceeded"
    assert int(response.headers["Retry-After"]) > 0
    # Another account through another application has a bucket of its own.
    assert make_client(make_seller("Other")).get(PARTICIPATIONS).status_code == 200


def test_a_bucket_fills_again_at_its_rate():
    rate, full_at = Rate(2, 3), 0.0
    for _ in range(3):
        taken = take(rate=rate, full_at=full_at, now=100.0)
        assert taken.allowed
        full_at = taken.full_at
    refused = take(rate=rate, full_at=full_at, now=100.0)
    assert (refused.allowed, refused.wait_s) == (False, pytest.approx(0.5))
    assert take(rate=rate, full_at=full_at, now=100.5).allowed
    assert not take(rate=rate, full_at=take(rate=rate, full_at=full_at, now=100.5).full_at, now=100.5).allowed


def test_restricted_tokens_open_what_they_name(client_of):
    body = {
        "restrictedResources": [
            {"method": "GET", "path": "/orders/v0/orders/{orderId}", "dataElements": ["buyerInfo"]},
        ]
    }
    reply = client_of.ok("POST", "/tokens/2021-03-01/restrictedDataToken", body=body)
    assert reply["expiresIn"] == 3600
    resources = [{"method": "GET", "path": "/orders/v0/orders/{orderId}", "dataElements": ["buyerInfo"]}]
    assert opened(resources, method="GET", path="/orders/v0/orders/1-2-3") == {"buyerInfo"}
    assert opened(resources, method="GET", path="/orders/v0/orders/1-2-3/address") is None
    assert opened(resources, method="POST", path="/orders/v0/orders/1-2-3") is None
    # It is no key to anything else.
    assert client_of.call("GET", PARTICIPATIONS, token=reply["restrictedDataToken"]).status_code == 403


@pytest.mark.parametrize(
    "resource",
    [
        {"method": "GET", "path": "/catalog/2022-04-01/items"},
        {"method": "POST", "path": "/orders/v0/orders"},
        {"method": "GET", "path": "/orders/v0/orders", "dataElements": ["password"]},
        {"method": "FETCH", "path": "/orders/v0/orders"},
    ],
)
def test_restricted_tokens_for_anything_else_are_refused(client_of, resource):
    response = client_of.call(
        "POST", "/tokens/2021-03-01/restrictedDataToken", body={"restrictedResources": [resource]}
    )
    assert response.status_code == 400


@pytest.mark.parametrize("host", ["ocalhost:9080", "", "nonsense host", "evil.example"])
def test_a_strange_host_is_not_held_against_a_client(client_of, host):
    headers = {"x-amz-access-token": client_of.token}
    response = client_of.web.get(PARTICIPATIONS, headers=headers, HTTP_HOST=host)
    assert response.status_code == 200


def test_duplicate_marketplace_parameters_and_old_signatures_are_ignored(client_of):
    query = "MarketplaceId=A&MarketplaceIds=A&marketplace_ids=A&marketplaceIds=ATVPDKIKX0DER&zzz=1"
    headers = {"x-amz-access-token": client_of.token, "authorization": "AWS4-HMAC-SHA256 Credential=x"}
    assert client_of.web.get(f"{PARTICIPATIONS}?{query}", headers=headers).status_code == 200


@pytest.mark.parametrize(
    ("raw", "kind", "status"),
    [
        (b"{", "application/json", 400),
        (b"[]", "application/json", 400),
        (b"\xff\xfe", "application/json", 400),
        (b'{"restrictedResources": NaN}', "application/json", 400),
        (b"[" * 100_000, "application/json", 400),
        (b"{}", "text/plain", 415),
        (b'{"restrictedResources": [{"method": "GET", "path": "a\\u0000"}]}', "application/json", 400),
    ],
)
def test_broken_bodies_are_refused_in_the_published_shape(client_of, raw, kind, status):
    headers = {"x-amz-access-token": client_of.token}
    response = client_of.web.generic(
        "POST", "/tokens/2021-03-01/restrictedDataToken", raw, content_type=kind, headers=headers
    )
    assert response.status_code == status
    assert response.json()["errors"][0]["message"]


def test_a_method_that_is_not_published_is_refused(client_of):
    response = client_of.web.delete(PARTICIPATIONS, headers={"x-amz-access-token": client_of.token})
    assert response.status_code == 405
    assert response.headers["Allow"] == "GET"

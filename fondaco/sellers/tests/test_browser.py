"""Account pages and sign-in in a real browser: how they look, and passkeys with a virtual authenticator."""

from __future__ import annotations

import os

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.urls import reverse

from fondaco.engine.outbox_models import OutboxMail
from fondaco.sellers import demo, operations
from fondaco.sellers.rules import MemberRole
from fondaco.sellers.tests.factories import make_caller, make_person
from tests.browser import PHONE, WIDE, overflow_px, watched

pytestmark = pytest.mark.django_db(transaction=True)
PASSWORD = "harbour-lights-42"

VISITOR = ["sellers:register", "account_login", "account_signup", "account_reset_password", "sellers:personas"]
SELLER = [
    "sellers:register_form",
    "sellers:account",
    "sellers:account_profile",
    "sellers:vacation",
    "sellers:addresses",
    "sellers:address_new",
    "sellers:cards",
    "sellers:members",
    "sellers:profile",
    "account_email",
    "mfa_index",
]
OPERATOR = ["sellers:admin_list", "sellers:people", "sellers:outbox"]


@pytest.fixture
def people(settings):
    settings.DEMO = True
    found = demo.ensure_personas()
    owner = make_caller(found["swift"])
    operations.invite(owner, owner.seller, email="new@fondaco.example", role=MemberRole.VIEWER)
    OutboxMail.objects.create(from_email="a@b.c", to=["ana@example.com"], subject="Hello", text="Hi")
    return found


def _look(page, name: str, check_axe) -> None:
    page.goto(reverse(name))
    if folder := os.environ.get("FONDACO_LOOK"):
        page.screenshot(path=f"{folder}/{name.replace(':', '-')}-{page.viewport_size['width']}.png", full_page=True)
    check_axe(page)
    assert overflow_px(page) == 0, name
    assert page.troubles == [], name


@pytest.mark.parametrize("viewport", [WIDE, PHONE], ids=["wide", "phone"])
@pytest.mark.parametrize(("key", "names"), [("", VISITOR), ("swift", SELLER), ("operator", OPERATOR)])
def test_pages_have_no_barriers_and_fit(new_context, signed_in_page, check_axe, people, key, names, viewport):
    for scheme in ("light", "dark"):
        options = {"viewport": viewport, "color_scheme": scheme}
        page = signed_in_page(people[key], **options) if key else watched(new_context(**options).new_page())
        for name in names:
            _look(page, name, check_axe)


def _authenticator(page):
    """A device with a fingerprint reader that always says yes."""
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    device.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def _confirmed_sign_in(page) -> None:
    page.goto(reverse("account_login"))
    page.get_by_label("Email").fill("ana@example.com")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def _add_key(page, *, passkey: bool) -> None:
    page.goto(reverse("mfa_add_webauthn"))
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Confirm").click()
    page.get_by_label("Passwordless").set_checked(passkey)
    page.get_by_role("button", name="Add the key").click()
    page.wait_for_url("**" + reverse("mfa_view_recovery_codes"))


def _signs_out(page) -> None:
    page.goto(reverse("account_logout"))
    page.get_by_role("main").get_by_role("button", name="Sign out").click()


@pytest.fixture
def ana():
    cache.clear()
    return make_person("Ana", email="ana@example.com", password=PASSWORD)


def test_a_passkey_signs_in_without_a_password(page, ana):
    _authenticator(page)
    _confirmed_sign_in(page)
    _add_key(page, passkey=True)
    assert Authenticator.objects.filter(user=ana, type="webauthn").count() == 1
    _signs_out(page)
    page.goto(reverse("account_login"))
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url(lambda url: reverse("account_login") not in url)
    page.goto(reverse("sellers:profile"))
    assert page.get_by_role("heading", name="Your profile").is_visible()
    assert page.troubles == []


def test_a_security_key_is_the_second_factor(page, ana):
    _authenticator(page)
    _confirmed_sign_in(page)
    _add_key(page, passkey=False)
    _signs_out(page)
    _confirmed_sign_in(page)
    page.wait_for_url("**" + reverse("mfa_authenticate"))
    page.get_by_role("button", name="Use a key").click()
    page.wait_for_url(lambda url: reverse("mfa_authenticate") not in url)
    page.goto(reverse("sellers:profile"))
    assert page.get_by_role("heading", name="Your profile").is_visible()
    assert page.troubles == []


def test_a_device_without_the_key_says_so_and_signs_nobody_in(page, ana):
    _authenticator(page)
    page.goto(reverse("account_login"))
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.get_by_text("Nothing was confirmed").wait_for()
    assert page.troubles == []


def test_choosing_another_country_reshapes_the_address_and_keeps_what_was_typed(signed_in_page, ana):
    page = signed_in_page(ana)
    page.goto(reverse("sellers:register_form"))
    page.get_by_label("Display name").fill("Harbor Goods")
    page.get_by_label("Country or region").select_option("VN")
    page.get_by_label("Province").wait_for()
    assert page.get_by_label("Display name").input_value() == "Harbor Goods"
    assert page.get_by_label("ZIP code").count() == 0

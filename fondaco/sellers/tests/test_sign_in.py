"""Signing up, signing in, second factors and resets, through the pages."""

from __future__ import annotations

import re

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret, hotp_value, yield_hotp_counters_from_time
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from fondaco.sellers.models import Person
from fondaco.sellers.tests.factories import make_person

pytestmark = pytest.mark.django_db
PASSWORD = "harbour-lights-42"


@pytest.fixture(autouse=True)
def _no_memory_of_attempts():
    cache.clear()
    yield
    cache.clear()


def _sign_in(client: Client, email: str, password: str = PASSWORD):
    return client.post(reverse("account_login"), {"login": email, "password": password})


def _signed_in(client: Client) -> bool:
    return client.get(reverse("sellers:profile")).status_code == 200


def _sign_in_and_confirm(client: Client, email: str) -> None:
    """Sensitive changes ask once more who it is, even right after signing in."""
    _sign_in(client, email)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})


def _text(response) -> str:
    return response.content.decode()


def test_signs_up_confirms_the_address_by_code_and_lands_where_it_was_going(client: Client) -> None:
    goal = reverse("sellers:register_form")
    form = {"name": "Mai Trần", "email": "Mai.Tran@Example.com", "password1": PASSWORD, "next": goal}
    response = client.post(reverse("account_signup"), form, headers={"accept-language": "vi"})
    assert response.url == reverse("account_email_verification_sent")
    person = Person.objects.get()
    assert (person.email, person.email_folded) == ("Mai.Tran@Example.com", "mai.tran@example.com")
    assert (person.name, person.language) == ("Mai Trần", "vi")
    assert not _signed_in(client)
    code = re.search(r"^\s*([A-Z0-9-]{6,})\s*$", mail.outbox[0].body, re.M).group(1)
    page = client.get(reverse("account_email_verification_sent"))
    assert "mai.tran@example.com" in _text(page)
    response = client.post(reverse("account_email_verification_sent"), {"code": code})
    assert response.url == goal
    assert EmailAddress.objects.get().verified
    assert _signed_in(client)


def test_a_wrong_code_confirms_nothing(client: Client) -> None:
    client.post(reverse("account_signup"), {"name": "M", "email": "m@example.com", "password1": PASSWORD})
    client.post(reverse("account_email_verification_sent"), {"code": "WRONG1"})
    assert not EmailAddress.objects.get().verified
    assert not _signed_in(client)


def test_an_address_that_is_taken_reads_like_any_other(client: Client) -> None:
    make_person(email="Taken@example.com")
    form = {"name": "X", "email": "tAKEN@example.com", "password1": PASSWORD}
    response = client.post(reverse("account_signup"), form)
    assert response.url == reverse("account_email_verification_sent")
    assert Person.objects.count() == 1
    assert [m.to for m in mail.outbox] == [["taken@example.com"]]
    assert PASSWORD not in mail.outbox[0].body


def test_two_sign_ups_of_one_address_at_once_make_one_person(client: Client, monkeypatch) -> None:
    """The second passed the check before the first committed: the unique column decides, and nobody sees an error."""
    from allauth.account.internal.flows import manage_email

    make_person(email="race@example.com", verified=False)
    monkeypatch.setattr(manage_email, "email_already_exists", lambda email, **_: (email, False))
    form = {"name": "X", "email": "race@example.com", "password1": PASSWORD}
    response = client.post(reverse("account_signup"), form)
    assert response.url == reverse("account_email_verification_sent")
    assert Person.objects.count() == 1


@pytest.mark.parametrize("password", ["short", "password123", "mai.tran2026"])
def test_a_weak_password_is_refused(client: Client, password: str) -> None:
    form = {"name": "Mai", "email": "mai.tran2026@example.com", "password1": password}
    assert client.post(reverse("account_signup"), form).status_code == 200
    assert not Person.objects.exists()


@pytest.mark.parametrize("typed", ["ana@example.com", "Ana@Example.com", " ana@example.com "])
def test_signs_in_whatever_the_letter_case(client: Client, typed: str) -> None:
    make_person(email="ana@example.com", password=PASSWORD)
    assert _sign_in(client, typed).status_code == 302
    assert _signed_in(client)


def test_a_wrong_password_an_unknown_address_and_a_closed_account_do_not_sign_in(client: Client) -> None:
    make_person(email="ana@example.com", password=PASSWORD)
    make_person(email="gone@example.com", password=PASSWORD, is_active=False)
    assert _sign_in(client, "ana@example.com", "wrong-password").status_code == 200
    assert _sign_in(client, "nobody@example.com").status_code == 200
    _sign_in(client, "gone@example.com")
    assert not _signed_in(client)


def test_a_closed_account_ends_its_sessions(client: Client) -> None:
    person = make_person()
    client.force_login(person)
    assert _signed_in(client)
    Person.objects.filter(pk=person.pk).update(is_active=False)
    assert not _signed_in(client)


def test_guessing_is_slowed_down_even_for_the_right_password(client: Client) -> None:
    make_person(email="ana@example.com", password=PASSWORD)
    for _ in range(5):
        _sign_in(client, "ana@example.com", "wrong-password")
    assert _sign_in(client, "ana@example.com").status_code == 200
    assert not _signed_in(client)
    cache.clear()  # the pause is over
    assert _sign_in(client, "ana@example.com").status_code == 302


def test_guessing_from_one_machine_is_slowed_down_across_accounts(client: Client) -> None:
    answers = [_sign_in(client, f"person{n}@example.com", "wrong-password").status_code for n in range(31)]
    assert answers[-1] == 429


def test_a_forgotten_password_is_reset_once_by_the_link_and_every_session_ends(client: Client) -> None:
    person = make_person(email="ana@example.com", password=PASSWORD)
    elsewhere = Client()
    elsewhere.force_login(person)
    client.post(reverse("account_reset_password"), {"email": "ANA@example.com"})
    link = re.search(r"http://testserver(\S+)", mail.outbox[0].body).group(1)
    response = client.get(link, follow=True)
    where = response.redirect_chain[-1][0]
    client.post(where, {"password1": "another-harbour-7", "password2": "another-harbour-7"})
    assert not _signed_in(elsewhere)
    assert _sign_in(Client(), "ana@example.com", "another-harbour-7").status_code == 302
    assert "This link is no longer good" in _text(Client().get(link, follow=True))


def test_a_reset_for_an_unknown_address_says_and_sends_nothing(client: Client) -> None:
    known = make_person(email="ana@example.com")
    answers = [
        client.post(reverse("account_reset_password"), {"email": email}, follow=True)
        for email in (known.email, "nobody@example.com")
    ]
    assert _text(answers[0]).replace(known.email, "") == _text(answers[1]).replace("nobody@example.com", "") or (
        answers[0].redirect_chain == answers[1].redirect_chain
    )
    assert [m.to for m in mail.outbox] == [["ana@example.com"]]


# --- second factors


def _code(secret: str) -> str:
    counter = next(iter(yield_hotp_counters_from_time()))
    return f"{hotp_value(secret, counter):06d}"


def _with_app(person: Person) -> str:
    secret = generate_totp_secret()
    TOTP.activate(person, secret)
    return secret


@pytest.mark.django_db(transaction=True)  # the library tells after the commit
def test_an_authenticator_app_is_set_up_and_asked_for_at_the_next_sign_in(client: Client) -> None:
    person = make_person(email="ana@example.com", password=PASSWORD)
    _sign_in_and_confirm(client, "ana@example.com")
    page = client.get(reverse("mfa_activate_totp"))
    secret = page.context["form"].secret
    assert 'src="data:image/svg' in _text(page)
    client.post(reverse("mfa_activate_totp"), {"code": _code(secret)})
    kinds = set(Authenticator.objects.filter(user=person).values_list("type", flat=True))
    assert kinds == {"totp", "recovery_codes"}
    assert any("authenticator app was added" in m.body for m in mail.outbox)

    cache.clear()
    later = Client()
    assert _sign_in(later, "ana@example.com").url == reverse("mfa_authenticate")
    assert not _signed_in(later)
    assert "recovery codes" in _text(later.get(reverse("mfa_authenticate")))
    cache.clear()  # a code is good once; the test has no half minute to wait
    later.post(reverse("mfa_authenticate"), {"code": _code(secret)})
    assert _signed_in(later)


def test_a_wrong_second_factor_does_not_sign_in(client: Client) -> None:
    _with_app(make_person(email="ana@example.com", password=PASSWORD))
    _sign_in(client, "ana@example.com")
    client.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert not _signed_in(client)


def test_a_recovery_code_signs_in_once(client: Client) -> None:
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes

    person = make_person(email="ana@example.com", password=PASSWORD)
    _with_app(person)
    code = RecoveryCodes.activate(person).get_unused_codes()[0]
    _sign_in(client, "ana@example.com")
    client.post(reverse("mfa_authenticate"), {"code": code})
    assert _signed_in(client)
    cache.clear()
    again = Client()
    _sign_in(again, "ana@example.com")
    again.post(reverse("mfa_authenticate"), {"code": code})
    assert not _signed_in(again)


def test_factor_secrets_are_not_readable_in_the_database() -> None:
    person = make_person()
    secret = _with_app(person)
    row = Authenticator.objects.get(user=person)
    assert secret not in str(row.data)
    assert row.wrap().validate_code(_code(secret))


@pytest.mark.django_db(transaction=True)  # the library tells after the commit
def test_changing_a_factor_ends_the_other_sessions_and_keeps_this_one(client: Client) -> None:
    person = make_person(email="ana@example.com", password=PASSWORD)
    elsewhere = Client()
    elsewhere.force_login(person)
    _sign_in_and_confirm(client, "ana@example.com")
    assert _signed_in(elsewhere)
    secret = client.get(reverse("mfa_activate_totp")).context["form"].secret
    client.post(reverse("mfa_activate_totp"), {"code": _code(secret)})
    assert Authenticator.objects.filter(user=person, type="totp").exists()
    assert _signed_in(client)
    assert not _signed_in(elsewhere)

    third = Client()
    person.refresh_from_db()
    third.force_login(person)
    client.post(reverse("mfa_deactivate_totp"))
    assert not Authenticator.objects.filter(user=person, type="totp").exists()
    assert _signed_in(client)
    assert not _signed_in(third)


def test_changing_the_password_ends_the_other_sessions_and_keeps_this_one(client: Client) -> None:
    person = make_person(email="ana@example.com", password=PASSWORD)
    elsewhere = Client()
    elsewhere.force_login(person)
    _sign_in_and_confirm(client, "ana@example.com")
    form = {"oldpassword": PASSWORD, "password1": "another-harbour-7", "password2": "another-harbour-7"}
    client.post(reverse("account_change_password"), form)
    assert _signed_in(client)
    assert not _signed_in(elsewhere)
    assert any("password was changed" in m.body for m in mail.outbox)


def test_a_factor_changes_only_after_confirming_who_it_is(client: Client) -> None:
    person = make_person(email="ana@example.com", password=PASSWORD)
    client.force_login(person)  # a session without a confirmation, like a stolen one
    response = client.get(reverse("mfa_activate_totp"))
    assert response.status_code == 302
    assert reverse("account_reauthenticate") in response.url


@pytest.mark.parametrize("language", ["en", "vi", "zh-hant"])
@pytest.mark.parametrize(
    "name",
    [
        "account_login",
        "account_signup",
        "account_reset_password",
        "account_reset_password_done",
        "account_inactive",
        "account_reset_password_from_key_done",
    ],
)
def test_the_pages_open_without_inline_script_or_style(client: Client, name: str, language: str) -> None:
    page = _text(client.get(reverse(name), headers={"accept-language": language}))
    assert "<style" not in page
    assert " style=" not in page
    assert all("src=" in tag or "application/json" in tag for tag in re.findall(r"<script[^>]*>", page))


@pytest.mark.parametrize(
    "name",
    [
        "sellers:profile",
        "account_email",
        "account_change_password",
        "mfa_index",
        "mfa_list_webauthn",
        "mfa_add_webauthn",
        "mfa_activate_totp",
        "mfa_generate_recovery_codes",
        "account_logout",
        "account_reauthenticate",
    ],
)
def test_the_persons_own_pages_open(client: Client, name: str) -> None:
    make_person(email="ana@example.com", password=PASSWORD)
    _sign_in_and_confirm(client, "ana@example.com")
    response = client.get(reverse(name), follow=True)
    assert response.status_code == 200
    assert "<style" not in _text(response)


def test_a_passkey_page_hands_its_options_over_as_data(client: Client) -> None:
    make_person(email="ana@example.com", password=PASSWORD)
    _sign_in_and_confirm(client, "ana@example.com")
    page = _text(client.get(reverse("mfa_add_webauthn")))
    assert '<script id="passkey-options" type="application/json">' in page
    assert "sellers/js/passkey.js" in page
    options = Client().get(reverse("mfa_login_webauthn"), headers={"accept": "application/json"}).json()
    assert options["request_options"]["publicKey"]["challenge"]


@pytest.mark.parametrize(
    ("language", "words"),
    [("vi", "không đúng"), ("zh-hant", "不正確")],
)
def test_a_failed_sign_in_is_said_in_the_readers_language(client: Client, language: str, words: str) -> None:
    response = client.post(
        reverse("account_login"),
        {"login": "nobody@example.com", "password": "x"},
        headers={"accept-language": language},
    )
    assert words in _text(response)

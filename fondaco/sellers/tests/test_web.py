"""The pages: every one opens for whom it is for, and reads as not found for everybody else."""

from __future__ import annotations

import re

import pytest
from django.core import mail
from django.test import Client, override_settings
from django.urls import reverse

from fondaco.engine import outbox
from fondaco.engine.outbox_models import OutboxMail
from fondaco.sellers import demo
from fondaco.sellers.models import Address, Card, Membership, Person, SellerAccount
from fondaco.sellers.operations.tokens import make_token
from fondaco.sellers.rules import MemberRole, Role
from fondaco.sellers.tests.factories import (
    make_address,
    make_caller,
    make_card,
    make_member,
    make_person,
    make_seller,
    make_staff,
    owner_of,
)
from fondaco.sellers.web.urls import urlpatterns

pytestmark = pytest.mark.django_db

REGISTRATION = {
    "display_name": "Harbor Goods",
    "legal_name": "Harbor Goods LLC",
    "plan": "professional",
    "accepts_terms": "on",
    "country": "US",
    "name": "Receiving",
    "street": "400 Pier Road",
    "city": "Chicago",
    "region": "IL",
    "postal_code": "60611",
    "request_key": "k1",
}


def _client(person: Person | None = None) -> Client:
    client = Client()
    if person:
        client.force_login(person)
    return client


class Store:
    """One account with everything that has an id, and everybody who might try it."""

    def __init__(self) -> None:
        self.seller = make_seller(return_to="IL")
        spare = make_address(seller=self.seller)
        card = make_card(seller=self.seller)
        member = make_member(make_person(), self.seller, MemberRole.VIEWER)
        brand = self.seller.owned_brands.create(name="Harbor", name_folded="harbor")
        invitation = self.seller.invitations.create(
            email="x@example.com",
            email_folded="x@example.com",
            role="viewer",
            secret_hash="0" * 64,
            expires_at="2099-01-01T00:00Z",
        )
        person = make_person()
        outbox_mail = OutboxMail.objects.create(from_email="a@b.c", subject="Hello", text="…")
        self.ids = {
            "address_id": spare.pk,
            "card_id": card.pk,
            "membership_id": member.pk,
            "invitation_id": invitation.pk,
            "person_id": person.pk,
            "brand_id": brand.pk,
            "mail_id": outbox_mail.pk,
            "number": self.seller.number,
            "purpose": "ship_from",
            "secret": "forged",
            "token_id": make_token(
                make_caller(seller=self.seller), name="Stock program", seller=self.seller, request_key="t"
            )[0].pk,
        }
        warehouse = make_person()
        make_member(warehouse, self.seller, MemberRole.WAREHOUSE)
        self.people = {
            "visitor": None,
            "buyer": make_person(),
            "other seller": owner_of(make_seller("Swift Outfitters")),
            "warehouse": warehouse,
            "owner": owner_of(self.seller),
            **{str(role): make_staff(role) for role in Role},
        }

    def url(self, pattern) -> str:
        names = re.findall(r"<str:(\w+)>", str(pattern.pattern))
        return reverse(f"sellers:{pattern.name}", kwargs={name: self.ids[name] for name in names})


# name → who gets a page (200) or a done deed (302); "signed in": everybody but the visitor
OPEN = {
    "register": {"everybody"},
    "register_form": {"signed in"},
    "account": {"sellers"},
    "account_profile": {"owner", "other seller"},
    "vacation": {"owner", "other seller"},
    "vacation_over": {"owner", "other seller"},
    "addresses": {"sellers"},
    "address_new": {"owner", "other seller"},
    "address": {"owner"},
    "address_remove": {"owner"},
    "address_use": {"owner"},
    "cards": {"owner", "other seller"},
    "card_default": {"owner"},
    "card_remove": {"owner"},
    "members": {"owner", "other seller"},
    "member_role": {"owner"},
    "member_remove": {"owner"},
    "invitation_withdraw": {"owner"},
    "join": set(),
    "profile": {"signed in"},
    "language": {"everybody"},
    "switch": {"owner", "warehouse"},
    "tokens": {"signed in"},
    "token_withdraw": {"owner"},
    "admin_list": {"operator", "support"},
    "admin_seller": {"operator", "support"},
    "brand_claim": {"operator", "support"},
    "brand_release": {"operator", "support"},
    "people": {"operator"},
    "role_grant": {"operator"},
    "role_revoke": {"operator"},
    "outbox": {"operator"},
    "outbox_mail": {"operator"},
    "personas": set(),
}
POSTS = {
    "vacation_over": {},
    "address_remove": {},
    "address_use": {},
    "card_default": {},
    "card_remove": {},
    "member_role": {"role": "warehouse"},
    "member_remove": {},
    "invitation_withdraw": {},
    "token_withdraw": {},
    "language": {"language": "vi"},
    "brand_claim": {"name": "Pier"},
    "brand_release": {},
    "role_grant": {"role": "support"},
    "role_revoke": {"role": "support"},
}


def test_every_page_stands_in_the_table() -> None:
    """A new page without an entry fails here."""
    assert {p.name for p in urlpatterns} == set(OPEN)


@pytest.mark.parametrize("pattern", urlpatterns, ids=lambda p: p.name)
def test_who_opens_which_page(pattern) -> None:
    store = Store()
    groups = {
        "everybody": set(store.people),
        "signed in": set(store.people) - {"visitor"},
        "sellers": {"owner", "other seller", "warehouse"},
    }
    allowed = set().union(*(groups.get(name, {name}) for name in OPEN[pattern.name]))
    for who in [*(set(store.people) - {"owner"}), "owner"]:  # the owner last: some deeds can be done once
        client = _client(store.people[who])
        if pattern.name == "switch":
            response = client.post(store.url(pattern), {"seller": store.seller.number})
        elif pattern.name in POSTS:
            response = client.post(store.url(pattern), POSTS[pattern.name])
        else:
            response = client.get(store.url(pattern))
        to_sign_in = response.status_code == 302 and response.url.startswith(reverse("account_login"))
        if who in allowed:
            assert response.status_code in (200, 302), (who, response.status_code)
            assert not to_sign_in, who
        elif who == "visitor" and not to_sign_in:
            assert response.status_code == 404, response.status_code
        elif who == "warehouse":  # sees the account, so what is missing is the role, not the thing
            assert response.status_code in (403, 404), response.status_code
        elif who != "visitor":
            assert response.status_code == 404, (who, response.status_code)


def test_a_seller_registers_through_the_pages(client: Client) -> None:
    person = make_person("Ines")
    client.force_login(person)
    page = client.get(reverse("sellers:register_form")).content.decode()
    assert 'value="Ines"' in page
    response = client.post(reverse("sellers:register_form"), REGISTRATION)
    assert response.url == reverse("sellers:account")
    again = client.post(reverse("sellers:register_form"), REGISTRATION)
    assert again.status_code == 302
    seller = SellerAccount.objects.get()
    page = client.get(reverse("sellers:account")).content.decode()
    assert seller.number in page
    assert "400 Pier Road" in page


def test_another_country_shows_another_form_and_keeps_what_was_typed(client: Client) -> None:
    client.force_login(make_person())
    typed = {**REGISTRATION, "country": "VN", "show": "address"}
    page = client.post(reverse("sellers:register_form"), typed).content.decode()
    assert "Province" in page
    assert "ZIP code" not in page
    assert 'value="Harbor Goods"' in page
    assert not SellerAccount.objects.exists()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"postal_code": "99999"}, "does not exist in the chosen country"),
        ({"accepts_terms": ""}, "Accept the selling terms"),
        ({"display_name": ""}, "required"),
        ({"region": ""}, "required"),
    ],
)
def test_a_faulty_registration_says_what_is_wrong(client: Client, change: dict, words: str) -> None:
    client.force_login(make_person())
    response = client.post(reverse("sellers:register_form"), {**REGISTRATION, **change})
    assert response.status_code == 422
    assert words in response.content.decode()
    assert not SellerAccount.objects.exists()


def test_an_invited_person_joins_through_the_link(client: Client) -> None:
    seller = make_seller()
    client.force_login(owner_of(seller))
    client.post(reverse("sellers:members"), {"email": "paul@example.com", "role": "warehouse"})
    link = re.search(r"https?://[^/]+(/join/\S+)", mail.outbox[0].body).group(1)
    assert "paul@example.com" in client.get(reverse("sellers:members")).content.decode()

    visitor = Client()
    page = visitor.get(link).content.decode()
    assert "Harbor Goods" in page
    assert f"{reverse('account_login')}?next=" in page
    visitor.force_login(make_person(email="paul@example.com"))
    assert visitor.post(link).status_code == 302
    assert Membership.objects.get(seller=seller, role="warehouse").person.email == "paul@example.com"
    assert visitor.get(link).status_code == 410


def test_cards_and_addresses_are_kept_through_the_pages(client: Client) -> None:
    seller = make_seller(return_to="IL")
    client.force_login(owner_of(seller))
    card = {"number": "4242 4242 4242 4242", "expiry_month": 12, "expiry_year": 2099, "request_key": "c"}
    for _ in range(2):
        client.post(reverse("sellers:cards"), card)
    assert Card.objects.count() == 1
    refused = client.post(reverse("sellers:cards"), {**card, "number": "1234", "request_key": "d"})
    assert refused.status_code == 422
    assert "test cards only" in refused.content.decode()

    address = {k: v for k, v in REGISTRATION.items() if k in Address.__dict__}
    for _ in range(2):
        client.post(reverse("sellers:address_new"), {**address, "request_key": "a"})
    assert Address.objects.filter(seller=seller).count() == 2
    in_use = client.post(reverse("sellers:address_remove", args=[seller.return_address_id]))
    assert in_use.status_code == 409


def test_the_profile_of_a_person_is_saved_with_language_and_zone(client: Client) -> None:
    person = make_person()
    client.force_login(person)
    form = {"name": "Lan", "language": "vi", "time_zone": "Asia/Ho_Chi_Minh"}
    assert client.post(reverse("sellers:profile"), form).status_code == 302
    person.refresh_from_db()
    assert (person.name, person.language, person.time_zone) == ("Lan", "vi", "Asia/Ho_Chi_Minh")
    assert client.post(reverse("sellers:profile"), {**form, "time_zone": "Mars/Olympus"}).status_code == 422


def test_the_operator_suspends_an_account_and_the_seller_reads_why(client: Client) -> None:
    seller = make_seller()
    client.force_login(make_staff(Role.OPERATOR))
    url = reverse("sellers:admin_seller", args=[seller.number])
    assert client.post(url, {"status": "suspended", "reason": ""}).status_code == 422
    client.post(url, {"status": "suspended", "reason": "Counterfeit goods"})
    page = _client(owner_of(seller)).get(reverse("sellers:account")).content.decode()
    assert "Suspended" in page
    assert "Counterfeit goods" in page


# --- the demo store's people


def test_the_demo_has_all_sixteen_personas_and_making_them_again_changes_nothing() -> None:
    people = demo.ensure_personas()
    assert len(people) == len(demo.PERSONAS) == 16
    assert demo.ensure_personas() == people
    assert SellerAccount.objects.count() == 3
    roles = {p.key: set(people[p.key].staff_roles.values_list("role", flat=True)) for p in demo.PERSONAS}
    assert set().union(*roles.values()) == set(Role)
    assert people["agency"].memberships.get().role == "agency"
    assert people["warehouse"].memberships.get().seller.display_name == "Swift Outfitters"
    assert people["juniper"].memberships.get().seller.country == "CA"
    assert people["prime-buyer"].prime_until_date
    assert people["buyer"].prime_until_date is None


@override_settings(DEMO=True)
def test_one_click_signs_in_as_a_persona_and_as_nobody_else(client: Client) -> None:
    demo.ensure_personas()
    outsider = make_person(email="real@example.com")
    url = reverse("sellers:personas")
    assert client.get(url).content.decode().count('name="email"') == 16
    assert client.post(url, {"email": outsider.email}).status_code == 404
    for persona in demo.PERSONAS:
        browser = Client()
        assert browser.post(url, {"email": persona.email}).status_code == 302
        assert persona.name in browser.get(reverse("sellers:profile")).content.decode()


@override_settings(DEMO=True)
def test_one_click_sign_in_needs_the_forms_token() -> None:
    demo.ensure_personas()
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(reverse("sellers:personas"), {"email": "operator@fondaco.example"}).status_code == 403


def test_outside_a_demo_store_nobody_is_signed_in_by_one_click(client: Client) -> None:
    demo.ensure_personas()
    assert client.post(reverse("sellers:personas"), {"email": "operator@fondaco.example"}).status_code == 404


@override_settings(DEMO=True)
def test_the_demo_password_signs_every_persona_in(client: Client, settings) -> None:
    demo.ensure_personas()
    form = {"login": "harbor@fondaco.example", "password": settings.FONDACO_DEMO_PASSWORD}
    assert client.post(reverse("account_login"), form).status_code == 302


# --- the outbox


@override_settings(MAILERS={"default": {"BACKEND": "fondaco.engine.outbox.OutboxBackend"}})
def test_mail_is_kept_once_a_key_and_shown_as_text(client: Client) -> None:
    for _ in range(2):
        outbox.post(to="a@example.com", subject="Hello\nBcc: evil@example.com", text="<b>Hi</b>", key="once")
    row = OutboxMail.objects.get()
    assert (row.state, row.to, row.bcc) == ("kept", ["a@example.com"], [])
    assert "\n" not in row.subject
    client.force_login(make_staff(Role.OPERATOR))
    page = client.get(reverse("sellers:outbox_mail", args=[row.pk])).content.decode()
    assert "&lt;b&gt;Hi&lt;/b&gt;" in page


@override_settings(
    MAILERS={
        "default": {"BACKEND": "fondaco.engine.outbox.OutboxBackend"},
        "provider": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"},
    }
)
def test_with_a_provider_waiting_mail_is_sent_once_even_when_its_task_was_lost(tasks) -> None:
    from fondaco.engine.testing import forget_tasks

    outbox.post(to="a@example.com", subject="Hello", text="Hi", key="once")
    forget_tasks()  # the worker was killed, its queue is gone
    assert not mail.outbox
    outbox.send_waiting_mails()
    tasks()
    outbox.send_waiting_mails()
    tasks()
    (sent,) = mail.outbox
    row = OutboxMail.objects.get()
    assert row.state == "sent"
    assert str(row.pk) in sent.message()["Message-ID"]
    assert "X-Fondaco-Key" not in sent.message()


@override_settings(MAILERS={"default": {"BACKEND": "fondaco.engine.outbox.OutboxBackend"}})
def test_a_rolled_back_cause_leaves_no_mail() -> None:
    from django.db import transaction

    with transaction.atomic():
        outbox.post(to="a@example.com", subject="Hello", text="Hi", key="never")
        transaction.set_rollback(True)
    assert not OutboxMail.objects.exists()


@override_settings(DEMO=True)
def test_in_a_demo_store_everybody_reads_the_mail(client: Client) -> None:
    assert client.get(reverse("sellers:outbox")).status_code == 200

"""The pages of customer service and of claims, by role."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from fondaco.catalogue.tests.factories import make_jpeg
from fondaco.engine import clock
from fondaco.ledger.tests.factories import proceeds
from fondaco.orders.models import PayBack
from fondaco.sellers.models import Person
from fondaco.sellers.rules import Role
from fondaco.sellers.tests.factories import make_person, make_seller, make_staff, owner_of
from fondaco.service.models import GuaranteeClaim, Reimbursement, Remedy
from fondaco.service.queries import facts
from fondaco.service.tests.factories import ARRIVED, NOW, give, make_order, units_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def now(monkeypatch):
    clock.set_to(at=NOW)
    monkeypatch.setattr(facts, "_contacts", [lambda order: ARRIVED])
    yield
    clock.reset()


def client_of(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def desk():
    return client_of(make_staff(Role.CUSTOMER_SERVICE, name="Carla Diaz"))


def test_the_desk_finds_an_order_by_number_tracking_and_address(desk):
    order = make_order()
    page = reverse("service:desk")
    assert desk.get(page, {"q": order.number}).headers["Location"] == reverse("service:order", args=[order.number])
    for wanted in (order.parcels.get().tracking_number, order.buyer.email.upper()):
        assert order.number in desk.get(page, {"q": wanted}).content.decode()
    assert "Nothing found" in desk.get(page, {"q": "nonsense\0"}).content.decode()


@pytest.mark.spec("PRIME-22", "PRIME-41", "Q-34")
def test_the_desk_refunds_and_the_seller_reads_it_and_claims_it_back(desk):
    order = make_order()
    before = proceeds(order.seller)
    shown = desk.get(reverse("service:order", args=[order.number])).content.decode()
    assert "Not received, although tracking says delivered" in shown
    answer = desk.post(
        reverse("service:refund", args=[order.number]),
        {
            "refund-kind": "not_received", "refund-units": [str(units_of(order)[0].pk)], "refund-amount": "",
            "refund-charge_seller": "on", "refund-why": "Empty porch.", "refund-request_key": "k1",
        },
        follow=True,
    ).content.decode()  # fmt: skip
    assert "$19.99 goes back to the buyer" in answer
    assert proceeds(order.seller) == before - 1999
    seller = client_of(owner_of(order.seller))
    page = seller.get(reverse("service:seller_claims")).content.decode()
    assert "Empty porch." in page
    assert "Carla Diaz" in page
    payback = PayBack.objects.get()
    assert "Claim it back" in seller.get(reverse("service:file", args=[payback.pk])).content.decode()
    filed = seller.post(
        reverse("service:file", args=[payback.pk]),
        {"ground": "policy_abuse", "text": "It was scanned.", "request_key": "f1",
         "documents": SimpleUploadedFile("proof.jpg", make_jpeg())},
        follow=True,
    )  # fmt: skip
    claim = Reimbursement.objects.get()
    assert "proof.jpg" in filed.content.decode()
    document = reverse("service:document", args=[claim.number, claim.notes.get().documents[0]["sha256"]])
    assert seller.get(document).headers["Content-Disposition"].startswith("attachment")
    assert client_of(owner_of(make_seller("Other"))).get(document).status_code == 404
    for page in (reverse("service:order", args=[order.number]), reverse("service:claims")):
        assert claim.number in desk.get(page).content.decode()
    url = reverse("service:claim", args=[claim.number])
    desk.post(url, {"verb": "ask", "ask-text": "Which door?", "ask-request_key": "a1"})
    mine = reverse("service:seller_claim", args=[claim.number])
    assert "Which door?" in seller.get(mine).content.decode()
    seller.post(mine, {"verb": "say", "say-text": "The front.", "say-request_key": "s1"})
    done = desk.post(
        url,
        {"verb": "decide", "decide-verdict": "granted", "decide-text": "Clear.", "decide-request_key": "d1"},
        follow=True,
    )
    assert "Granted" in done.content.decode()
    assert proceeds(order.seller) == before


@pytest.mark.spec("PRIME-26")
def test_the_desk_refunds_the_shipping_of_a_late_delivery(desk):
    order = make_order(shipping_minor=799)
    page = desk.get(reverse("service:order", args=[order.number])).content.decode()
    assert "1 day late" in page
    item = order.items.get()
    form = {"late-item": str(item.pk), "late-charge_seller": "on", "late-why": "A day late.", "late-request_key": "l1"}
    answer = desk.post(reverse("service:late", args=[order.number]), form, follow=True).content.decode()
    assert "$7.99 goes back to the buyer" in answer
    again = desk.post(reverse("service:late", args=[order.number]), {**form, "late-request_key": "l2"})
    assert again.status_code == 422
    assert "settled before" in again.content.decode()


def test_a_fault_of_the_form_is_said_in_the_form(desk):
    order = make_order()
    unit = str(units_of(order)[0].pk)
    for wrong in (
        {"refund-amount": "99.99"},
        {"refund-amount": "1e5"},
        {"refund-why": ""},
        {"refund-kind": "gift"},
        {"refund-units": "x"},
    ):
        form = {"refund-kind": "refund", "refund-units": unit, "refund-why": "x", "refund-request_key": "k", **wrong}
        assert desk.post(reverse("service:refund", args=[order.number]), form).status_code == 422
    assert not Remedy.objects.exists()


@pytest.mark.spec("B-PRIME-04")
def test_the_desk_changes_an_address(desk):
    order = make_order(delivered=None)
    url = reverse("service:address", args=[order.number])
    form = {"name": "Mara", "street": "77 Elm Street", "city": "Dayton", "region": "OH", "postal_code": "45402",
            "country": "us", "why": "Moved."}  # fmt: skip
    assert desk.post(url, {**form, "postal_code": "nope"}).status_code == 422
    assert desk.post(url, form).status_code == 302
    order.refresh_from_db()
    assert order.postal.city == "DAYTON"


@pytest.mark.spec("B-PRIME-24")
def test_a_buyer_claims_the_seller_answers_the_desk_decides_and_the_seller_appeals(desk):
    order = make_order(prime=False)
    buyer, seller = client_of(order.buyer), client_of(owner_of(order.seller))
    url = reverse("service:open_guarantee", args=[order.number])
    assert "Open a claim" in buyer.get(url).content.decode()
    form = {"unit": str(units_of(order)[0].pk), "fault": "not_as_described", "text": "It is blue."}
    assert buyer.post(url, {**form, "fault": "boring"}).status_code == 422
    buyer.post(url, form)
    claim = GuaranteeClaim.objects.get()
    page = reverse("service:guarantee", args=[claim.number])
    assert claim.number in seller.get(reverse("service:seller_claims")).content.decode()
    assert desk.post(page, {"verdict": "granted", "text": "Too soon."}).status_code == 404
    seller.post(page, {"accept": "no", "text": "As shown.", "request_key": "1"})
    assert claim.number in desk.get(reverse("service:claims"), {"kind": "guarantee"}).content.decode()
    desk.post(page, {"verdict": "granted", "text": "Blue indeed.", "request_key": "2"})
    claim.refresh_from_db()
    assert claim.verdict == "granted"
    assert "Blue indeed." in buyer.get(page).content.decode()
    assert "Ask for a second look" in seller.get(page).content.decode()
    assert "Ask for a second look" not in buyer.get(page).content.decode()
    seller.post(page, {"text": "The listing says blue.", "request_key": "3"})
    desk.post(page, {"verdict": "declined", "text": "It says so.", "request_key": "4"})
    claim.refresh_from_db()
    assert (claim.verdict, claim.round) == ("declined", 2)


def test_too_early_a_claim_says_so(desk, monkeypatch):
    order = make_order()
    monkeypatch.setattr(facts, "_contacts", [lambda order: NOW - timedelta(hours=2)])
    page = client_of(order.buyer).get(reverse("service:open_guarantee", args=[order.number])).content.decode()
    assert "The seller still has time" in page


def test_who_sees_which_page():
    order = make_order()
    give(order)
    pages = {
        "desk": reverse("service:desk"),
        "order": reverse("service:order", args=[order.number]),
        "claims": reverse("service:claims"),
        "mine": reverse("service:seller_claims"),
        "open": reverse("service:open_guarantee", args=[order.number]),
    }
    people = {
        "service": make_staff(Role.CUSTOMER_SERVICE),
        "operator": make_staff(Role.OPERATOR),
        "support": make_staff(Role.SUPPORT),
        "seller": owner_of(order.seller),
        "buyer": order.buyer,
        "stranger": make_person(),
    }
    seen = {
        who: {name for name, url in pages.items() if client_of(person).get(url).status_code == 200}
        for who, person in people.items()
    }
    assert seen == {
        "service": {"desk", "order", "claims"},
        "operator": {"desk", "order", "claims"},
        "support": set(),
        "seller": {"mine"},
        "buyer": {"open"},
        "stranger": set(),
    }

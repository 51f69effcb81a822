"""The operator's page of simulated carriers, and who may print a label."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from fondaco.engine import clock
from fondaco.engine.testing import run_tasks
from fondaco.fulfilment.documents.label import FORMATS
from fondaco.fulfilment.models import SimulatedFault, SimulatedParcel
from fondaco.fulfilment.tests.label_factories import MONDAY, make_label
from fondaco.sellers.rules import Role
from fondaco.sellers.tests.factories import make_person, make_seller, make_staff, owner_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def monday():
    clock.set_to(at=MONDAY)
    yield
    clock.reset()


def client_of(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def operator():
    return client_of(make_staff(Role.OPERATOR))


def move(operator, what: str):
    parcel = SimulatedParcel.objects.get()
    answer = operator.post(reverse("fulfilment:simulator_move", args=[parcel.pk]), {"what": what})
    run_tasks()
    return answer


def test_the_operator_moves_a_parcel_and_the_marketplace_hears_of_it(operator):
    label = make_label()
    page = operator.get(reverse("fulfilment:simulator")).content.decode()
    assert label.tracking_number in page
    assert "Waits for pickup" in page
    assert move(operator, "scan").status_code == 302
    label.refresh_from_db()
    assert label.tracking == "in_transit"
    move(operator, "delay")
    assert label.events.filter(code="delayed").exists()
    move(operator, "deliver")
    label.refresh_from_db()
    assert label.tracking == "delivered"
    move(operator, "lose")
    label.refresh_from_db()
    assert label.tracking == "delivered"


def test_the_operator_sets_and_mends_faults(operator):
    operator.post(reverse("fulfilment:simulator_fault"), {"kind": "outage", "call": "buy", "times": "2"})
    label = make_label()
    assert label.state == "asked"
    page = operator.get(reverse("fulfilment:simulator")).content.decode()
    assert "Does not answer, does nothing" in page
    operator.post(reverse("fulfilment:simulator_heal"))
    assert not SimulatedFault.objects.exists()
    answer = operator.post(reverse("fulfilment:simulator_fault"), {"kind": "earthquake", "times": "-1"})
    assert answer.status_code == 422


def test_nobody_but_the_operator_sees_the_simulators(client):
    seller = make_seller()
    label = make_label(seller=seller)
    parcel = SimulatedParcel.objects.get()
    for person in (owner_of(seller), make_person(), make_staff(Role.CUSTOMER_SERVICE)):
        found = client_of(person)
        assert found.get(reverse("fulfilment:simulator")).status_code == 404
        assert found.post(reverse("fulfilment:simulator_move", args=[parcel.pk]), {"what": "lose"}).status_code == 404
    label.refresh_from_db()
    assert label.tracking == "not_scanned"


def test_a_label_is_printed_by_its_seller_and_customer_service_only():
    seller = make_seller()
    label = make_label(seller=seller)
    answers = {
        name: client_of(person).get(reverse("fulfilment:label_file", args=[label.pk, "pdf"])).status_code
        for name, person in {
            "owner": owner_of(seller),
            "service": make_staff(Role.CUSTOMER_SERVICE),
            "other": owner_of(make_seller("Other")),
            "buyer": make_person(),
            "photographer": make_staff(Role.PHOTOGRAPHER),
        }.items()
    }
    assert answers == {"owner": 200, "service": 200, "other": 404, "buyer": 404, "photographer": 404}
    assert list(label.steps.filter(step="printed").values_list("note", flat=True)) == ["pdf"]


def test_every_format_has_its_type_and_an_unknown_one_is_not_found():
    seller = make_seller()
    label = make_label(seller=seller)
    client = client_of(owner_of(seller))
    for name, form in FORMATS.items():
        answer = client.get(reverse("fulfilment:label_file", args=[label.pk, name]))
        assert answer["Content-Type"] == form.mime
    assert client.get(reverse("fulfilment:label_file", args=[label.pk, "docx"])).status_code == 404


def test_a_voided_label_is_not_printed():
    from fondaco.fulfilment.operations.labels import void_label

    seller = make_seller()
    label = make_label(seller=seller)
    void_label(label_id=label.pk)
    run_tasks()
    answer = client_of(owner_of(seller)).get(reverse("fulfilment:label_file", args=[label.pk, "pdf"]))
    assert answer.status_code == 409
    assert b"%PDF" not in answer.content

"""A seller disputes the reason that a buyer chose; customer service decides (Q-25, Q-32). And what the overview says is due."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from fondaco.catalogue.tests.factories import make_jpeg
from fondaco.engine import clock
from fondaco.kit.errors import Denied, NotFound
from fondaco.returns import refusals
from fondaco.returns.models import ReasonDispute, ReturnPhoto
from fondaco.returns.operations import carrier, dispute, refund
from fondaco.returns.operations.warehouse import NewPhoto
from fondaco.returns.tests.factories import WEDNESDAY, arrived_order, make_return, service
from fondaco.sellers.rules import MemberRole
from fondaco.sellers.tests.factories import make_caller, make_member, make_person, make_seller

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def row():
    clock.set_to(at=WEDNESDAY - timedelta(days=3))
    found = make_return(arrived_order(), "DEFECTIVE", received_at=None)
    clock.set_to(at=WEDNESDAY)
    carrier.record_delivered(return_id=found.pk, at=WEDNESDAY)
    found.refresh_from_db()
    yield found
    clock.reset()


def photo() -> NewPhoto:
    return NewPhoto(make_jpeg(size=700), "works.jpg")


@pytest.mark.spec("Q-25", "Q-32")
def test_customer_service_recodes_a_disputed_reason_and_the_payer_follows(row) -> None:
    shop = make_caller(seller=row.seller)
    with pytest.raises(refusals.DisputeIncomplete):
        dispute.dispute(shop, number=row.number, unit=1, text="It works.")  # without a photo
    with pytest.raises(refusals.DisputeIncomplete):
        dispute.dispute(shop, number=row.number, unit=1, text="  ", photos=[photo()])
    assert not ReturnPhoto.objects.exists()  # a refusal leaves nothing behind
    made = dispute.dispute(shop, number=row.number, unit=1, text="It works.", photos=[photo()])
    assert dispute.dispute(shop, number=row.number, unit=1, text="Again.") == made
    with pytest.raises(Denied):
        dispute.decide_dispute(shop, number=row.number, unit=1, reason="NO_LONGER_NEEDED", answer="x")
    with pytest.raises(refusals.WhyNeeded):
        dispute.decide_dispute(service(), number=row.number, unit=1, reason="NO_LONGER_NEEDED", answer=" ")
    assert row.units.get().payer == "seller"
    dispute.decide_dispute(
        service(), number=row.number, unit=1, reason="NO_LONGER_NEEDED", answer="The photo shows it on."
    )
    unit = row.units.get()
    assert (unit.reason, unit.payer) == ("NO_LONGER_NEEDED", "buyer")
    assert ReasonDispute.objects.get().state == "recoded"
    with pytest.raises(refusals.NoDispute):
        dispute.decide_dispute(service(), number=row.number, unit=1, reason=None, answer="Again")
    plan = refund.refund_unit(shop, number=row.number, unit=1)
    assert plan.label_on_seller_minor == 0
    with pytest.raises(refusals.NotDisputable):
        dispute.dispute(shop, number=row.number, unit=1, text="Too late.")


@pytest.mark.spec("Q-32")
def test_strangers_and_viewers_cannot_dispute(row) -> None:
    with pytest.raises(NotFound):
        dispute.dispute(make_caller(seller=make_seller("Someone Else")), number=row.number, unit=1, text="x")
    person = make_person("Vera")
    make_member(person, row.seller, MemberRole.VIEWER)
    viewer = make_caller(person, seller=row.seller)
    with pytest.raises(Denied):
        dispute.dispute(viewer, number=row.number, unit=1, text="x", photos=[photo()])


@pytest.mark.spec("Q-25", "Q-32", "PRIME-22")
def test_dispute_and_decision_by_their_pages_and_the_tile_of_what_is_due(row) -> None:
    shop, desk = Client(), Client()
    shop.force_login(make_caller(seller=row.seller).person)
    desk.force_login(service().person)
    overview = shop.get(reverse("catalogue:portal")).content.decode()
    assert "Returns due" in overview
    page = reverse("returns:dispute", args=[row.number, 1])
    assert page in shop.get(reverse("returns:refund", args=[row.number, 1])).content.decode()
    assert shop.post(page, {"text": "It works."}).status_code == 422
    file = SimpleUploadedFile("works.jpg", make_jpeg(size=700), content_type="image/jpeg")
    assert shop.post(page, {"text": "It works.", "photos": [file]}).status_code == 302
    assert "Waiting for customer service" in shop.get(page).content.decode()
    assert row.number in desk.get(f"{reverse('returns:desk')}?show=disputes").content.decode()
    at_desk = reverse("returns:desk_return", args=[row.number])
    assert "It works." in desk.get(at_desk).content.decode()
    desk.post(at_desk, {"verb": "keep_dispute", "unit": "1", "answer": "It flickers."})
    assert "It flickers." in shop.get(page).content.decode()
    assert row.units.get().reason == "DEFECTIVE"

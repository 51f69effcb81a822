"""At once, in real threads: whoever commits first holds, and the other is told so."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from fondaco.cases.operations import open_case
from fondaco.cases.rules import CaseType
from fondaco.catalogue.models import ListingImage, Offer, StockMovement
from fondaco.catalogue.operations import move_units
from fondaco.catalogue.rules.stock import MovementKind
from fondaco.catalogue.tests.test_races import at_once
from fondaco.kit.errors import Refusal
from fondaco.ledger.models import Posting
from fondaco.policy import operations as policies
from fondaco.sellers.tests.factories import owner_of
from fondaco.studio import operations
from fondaco.studio.models import ImagingOrder
from fondaco.studio.operations import publish as publishing
from fondaco.studio.operations.batch import submit_batch, work_off
from fondaco.studio.rules.states import OrderState
from fondaco.studio.tests.factories import crew, here, make_studio_seller, placed, released

pytestmark = pytest.mark.django_db(transaction=True)


def outcome(answers: list[Any]) -> tuple[int, int]:
    """How many went through, how many were refused; anything else is a fault."""
    faults = [a for a in answers if isinstance(a, Exception) and not isinstance(a, Refusal)]
    assert not faults, faults
    refused = sum(isinstance(answer, Refusal) for answer in answers)
    return len(answers) - refused, refused


@pytest.mark.spec("IMG-SVC-15", "Q-56")
def test_one_click_sent_four_times_makes_one_order() -> None:
    _seller, caller = make_studio_seller()
    offer = here(caller)

    def click() -> Any:
        return operations.place_order(caller, asin=offer.product.asin, request_key="the-click")

    answers = at_once(click, click, click, click)
    assert outcome(answers) == (4, 0)
    assert len({order.pk for order in answers}) == 1
    offer.refresh_from_db()
    assert (offer.units_sellable, offer.units_away) == (4, 1)


@pytest.mark.spec("IMG-SVC-15", "Q-56")
def test_the_button_in_two_tabs_and_a_list_make_one_order() -> None:
    """Two tabs have two keys; each is sent twice; and the product stands on a list besides."""
    seller, caller = make_studio_seller()
    offer = here(caller)
    asin = offer.product.asin
    batch = submit_batch(caller, asins=[asin], request_key="list")
    owner = owner_of(seller)

    def press(key: str) -> Any:
        client = Client()
        client.force_login(owner, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client.post(reverse("studio:buy", args=[asin]), {"request_key": key}).status_code

    answers = at_once(
        lambda: press("tab-1"),
        lambda: press("tab-1"),
        lambda: press("tab-2"),
        lambda: press("tab-2"),
        lambda: work_off(batch.pk),
    )
    assert not [a for a in answers if isinstance(a, Exception)]
    assert set(answers[:4]) <= {302, 409}
    order = ImagingOrder.objects.get()
    ordered_by_list = batch.lines.get().order_id == order.pk
    assert answers[:4].count(302) == (0 if ordered_by_list else 2)  # both presses of the tab that won
    offer.refresh_from_db()
    assert (offer.units_sellable, offer.units_away) == (4, 1)
    assert order.movements.count() == 1


@pytest.mark.spec("IMG-SVC-28", "IMG-SVC-29")
def test_a_list_worked_off_by_two_workers_orders_each_product_once() -> None:
    _seller, caller = make_studio_seller()
    people = crew()
    offers = [here(caller) for _ in range(6)]
    policies.publish(author=people["operator"], key="imaging.capacity_per_day", store="US", value=4, note="x")
    batch = submit_batch(caller, asins=[offer.product.asin for offer in offers], request_key="list")
    single = lambda: operations.place_order(caller, asin=offers[-1].product.asin, request_key="one")  # noqa: E731
    answers = at_once(lambda: work_off(batch.pk), lambda: work_off(batch.pk), single)
    outcome(answers)
    assert ImagingOrder.objects.count() == 4  # what the day takes, whoever was first
    assert Offer.objects.filter(units_away=1, units_sellable=4).count() == 4
    assert StockMovement.objects.filter(kind="to_studio").count() == 4
    assert batch.lines.filter(state="waiting").count() == 0


@pytest.mark.spec("Q-04")
def test_the_last_unit_of_a_list_goes_to_the_buyer_or_to_the_studio() -> None:
    _seller, caller = make_studio_seller()
    offers = [here(caller, quantity=1) for _ in range(3)]
    batch = submit_batch(caller, asins=[offer.product.asin for offer in offers], request_key="list")
    answers = at_once(
        lambda: work_off(batch.pk),
        *(lambda pk=offer.pk: move_units(offer_id=pk, kind=MovementKind.RESERVE, units=1) for offer in offers),
    )
    outcome(answers)
    for offer in offers:
        offer.refresh_from_db()
        assert (offer.units_sellable, offer.units_away + offer.units_reserved) == (0, 1)
    assert ImagingOrder.objects.count() == sum(offer.units_away for offer in offers)
    refused = batch.lines.filter(state="refused")
    assert {line.refusal for line in refused} <= {"imaging_no_unit"}


@pytest.mark.spec("Q-04")
def test_the_last_unit_goes_to_the_buyer_or_to_the_studio() -> None:
    _seller, caller = make_studio_seller()
    offer = here(caller, quantity=1)
    answers = at_once(
        lambda: operations.place_order(caller, asin=offer.product.asin, request_key="a"),
        lambda: move_units(offer_id=offer.pk, kind=MovementKind.RESERVE, units=1),
    )
    assert outcome(answers) == (1, 1)
    offer.refresh_from_db()
    assert offer.units_sellable == 0
    assert offer.units_away + offer.units_reserved == 1
    assert ImagingOrder.objects.count() == offer.units_away


@pytest.mark.spec("IMG-SVC-29")
def test_the_days_last_place_is_given_once() -> None:
    _seller, caller = make_studio_seller()
    people = crew()
    policies.publish(author=people["operator"], key="imaging.capacity_per_day", store="US", value=1, note="x")
    offers = [here(caller) for _ in range(3)]
    acts = [
        lambda asin=offer.product.asin: operations.place_order(caller, asin=asin, request_key=asin) for offer in offers
    ]
    assert outcome(at_once(*acts)) == (1, 2)


@pytest.mark.spec("Q-05", "IMG-SVC-54")
def test_cancelled_or_received_but_not_both() -> None:
    _seller, caller = make_studio_seller()
    people = crew()
    order = placed(caller)
    case = open_case(
        caller,
        case_type=CaseType.IMAGING_CANCELLATION,
        contents={"asin": order.product.asin, "reason": "x"},
        request_key="c",
    )
    operations.pick(people["fc_associate"], label=order.label, scanned=order.label)
    operations.dispatch(people["fc_associate"], labels=[order.label])
    answers = at_once(
        lambda: operations.decide_cancellation(people["support"], number=case.number, accept=True),
        lambda: operations.receive(people["photographer"], label=order.label),
    )
    outcome(answers)
    order.refresh_from_db()
    request = order.cancellations.get()
    assert (order.state, request.state) in {
        (OrderState.CANCELLED, "accepted"),
        (OrderState.RECEIVED_AT_STUDIO, "refused"),
    }
    assert order.where == "studio"


@pytest.mark.spec("IMG-SVC-34")
def test_two_workers_publish_and_bill_once() -> None:
    _seller, caller = make_studio_seller()
    order = released(caller, crew())

    def work() -> None:
        with suppress(Refusal):
            publishing.publish(order.pk)
            publishing.bill(order.pk)

    assert outcome(at_once(work, work, work)) == (3, 0)
    assert ListingImage.objects.filter(source="studio").count() == 2
    assert Posting.objects.filter(reason="imaging_service").count() == 1

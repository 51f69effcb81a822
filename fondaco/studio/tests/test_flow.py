"""An order from one click to the statement."""

from __future__ import annotations

from typing import Any

import pytest
from django.core import mail

from fondaco.catalogue.models import ListingImage, Offer
from fondaco.catalogue.tests.factories import shown_image
from fondaco.engine import clock
from fondaco.engine.testing import run_tasks
from fondaco.ledger.tests.factories import give, owed, proceeds
from fondaco.sellers.rules import Role
from fondaco.studio import operations
from fondaco.studio.models import ImageRights, ImagingOrder
from fondaco.studio.rules.states import OrderState, Where
from fondaco.studio.tests.factories import billed, complete, crew, here, make_studio_seller, placed, received, staff

pytestmark = pytest.mark.django_db


def units(offer: Offer) -> tuple[int, int, int]:
    offer.refresh_from_db()
    return offer.units_sellable, offer.units_reserved, offer.units_away


@pytest.mark.spec("IMG-SVC-01", "IMG-SVC-15", "IMG-SVC-22", "IMG-SVC-32", "IMG-SVC-35", "IMG-SVC-26", "Q-08")
def test_from_one_click_to_the_statement() -> None:
    _seller, caller = make_studio_seller()
    people = crew()
    offer = here(caller, quantity=5)
    for number, slot in enumerate(("MAIN", "PT01", "PT02", "PT03")):
        shown_image(caller, offer.product, variant=slot, request_key=f"own-{number}")
    give(_seller, 10_000)
    order = placed(caller, offer)
    assert units(offer) == (4, 0, 1)
    fc = people["fc_associate"]
    operations.pick(fc, label=order.label, scanned=offer.sku.lower())
    operations.dispatch(fc, labels=[order.label])
    assert order.__class__.objects.get().where == Where.TO_STUDIO
    order.refresh_from_db()
    operations.receive(people["photographer"], label=order.label)
    finished = _shoot(people, order)
    assert finished.state == OrderState.IMAGING_COMPLETE
    operations.check_in(fc, label=order.label)
    assert units(offer) == (5, 0, 0)
    _release(people, order)
    run_tasks()
    order.refresh_from_db()
    assert order.state == OrderState.BILLED
    shown = list(ListingImage.objects.filter(product=offer.product, state="displayed").order_by("place"))
    assert [(i.variant, i.source) for i in shown] == [
        ("MAIN", "studio"),
        ("PT01", "studio"),
        ("PT02", "seller"),
        ("PT03", "seller"),
    ]
    assert ListingImage.objects.filter(product=offer.product, state="replaced").count() == 2
    assert proceeds(_seller) == 5_000
    assert owed(_seller) == 0
    legs = list(order.movements.order_by("at", "id").values_list("leg", flat=True))
    assert legs == ["reserved", "picked", "dispatched", "received", "sent_back", "checked_in"]
    assert [m.subject for m in mail.outbox if "are published" in m.subject]


@pytest.mark.spec("IMG-SVC-15", "IMG-SVC-10", "Q-56")
def test_one_click_cannot_order_twice() -> None:
    _seller, caller = make_studio_seller()
    offer = here(caller)
    first = operations.place_order(caller, asin=offer.product.asin, request_key="the-click")
    assert operations.place_order(caller, asin=offer.product.asin, request_key="the-click") == first
    with pytest.raises(Exception) as refused:
        operations.place_order(caller, asin=offer.product.asin, request_key="another-click")
    assert refused.value.CODE == "imaging_order_open"
    assert ImagingOrder.objects.count() == 1
    assert units(offer) == (4, 0, 1)


@pytest.mark.spec("IMG-SVC-34", "IMG-SVC-39", "IMG-SVC-40", "IMG-SVC-41")
def test_price_and_rights_of_a_set_with_a_model() -> None:
    seller, caller = make_studio_seller()
    order = billed(caller, crew(), shots=5, model=1)
    assert proceeds(seller) == 0
    rights = {r.image.variant: r for r in ImageRights.objects.filter(order=order).select_related("image")}
    assert (rights["MAIN"].has_model, rights["MAIN"].offsite, rights["MAIN"].ends_on is not None) == (True, False, True)
    assert (rights["PT01"].has_model, rights["PT01"].offsite, rights["PT01"].ends_on) == (False, True, None)
    assert {r.owner for r in rights.values()} == {"marketplace"}


@pytest.mark.spec("Q-05", "IMG-SVC-54")
def test_a_unit_on_its_way_to_the_studio_can_still_be_cancelled_and_goes_back() -> None:
    _seller, caller = make_studio_seller()
    people = crew()
    offer = here(caller)
    order = placed(caller, offer)
    operations.pick(people["fc_associate"], label=order.label, scanned=order.label)
    operations.dispatch(people["fc_associate"], labels=[order.label])
    from fondaco.cases.operations import open_case
    from fondaco.cases.rules import CaseType

    case = open_case(
        caller,
        case_type=CaseType.IMAGING_CANCELLATION,
        contents={"asin": offer.product.asin, "reason": "sold out"},
        request_key="case-1",
    )
    operations.decide_cancellation(people["support"], number=case.number, accept=True)
    order.refresh_from_db()
    assert order.state == OrderState.CANCELLED
    assert units(offer) == (4, 0, 1)
    operations.receive(people["photographer"], label=order.label)
    operations.send_back(people["photographer"], label=order.label)
    operations.check_in(people["fc_associate"], label=order.label)
    assert units(offer) == (5, 0, 0)
    order.refresh_from_db()
    assert (order.state, order.billed_at) == (OrderState.CANCELLED, None)


@pytest.mark.spec("IMG-SVC-52", "IMG-SVC-53", "Q-12", "B-SVC-03")
@pytest.mark.parametrize(
    ("product_type", "is_loss", "paid"), [("mug", False, 1999), ("watch", False, 0), ("watch", True, 1999)]
)
def test_loss_is_reimbursed_and_damage_unless_excluded(product_type: str, is_loss: bool, paid: int) -> None:
    seller, caller = make_studio_seller()
    people = crew()
    attributes = {
        "color": "grey",
        "display_type": "analog",
        "band_material": "leather",
        "material": "steel",
        "size": "M",
    }
    offer = here(caller, product_type=product_type, attributes=attributes)
    order = received(caller, people, offer)
    operations.report_harm(people["photographer"], label=order.label, is_loss=is_loss)
    order.refresh_from_db()
    assert order.state == OrderState.NOT_PHOTOGRAPHED
    assert order.exit == ("lost" if is_loss else "damaged")
    assert proceeds(seller) == paid
    assert units(offer) == (4, 0, 0)


def _shoot(people: dict[str, Any], order: ImagingOrder) -> ImagingOrder:
    from fondaco.studio.tests.factories import studio_jpeg

    by = people["photographer"]
    operations.decide(by, order_id=str(order.pk), shoot_with="tabletop")
    operations.note_research(by, order_id=str(order.pk), text="Three quarters from above.")
    for n in (1, 2):
        operations.take_shot(by, order_id=str(order.pk), data=studio_jpeg(n), request_key=f"s{n}")
    return operations.finish(by, order_id=str(order.pk))


def _release(people: dict[str, Any], order: ImagingOrder) -> None:
    for shot in order.shots.all():
        operations.pass_shot(people["retoucher"], shot_id=str(shot.pk))
    operations.release(people["retoucher"], order_id=str(order.pk))


@pytest.mark.spec("IMG-SVC-29", "IMG-SVC-30", "IMG-SVC-37")
def test_a_unit_that_cannot_be_located_ends_the_order_and_is_never_lost_from_sight() -> None:
    seller, caller = make_studio_seller()
    fc = staff(Role.FC_ASSOCIATE)
    offer = here(caller)
    order = placed(caller, offer)
    operations.cannot_locate(fc, label=order.label)
    order.refresh_from_db()
    assert (order.state, order.exit, order.where) == (OrderState.NOT_PHOTOGRAPHED, "not_located", Where.MISSING)
    assert units(offer) == (4, 0, 1)
    assert "not photographed" in mail.outbox[-1].subject
    operations.found_again(fc, label=order.label)
    assert units(offer) == (5, 0, 0)
    other = placed(caller, offer)
    operations.cannot_locate(fc, label=other.label)
    operations.give_up(fc, label=other.label)
    assert units(offer) == (4, 0, 0)
    assert proceeds(seller) == offer.price_minor


@pytest.mark.spec("IMG-SVC-36", "Q-06")
def test_the_estimate_counts_days_in_the_stores_zone() -> None:
    from datetime import datetime
    from zoneinfo import ZoneInfo

    chicago = ZoneInfo("America/Chicago")
    clock.set_to(at=datetime(2022, 3, 1, 22, 30, tzinfo=chicago))
    _seller, caller = make_studio_seller()
    order = received(caller, crew())
    assert order.eta_at.astimezone(chicago).date().isoformat() == "2022-03-16"


def test_complete_set_waits_for_the_retoucher() -> None:
    _seller, caller = make_studio_seller()
    order = complete(caller, crew())
    run_tasks()
    order.refresh_from_db()
    assert order.state == OrderState.IMAGING_COMPLETE
    assert order.published_at is None

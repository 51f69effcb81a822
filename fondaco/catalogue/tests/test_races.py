"""Everything at once, in real threads with connections of their own: one winner, nothing lost, nothing doubled."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from fondaco.catalogue.models import ImageGroup, ListingImage, Offer, Product, StockMovement
from fondaco.catalogue.operations import (
    add_product,
    change_offer,
    looking,
    move_units,
    publish_galleries,
    restore_image,
    submit_image,
)
from fondaco.catalogue.rules.stock import MovementKind, NotEnoughUnits
from fondaco.catalogue.tests.factories import make_jpeg, make_offer, make_product, seller_and_caller, shown_image
from fondaco.engine.testing import run_tasks

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """Run these together; returns what each answered, or the exception it raised."""
    barrier, answers = threading.Barrier(len(acts)), [None] * len(acts)

    def run(number: int, act: Callable[[], Any]) -> None:
        try:
            barrier.wait()
            answers[number] = act()
        except Exception as error:
            answers[number] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def test_one_form_sent_four_times_makes_one_product():
    _, caller = seller_and_caller()
    picture = make_jpeg(size=600)

    def add():
        from fondaco.catalogue.operations import NewImage

        return add_product(
            caller,
            title="Mug",
            product_type="mug",
            attributes={"color": "blue"},
            sku="M-1",
            price_minor=100,
            quantity=3,
            pictures=[NewImage(data=picture)],
            request_key="form",
        )

    answers = at_once(add, add, add, add)
    assert {answer.offer.pk for answer in answers} == {Offer.objects.get().pk}
    assert (Product.objects.count(), ListingImage.objects.count(), StockMovement.objects.count()) == (1, 1, 1)


def test_one_picture_sent_four_times_is_submitted_once():
    _, caller = seller_and_caller()
    product, data = make_product(caller), make_jpeg(size=600)
    answers = at_once(*[lambda: submit_image(caller, asin=product.asin, data=data, request_key="k")] * 4)
    assert {answer.pk for answer in answers} == {ListingImage.objects.get().pk}


def test_pictures_for_one_slot_leave_one_candidate():
    _, caller = seller_and_caller()
    product = make_product(caller)
    pictures = [make_jpeg(size=600) for _ in range(4)]
    at_once(*[lambda data=data: submit_image(caller, asin=product.asin, data=data) for data in pictures])
    states = sorted(ListingImage.objects.values_list("state", flat=True))
    assert states == ["replaced", "replaced", "replaced", "submitted"]
    run_tasks()
    assert ListingImage.objects.filter(state="displayed").count() == 1


def test_workers_with_the_same_pictures_look_at_each_once():
    _, caller = seller_and_caller()
    images = [submit_image(caller, asin=make_product(caller).asin, data=make_jpeg(size=600)).pk for _ in range(6)]
    answers = at_once(*[lambda: looking.look_at(images)] * 3)
    assert sum(answers) == 6
    assert ListingImage.objects.filter(state="displayed", attempts=1).count() == 6


def test_galleries_published_by_several_at_once_show_one_group():
    _, harbor = seller_and_caller("Harbor Goods")
    _, swift = seller_and_caller("Swift Outfitters")
    product = make_product(harbor)
    for caller in (harbor, swift):
        submit_image(caller, asin=product.asin, data=make_jpeg(size=600))
    ids = [str(pk) for pk in ListingImage.objects.values_list("pk", flat=True)]
    answers = at_once(
        lambda: looking.look_at(ids[:1]),
        lambda: looking.look_at(ids[1:]),
        *[lambda: publish_galleries([product.pk])] * 3,
    )
    assert not [answer for answer in answers if isinstance(answer, Exception)]
    publish_galleries([product.pk])
    assert ImageGroup.objects.filter(displayed=True).count() == 1
    assert sorted(ListingImage.objects.values_list("state", flat=True)) == ["displayed", "not_selected"]


def test_restoring_and_replacing_at_once_leave_one_picture_standing():
    _, caller = seller_and_caller()
    product = make_product(caller)
    old, _new = shown_image(caller, product), shown_image(caller, product)
    data = make_jpeg(size=700)
    answers = at_once(
        lambda: restore_image(caller, image_id=old.pk),
        lambda: submit_image(caller, asin=product.asin, data=data),
        lambda: restore_image(caller, image_id=old.pk),
    )
    assert sum(isinstance(answer, ListingImage) for answer in answers) == 2
    run_tasks()
    standing = ListingImage.objects.filter(state="displayed")
    assert standing.count() == 1
    assert not ListingImage.objects.filter(state__in=["submitted", "processing", "eligible"]).exists()


@pytest.mark.spec("Q-04")
def test_the_last_unit_goes_to_one_of_many():
    offer = make_offer(seller_and_caller()[1], quantity=3)
    kinds = [MovementKind.RESERVE, MovementKind.TO_STUDIO] * 4
    answers = at_once(*[lambda kind=kind: move_units(offer_id=offer.pk, kind=kind, units=1) for kind in kinds])
    assert sum(isinstance(answer, NotEnoughUnits) for answer in answers) == 5
    offer.refresh_from_db()
    assert (offer.units_sellable, offer.units_reserved + offer.units_away) == (0, 3)


def test_one_movement_key_used_at_once_moves_once():
    offer = make_offer(seller_and_caller()[1], quantity=9)
    at_once(*[lambda: move_units(offer_id=offer.pk, kind=MovementKind.RESERVE, units=2, key="order-7")] * 4)
    offer.refresh_from_db()
    assert (offer.units_sellable, offer.units_reserved) == (7, 2)


def test_counts_stated_at_once_agree_with_the_movements():
    _, caller = seller_and_caller()
    offer = make_offer(caller, quantity=5)
    at_once(*[lambda n=n: change_offer(caller, offer_id=offer.pk, quantity=n) for n in (0, 3, 8, 1)])
    offer.refresh_from_db()
    balance = sum(m.units if m.to_bucket == "sellable" else -m.units for m in StockMovement.objects.all())
    assert balance == offer.units_sellable
    assert offer.units_sellable in (0, 3, 8, 1)

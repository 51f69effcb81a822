"""Killed between any two steps of publication and billing, and then done again: pictures and bill exactly once.

A real process is killed (SIGKILL) before its first statement, before its second, and so on through every statement and
commit, until it lives through all of them. After each death nothing may have happened at all, or everything.
"""

from __future__ import annotations

import os
import signal
import traceback
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, connections

from fondaco.catalogue.models import ImageGroup, ListingImage, Product
from fondaco.catalogue.tests.factories import shown_image
from fondaco.engine.sweeps import run_all
from fondaco.engine.testing import forget_tasks, run_tasks
from fondaco.history.models import Event
from fondaco.ledger.models import Posting
from fondaco.ledger.tests.factories import assert_books_in_order, give, owed, proceeds
from fondaco.studio.models import ImageRights, ImagingOrder
from fondaco.studio.operations import publish as publishing
from fondaco.studio.operations import rights
from fondaco.studio.rules.states import OrderState
from fondaco.studio.tests.factories import crew, here, make_studio_seller, released

pytestmark = pytest.mark.django_db(transaction=True)
MOST_STEPS = 500


def killed_before(step: int, act: Callable[[], Any]) -> bool:
    """Does it in a process of its own, which dies before its statement or commit number `step`; False when it lived."""
    connections.close_all()  # a connection belongs to one process
    pid = os.fork()
    if pid == 0:
        try:
            _run_and_die(step, act)
            os._exit(0)
        except BaseException:
            traceback.print_exc()
            os._exit(1)
    _pid, status = os.waitpid(pid, 0)
    if os.WIFSIGNALED(status):
        assert os.WTERMSIG(status) == signal.SIGKILL
        return True
    assert os.WEXITSTATUS(status) == 0
    return False


def _run_and_die(step: int, act: Callable[[], Any]) -> None:
    done = 0

    def tick() -> None:
        nonlocal done
        done += 1
        if done == step:
            os.kill(os.getpid(), signal.SIGKILL)

    def statement(execute: Any, *args: Any) -> Any:
        tick()
        return execute(*args)

    commit = connection.commit

    def counted_commit() -> None:
        tick()
        commit()

    connection.commit = counted_commit  # type: ignore[method-assign]
    with connection.execute_wrapper(statement):
        act()


def die_at_every_step(act: Callable[[], Any], check: Callable[[], None]) -> int:
    """Until it lives; returns how many deaths there were."""
    for step in range(1, MOST_STEPS):
        if not killed_before(step, act):
            return step - 1
        check()
    raise AssertionError("it never ends")


@pytest.mark.spec("IMG-SVC-02", "IMG-SVC-03", "IMG-SVC-04", "IMG-SVC-34", "Q-07", "Q-08")
def test_pictures_and_bill_exactly_once() -> None:
    seller, caller = make_studio_seller()
    offer = here(caller)
    for number, slot in enumerate(("MAIN", "PT02")):
        shown_image(caller, offer.product, variant=slot, request_key=f"own-{number}")
    own_main = Product.objects.get(pk=offer.product_id).main_picture_id
    give(seller, 3_000)
    order = released(caller, crew(), offer, model=1)
    forget_tasks()  # the queue is lost as well

    def nothing_published() -> None:
        found = ImagingOrder.objects.get()
        assert (found.state, found.published_at) == (OrderState.IMAGING_COMPLETE, None)
        assert ListingImage.objects.filter(source="studio").count() == ImageRights.objects.count() == 0
        assert ListingImage.objects.filter(source="seller", state="displayed").count() == 2
        assert Product.objects.get(pk=offer.product_id).main_picture_id == own_main
        assert not Event.objects.filter(verb="imaging.published").exists()

    assert die_at_every_step(lambda: publishing.publish(order.pk), nothing_published) > 15
    assert ImagingOrder.objects.get().published_at is not None

    def nothing_billed() -> None:
        found = ImagingOrder.objects.get()
        assert (found.state, found.billed_at) == (OrderState.IMAGING_COMPLETE, None)
        assert not Posting.objects.filter(reason="imaging_service").exists()
        assert proceeds(seller) == 3_000

    assert die_at_every_step(lambda: publishing.bill(order.pk), nothing_billed) > 10
    for _again in range(2):
        publishing.publish(order.pk)
        publishing.bill(order.pk)
        run_all()
        run_tasks()
    found = ImagingOrder.objects.get()
    assert found.state == OrderState.BILLED
    images = ListingImage.objects.filter(source="studio", state="displayed")
    assert sorted(images.values_list("variant", flat=True)) == ["MAIN", "PT01"]
    assert ListingImage.objects.filter(source="seller", state="displayed").count() == 1
    assert ListingImage.objects.filter(source="seller", state="replaced").count() == 1
    assert ImageGroup.objects.filter(product=offer.product, displayed=True).count() == 1
    assert ImageRights.objects.count() == 2
    assert Posting.objects.filter(reason="imaging_service").count() == 1
    assert (proceeds(seller), owed(seller)) == (0, 0)  # 30.00 from the proceeds, 20.00 from the card
    assert Event.objects.filter(verb="imaging.published").count() == 1
    assert Event.objects.filter(verb="imaging.billed").count() == 1
    assert_books_in_order()


@pytest.mark.spec("IMG-SVC-02")
def test_a_lost_queue_is_found_again_by_the_sweep() -> None:
    _seller, caller = make_studio_seller()
    order = released(caller, crew())
    forget_tasks()
    for _minute in range(2):
        run_all()
        run_tasks()
    order.refresh_from_db()
    assert order.state == OrderState.BILLED
    assert ListingImage.objects.filter(source="studio").count() == 2
    assert Posting.objects.filter(reason="imaging_service").count() == 1


@pytest.mark.spec("IMG-SVC-44", "IMG-SVC-45", "Q-13")
def test_a_licence_is_noticed_and_ended_exactly_once() -> None:
    from datetime import timedelta

    from fondaco.engine import clock

    _seller, caller = make_studio_seller()
    order = released(caller, crew(), model=1)
    publishing.publish(order.pk)
    forget_tasks()
    row = ImageRights.objects.get(order=order, has_model=True)
    now = clock.now()
    ImageRights.objects.filter(pk=row.pk).update(notice_at=now - timedelta(days=1))

    def not_noticed() -> None:
        assert ImageRights.objects.get(pk=row.pk).noticed_at is None
        assert not Event.objects.filter(verb="image.licence_notice").exists()

    assert die_at_every_step(lambda: rights.notice([row.pk]), not_noticed) > 3
    ImageRights.objects.filter(pk=row.pk).update(delete_at=now - timedelta(hours=1))

    def not_ended() -> None:
        assert ImageRights.objects.get(pk=row.pk).deleted_at is None
        assert ListingImage.objects.get(pk=row.pk).state == "displayed"
        assert Product.objects.get(pk=order.product_id).main_picture_id == row.image.picture_id

    assert die_at_every_step(lambda: rights.expire([row.pk]), not_ended) > 8
    assert rights.notice([row.pk]) == rights.expire([row.pk]) == 0
    assert ListingImage.objects.get(pk=row.pk).state == "expired"
    assert Event.objects.filter(verb="image.licence_notice").count() == 1
    assert Event.objects.filter(verb="image.expired").count() == 1

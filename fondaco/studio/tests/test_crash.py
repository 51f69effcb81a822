"""Killed between any two steps of publication and billing, and then done again: pictures and bill exactly once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from unittest import mock

import pytest

from fondaco.catalogue.models import ListingImage
from fondaco.engine.sweeps import run_all
from fondaco.engine.testing import forget_tasks, run_tasks
from fondaco.ledger.models import Posting
from fondaco.ledger.tests.factories import assert_books_in_order
from fondaco.studio.models import ImageRights, ImagingOrder
from fondaco.studio.operations import publish as publishing
from fondaco.studio.rules.states import OrderState
from fondaco.studio.tests.factories import crew, make_studio_seller, released

pytestmark = pytest.mark.django_db(transaction=True)


class Killed(BaseException):
    """Not an Exception: nothing on the way may catch it and tidy up."""


STEPS = (
    "render_picture",
    "place_judged",
    "_write_rights",
    "publish_locked",
    "_tell",
    "nudges.bill",
    "ledger.charge_seller",
    "history.record",
)


def killed_at(name: str, *, before: bool) -> Any:
    """Patches one step of `publish` so that the process dies right before or right after it."""
    where, _, attribute = name.rpartition(".")
    owner = getattr(publishing, where) if where else publishing
    real: Callable[..., Any] = getattr(owner, attribute)

    def step(*args: Any, **kwargs: Any) -> Any:
        if not before:
            real(*args, **kwargs)
        raise Killed

    return mock.patch.object(owner, attribute, step)


@pytest.mark.spec("IMG-SVC-02", "IMG-SVC-03", "IMG-SVC-34")
@pytest.mark.parametrize("before", [True, False], ids=["before", "after"])
@pytest.mark.parametrize("step", STEPS)
def test_pictures_and_bill_exactly_once(step: str, before: bool) -> None:
    _seller, caller = make_studio_seller()
    order = released(caller, crew())
    forget_tasks()  # the queue is lost as well
    with killed_at(step, before=before):
        for verb in (publishing.publish, publishing.bill):
            try:
                verb(order.pk)
            except Killed:
                break
    found = ImagingOrder.objects.get()
    published = found.published_at is not None
    assert ListingImage.objects.filter(source="studio").count() == (2 if published else 0)
    assert (found.state == OrderState.BILLED) == Posting.objects.filter(reason="imaging_service").exists()
    for _again in range(3):
        run_all()
        run_tasks()
    found.refresh_from_db()
    assert found.state == OrderState.BILLED
    assert ListingImage.objects.filter(source="studio").count() == 2
    assert ImageRights.objects.count() == 2
    assert Posting.objects.filter(reason="imaging_service").count() == 1
    assert_books_in_order()

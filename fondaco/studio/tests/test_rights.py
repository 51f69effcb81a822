"""Licences end on their day: each picture is taken off once, its seller is told once, its files go."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.test import Client

from fondaco.catalogue.models import ListingImage, Product
from fondaco.engine import clock, files
from fondaco.engine.sweeps import run_all
from fondaco.engine.testing import run_tasks
from fondaco.history.models import Event
from fondaco.images.queries import picture_urls
from fondaco.kit.errors import Denied
from fondaco.studio import operations
from fondaco.studio.models import ImageRights
from fondaco.studio.operations import rights
from fondaco.studio.rules.rights import licence
from fondaco.studio.tests.factories import billed, crew, make_studio_seller

CHICAGO = ZoneInfo("America/Chicago")
OFFSITE = {"with_model": False, "without_model": True}


def held(published: datetime, *, model: bool = True, agreed: date | None = None):
    return licence(
        has_model=model,
        published_at=published,
        agreed_end=agreed,
        years=2,
        notice_days=30,
        offsite_use=OFFSITE,
        zone=CHICAGO,
    )


@pytest.mark.spec("IMG-SVC-44", "IMG-SVC-45", "Q-13")
def test_two_years_or_what_was_agreed() -> None:
    noon = datetime(2022, 1, 10, 12, tzinfo=CHICAGO)
    assert held(noon).ends_on == date(2024, 1, 10)
    assert held(noon).notice_at == datetime(2023, 12, 11, tzinfo=CHICAGO)
    assert held(datetime(2024, 2, 29, 12, tzinfo=CHICAGO)).ends_on == date(2026, 2, 28)
    assert held(noon, agreed=date(2022, 1, 20)).ends_on == date(2022, 1, 20)
    assert held(noon, agreed=date(2022, 1, 20)).notice_at == noon  # known less than 30 days ahead: at once
    assert held(noon, model=False).ends_on is None
    assert (held(noon).offsite, held(noon, model=False).offsite) == (False, True)


@pytest.mark.django_db
@pytest.mark.spec("IMG-SVC-44", "IMG-SVC-45", "Q-13")
def test_once_told_once_taken_off_and_the_next_moves_up() -> None:
    clock.set_to(at=datetime(2022, 1, 10, 12, tzinfo=CHICAGO))
    _seller, caller = make_studio_seller()
    order = billed(caller, crew(), shots=2, model=1)
    main = ImageRights.objects.select_related("image__picture").get(order=order, has_model=True)
    address = picture_urls(main.image.picture).src
    shown = Client().get(address)
    assert shown.status_code == 200
    assert "immutable" in shown.headers["Cache-Control"]  # more than a year to go
    clock.set_to(at=datetime(2024, 1, 9, 12, tzinfo=CHICAGO))
    kept = Client().get(address).headers["Cache-Control"]
    assert int(kept.split("max-age=")[1].split(",")[0]) <= 12 * 3600
    for _minute in range(3):
        run_all()
        run_tasks()
    assert len([m for m in mail.outbox if "will be deleted" in m.subject]) == 1
    clock.set_to(at=datetime(2024, 1, 10, 0, 1, tzinfo=CHICAGO))
    assert Client().get(address).status_code == 404  # the address ends with the licence, before any task has run
    for _minute in range(3):
        run_all()
        run_tasks()
    image = ListingImage.objects.get(pk=main.pk)
    assert image.state == "expired"
    assert Event.objects.filter(verb="image.expired").count() == 1
    assert not files.exists("originals", main.image.picture_id)
    product = Product.objects.get(pk=order.product_id)
    other = ImageRights.objects.get(order=order, has_model=False)
    assert product.main_picture_id == other.image.picture_id
    assert rights.expire([main.pk]) == 0
    assert rights.notice([main.pk]) == 0


@pytest.mark.django_db
@pytest.mark.spec("Q-13")
def test_when_nothing_is_left_the_listing_is_flagged() -> None:
    _seller, caller = make_studio_seller()
    order = billed(caller, crew(), shots=2, model=2)
    clock.set_to(at=clock.now() + timedelta(days=3 * 365))
    run_all()
    run_tasks()
    product = Product.objects.get(pk=order.product_id)
    assert (product.main_picture_id, product.searchable, product.held_reason) == (None, False, "image_missing")


@pytest.mark.django_db
@pytest.mark.spec("IMG-SVC-42", "B-SVC-01")
def test_the_operator_alone_withdraws_and_all_use_takes_it_off() -> None:
    _seller, caller = make_studio_seller()
    people = crew()
    order = billed(caller, people, shots=2)
    main = ImageRights.objects.get(order=order, image__variant="MAIN")
    with pytest.raises(Denied):
        operations.withdraw(people["support"], image_id=str(main.pk), why="x", all_use=True)
    operations.withdraw(people["operator"], image_id=str(main.pk), why="Claimed by a third party", all_use=True)
    operations.withdraw(people["operator"], image_id=str(main.pk), why="again", all_use=True)
    main.refresh_from_db()
    assert (main.image.state, main.withdrawn_why) == ("rights_withdrawn", "Claimed by a third party")
    assert Event.objects.filter(verb="image.rights_withdrawn").count() == 1

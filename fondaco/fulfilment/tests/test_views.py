"""What product pages promised to members: counted, cheaply, and nothing of who looked (B-PRIME-06)."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from fondaco.engine import clock
from fondaco.engine.sweeps import run_all
from fondaco.engine.testing import run_tasks
from fondaco.fulfilment.models import PromiseView
from fondaco.fulfilment.operations import views
from fondaco.fulfilment.queries.metrics import performance_of
from fondaco.fulfilment.rules.metrics import Rate
from fondaco.fulfilment.rules.parcels import SizeTier
from fondaco.fulfilment.tests.factories import TWO_DAY, prime_offer, prime_seller
from fondaco.orders.tests.factories import make_buyer

TUESDAY = datetime(2022, 6, 7, 15, 0, tzinfo=UTC)

pytestmark = [pytest.mark.django_db, pytest.mark.spec("B-PRIME-06")]


@pytest.fixture(autouse=True)
def tuesday():
    views._held.clear()
    clock.set_to(at=TUESDAY)
    yield
    clock.reset()
    views._held.clear()


def look(offer, person=None) -> None:
    client = Client()
    if person:
        client.force_login(person)
    client.post(reverse("orders:deliver_to"), {"zip": "43004"})
    assert client.get(reverse("catalogue:product", args=[offer.product.asin])).status_code == 200


def test_a_members_page_view_counts_and_nobody_elses():
    seller = prime_seller()
    offer = prime_offer(seller, options=TWO_DAY)
    look(offer)
    look(offer, make_buyer("Other", member=False))
    look(offer, seller.person)  # its own page
    assert views.write_down() == 0
    member = make_buyer("Member", member=True)
    for _each in range(2):
        look(offer, member)
    assert views.write_down() == 2
    row = PromiseView.objects.get()
    assert (row.offer, row.day, row.region, row.days, row.views) == (offer, TUESDAY.date(), "US-OH", 2, 2)
    look(offer, member)
    views.write_down()
    assert PromiseView.objects.get().views == 3
    speeds = dict(dict(performance_of(seller.seller, at=clock.now()).speeds)[SizeTier.STANDARD])
    assert (speeds["one_day"].rate, speeds["two_day"].rate) == (Rate(0, 3), Rate(3, 3))
    fields = {f.name for f in PromiseView._meta.get_fields()}
    assert fields == {"id", "offer", "day", "region", "days", "views"}  # nothing says who looked


def test_a_page_view_asks_the_database_nothing():
    offer = prime_offer(options=TWO_DAY)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        for _each in range(100):
            views.note(offer.pk, day=TUESDAY.date(), region="US-OH", days=2)
    assert not asked.captured_queries
    assert views.write_down() == 100


def test_many_threads_lose_no_view():
    offer = prime_offer(options=TWO_DAY)

    def many() -> None:
        for n in range(500):
            views.note(offer.pk, day=TUESDAY.date(), region="US-OH", days=n % 3)

    threads = [threading.Thread(target=many) for _each in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert views.write_down() == 2000
    assert sum(PromiseView.objects.values_list("views", flat=True)) == 2000


def test_what_cannot_be_written_stays_for_the_next_time(monkeypatch):
    offer = prime_offer(options=TWO_DAY)
    views.note(offer.pk, day=TUESDAY.date(), region="US-OH", days=2)

    def broken(_taken) -> None:
        raise DatabaseError("away")

    with monkeypatch.context() as patch:
        patch.setattr(views, "_add", broken)
        with pytest.raises(DatabaseError):
            views.write_down()
    assert views.write_down() == 1
    assert PromiseView.objects.get().views == 1


def test_counts_are_forgotten_after_a_season_and_memory_is_bounded(monkeypatch):
    offer = prime_offer(options=TWO_DAY)
    views.note(offer.pk, day=TUESDAY.date(), region="US-OH", days=2)
    views.write_down()
    clock.set_to(at=TUESDAY + timedelta(days=100))
    run_all()
    run_tasks()
    assert PromiseView.objects.count() == 1
    clock.set_to(at=TUESDAY + timedelta(days=102))
    run_all()
    run_tasks()
    assert not PromiseView.objects.exists()
    monkeypatch.setattr(views, "MOST_HELD", 2)
    for region in ("US-OH", "US-IN", "US-MI", "US-OH"):
        views.note(offer.pk, day=TUESDAY.date(), region=region, days=2)
    assert views.write_down() == 3

"""The clock's page and the simulators: the operator's, in a demo store only."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.urls import reverse

from fondaco.demo import beside
from fondaco.demo.imagehost import ImageHost
from fondaco.engine import clock
from fondaco.history.models import Event
from fondaco.sellers.tests.factories import make_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator(client):
    client.force_login(make_staff("operator"))
    return client


@pytest.fixture
def host():
    with ImageHost() as running:
        beside._running.append(running)
        yield running
        beside._running.remove(running)


def test_sets_the_clock_and_says_who_did(operator) -> None:
    operator.post(reverse("demo:clock"), {"at": "2022-03-01T09:00"})
    assert clock.now().year == 2022
    assert Event.objects.filter(verb="clock.set").count() == 1
    before = clock.now()
    operator.post(reverse("demo:clock"), {"hours": "25"})
    assert 24.9 < (clock.now() - before).total_seconds() / 3600 < 25.1
    operator.post(reverse("demo:clock_real"))
    assert abs((clock.now() - datetime.now(UTC)).total_seconds()) < 5


@pytest.mark.parametrize("data", [{}, {"at": "soon"}, {"hours": "-1"}, {"hours": "999999999"}])
def test_says_what_is_wrong_with_a_time(operator, data) -> None:
    assert operator.post(reverse("demo:clock"), data).status_code == 422
    assert not Event.objects.filter(verb="clock.set").exists()


@pytest.mark.parametrize("role", ["support", "customer_service"])
def test_nobody_else_sets_it(client, role) -> None:
    client.force_login(make_staff(role))
    assert client.post(reverse("demo:clock"), {"hours": "1"}).status_code == 404


def test_a_real_store_has_no_such_page(operator, settings) -> None:
    settings.DEMO = settings.TESTING = False
    for name in ("demo:clock", "demo:simulators"):
        assert operator.get(reverse(name)).status_code == 404


def test_the_image_host_fails_when_told_and_remembers(operator, host) -> None:
    operator.post(reverse("demo:fault"), {"path": "/good/", "kind": "404", "times": "1"})
    assert [f.prefix for f in host.faults()] == ["/good/"]
    host.answer("GET", "/good/mug/1.jpg", {})
    page = operator.get(reverse("demo:simulators")).content.decode()
    assert "/good/mug/1.jpg" in page
    operator.post(reverse("demo:heal"))
    assert not host.faults()


def test_without_an_image_host_the_page_says_how_to_get_one(operator) -> None:
    assert b"make demo" in operator.get(reverse("demo:simulators")).content

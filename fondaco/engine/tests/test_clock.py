"""The store's clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from fondaco.engine import clock

pytestmark = pytest.mark.django_db


def test_can_be_set_and_runs_on() -> None:
    clock.set_to(at=datetime(2022, 3, 1, 9, tzinfo=UTC))
    first = clock.now()
    assert timedelta(0) <= first - datetime(2022, 3, 1, 9, tzinfo=UTC) < timedelta(seconds=5)
    assert clock.now() > first


def test_returns_to_the_machines_time() -> None:
    clock.set_to(at=datetime(2022, 3, 1, 9, tzinfo=UTC))
    clock.reset()
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=5)


def test_refuses_to_move_a_real_store(settings) -> None:
    settings.DEMO = settings.TESTING = False
    with pytest.raises(clock.ClockIsReal):
        clock.set_to(at=datetime(2022, 3, 1, 9, tzinfo=UTC))
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=5)


def test_stands_until_it_is_set_again() -> None:
    monday = datetime(2026, 1, 5, 15, tzinfo=UTC)
    clock.stand(at=monday)
    assert clock.now() == clock.now() == monday
    clock.set_to(at=monday + timedelta(days=3))
    assert (clock.now(), clock.stands()) == (monday + timedelta(days=3), True)
    clock.run()
    assert not clock.stands()
    assert timedelta(0) <= clock.now() - (monday + timedelta(days=3)) < timedelta(seconds=5)


@pytest.mark.parametrize("stands", [True, False])
def test_reads_otherwise_for_a_moment_only(stands: bool) -> None:
    monday, earlier = datetime(2026, 1, 5, 15, tzinfo=UTC), datetime(2025, 12, 1, tzinfo=UTC)
    (clock.stand if stands else clock.set_to)(at=monday)
    with clock.for_a_moment(at=earlier):
        assert clock.now() - earlier < timedelta(seconds=5)
    assert clock.stands() is stands
    assert timedelta(0) <= clock.now() - monday < timedelta(seconds=5)

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

"""A short kill storm on the database of this run: nothing lost, nothing doubled (the long form: `make storm`)."""

from __future__ import annotations

import random

import pytest
from django.db import connection

from benchmarks.storm import Storm, blow

pytestmark = [pytest.mark.django_db, pytest.mark.slow]  # the mark: once on each database


@pytest.mark.timeout(420)
def test_killed_processes_lose_and_double_nothing():
    seed = random.SystemRandom().randint(1, 99_999)
    storm = Storm(
        connection.vendor, rows=200, seconds=10, seed=seed, files=3, different=8, pauses_s=(1.0, 3.0), drain_s=300
    )
    outcome = blow(storm)
    assert outcome is not None
    assert not any(outcome["faults"].values()), (f"seed {seed}", outcome["faults"])
    assert sum(outcome["kills"].values()) >= 2
    assert outcome["stopped_when_asked"], f"seed {seed}: worker and web end by themselves when they are asked to"

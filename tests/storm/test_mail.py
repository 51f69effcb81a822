"""Mail under fire on the database of this run: whatever was acknowledged is one message in its thread."""

from __future__ import annotations

import random

import pytest
from django.db import connection

from benchmarks.mail_storm import blow

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.mark.timeout(420)
@pytest.mark.spec("B-PHOTO-03", "PHOTO-27")
def test_a_killed_listener_and_worker_lose_and_double_no_mail():
    seed = random.SystemRandom().randint(1, 99_999)
    told = blow(connection.vendor, mails=60, kills=3, seed=seed)
    assert told is not None
    assert (told["lost"], told["doubled"]) == ([], []), f"seed {seed}"
    assert told["kills"] >= 2

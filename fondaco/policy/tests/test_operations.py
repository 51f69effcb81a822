"""Publishing and withdrawing, on the real database."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, close_old_connections, connection, transaction

from fondaco import history, policy
from fondaco.engine import clock
from fondaco.history.models import Event
from fondaco.policy import cache
from fondaco.policy.models import PolicyMark, PolicyVersion
from fondaco.policy.operations import publish, withdraw
from fondaco.policy.rules import (
    AlreadyInForce,
    EndsBeforeItBegins,
    NothingChanges,
    RewritesThePast,
    UnknownKey,
    UnknownVersion,
)
from fondaco.policy.stores import UnknownStore
from fondaco.policy.types import WrongValue

KEY = "image.display_sla_hours"
ANA = history.Actor(history.ActorKind.PERSON, None, "Ana Nguyen")
DAY = timedelta(days=1)


@pytest.fixture
def now() -> datetime:
    return clock.now()


def released(value: Any = 12, **options: Any) -> PolicyVersion:
    return publish(**{"key": KEY, "store": "US", "value": value, "author": ANA, "note": "Why not"} | options)


@pytest.mark.django_db
@pytest.mark.spec("Q-52")
def test_a_new_version_counts_from_its_time_and_the_past_keeps_its_own(now: datetime) -> None:
    row = released(12, effective_from=now + DAY)
    before, after = policy.value(KEY, at=now), policy.value(KEY, at=now + DAY)
    assert (before.value, before.version) == (24, f"{KEY}@US#0")
    assert (after.value, after.version, after.basis) == (12, f"{KEY}@US#1", "O")
    assert after.effective_from == row.effective_from
    assert policy.by_version(before.version).value == 24
    assert policy.by_version(after.version).value == 12


@pytest.mark.django_db
def test_versions_are_numbered_by_key_and_store(now: datetime) -> None:
    rows = [released(hours, effective_from=now + n * DAY) for n, hours in enumerate((12, 6), 1)]
    rows.append(released(12, store="UK", effective_from=now + DAY))
    assert [str(row) for row in rows] == [f"{KEY}@US#1", f"{KEY}@US#2", f"{KEY}@UK#1"]
    assert policy.value(KEY, "DE", at=now + 9 * DAY).value == 24


@pytest.mark.django_db
def test_a_version_with_an_end_gives_way_again(now: datetime) -> None:
    released(48, effective_from=now + DAY, effective_to=now + 3 * DAY)
    assert [policy.value(KEY, at=now + n * DAY).value for n in range(5)] == [24, 48, 48, 24, 24]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"effective_from": timedelta(seconds=-1)}, RewritesThePast),
        ({"effective_from": timedelta(days=2), "effective_to": timedelta(days=1)}, EndsBeforeItBegins),
        ({"value": 24}, NothingChanges),
        ({"value": 0}, WrongValue),
        ({"value": "12"}, WrongValue),
        ({"key": "image.colour"}, UnknownKey),
        ({"store": "ZZ"}, UnknownStore),
    ],
)
def test_refuses_and_writes_nothing(change: dict[str, Any], refusal: type[Exception], now: datetime) -> None:
    options = {name: now + value if isinstance(value, timedelta) else value for name, value in change.items()}
    with pytest.raises(refusal):
        released(**{"value": 12} | options)
    assert not PolicyVersion.objects.exists()
    assert not Event.objects.exists()


@pytest.mark.django_db
def test_what_has_not_begun_can_be_withdrawn_once(now: datetime) -> None:
    row = released(12, effective_from=now + DAY)
    withdraw(version=str(row), author=ANA, why="Too short")
    withdraw(version=str(row), author=ANA)
    assert policy.value(KEY, at=now + 2 * DAY).value == 24
    row.refresh_from_db()
    assert row.withdrawn_by_name == "Ana Nguyen"
    assert [event.verb for event in history.events_for(("policy.key", KEY))] == ["policy.withdrawn", "policy.published"]
    assert str(released(6, effective_from=now + DAY)) == f"{KEY}@US#2"


@pytest.mark.django_db
def test_what_is_in_force_or_shipped_cannot_be_withdrawn() -> None:
    row = released(12)
    with pytest.raises(AlreadyInForce):
        withdraw(version=str(row), author=ANA)
    with pytest.raises(UnknownVersion):
        withdraw(version=f"{KEY}@US#0", author=ANA)


@pytest.mark.django_db
def test_every_change_tells_who_and_why() -> None:
    row = released(12)
    event = history.events_for(("policy.key", KEY)).get()
    assert (event.actor_name, event.why, event.policy_version) == ("Ana Nguyen", "Why not", f"{KEY}@US#1")
    assert event.about["from"] == row.effective_from.isoformat()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "change",
    [
        lambda: PolicyVersion.objects.update(value=1),
        lambda: PolicyVersion.objects.update(effective_from=clock.now() - DAY),
        lambda: PolicyVersion.objects.update(note="Other"),
        lambda: PolicyVersion.objects.all().delete(),
        lambda: PolicyVersion.objects.update(withdrawn_at=clock.now() + 9 * DAY),
    ],
)
def test_the_database_itself_refuses_to_rewrite_a_version(change: Any, now: datetime) -> None:
    released(12, effective_from=now + DAY)
    with pytest.raises(IntegrityError), transaction.atomic():
        change()
    assert policy.value(KEY, at=now + DAY).value == 12


@pytest.mark.django_db
def test_the_database_refuses_a_version_in_the_past(now: datetime) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        PolicyVersion.objects.create(key=KEY, store="US", number=1, value=1, effective_from=now - DAY, created_at=now)


@pytest.mark.django_db
def test_values_keep_their_form_on_the_way_through_the_database(now: datetime) -> None:
    for key in ("prime.metrics.cancellations_max", "imaging.price_table", "return.reason_codes", "prime.cutoff"):
        shipped = policy.shipped(key, at=now).value
        of = policy.key_of(key).type
        publish(
            key=key,
            store="US",
            value=of.write(shipped),
            author=ANA,
            effective_from=now + DAY,
            effective_to=now + 2 * DAY,
        )
        assert policy.value(key, at=now + DAY).value == shipped


@pytest.mark.django_db
def test_none_is_a_value_too(now: datetime) -> None:
    key = "prime.trial.max_per_year"
    publish(key=key, store="US", value=None, author=ANA, effective_from=now + DAY)
    assert policy.value(key, at=now + DAY).value is None


@pytest.mark.django_db(transaction=True)
def test_a_change_that_was_rolled_back_is_seen_by_nobody(now: datetime) -> None:
    with transaction.atomic():
        released(12)
        assert policy.value(KEY, at=clock.now()).value == 12
        transaction.set_rollback(True)
    assert policy.value(KEY, at=clock.now()).value == 24


@pytest.mark.django_db(transaction=True)
def test_another_process_sees_a_change_when_it_compares_the_mark(monkeypatch: pytest.MonkeyPatch) -> None:
    assert policy.value(KEY, at=clock.now()).value == 24
    with monkeypatch.context() as other_process:
        other_process.setattr(cache, "forget", lambda: None)
        released(12)
    assert policy.value(KEY, at=clock.now()).value == 24, "within the second the old book serves"
    monkeypatch.setattr(cache, "_check_after", 0.0)
    assert policy.value(KEY, at=clock.now()).value == 12


@pytest.mark.django_db(transaction=True)
def test_while_nothing_changes_values_cost_no_query(django_assert_num_queries: Any) -> None:
    policy.value(KEY, at=clock.now())
    at = clock.now()
    with django_assert_num_queries(0):
        for key in ("image.px", "image.formats", KEY):
            policy.value(key, at=at)


@pytest.mark.django_db(transaction=True)
def test_ten_who_publish_at_once_get_ten_numbers(now: datetime) -> None:
    failures: list[BaseException] = []

    def one(hours: int) -> None:
        try:
            released(hours, effective_from=now + hours * DAY)
        except BaseException as error:
            failures.append(error)
        finally:
            close_old_connections()
            connection.close()

    threads = [threading.Thread(target=one, args=(hours,)) for hours in range(1, 11)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert sorted(PolicyVersion.objects.values_list("number", flat=True)) == list(range(1, 11))
    assert PolicyMark.objects.count() == 1


@pytest.mark.django_db
def test_drafts_serve_tests_without_publishing() -> None:
    with cache.drafts({(KEY, "US"): 3}):
        assert policy.value(KEY, at=clock.now()).value == 3
    assert policy.value(KEY, at=clock.now()).value == 24

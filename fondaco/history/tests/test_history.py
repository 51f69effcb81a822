"""Events are written with what they tell about, found again, and never changed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
import structlog
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.utils import translation

from fondaco import history
from fondaco.history.models import Event
from fondaco.history.rules import NotASubject, actor_of, facts_of, subject_of
from fondaco.kit.errors import Invalid
from fondaco.kit.ids import new_id
from fondaco.sellers.tests.factories import make_person, make_seller

ORDER = ("orders.order", "111-2222222-3333333")
AT = datetime(2022, 3, 1, 12, tzinfo=UTC)


def happened(**options: Any) -> Event:
    return history.record(**{"actor": None, "verb": "order.placed", "subject": ORDER} | options)


@pytest.mark.django_db
def test_keeps_who_what_when_and_why() -> None:
    person, seller = make_person("Ana Nguyen"), make_seller()
    happened(actor=person, subject=seller, about={"price_minor": 500}, why="She asked", clause="IMG-22", at=AT)
    event = history.events_for(seller).get()
    assert (event.actor_id, event.actor_name, event.actor_kind) == (person.pk, "Ana Nguyen", "person")
    assert (event.subject_kind, event.subject_id) == ("sellers.selleraccount", str(seller.pk))
    assert (event.about, event.why, event.clause, event.at) == ({"price_minor": 500}, "She asked", "IMG-22", AT)


@pytest.mark.django_db
def test_finds_only_what_happened_to_the_thing_newest_first() -> None:
    for n, verb in enumerate(("order.placed", "order.paid", "order.shipped")):
        happened(verb=verb, at=AT + timedelta(hours=n))
    happened(subject=("orders.order", "another"))
    happened(subject=("returns.return", ORDER[1]))
    assert [event.verb for event in history.events_for(ORDER)] == ["order.shipped", "order.paid", "order.placed"]
    assert [event.verb for event in history.events_for(ORDER, verbs=["order.paid"])] == ["order.paid"]


@pytest.mark.django_db
def test_events_of_one_request_belong_together() -> None:
    request_id = new_id()
    with structlog.contextvars.bound_contextvars(request_id=str(request_id)):
        happened()
        happened(subject=("orders.order", "another"))
    happened(verb="order.paid")
    assert [event.verb for event in history.events_of(request_id)] == ["order.placed", "order.placed"]


@pytest.mark.django_db
def test_is_undone_with_what_it_tells_about() -> None:
    with transaction.atomic():
        happened()
        transaction.set_rollback(True)
    assert not Event.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "change",
    [
        lambda: Event.objects.update(why="Nobody asked"),
        lambda: Event.objects.all().delete(),
        lambda: Event.objects.get().delete(),
        lambda: Event.objects.get().save(),
        lambda: Event.objects.bulk_update([_renamed()], ["actor_name"]),
        lambda: Event.objects.bulk_create(
            [_renamed()], update_conflicts=True, unique_fields=["id"], update_fields=["why"]
        ),
        lambda: _sql("DELETE FROM history_event"),
        lambda: _sql("UPDATE history_event SET why = 'x'"),
    ],
)
def test_the_database_itself_refuses_to_change_or_forget(change: Any) -> None:
    happened(why="She asked")
    with pytest.raises(IntegrityError), transaction.atomic():
        change()
    assert Event.objects.get().why == "She asked"


@pytest.mark.django_db(transaction=True)
def test_emptying_the_whole_database_stays_possible() -> None:
    happened()
    call_command("flush", interactive=False, verbosity=0)
    assert not Event.objects.exists()
    happened()
    with pytest.raises(IntegrityError):
        Event.objects.all().delete()


@pytest.mark.django_db
def test_many_events_are_written_at_once(django_assert_max_num_queries: Any) -> None:
    events = [history.build(actor=None, verb="feed.row_done", subject=("feeds.row", n), at=AT) for n in range(1500)]
    with django_assert_max_num_queries(12):
        assert history.record_all(events) == 1500
    assert Event.objects.count() == 1500


@pytest.mark.django_db
@pytest.mark.parametrize(
    "fault",
    [
        {"why": "a\x00b"},
        {"about": {"x": float("nan")}},
        {"about": {"x": "\ud800"}},
        {"about": {"x": 2**70}},
        {"subject": ("orders.order", "x" * 65)},
        {"subject": ("orders.order", "")},
        {"subject": "order"},
        {"clause": "x" * 21},
    ],
)
def test_refuses_what_one_of_the_databases_would_not_keep(fault: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        happened(**fault)
    assert not Event.objects.exists()


@pytest.mark.parametrize("verb", ["placed", "Order.placed", "order placed", "order.", ""])
def test_a_verb_that_is_none_is_a_bug(verb: str) -> None:
    with pytest.raises(ValueError):
        history.build(actor=None, verb=verb, subject=ORDER, at=AT)


def test_actors_are_told_apart() -> None:
    person = SimpleNamespace(pk=UUID(int=7), name="", email="ana@fondaco.example")
    caller = SimpleNamespace(person=person, via="")
    assert actor_of(None) is history.SYSTEM
    assert actor_of(person) == actor_of(caller) == history.Actor(history.ActorKind.PERSON, UUID(int=7), "")
    assert actor_of(SimpleNamespace(person=person, via="api")).kind == "api"
    assert actor_of(SimpleNamespace(person=None)) == history.Actor(history.ActorKind.PERSON)
    assert len(actor_of(SimpleNamespace(pk=1, name="x" * 500)).name) == 120


@pytest.mark.django_db
def test_nobody_is_called_by_an_email_address() -> None:
    event = happened(actor=make_person(name=""))
    assert event.actor_name == ""
    as_once = history.Actor(history.ActorKind.PERSON, UUID(int=7), "ana@fondaco.example")  # an earlier version wrote it
    happened(actor=as_once)
    assert [row.by for row in history.timeline(ORDER)] == ["Someone without a name"] * 2


def test_facts_may_be_a_mapping_or_a_list_of_things() -> None:
    thing = history.Subject("orders.order", "1")
    assert facts_of(None) == {}
    assert facts_of({"order": thing, "at": AT}) == {"order": {"kind": "orders.order", "id": "1"}, "at": AT.isoformat()}
    assert facts_of([thing]) == {"things": [{"kind": "orders.order", "id": "1"}]}
    with pytest.raises(NotASubject):
        subject_of(object())


@pytest.mark.django_db
def test_the_timeline_speaks_the_readers_language() -> None:
    happened(verb="policy.published", about={"version": "image.px@US#1"}, why="Better", at=AT)
    happened(verb="order.never_taught", at=AT - timedelta(days=1))
    with translation.override("vi"):
        taught, untaught = history.timeline(ORDER)
    assert (taught.title, taught.by, taught.text, taught.tone) == (
        "Phiên bản image.px@US#1 đã được công bố",
        "Sàn",
        "Better",
        "good",
    )
    assert untaught.title == "order.never_taught"


@pytest.mark.django_db
def test_a_fact_that_is_missing_does_not_break_a_sentence() -> None:
    happened(verb="policy.published")
    with translation.override("en"):
        assert history.timeline(ORDER)[0].title == "Version … was published"


def _renamed() -> Event:
    event = Event.objects.get()
    event.actor_name = event.why = "Somebody else"
    return event


def _sql(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)

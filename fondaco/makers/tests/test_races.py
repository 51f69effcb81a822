"""Two at the same moment, on either database: one decision, one routing, one appeal."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError, connections

from fondaco import history
from fondaco.engine import clock
from fondaco.kit.errors import Refusal
from fondaco.makers.models import Announcement
from fondaco.makers.operations import announcing, reviewing
from fondaco.makers.rules.announcement import Author
from fondaco.makers.tests.factories import make_application, make_maker_of, reviewer, word
from fondaco.sellers.rules import Role
from fondaco.sellers.tests.factories import make_caller, make_person, make_seller, make_staff

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*acts: Callable[[], Any]) -> tuple[list[Any], list[BaseException]]:
    """What these answered and what they raised, begun at the same moment, each on a connection of its own."""
    answers: list[Any] = []
    troubles: list[BaseException] = []
    barrier = threading.Barrier(len(acts))

    def run(act: Callable[[], Any]) -> None:
        try:
            barrier.wait()
            answers.append(act())
        except (Refusal, OperationalError) as error:
            troubles.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers, troubles


@pytest.mark.spec("HAND-08")
def test_of_many_reviewers_one_takes_an_application() -> None:
    application, _caller = make_application()
    desk = [reviewer() for _n in range(8)]
    seen = application.revision
    taken, refused = at_once(*[lambda r=r: reviewing.take(r, application.pk, revision=seen) for r in desk])
    assert len(taken) == 1
    assert {type(e) for e in refused} == {reviewing.SeenTooOld}
    application.refresh_from_db()
    assert application.reviewer == taken[0].reviewer
    assert application.revision == seen + 1


@pytest.mark.spec("HAND-08")
@pytest.mark.parametrize("attempt", range(3))
def test_two_people_never_decide_the_same_application(attempt: int) -> None:
    application, _caller = make_application()
    keiko, grete = reviewer(), make_caller(role=Role.OPERATOR)
    taken = reviewing.take(keiko, application.pk, revision=application.revision)
    seen = taken.revision
    decided, refused = at_once(
        lambda: reviewing.approve(keiko, application.pk, revision=seen),
        lambda: reviewing.decline(keiko, application.pk, reason="No.", revision=seen),
        lambda: reviewing.decline(grete, application.pk, reason="Never.", revision=seen),
        lambda: reviewing.take(grete, application.pk, revision=seen),
        lambda: reviewing.ask(keiko, application.pk, text="Who?", revision=seen),
    )
    assert len(decided) == 1, (decided, refused)
    assert len(refused) == 4
    application.refresh_from_db()
    assert application.revision == seen + 1
    verbs = [e.verb for e in history.events_for(application)]
    assert sum(v in ("application.approved", "application.declined") for v in verbs) == (
        1 if application.state in ("approved", "declined") else 0
    )


@pytest.mark.spec("HAND-28", "HAND-29")
def test_two_reviewers_decide_an_announcement_once() -> None:
    person = make_person("June Clay")
    seller = make_seller("Juniper Clay", owner=person)
    make_maker_of(seller, person)
    june = make_caller(person, seller=seller)
    day = (clock.now() + timedelta(days=40)).date()
    row = announcing.submit(june, data=word(), file_name="a.docx", issue_date=day, author=Author.OWN)
    sofia = make_caller(make_staff(Role.PR_REVIEWER))
    announcing.connect(make_caller(role=Role.SUPPORT), number=row.number, reviewer_id=sofia.person.pk)
    row = announcing.begin(sofia, number=row.number)
    seen, victor = row.revision, make_staff(Role.STAKEHOLDER)
    done, refused = at_once(
        lambda: announcing.clear(sofia, number=row.number, revision=seen),
        lambda: announcing.request_changes(sofia, number=row.number, text="No.", revision=seen),
        lambda: announcing.route(sofia, number=row.number, stakeholder_id=victor.pk, revision=seen),
    )
    assert (len(done), len(refused)) == (1, 2)
    row = Announcement.objects.get()
    assert row.revision == seen + 1
    assert bool(row.decided_at) == (row.state == "cleared")

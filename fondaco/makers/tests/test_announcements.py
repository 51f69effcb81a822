"""Announcements: two weeks, who sees what, and one decision (Q-47…Q-49)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse

from fondaco.engine import clock
from fondaco.engine.sweeps import run_all
from fondaco.engine.testing import run_tasks
from fondaco.kit.errors import Denied, NotFound
from fondaco.makers.models import Announcement
from fondaco.makers.operations import announcing
from fondaco.makers.queries import announcements as queries
from fondaco.makers.rules.announcement import Author, notice
from fondaco.makers.tests.factories import make_maker_of, word
from fondaco.policy.operations import publish
from fondaco.sellers.rules import Role
from fondaco.sellers.tests.factories import make_caller, make_person, make_seller, make_staff

CHICAGO = ZoneInfo("America/Chicago")


@pytest.mark.spec("HAND-25", "Q-47")
@pytest.mark.parametrize(
    ("at", "short", "past"),
    [
        (datetime(2022, 5, 6, 12, tzinfo=UTC), False, False),
        (datetime(2022, 5, 7, 4, 59, tzinfo=UTC), False, False),  # still 6 May in Chicago
        (datetime(2022, 5, 7, 5, 0, tzinfo=UTC), True, False),
        (datetime(2022, 5, 21, 4, 59, tzinfo=UTC), True, False),
        (datetime(2022, 5, 21, 5, 0, tzinfo=UTC), True, True),
    ],
)
def test_two_weeks_count_by_days_of_the_store(at: datetime, short: bool, past: bool) -> None:
    found = notice(submitted_at=at, issue_on=date(2022, 5, 20), lead_days=14, zone=CHICAGO)
    assert (found.is_short, found.is_past) == (short, past)


@pytest.fixture
def june(db: Any) -> Any:
    person = make_person("June Clay")
    seller = make_seller("Juniper Clay", owner=person)
    make_maker_of(seller, person)
    clock.set_to(at=datetime(2022, 5, 1, 12, tzinfo=UTC))
    return make_caller(person, seller=seller)


def sent(june: Any, **fields: Any) -> Announcement:
    values = {"data": word(), "file_name": "a.docx", "issue_date": date(2022, 6, 1), "author": Author.OWN, **fields}
    return announcing.submit(june, **values)


def in_review(june: Any) -> tuple[Announcement, Any]:
    row, sofia = sent(june), make_caller(make_staff(Role.PR_REVIEWER))
    announcing.connect(make_caller(role=Role.SUPPORT), number=row.number, reviewer_id=sofia.person.pk)
    return announcing.begin(sofia, number=row.number), sofia


@pytest.mark.spec("HAND-25", "Q-47")
def test_a_day_in_the_past_is_refused_and_an_earlier_one_checked_again(june: Any) -> None:
    with pytest.raises(announcing.IssueDatePast):
        sent(june, issue_date=date(2022, 4, 30))
    row = sent(june)
    assert not row.is_short_notice
    with pytest.raises(announcing.IssueDatePast):
        announcing.change_issue_date(june, number=row.number, issue_date=date(2022, 4, 1))
    assert announcing.change_issue_date(june, number=row.number, issue_date=date(2022, 5, 10)).is_short_notice
    assert not announcing.change_issue_date(june, number=row.number, issue_date=date(2022, 5, 15)).is_short_notice


@pytest.mark.spec("HAND-28", "HAND-29")
def test_stakeholders_see_theirs_only_and_two_reviewers_decide_once(june: Any) -> None:
    row, sofia = in_review(june)
    other = sent(june, request_key="other")
    victor = make_caller(make_staff(Role.STAKEHOLDER))
    with pytest.raises(NotFound):
        announcing.comment(victor, number=row.number, text="Hm.")
    announcing.route(sofia, number=row.number, stakeholder_id=victor.person.pk, revision=row.revision)
    assert [a.pk for a in queries.desk(victor)] == [row.pk]
    with pytest.raises(NotFound):
        queries.announcement_at_desk(victor, other.number)
    with pytest.raises(announcing.NoSuchParagraph):
        announcing.comment(victor, number=row.number, text="Hm.", paragraph=99)
    note = announcing.comment(victor, number=row.number, text="Hm.", paragraph=0)
    with pytest.raises(Denied):
        announcing.clear(victor, number=row.number, revision=row.revision)
    announcing.finish_routing(victor, number=row.number)
    row.refresh_from_db()
    assert row.state == "in_review"
    assert queries.comments_on(note.round, shared_only=True) == []
    announcing.share(sofia, number=row.number, comment_id=note.pk)
    assert queries.comments_on(note.round, shared_only=True) == [note]
    seen = row.revision
    announcing.clear(sofia, number=row.number, text="Fine.", revision=seen)
    with pytest.raises(announcing.AnnouncementMoved):
        announcing.request_changes(sofia, number=row.number, text="No.", revision=seen)
    row.refresh_from_db()
    assert (row.state, row.decision, row.decided_by) == ("cleared", "Fine.", sofia.person)


@pytest.mark.spec("HAND-27", "Q-48")
def test_rounds_go_on_only_after_changes_were_requested(june: Any) -> None:
    row, sofia = in_review(june)
    with pytest.raises(announcing.AnnouncementMoved):
        announcing.send_round(june, number=row.number, data=word("Two"), file_name="b.docx")
    announcing.request_changes(sofia, number=row.number, text="Please.", revision=row.revision)
    with pytest.raises(announcing.documents.DraftRefused):
        announcing.send_round(june, number=row.number, data=b"%PDF-1.7", file_name="b.docx")
    again = word("Two")
    second = announcing.send_round(june, number=row.number, data=again, file_name="b.docx")
    assert second.number == 2
    assert announcing.send_round(june, number=row.number, data=again, file_name="b.docx") == second


def test_a_strangers_announcement_is_not_found(june: Any) -> None:
    row = sent(june)
    stranger = make_caller(seller=make_seller("Harbor Goods"))
    with pytest.raises(NotFound):
        queries.announcement_for(stranger, row.number)
    with pytest.raises(Denied):
        queries.desk(stranger)


@pytest.mark.spec("B-HAND-17", "HAND-25")
def test_the_plan_is_stated_and_the_operator_may_limit_the_rounds(june: Any) -> None:
    staff = make_caller(role=Role.OPERATOR)
    publish(key="pr.max_rounds", store="US", value=2, author=staff, note="as the sister programme")
    clock.set_to(at=clock.now() + timedelta(minutes=1))
    sofia = make_caller(make_staff(Role.PR_REVIEWER))
    row = sent(june, plan="Two papers and the radio.")
    assert (row.plan, row.issue_date) == ("Two papers and the radio.", date(2022, 6, 1))
    announcing.connect(make_caller(role=Role.SUPPORT), number=row.number, reviewer_id=sofia.person.pk)
    row = announcing.begin(sofia, number=row.number)
    announcing.request_changes(sofia, number=row.number, text="Please.", revision=row.revision)
    announcing.send_round(june, number=row.number, data=word("Two"), file_name="b.docx")
    row.refresh_from_db()
    announcing.request_changes(sofia, number=row.number, text="Again.", revision=row.revision)
    with pytest.raises(announcing.RoundsUsedUp):
        announcing.send_round(june, number=row.number, data=word("Three"), file_name="c.docx")
    assert row.rounds.count() == 2


@pytest.mark.spec("Q-47")
def test_short_notice_is_never_cleared_by_itself(june: Any) -> None:
    row = sent(june, issue_date=date(2022, 5, 3))
    assert row.is_short_notice
    for days in (1, 3, 60):
        clock.set_to(at=datetime(2022, 5, 1, 12, tzinfo=UTC) + timedelta(days=days))
        run_all()
        run_tasks()
    row.refresh_from_db()
    assert (row.state, row.decided_by, row.decided_at) == ("submitted", None, None)


@pytest.mark.spec("HAND-29", "Q-49")
def test_both_sides_see_the_age_and_a_figure_only_where_the_operator_sets_one(client: Client, june: Any) -> None:
    row, sofia = in_review(june)
    clock.set_to(at=clock.now() + timedelta(days=3))
    pages = {
        june: reverse("makers:announcement", args=[row.number]),
        sofia: reverse("makers:draft", args=[row.number]),
    }
    for who, url in pages.items():
        client.force_login(who.person)
        page = client.get(url).content.decode()
        assert "3 days" in page, url
        assert "aimed at within" not in page
    publish(key="pr.target_days", store="US", value=5, author=make_caller(role=Role.OPERATOR), note="x")
    clock.set_to(at=clock.now() + timedelta(minutes=1))
    later = sent(june, request_key="later", issue_date=date(2022, 7, 1))
    client.force_login(june.person)
    assert "aimed at within" in client.get(reverse("makers:announcement", args=[later.number])).content.decode()

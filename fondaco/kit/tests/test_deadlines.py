"""Due times of every domain, with what they were counted from."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from fondaco.kit import deadlines
from fondaco.kit.calendar import BusinessCalendar, local_date
from fondaco.kit.facts import plain

CHICAGO = ZoneInfo("America/Chicago")
NOON = datetime(2022, 3, 1, 18, 0, tzinfo=UTC)


def test_a_picture_is_due_24_hours_after_its_submission_and_not_a_second_longer() -> None:
    due = deadlines.image_display(submitted_at=NOON, hours=24, policy_version="image.display_sla_hours@US#0")
    assert due.due_at == NOON + timedelta(hours=24)
    assert (due.kind, due.clause, due.policy_version) == ("image_display", "IMG-03", "image.display_sla_hours@US#0")
    assert not due.is_over(due.due_at)
    assert due.is_over(due.due_at + timedelta(seconds=1))
    assert due.left(NOON) == timedelta(hours=24)


def test_24_hours_stay_24_hours_when_clocks_change() -> None:
    before = datetime(2022, 3, 12, 18, 0, tzinfo=CHICAGO)
    assert deadlines.image_display(submitted_at=before, hours=24).due_at == datetime(2022, 3, 14, 0, 0, tzinfo=UTC)


def test_what_the_studio_receives_on_1_march_is_estimated_for_16_march() -> None:
    due = deadlines.studio_publication(received_at=NOON, days=15, zone=CHICAGO)
    assert local_date(due.due_at, CHICAGO) == date(2022, 3, 16)
    assert due.basis["day_0"] == "2022-03-01"


@pytest.mark.spec("Q-21")
def test_a_refund_is_due_at_the_end_of_the_second_business_day_at_the_return_address() -> None:
    arrived = datetime(2022, 11, 24, 3, 0, tzinfo=UTC)  # Wednesday evening in Chicago
    due = deadlines.refund(
        arrived_at=arrived, business_days=2, calendar=BusinessCalendar(country="US"), zone=CHICAGO, policy_version="v"
    )
    assert due.due_at == datetime(2022, 11, 29, 5, 59, 59, tzinfo=UTC)
    assert due.basis["due_day"] == "2022-11-28"
    assert due.basis["skipped"] == ["2022-11-24", "2022-11-26", "2022-11-27"]


@pytest.mark.spec("Q-13")
def test_a_recorded_licence_end_beats_publication_plus_two_years() -> None:
    published = date(2024, 2, 29)
    without = deadlines.licence_end(published_on=published, agreed_end=None, years=2, zone=CHICAGO)
    assert local_date(without.due_at, CHICAGO) == date(2026, 2, 28)
    agreed = deadlines.licence_end(published_on=published, agreed_end=date(2025, 1, 15), years=2, zone=CHICAGO)
    assert local_date(agreed.due_at, CHICAGO) == date(2025, 1, 15)


@pytest.mark.spec("Q-13")
def test_notice_comes_30_days_ahead_or_at_once_when_known_later() -> None:
    ends = date(2024, 3, 31)
    early = deadlines.licence_notice(ends_on=ends, known_at=NOON, notice_days=30, zone=CHICAGO)
    assert local_date(early.due_at, CHICAGO) == date(2024, 3, 1)
    known = datetime(2024, 3, 20, 12, 0, tzinfo=UTC)
    late = deadlines.licence_notice(ends_on=ends, known_at=known, notice_days=30, zone=CHICAGO)
    assert late.due_at == known
    assert (early.basis["at_once"], late.basis["at_once"]) == (False, True)


def test_a_draft_submitted_on_the_14th_day_before_issue_is_in_time() -> None:
    due = deadlines.pr_submission(issue_on=date(2022, 5, 29), lead_days=14, zone=CHICAGO)
    assert not due.is_over(datetime(2022, 5, 16, 4, 59, tzinfo=UTC))  # 15 May, 23:59 in Chicago
    assert due.is_over(datetime(2022, 5, 16, 5, 1, tzinfo=UTC))


def test_messages_are_due_on_weekends_too() -> None:
    saturday = datetime(2022, 3, 5, 12, 0, tzinfo=UTC)
    assert deadlines.message_response(received_at=saturday, hours=24).due_at == saturday + timedelta(hours=24)


@pytest.mark.parametrize(("size_bytes", "hours"), [(1, 1), (5_000_000, 1), (5_000_001, 8)])
def test_a_large_file_may_take_longer_before_it_counts_as_stuck(size_bytes: int, hours: int) -> None:
    due = deadlines.feed_stuck(
        submitted_at=NOON, size_bytes=size_bytes, large_from_bytes=5_000_000, small_hours=1, large_hours=8
    )
    assert due.due_at == NOON + timedelta(hours=hours)


def test_the_basis_of_every_deadline_is_plain_json() -> None:
    due = deadlines.refund(arrived_at=NOON, business_days=2, calendar=BusinessCalendar(country="US"), zone=CHICAGO)
    assert plain(due.basis) == dict(due.basis)

"""Business days, ends of days where clocks change, and years from 29 February."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fondaco.kit.calendar import (
    BusinessCalendar,
    NoBusinessDays,
    UnknownZone,
    add_calendar_days,
    add_years,
    end_of_day,
    local_date,
    next_business_day,
    start_of_day,
    to_utc,
    weekday_numbers,
    zone,
)

US = BusinessCalendar(country="US")
CHICAGO, NEW_YORK = ZoneInfo("America/Chicago"), ZoneInfo("America/New_York")
days = st.dates(min_value=date(2000, 1, 1), max_value=date(2040, 12, 31))
zones = st.sampled_from(
    ["UTC", "America/Chicago", "Asia/Ho_Chi_Minh", "America/Sao_Paulo", "Asia/Beirut", "Africa/Cairo", "America/Havana",
     "Australia/Lord_Howe", "Pacific/Apia", "Asia/Kathmandu"]
)  # fmt: skip


@pytest.mark.spec("Q-21")
@pytest.mark.parametrize(
    ("arrived", "due"),
    [
        (date(2022, 11, 23), date(2022, 11, 28)),  # Wednesday before Thanksgiving
        (date(2022, 11, 21), date(2022, 11, 23)),  # an ordinary Monday
        (date(2022, 11, 26), date(2022, 11, 29)),  # arrival on a Saturday is day 0
        (date(2022, 11, 27), date(2022, 11, 29)),  # and so on a Sunday
        (date(2022, 11, 24), date(2022, 11, 28)),  # arrival on the holiday itself
        (date(2022, 11, 18), date(2022, 11, 22)),  # over a weekend
        (date(2022, 12, 23), date(2022, 12, 28)),  # Christmas on Sunday, kept on Monday
        (date(2021, 12, 30), date(2022, 1, 4)),  # New Year on Saturday, kept on Friday 31 December
    ],
)
def test_two_business_days_skip_weekends_and_public_holidays(arrived: date, due: date) -> None:
    assert US.add(arrived, 2) == due


@given(day=days, n=st.integers(min_value=1, max_value=30))
def test_the_nth_business_day_counts_as_n(day: date, n: int) -> None:
    due = US.add(day, n)
    assert US.is_business_day(due)
    assert US.count(day, due) == n
    assert US.count(day, due - timedelta(days=1)) == n - 1


@given(day=days, n=st.integers(min_value=1, max_value=10), m=st.integers(min_value=1, max_value=10))
def test_counting_on_from_a_business_day_is_counting_in_one_go(day: date, n: int, m: int) -> None:
    assert US.add(US.add(day, n), m) == US.add(day, n + m)


def test_extra_days_off_and_open_holidays_change_the_count() -> None:
    closed = BusinessCalendar(country="US", closed=frozenset({date(2022, 11, 25)}))
    assert closed.add(date(2022, 11, 23), 2) == date(2022, 11, 29)
    opened = BusinessCalendar(country="US", open=frozenset({date(2022, 11, 24)}))
    assert opened.add(date(2022, 11, 23), 2) == date(2022, 11, 25)
    both = BusinessCalendar(country="US", open=frozenset({date(2022, 11, 24)}), closed=frozenset({date(2022, 11, 24)}))
    assert both.add(date(2022, 11, 23), 1) == date(2022, 11, 25)


def test_stores_keep_their_own_holidays() -> None:
    assert BusinessCalendar(country="GB", subdivision="ENG").add(date(2022, 12, 23), 1) == date(2022, 12, 28)
    assert BusinessCalendar(country="JP").is_business_day(date(2022, 11, 24))
    assert not BusinessCalendar(country="JP").is_business_day(date(2022, 11, 23))
    assert BusinessCalendar().is_business_day(date(2022, 12, 26))
    assert date(2022, 11, 24) in US.holiday_names(2022)


def test_a_due_date_on_a_holiday_moves_to_the_next_business_day() -> None:
    assert next_business_day(date(2022, 11, 24), US) == date(2022, 11, 25)
    assert next_business_day(date(2022, 11, 25), US) == date(2022, 11, 25)


def test_refuses_a_calendar_without_business_days() -> None:
    with pytest.raises(NoBusinessDays):
        BusinessCalendar(weekdays=frozenset()).add(date(2022, 1, 1), 1)
    with pytest.raises(ValueError):
        US.add(date(2022, 1, 1), -1)


def test_a_day_ends_in_its_own_zone() -> None:
    assert end_of_day(date(2022, 11, 28), CHICAGO) == datetime(2022, 11, 29, 5, 59, 59, tzinfo=UTC)
    assert local_date(datetime(2022, 11, 29, 5, 59, tzinfo=UTC), CHICAGO) == date(2022, 11, 28)
    with pytest.raises(ValueError):
        local_date(datetime(2022, 11, 29, 5, 59), CHICAGO)


def test_days_of_clock_changes_have_23_and_25_hours() -> None:
    def length(day: date) -> timedelta:
        return end_of_day(day, NEW_YORK) - start_of_day(day, NEW_YORK) + timedelta(seconds=1)

    assert length(date(2022, 3, 13)) == timedelta(hours=23)
    assert length(date(2022, 11, 6)) == timedelta(hours=25)
    assert length(date(2022, 6, 1)) == timedelta(hours=24)


@given(day=days, name=zones)
def test_a_day_starts_and_ends_on_itself_and_the_next_begins_one_second_later(day: date, name: str) -> None:
    where = ZoneInfo(name)
    start, end = start_of_day(day, where), end_of_day(day, where)
    if name == "Pacific/Apia" and day == date(2011, 12, 30):
        return  # Samoa had no such day
    assert local_date(start, where) == day == local_date(end, where)
    assert local_date(start - timedelta(seconds=1), where) < day
    assert start_of_day(day + timedelta(days=1), where) == end + timedelta(seconds=1)


def test_a_wall_time_that_is_skipped_becomes_the_first_instant_after_the_gap() -> None:
    assert to_utc(datetime(2022, 3, 13, 2, 30), NEW_YORK) == datetime(2022, 3, 13, 7, 0, tzinfo=UTC)
    assert to_utc(datetime(2022, 3, 13, 3, 0), NEW_YORK) == datetime(2022, 3, 13, 7, 0, tzinfo=UTC)
    sao_paulo = ZoneInfo("America/Sao_Paulo")  # midnight itself was skipped here
    assert to_utc(datetime(2018, 11, 4, 0, 0), sao_paulo) == datetime(2018, 11, 4, 3, 0, tzinfo=UTC)


def test_of_a_wall_time_that_happens_twice_the_first_is_meant() -> None:
    assert to_utc(datetime(2022, 11, 6, 1, 30), NEW_YORK) == datetime(2022, 11, 6, 5, 30, tzinfo=UTC)


@given(day=days, clock=st.times(), name=zones)
def test_wall_times_never_run_backwards(day: date, clock: time, name: str) -> None:
    wall = datetime.combine(day, clock.replace(microsecond=0))
    where = ZoneInfo(name)
    assert to_utc(wall, where) <= to_utc(wall + timedelta(hours=3), where)
    assert to_utc(wall, where).astimezone(where).replace(tzinfo=None) >= wall


def test_day_0_is_the_local_day_of_receipt() -> None:
    received = datetime(2022, 3, 2, 4, 30, tzinfo=UTC)  # still 1 March in Chicago
    assert local_date(add_calendar_days(received, 15, CHICAGO), CHICAGO) == date(2022, 3, 16)


@pytest.mark.spec("Q-13")
@pytest.mark.parametrize(
    ("published", "years", "ends"),
    [
        (date(2024, 2, 29), 2, date(2026, 2, 28)),
        (date(2024, 2, 29), 4, date(2028, 2, 29)),
        (date(2024, 2, 28), 2, date(2026, 2, 28)),
        (date(2022, 3, 16), 2, date(2024, 3, 16)),
    ],
)
def test_years_from_29_february_end_on_the_28th(published: date, years: int, ends: date) -> None:
    assert add_years(published, years) == ends


def test_names_of_zones_and_weekdays() -> None:
    assert zone("Europe/Berlin").key == "Europe/Berlin"
    for nonsense in ("Nowhere/Town", "../etc/passwd", "", "\x00"):
        with pytest.raises(UnknownZone):
            zone(nonsense)
    assert weekday_numbers(["mon", "sun"]) == {0, 6}

"""Times and amounts as the reader writes them."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone, translation

from fondaco.kit.money import Money
from fondaco.web import dates

WHEN = datetime(2022, 3, 1, 20, 5, tzinfo=UTC)


@pytest.mark.spec("Q-54")
@pytest.mark.parametrize(
    ("zone", "language", "words"),
    [
        ("America/Chicago", "en", "Mar 1, 2022, 2:05\u00a0PM CST"),
        ("America/Chicago", "vi", "14:05 1 thg 3, 2022 CST"),
        ("America/Chicago", "zh-hant", "2022年3月1日 下午2:05 CST"),
        ("Asia/Ho_Chi_Minh", "en", "Mar 2, 2022, 3:05\u00a0AM GMT+7"),
        ("Asia/Taipei", "zh-hant", "2022年3月2日 凌晨4:05 GMT+8"),
        ("Asia/Kolkata", "en", "Mar 2, 2022, 1:35\u00a0AM GMT+5:30"),
        ("Asia/Kathmandu", "en", "Mar 2, 2022, 1:50\u00a0AM GMT+5:45"),
    ],
)
def test_a_time_is_written_in_the_readers_zone_and_names_it(zone, language, words):
    with timezone.override(zone), translation.override(language):
        assert dates.at(WHEN) == words


def test_summer_time_changes_the_name_of_the_zone():
    with timezone.override("America/Chicago"):
        assert dates.zone_name(datetime(2022, 7, 1, tzinfo=UTC)) == "CDT"


def test_a_day_is_the_readers_day():
    with timezone.override("Asia/Ho_Chi_Minh"):
        assert dates.day(WHEN) == "March 2, 2022"


@pytest.mark.parametrize(
    ("ago", "words"),
    [
        (timedelta(seconds=20), "just now"),
        (timedelta(minutes=5), "5 minutes ago"),
        (timedelta(hours=3), "3 hours ago"),
        (timedelta(days=-2), "in 2 days"),
    ],
)
def test_age_is_told_in_the_fitting_unit(ago, words):
    assert dates.age(WHEN, now=WHEN + ago) == words


def test_amounts_follow_language_and_currency():
    assert dates.money(1250) == "$12.50"
    assert dates.money(Money(25000, "VND")) == "₫25,000"
    with translation.override("vi"):
        assert dates.money(1250, "USD") == "12,50\u00a0US$"


@pytest.mark.parametrize(
    ("size", "words"), [(512, "512 B"), (1500, "1.5 kB"), (10_000_000, "10 MB"), (2_300_000_000, "2.3 GB")]
)
def test_sizes_are_short(size, words):
    assert dates.size(size) == words


def test_the_machine_reads_utc():
    assert dates.machine(WHEN) == "2022-03-01T20:05:00Z"

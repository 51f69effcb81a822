"""Which version is in force."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fondaco.policy.book import Book
from fondaco.policy.rules import (
    BEGINNING,
    Change,
    EndsBeforeItBegins,
    RewritesThePast,
    UnknownKey,
    UnknownVersion,
    Version,
    check_new,
    differences,
    parse_version,
    timeline,
)
from fondaco.policy.stores import UnknownStore
from fondaco.policy.types import WrongValue

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)
KEY = "image.display_sla_hours"


def version(number: int, begins: datetime | date | None, ends: datetime | None = None, *, store: str = "US") -> Version:
    return Version(key="k", store=store, number=number, value=number, begins=begins, ends=ends)


def in_force(versions: list[Version], at: datetime, store: str = "US") -> object:
    found = timeline(versions, store=store).at(at)
    return found.value if found else None


def test_the_operators_version_beats_the_shipped_one_from_its_date_on() -> None:
    versions = [version(0, None), version(1, NOW)]
    assert [in_force(versions, at) for at in (NOW - timedelta(microseconds=1), NOW, NOW + DAY)] == [0, 1, 1]


def test_a_version_that_lapses_uncovers_the_one_beneath() -> None:
    versions = [version(0, None), version(1, NOW), version(2, NOW + DAY, NOW + 2 * DAY)]
    assert [in_force(versions, NOW + n * DAY) for n in range(4)] == [1, 2, 1, 1]


def test_the_last_to_begin_wins_whatever_order_it_was_published_in() -> None:
    versions = [version(1, NOW + 2 * DAY), version(2, NOW + DAY)]
    assert [in_force(versions, NOW + n * DAY) for n in range(4)] == [None, 2, 1, 1]


def test_of_two_that_begin_together_the_later_published_wins() -> None:
    assert in_force([version(2, NOW), version(1, NOW)], NOW) == 2


def test_other_stores_do_not_count() -> None:
    versions = [version(0, None, store="*"), version(1, NOW, store="UK")]
    assert in_force(versions, NOW, "US") == 0
    assert in_force(versions, NOW, "UK") == 1


moments = st.integers(min_value=0, max_value=20).map(lambda n: NOW + n * DAY)


@given(
    st.lists(st.tuples(moments, st.none() | st.integers(min_value=1, max_value=10)), max_size=8),
    moments,
)
def test_the_timeline_says_what_looking_through_all_versions_says(
    spans: list[tuple[datetime, int | None]], at: datetime
) -> None:
    versions = [version(0, None)]
    for number, (begins, length) in enumerate(spans, 1):
        versions.append(version(number, begins, begins + length * DAY if length else None))
    standing = [v for v in versions if (v.begins or BEGINNING) <= at and (v.ends is None or at < v.ends)]  # type: ignore[operator]
    expected = max(standing, key=lambda v: (v.begins or BEGINNING, v.number)).value
    assert in_force(versions, at) == expected


@given(st.lists(moments, min_size=1, max_size=6), moments)
def test_publishing_later_never_changes_what_was_in_force_before(begins: list[datetime], at: datetime) -> None:
    versions = [version(0, None)] + [version(n, begin) for n, begin in enumerate(begins, 1)]
    later = [*versions, version(99, at)]
    for moment in (at - DAY, at - timedelta(microseconds=1)):
        assert in_force(later, moment) == in_force(versions, moment)


def test_refuses_the_past_and_an_end_before_the_beginning() -> None:
    check_new(begins=NOW, ends=None, now=NOW)
    with pytest.raises(RewritesThePast):
        check_new(begins=NOW - timedelta(microseconds=1), ends=None, now=NOW)
    with pytest.raises(EndsBeforeItBegins):
        check_new(begins=NOW, ends=NOW, now=NOW)


def test_names_of_versions_are_read_and_refused() -> None:
    assert parse_version("image.px@US#0") == ("image.px", "US", 0, None)
    assert parse_version("claim.guarantee.wait_hours@UK#0:2026-02-16").day == date(2026, 2, 16)
    for nonsense in ("", "image.px", "image.px@US", "image.px@us#1", "image.px@US#-1", "image.px@US#0:2026", "x" * 500):
        with pytest.raises(UnknownVersion):
            parse_version(nonsense)


def test_a_book_refuses_what_it_does_not_hold() -> None:
    book = Book()
    with pytest.raises(UnknownKey):
        book.value("image.colour", at=NOW)
    with pytest.raises(UnknownStore):
        book.value(KEY, "ZZ", at=NOW)
    for name in (f"{KEY}@US#7", f"{KEY}@US#0:2020-01-01", "no.such@US#0"):
        with pytest.raises((UnknownVersion, UnknownKey)):
            book.by_version(name)


def test_a_draft_counts_always_and_leaves_the_book_as_it_was() -> None:
    book = Book([Version(key=KEY, store="US", number=1, value=12, begins=NOW)])
    draft = book.with_draft({(KEY, "US"): 6})
    assert [draft.value(KEY, at=at).value for at in (NOW - 900 * DAY, NOW)] == [6, 6]
    assert draft.value(KEY, "UK", at=NOW).value == 24
    assert [book.value(KEY, at=at).value for at in (NOW - DAY, NOW)] == [24, 12]
    with pytest.raises(WrongValue):
        book.with_draft({(KEY, "US"): "six"})


def test_differences_name_their_places() -> None:
    assert differences(24, 12) == [Change("", 24, 12)]
    assert differences({"a": {"b": 1, "c": 2}}, {"a": {"b": 1, "c": 3}, "d": 4}) == [
        Change("a.c", 2, 3),
        Change("d", None, 4),
    ]
    assert differences([1], [1]) == []


def test_rows_of_a_table_are_matched_by_their_key() -> None:
    before = [{"n": 1, "payer": "buyer"}, {"n": 2, "payer": "seller"}]
    after = [{"n": 3, "payer": "buyer"}, {"n": 2, "payer": "buyer"}, {"n": 1, "payer": "buyer"}]
    assert differences(before, after, keys=["n"]) == [
        Change("2.payer", "seller", "buyer"),
        Change("3", None, {"n": 3, "payer": "buyer"}),
    ]

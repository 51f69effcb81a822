"""Paging by key."""

import itertools
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import RequestFactory

from fondaco.web.paging import StaleCursor, page_of

ORDER = ("-expire_date", "session_key")
START = datetime(2022, 3, 1, tzinfo=UTC)


@pytest.fixture
def rows(db):
    """23 rows; several share a time, so that only the second column tells them apart."""
    Session.objects.bulk_create(
        Session(session_key=f"k{i:02d}", session_data="", expire_date=START + timedelta(hours=i // 4))
        for i in range(23)
    )
    return Session.objects.all()


def asked(cursor):
    return RequestFactory().get("/", {"cursor": cursor} if cursor else {})


def walk(rows, way, *, start="", size=5, order=ORDER):
    """Pages one after another until there is no further one."""
    cursor = start
    for _ in range(40):
        page = page_of(rows, request=asked(cursor), order=order, size=size)
        yield page
        cursor = getattr(page, way)
        if not cursor:
            return


@pytest.mark.parametrize("order", [ORDER, ("expire_date", "-session_key"), ("session_key",)])
@pytest.mark.parametrize("size", [1, 5, 22, 23, 24])
def test_the_pages_are_the_list_each_row_once(rows, order, size):
    found = list(itertools.chain.from_iterable(walk(rows, "next", size=size, order=order)))
    assert [row.pk for row in found] == [row.pk for row in rows.order_by(*order)]


def test_the_way_back_shows_the_same_pages(rows):
    forth = [[r.pk for r in page] for page in walk(rows, "next")]
    *_, last = walk(rows, "next")
    back = [[r.pk for r in page] for page in walk(rows, "previous", start=last.previous)]
    assert back == forth[-2::-1]


def test_says_where_it_begins_and_ends(rows):
    pages = list(walk(rows, "next"))
    assert [page.is_first for page in pages] == [True, False, False, False, False]
    assert pages[0].previous == pages[-1].next == ""


def test_rows_that_come_meanwhile_neither_repeat_nor_hide_others(rows):
    first = page_of(rows, request=asked(""), order=ORDER, size=5)
    Session.objects.create(session_key="new", session_data="", expire_date=START + timedelta(days=9))
    second = page_of(rows, request=asked(first.next), order=ORDER, size=5)
    assert [r.pk for r in second] == [r.pk for r in rows.exclude(pk="new").order_by(*ORDER)[5:10]]


@pytest.mark.parametrize("cursor", ["made-up", "W1tdXQ:1:2", "\x00"])
def test_refuses_a_cursor_that_is_not_ours(rows, cursor):
    with pytest.raises(StaleCursor):
        page_of(rows, request=asked(cursor), order=ORDER, size=5)


def test_refuses_a_cursor_made_for_another_order(rows):
    first = page_of(rows, request=asked(""), order=ORDER, size=5)
    with pytest.raises(StaleCursor):
        page_of(rows, request=asked(first.next), order=("session_key",), size=5)


def test_an_empty_list_is_one_empty_page(db):
    page = page_of(Session.objects.all(), request=asked(""), order=ORDER)
    assert (page.items, page.next, page.previous, page.is_first) == ([], "", "", True)

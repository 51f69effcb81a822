"""The current book of this process: shipped policies plus what operators published.

Looking a value up costs about a microsecond. Once a second the book asks the database for one short mark
that every change replaces, and is read anew when it differs: a version published elsewhere for "now"
reaches every process within that second. Nothing is rewritten by the delay, because each decision stores
the version it used.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from fondaco.policy.book import Book, shipped_book

CHECK_EVERY_S = 1.0

_lock = threading.Lock()
_book: Book | None = None
_mark: str | None = None
_check_after = 0.0
_drafts: dict[tuple[str, str], Any] = {}
_thread = threading.local()


def current() -> Book:
    """The book to read from now."""
    if getattr(_thread, "changed", False) and _in_transaction():
        # This thread has published something that is not committed: only it may see that.
        return _load()
    if _book is None or time.monotonic() > _check_after:
        _refresh()
    return _book or shipped_book()


def forget() -> None:
    """Read the database at the next look-up: called after every commit of a change."""
    global _check_after, _mark
    with _lock:
        _mark, _check_after = None, 0.0
    _thread.changed = False


def changed_here() -> None:
    """This thread's open transaction holds a change: until it ends, read past the shared book."""
    _thread.changed = True


@contextmanager
def drafts(values: Mapping[tuple[str, str], Any]) -> Iterator[None]:
    """Within the block, `(key, store)` has the given value (plain JSON) whatever was published. For tests."""
    global _book, _drafts
    before = _drafts
    with _lock:
        _book, _drafts = None, before | dict(values)
    try:
        yield
    finally:
        with _lock:
            _book, _drafts = None, before


def _refresh() -> None:
    global _book, _mark, _check_after
    with _lock:
        if _book is not None and time.monotonic() <= _check_after:
            return
        mark = _stored_mark()
        if _book is None or mark != _mark:
            _book, _mark = _load(), mark
        _check_after = time.monotonic() + CHECK_EVERY_S


def _load() -> Book:
    book = _stored_book()
    return book.with_draft(_drafts) if _drafts else book


def _stored_book() -> Book:
    if not _has_database():
        return shipped_book()
    from fondaco.policy.models import PolicyVersion

    return Book(row.as_version() for row in PolicyVersion.objects.standing())


def _stored_mark() -> str:
    if not _has_database():
        return ""
    from fondaco.policy.models import PolicyMark

    return str(PolicyMark.objects.values_list("mark", flat=True).first() or "")


def _has_database() -> bool:
    """False where Django is not set up at all: `fondaco inspect` and plain scripts use what is shipped."""
    try:
        from django.apps import apps
    except ImportError:
        return False
    return apps.ready and apps.is_installed("fondaco.policy")


def _in_transaction() -> bool:
    from django.db import connection

    if not connection.in_atomic_block:
        _thread.changed = False
    return connection.in_atomic_block

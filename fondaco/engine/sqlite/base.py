"""The database wrapper: the outermost transaction takes the process's write lock first."""

from __future__ import annotations

import threading
from typing import Any

from django.db import OperationalError
from django.db.backends.sqlite3 import base

from fondaco.engine.sqlite.fifo import FifoLock

_locks: dict[str, FifoLock] = {}
_locks_guard = threading.Lock()


def write_lock(name: str) -> FifoLock:
    """The one lock of this process for the database file `name`."""
    with _locks_guard:
        return _locks.setdefault(name, FifoLock())


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's SQLite wrapper, fair among the threads of one process."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._holds_write_lock = False

    def _start_transaction_under_autocommit(self) -> None:
        self._take_write_lock()
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]  # the stubs leave it out
        except BaseException:
            self._leave_write_lock()
            raise

    def _commit(self) -> None:
        super()._commit()  # type: ignore[misc]  # the stubs leave it out
        self._leave_write_lock()

    def _rollback(self) -> None:
        try:
            super()._rollback()  # type: ignore[misc]  # the stubs leave it out
        finally:
            self._leave_write_lock()

    def _close(self) -> None:
        try:
            super()._close()  # type: ignore[misc]  # the stubs leave it out
        finally:
            self._leave_write_lock()

    def _take_write_lock(self) -> None:
        if self._holds_write_lock:
            return
        seconds = self.settings_dict["OPTIONS"].get("timeout", 20)
        if not write_lock(str(self.settings_dict["NAME"])).acquire(timeout=seconds):
            raise OperationalError("database is locked: waited for another writer of this process")
        self._holds_write_lock = True

    def _leave_write_lock(self) -> None:
        if self._holds_write_lock:
            self._holds_write_lock = False
            write_lock(str(self.settings_dict["NAME"])).release()

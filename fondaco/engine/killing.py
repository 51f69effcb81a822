"""A process of its own that is killed (SIGKILL) at a chosen step: for tests that nothing is lost or doubled.

A step is a statement of the database, the moment before a commit, or the moment after it. The simulators of the world
outside write rows too, so what they are asked and answer are steps like any other.
"""

from __future__ import annotations

import os
import signal
import sys
import traceback
from collections.abc import Callable
from typing import Any

from django.db import connection, connections

ENDED, FAILED = 0, 70


def dies_at(nth: int, act: Callable[[], Any]) -> bool:
    """Run `act` in a child that kills itself at its n-th step. False: it came to its end before that.

    What it had committed stays, what it had not is the database's to forget; its memory, and so its queue of held
    tasks, is gone. Raises AssertionError when it failed by itself.
    """
    connections.close_all()  # a connection must not be shared with the child
    child = os.fork()
    if child == 0:
        _live_and_die(nth, act)
    _pid, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        assert os.WTERMSIG(status) == signal.SIGKILL, status
        return True
    assert os.waitstatus_to_exitcode(status) == ENDED, f"it failed before step {nth}; see its traceback"
    return False


def _live_and_die(nth: int, act: Callable[[], Any]) -> None:
    """Never returns: the child must not come back into the test that forked it."""
    seen = 0

    def step() -> None:
        nonlocal seen
        seen += 1
        if seen == nth:
            os.kill(os.getpid(), signal.SIGKILL)

    def statement(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        step()
        return execute(sql, params, many, context)

    wire: Any = connection  # how a commit goes out is the wrapper's own
    commit = wire._commit

    def committing() -> None:
        step()
        commit()
        step()

    wire._commit = committing
    try:
        with connection.execute_wrapper(statement):
            act()
    except BaseException:
        traceback.print_exc()
        sys.stderr.flush()
        os._exit(FAILED)
    os._exit(ENDED)

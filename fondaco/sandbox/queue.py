"""Tasks of a sandbox: queued when their transaction commits, worked off one after the other between the requests.

So a client that calls one thing after the other meets the same store each time: when it asks again, what its last call set off
has happened. A request waits for that at most `PATIENCE_S`; long work is then seen while it goes on, as in any store.
"""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.tasks.backends.dummy import DummyBackend
from django.utils import timezone

from fondaco.engine import clock

log = logging.getLogger("fondaco.sandbox")
PATIENCE_S = 5.0
LOOK_EVERY_S = 0.2
NONE = timedelta(0)


@dataclass(order=True, slots=True)
class _Later:
    """A task with a time, told by the store's clock."""

    due_at: datetime
    number: int
    result: Any = field(compare=False)


class Runner:
    """The one thread that works. `gate` is held by each request of a client, `do` runs something between them."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._ready: deque[Any] = deque()
        self._later: list[_Later] = []
        self._asked: deque[tuple[Callable[[], Any], Future[Any]]] = deque()
        self._requests = self._number = 0
        self._is_working = False
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Work from now on."""
        self._thread = threading.Thread(target=self._live, name="fondaco-sandbox", daemon=True)
        self._thread.start()

    def put(self, result: Any) -> None:
        """Queue a task; one with a time waits until the store's clock has come there."""
        with self._changed:
            later = result.task.run_after
            pause = later - timezone.now() if later else NONE  # house: allow  the queue's clock is the machine's
            if pause > NONE:
                self._number += 1
                due_at = clock.now() + pause
                self._later.append(_Later(due_at, self._number, result))
                self._later.sort()
            else:
                self._ready.append(result)
            self._changed.notify_all()

    @contextmanager
    def gate(self) -> Iterator[None]:
        """Held by a request: begins when nothing is left to do, or after `PATIENCE_S`."""
        with self._changed:
            self._changed.wait_for(self._is_settled, PATIENCE_S)
            self._requests += 1
        try:
            yield
        finally:
            with self._changed:
                self._requests -= 1
                self._changed.notify_all()

    def wait(self) -> None:
        """Until nothing is left to do, or for `PATIENCE_S`."""
        with self._changed:
            self._changed.wait_for(self._is_settled, PATIENCE_S)

    def do(self, what: Callable[[], Any]) -> Any:
        """Let the runner do something, and all that it sets off; returns what it returns, or raises what it raises."""
        answer: Future[Any] = Future()
        with self._changed:
            self._asked.append((what, answer))
            self._changed.notify_all()
        return answer.result()

    def settle(self) -> int:
        """Work off what is due, and what that sets off, in this thread; how many tasks ran."""
        ran = 0
        while result := self._next():
            ran += 1
            try:
                result.task.func(*result.args, **result.kwargs)
            except Exception:
                log.exception("task %s failed", result.task.module_path)
        return ran

    def forget(self) -> None:
        """Drop what is queued."""
        with self._changed:
            self._ready.clear()
            self._later.clear()

    def _is_settled(self) -> bool:
        return not (self._is_working or self._ready or self._asked)

    def _next(self) -> Any:
        now = clock.now()
        with self._changed:
            if self._ready:
                return self._ready.popleft()
            if self._later and self._later[0].due_at <= now:
                return self._later.pop(0).result
        return None

    def _live(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: bool(self._ready or self._asked), LOOK_EVERY_S)
                self._changed.wait_for(lambda: self._requests == 0, PATIENCE_S)
                what, answer = self._asked.popleft() if self._asked else (None, None)
                if what is None and not self._ready and not self._later:
                    continue
                self._is_working = True
            try:
                self._work(what, answer)
            finally:
                with self._changed:
                    self._is_working = False
                    self._changed.notify_all()

    def _work(self, what: Callable[[], Any] | None, answer: Future[Any] | None) -> None:
        try:
            result = what() if what else None
            self.settle()
        except BaseException as error:
            if answer is None:
                log.exception("the sandbox could not work")
            else:
                answer.set_exception(error)
        else:
            if answer is not None:
                answer.set_result(result)


runner = Runner()


class SandboxTasks(DummyBackend):
    """Django's task backend in front of the runner: what is rolled back was never queued."""

    def _store_result(self, result: Any) -> None:
        transaction.on_commit(lambda: runner.put(result))

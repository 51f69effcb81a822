"""Tasks in tests: held until the test lets them run, in the order they were queued."""

from __future__ import annotations

from typing import Any

from django.tasks.backends.dummy import DummyBackend


class HeldTasks(DummyBackend):
    """Keeps what was queued; `run_tasks` runs it. One list for the whole process, so live-server threads share it."""

    def __init__(self, alias: str, params: Any) -> None:
        super().__init__(alias, params)
        self.results = _held

    def clear(self) -> None:
        _held.clear()


_held: list[Any] = []


def run_tasks(*, limit: int = 10_000, include_delayed: bool = False) -> int:
    """Run what is queued, and what that queues, until nothing is left; returns how many ran.

    Tasks with a later `run_after` stay queued unless `include_delayed`.
    """
    ran = 0
    while ran < limit:
        ready = next((r for r in _held if include_delayed or r.task.run_after is None), None)
        if ready is None:
            return ran
        _held.remove(ready)
        ready.task.func(*ready.args, **ready.kwargs)
        ran += 1
    raise AssertionError(f"more than {limit} tasks: does one queue itself for ever?")


def forget_tasks() -> None:
    """Drop everything that is queued."""
    _held.clear()

"""Manners towards image hosts: a few pictures at once, a small gap between them, and silence when a host asks for it.

Counted in this process; with several worker processes each keeps its own manners, so set `at_once` accordingly.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from .faults import HostBusy


@dataclass(slots=True)
class _Host:
    running: int = 0
    next_at: float = 0.0
    paused_until: float = 0.0


class Politeness:
    """Turns of hosts. Safe for threads. `clock` and `wait` are the monotonic clock and the condition's wait, for tests."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic, most_hosts: int = 4096) -> None:
        self._clock, self._most = clock, most_hosts
        self._hosts: dict[str, _Host] = {}
        self._changed = threading.Condition()

    @contextmanager
    def turn(self, host: str, *, at_once: int, gap_s: float, patience_s: float) -> Iterator[None]:
        """Holds one of the host's places. Raises HostBusy, with `retry_after_s`, when none is to be had in `patience_s`."""
        self._enter(host, at_once, gap_s, patience_s)
        try:
            yield
        finally:
            with self._changed:
                self._hosts[host].running -= 1
                self._changed.notify_all()

    def _enter(self, host: str, at_once: int, gap_s: float, patience_s: float) -> None:
        give_up = self._clock() + patience_s
        with self._changed:
            state = self._hosts.get(host) or self._add(host)
            while True:
                now = self._clock()
                ready = max(state.next_at, state.paused_until)
                if ready > give_up:
                    raise HostBusy(host=host, retry_after_s=max(1, round(ready - now)))
                if state.running < at_once and ready <= now:
                    state.running += 1
                    state.next_at = now + gap_s
                    return
                if now >= give_up:
                    raise HostBusy(host=host, retry_after_s=1)
                soonest = ready if state.running < at_once else give_up
                self._changed.wait(max(0.001, min(soonest, give_up) - now))
                state = self._hosts.get(host) or self._add(host)

    def pause(self, host: str, seconds: float) -> None:
        """No new turns for a host for so long; a shorter pause does not end a longer one."""
        with self._changed:
            state = self._hosts.get(host) or self._add(host)
            state.paused_until = max(state.paused_until, self._clock() + seconds)
            self._changed.notify_all()

    def paused_s(self, host: str) -> float:
        """Seconds until a host may be asked again, 0 if now."""
        with self._changed:
            state = self._hosts.get(host)
            return max(0.0, state.paused_until - self._clock()) if state else 0.0

    def _add(self, host: str) -> _Host:
        if len(self._hosts) >= self._most:
            now = self._clock()
            for name in [n for n, s in self._hosts.items() if not s.running and max(s.next_at, s.paused_until) <= now]:
                del self._hosts[name]
        return self._hosts.setdefault(host, _Host())

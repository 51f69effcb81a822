"""The task worker: in threads beside the web process, or as a process of its own.

Both are the same: a supervisor of the queue in this process, set up anew whenever it gives up (a database that was away
for a while ends its heartbeat, and with it the supervisor). When a worker begins, it sweeps at once: what a predecessor
died over goes on within seconds.
"""

from __future__ import annotations

import atexit
import logging
import os
import signal
import threading
from typing import Any

from django.utils.module_loading import autodiscover_modules

from fondaco.engine import holders, sweeps

log = logging.getLogger("fondaco.worker")
_started: threading.Thread | None = None
_stop = threading.Event()

PAUSE_S = 2.0


def start_embedded() -> None:
    """Run the worker in threads of this process, once; it stops with the process."""
    global _started
    if _started is not None:
        return
    _load()
    _started = threading.Thread(target=_supervise, name="fondaco-worker", daemon=True)
    _started.start()
    atexit.register(_stop.set)


def run(*, recurring: bool = True) -> None:
    """Work in this process until it is told to stop (SIGTERM, Ctrl+C): what runs may end; a second signal ends it now.

    Without `recurring` the minute's sweep is left to another worker.
    """
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _told_to_stop)
    _load()
    _supervise(recurring=recurring)


def _load() -> None:
    """Import every task in one thread before there are several: two that import the same libraries at the same moment
    can leave one of them half made for as long as the process lives (seen with NumPy, at each eighth restart)."""
    autodiscover_modules("tasks")


def _told_to_stop(*_: Any) -> None:
    if _stop.is_set():
        os._exit(1)
    _stop.set()


def _supervise(*, recurring: bool = True) -> None:
    from dj_queue.runtime.supervisor import AsyncSupervisor

    overrides = None if recurring else {"skip_recurring": True}
    while not _stop.is_set():
        supervisor = AsyncSupervisor.from_backend_config(
            backend_alias="default", cli_overrides=overrides, hostname=holders.me(), standalone=False
        )
        try:
            supervisor.start()
            threading.Thread(target=_begin, name="fondaco-begin", daemon=True).start()
            _attend(supervisor)
        except Exception:
            log.exception("the worker's supervisor could not go on and is set up anew")
        finally:
            supervisor.stop()
        _stop.wait(PAUSE_S)


def _attend(supervisor: Any) -> None:
    while not _stop.wait(supervisor.polling_interval) and not supervisor.stop_requested():
        try:
            supervisor.poll_once()
        except Exception:
            log.exception("the worker's supervisor failed once and goes on")


def _begin() -> None:
    """The sweep of this worker's first minute, without waiting for it."""
    from django.db import connections

    try:
        sweeps.run_all()
    except Exception:
        log.exception("the first sweep failed; the next one is due within a minute")
    finally:
        connections.close_all()

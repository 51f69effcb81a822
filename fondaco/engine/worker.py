"""The task worker: in threads beside the web process, or as a process of its own.

Both are the same: a supervisor of the queue in this process, set up anew whenever it gives up (a database that was away
for a while ends its heartbeat, and with it the supervisor). When a worker begins, it sweeps at once: what a predecessor
died over goes on within seconds.

A worker that is told to stop begins nothing new (`stopping`), lets what runs come to its next pause, and is gone after
`PATIENCE_S` at the latest: work that is cut off then is taken up again like that of a worker that was killed.
"""

from __future__ import annotations

import atexit
import faulthandler
import logging
import os
import signal
import threading
from typing import Any

from django.utils.module_loading import autodiscover_modules

from fondaco.engine import holders, stopping, sweeps

log = logging.getLogger("fondaco.worker")
_started: threading.Thread | None = None

PAUSE_S = 2.0
PATIENCE_S = 15.0


def start_embedded() -> None:
    """Run the worker in threads of this process, once; it stops with the process."""
    global _started
    if _started is not None:
        return
    _load()
    _started = threading.Thread(target=_supervise, name="fondaco-worker", daemon=True)
    _started.start()
    # Before the interpreter waits for threads at its end, not after: a long task must hear of it.
    getattr(threading, "_register_atexit", atexit.register)(stopping.ask)


def run(*, recurring: bool = True) -> None:
    """Work in this process until it is told to stop (SIGTERM, Ctrl+C); a second signal ends it now.

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
    if stopping.is_asked():
        os._exit(1)
    stopping.ask()
    # By a thread that Python knows nothing of: it ends the process whatever its own threads wait for, and says what.
    faulthandler.dump_traceback_later(PATIENCE_S, exit=True)


def _supervise(*, recurring: bool = True) -> None:
    from dj_queue.runtime.supervisor import AsyncSupervisor

    overrides = None if recurring else {"skip_recurring": True}
    while not stopping.is_asked():
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
        stopping.wait(PAUSE_S)


def _attend(supervisor: Any) -> None:
    while not stopping.wait(supervisor.polling_interval) and not supervisor.stop_requested():
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

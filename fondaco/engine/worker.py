"""Starting the task worker: in threads beside the web process, or as a process of its own."""

from __future__ import annotations

import atexit
import logging
import threading

log = logging.getLogger("fondaco.worker")
_started: threading.Thread | None = None
_stop = threading.Event()


def start_embedded() -> None:
    """Run dj-queue's supervisor in threads of this process, once; it stops with the process."""
    global _started
    if _started is not None:
        return
    _started = threading.Thread(target=_supervise, name="fondaco-worker", daemon=True)
    _started.start()
    atexit.register(_stop.set)


def _supervise() -> None:
    from dj_queue.runtime.supervisor import AsyncSupervisor

    supervisor = AsyncSupervisor.from_backend_config(backend_alias="default", standalone=False)
    supervisor.start()
    try:
        while not _stop.wait(supervisor.polling_interval):
            try:
                if supervisor.poll_once() is False:
                    return
            except Exception:
                log.exception("the worker's supervisor failed once and goes on")
    finally:
        supervisor.stop()

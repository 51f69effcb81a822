"""Whether this process was asked to end. Long tasks ask between two pieces of work and leave the rest to another worker:
the rows say what is left, and the sweep finds it."""

from __future__ import annotations

import time

_GLANCE_S = 0.1
_asked = False  # no `threading.Event`: its lock may be held by the very thread that a signal interrupts


def ask() -> None:
    """From now on no further piece of work is begun. Takes no lock, so a signal's handler may call it."""
    global _asked
    _asked = True


def is_asked() -> bool:
    """Whether to stop after the piece at hand."""
    return _asked


def wait(seconds: float) -> bool:
    """Sleeps, unless or until the process is asked to end; says whether it was."""
    until = time.monotonic() + seconds
    while not _asked and (left := until - time.monotonic()) > 0:
        time.sleep(min(left, _GLANCE_S))
    return _asked

"""Sweeps: each minute, nudge what is due and not done.

A domain registers one function per kind of due work. Losing every row of the queue therefore loses no work: the
next sweep finds the domain rows again.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.utils.module_loading import autodiscover_modules

from fondaco.engine import abandoned
from fondaco.engine.tasks import Retry, job

log = logging.getLogger("fondaco.sweeps")
_sweeps: list[Callable[[], None]] = []


def sweep(fn: Callable[[], None]) -> Callable[[], None]:
    """Register a function that finds due work and nudges its tasks. It may run twice at once."""
    _sweeps.append(fn)
    return fn


def run_all() -> None:
    """Run every sweep; one that fails does not keep the others from running. First, what dead workers left in the
    queue: what they held of domain rows is each domain's own sweep to free (`fondaco.engine.holders`)."""
    autodiscover_modules("tasks")
    for each in [abandoned.take_up, *_sweeps]:
        try:
            each()
        except Exception:
            log.exception("sweep %s failed", each.__qualname__)


@job(queue="fast", retry=Retry(attempts=1, deaths=0))
def sweep_all() -> None:
    """The recurring task behind `run_all` (settings, TASKS)."""
    run_all()

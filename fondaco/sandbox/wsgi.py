"""The sandbox's WSGI application: the store's, with its tasks run between the requests. The control API goes past that gate."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from fondaco.config.wsgi import application as store
from fondaco.sandbox import world
from fondaco.sandbox.queue import runner

CONTROL = "/sandbox/v1/"


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """A request of a client waits until what the last one set off is done."""
    if environ.get("PATH_INFO", "").startswith(CONTROL):
        runner.wait()
        return store(environ, start_response)
    gate = runner.gate()
    gate.__enter__()
    try:
        return _Closing(store(environ, start_response), gate)
    except BaseException:
        gate.__exit__(None, None, None)
        raise


class _Closing:
    """An answer that opens the gate when it has gone out."""

    def __init__(self, answer: Any, gate: Any) -> None:
        self._answer, self._gate = answer, gate

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._answer)

    def close(self) -> None:
        gate, self._gate = self._gate, None
        try:
            if hasattr(self._answer, "close"):
                self._answer.close()
        finally:
            if gate is not None:
                gate.__exit__(None, None, None)


def _begin() -> None:
    from django.utils.module_loading import autodiscover_modules

    logging.getLogger("django.request").setLevel(logging.ERROR)  # refusals are what tests ask for
    autodiscover_modules("tasks")
    sequence = world.sequence()
    sequence.state = [int(n) for n in os.environ["FONDACO_SANDBOX_STATE"].split(",")]
    runner.start()


_begin()

"""The tasks of feeds by name: operations nudge them without importing the tasks, which call operations."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils.module_loading import import_string

from fondaco.engine.tasks import nudge


def _nudge(name: str, batch_id: Any, after: timedelta | None = None) -> None:
    nudge(import_string(f"fondaco.feeds.tasks.{name}"), str(batch_id), after=after)


def plan(batch_id: Any) -> None:
    """Read the file of a new batch and cut it into chunks, soon."""
    _nudge("plan_batch", batch_id)


def run(batch_id: Any, after: timedelta | None = None) -> None:
    """Work off waiting chunks of a batch."""
    _nudge("run_chunks", batch_id, after)


def finish(batch_id: Any, after: timedelta | None = None) -> None:
    """See whether a batch is done, and close it."""
    _nudge("finish_batch", batch_id, after)

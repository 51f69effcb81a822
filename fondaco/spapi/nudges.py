"""Tasks of the door by name: operations nudge them without importing the tasks, which call operations."""

from __future__ import annotations

from typing import Any

from django.utils.module_loading import import_string

from fondaco.engine.tasks import nudge


def work_off(feed_id: Any) -> None:
    """Work a feed off soon."""
    nudge(import_string("fondaco.spapi.tasks.work_off_feed"), str(feed_id))


def make_report(report_id: Any) -> None:
    """Make a report soon."""
    nudge(import_string("fondaco.spapi.tasks.make_report"), str(report_id))

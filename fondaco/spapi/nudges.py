"""Tasks of the door by name: operations nudge them without importing the tasks, which call operations."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils.module_loading import import_string

from fondaco.engine.tasks import nudge


def work_off(feed_id: Any) -> None:
    """Work a feed off soon."""
    nudge(import_string("fondaco.spapi.tasks.work_off_feed"), str(feed_id))


def make_report(report_id: Any) -> None:
    """Make a report soon."""
    nudge(import_string("fondaco.spapi.tasks.make_report"), str(report_id))


def deliver(destination_id: Any, after: timedelta | None = None) -> None:
    """Send what waits for a destination soon."""
    nudge(import_string("fondaco.spapi.tasks.deliver_notices"), str(destination_id), after=after)


def compare_listings(seller_id: Any) -> None:
    """Look soon at the listings of a seller that changed."""
    nudge(import_string("fondaco.spapi.tasks.compare_listings"), str(seller_id))


def look_over(seller_id: Any) -> None:
    """Look soon at all listings of a seller, so that later changes show."""
    nudge(import_string("fondaco.spapi.tasks.look_over_listings"), str(seller_id))


def end_feed(feed_id: Any) -> None:
    """Write the report of a listings feed whose file is through."""
    nudge(import_string("fondaco.spapi.tasks.end_feed"), str(feed_id))

"""The tasks of the door: load by id, call one operation."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from fondaco.engine import clock
from fondaco.engine.sweeps import sweep
from fondaco.engine.tasks import Retry, job
from fondaco.spapi import nudges
from fondaco.spapi.operations import access, feeds, reports


@job(queue="default", retry=Retry(attempts=3))
def work_off_feed(feed_id: str) -> None:
    """Work off a feed that is not a listings feed."""
    feeds.work_off(UUID(feed_id))


@sweep
def open_feeds() -> None:
    """Feeds whose task was lost with its worker."""
    for feed_id in feeds.due(at=clock.now() - timedelta(minutes=2)):
        nudges.work_off(feed_id)


@sweep
def expired_tokens() -> None:
    """Tokens and codes that nobody can use any more."""
    access.forget_expired()


@job(queue="default", retry=Retry(attempts=3))
def make_report(report_id: str) -> None:
    """Make one report."""
    reports.make(UUID(report_id))


@sweep
def due_reports() -> None:
    """Reports of schedules whose time has come, and reports whose task was lost."""
    now = clock.now()
    reports.run_schedules(at=now)
    for report_id in reports.due(at=now - timedelta(minutes=2)):
        nudges.make_report(report_id)

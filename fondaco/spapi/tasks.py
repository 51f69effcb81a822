"""The tasks of the door: load by id, call one operation."""

from __future__ import annotations

import time
from datetime import timedelta
from uuid import UUID

from fondaco.engine import clock
from fondaco.engine.sweeps import sweep
from fondaco.engine.tasks import Retry, job
from fondaco.spapi import nudges
from fondaco.spapi.listens import read_listings
from fondaco.spapi.operations import access, deliveries, feeds, listing_changes, reports

LOOK_OVER_S = 15.0


@job(queue="default", retry=Retry(attempts=3))
def work_off_feed(feed_id: str) -> None:
    """Work off a feed that is not a listings feed."""
    feeds.work_off(UUID(feed_id))


@sweep
def open_feeds() -> None:
    """Feeds whose task was lost with its worker."""
    for feed_id in feeds.due(at=clock.now() - timedelta(minutes=2)):
        nudges.work_off(feed_id)


@job(queue="default", retry=Retry(attempts=3))
def end_feed(feed_id: str) -> None:
    """End a listings feed whose file is through."""
    feeds.end(UUID(feed_id))


@sweep
def feeds_through() -> None:
    """Listings feeds whose file is through, and whose task was lost."""
    for feed_id in feeds.through():
        nudges.end_feed(feed_id)


@job(queue="default", retry=Retry(attempts=3))
def deliver_notices(destination_id: str) -> None:
    """Send what is due to one destination. A failed try is no failed task: its row says when the next one is."""
    deliveries.deliver(UUID(destination_id))


@job(queue="default", retry=Retry(attempts=5))
def compare_listings(seller_id: str) -> None:
    """Tell what changed of a seller's listings."""
    listing_changes.compare(UUID(seller_id), read=read_listings)


@job(queue="bulk", retry=Retry(attempts=5))
def look_over_listings(seller_id: str) -> None:
    """See a seller's listings as they are, a piece at a time."""
    until = time.monotonic() + LOOK_OVER_S
    while listing_changes.look_over(UUID(seller_id), read=read_listings):
        if time.monotonic() > until:
            nudges.look_over(seller_id)
            return


@sweep
def due_notices() -> None:
    """Notices whose next try has come, and listings whose task was lost."""
    now = clock.now()
    for destination_id in deliveries.due(at=now):
        nudges.deliver(destination_id)
    marked, unseen = listing_changes.due()
    for seller_id in marked:
        nudges.compare_listings(seller_id)
    for seller_id in unseen:
        nudges.look_over(seller_id)
    deliveries.forget_old(at=now)


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

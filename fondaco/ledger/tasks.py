"""The ledger's tasks: load by id, call one operation."""

from __future__ import annotations

from uuid import UUID

from fondaco.engine import clock
from fondaco.engine.sweeps import sweep
from fondaco.engine.tasks import job, nudge
from fondaco.ledger import operations, queries


@job(queue="default")
def collect(due_id: str) -> None:
    """Collect what is due: from proceeds, else from the card."""
    operations.collect(due_id=UUID(due_id))


@job(queue="bulk")
def close_period(period_id: str) -> None:
    """Close a statement period that has ended."""
    operations.close_statement_period(period_id=UUID(period_id))


@sweep
def what_is_due() -> None:
    """Dues whose card is to be asked, whose question was never answered, or whose proceeds have come."""
    for due_id in operations.dues_to_collect(at=clock.now()):
        nudge(collect, str(due_id))


@sweep
def ended_periods() -> None:
    """Statement periods that have ended and that no posting has closed on its way."""
    for period_id in queries.periods_to_close(at=clock.now()):
        nudge(close_period, str(period_id))

"""The tasks of feeds: load by id, call one operation. The rows say what is due; a task is only a nudge."""

from __future__ import annotations

from uuid import UUID

from fondaco.engine.sweeps import sweep
from fondaco.engine.tasks import Retry, job
from fondaco.feeds.operations import finishing, planning, running, sweeping


@job(queue="default")
def plan_batch(batch_id: str) -> None:
    """Read a file once: encoding, header, chunks."""
    planning.plan_batch(UUID(batch_id))


@job(queue="bulk", retry=Retry(attempts=3))
def run_chunks(batch_id: str) -> None:
    """Work off chunks of a batch for some seconds."""
    running.run_chunks(UUID(batch_id))


@job(queue="default")
def finish_batch(batch_id: str) -> None:
    """Close a batch whose rows and pictures are settled."""
    finishing.finish_batch(UUID(batch_id))


@sweep
def open_batches() -> None:
    """Batches whose worker died, and those whose task was lost."""
    sweeping.nudge_open_batches()


@sweep
def late_pictures() -> None:
    """Reports of batches whose last pictures arrived after the report."""
    sweeping.settle_late_pictures()

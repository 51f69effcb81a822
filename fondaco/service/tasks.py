"""Customer service's tasks: load by id, call one operation."""

from __future__ import annotations

from uuid import UUID

from fondaco.engine import clock
from fondaco.engine.sweeps import sweep
from fondaco.engine.tasks import job, nudge
from fondaco.service.operations import guarantees, reimbursements
from fondaco.service.queries.due import replies_over, sellers_over


@job(queue="default")
def close_unanswered(claim_id: str) -> None:
    """A reimbursement claim whose seller did not answer in time."""
    reimbursements.close_unanswered(claim_id=UUID(claim_id))


@job(queue="default")
def pass_on(claim_id: str) -> None:
    """A guarantee claim whose seller did not answer in time."""
    guarantees.pass_on(claim_id=UUID(claim_id))


@sweep
def claims_without_answer() -> None:
    """Claims whose time to answer has passed."""
    now = clock.now()
    for claim_id in replies_over(at=now):
        nudge(close_unanswered, str(claim_id))
    for claim_id in sellers_over(at=now):
        nudge(pass_on, str(claim_id))

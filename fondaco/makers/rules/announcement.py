"""An announcement under review: its states, and the two weeks (HAND-25, Q-47). Plain Python."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from fondaco.kit.calendar import local_date
from fondaco.kit.deadlines import Deadline, pr_submission


class State(StrEnum):
    """Where an announcement stands (SPEC 1.7)."""

    SUBMITTED = "submitted"
    ASSIGNED = "assigned"
    IN_REVIEW = "in_review"
    ROUTED = "routed"
    CHANGES_REQUESTED = "changes_requested"
    CLEARED = "cleared"


class Author(StrEnum):
    """Who issues it."""

    OWN = "own"
    AGENCY = "agency"


MOVES: Mapping[State, frozenset[State]] = {
    State.SUBMITTED: frozenset({State.ASSIGNED}),
    State.ASSIGNED: frozenset({State.IN_REVIEW}),
    State.IN_REVIEW: frozenset({State.ROUTED, State.CHANGES_REQUESTED, State.CLEARED}),
    State.ROUTED: frozenset({State.IN_REVIEW}),
    State.CHANGES_REQUESTED: frozenset({State.IN_REVIEW}),
    State.CLEARED: frozenset(),
}
"""From each state, where it may go."""

OPEN = tuple(s for s in State if s is not State.CLEARED)


@dataclass(frozen=True, slots=True)
class Notice:
    """How a draft stands to its day of issue. `is_past`: that day is over in the store's zone."""

    is_past: bool
    is_short: bool
    deadline: Deadline


def may_move(*, state: State, to: State) -> bool:
    """Whether an announcement may go from one state to another."""
    return to in MOVES[state]


def notice(
    *, submitted_at: datetime, issue_on: date, lead_days: int, zone: ZoneInfo, policy_version: str = ""
) -> Notice:
    """Two weeks count as kept when the local day of submission + `lead_days` is not after the day of issue.

    `zone` is the store's. Short notice is accepted with a mark and never cleared by itself (Q-47).
    """
    deadline = pr_submission(issue_on=issue_on, lead_days=lead_days, zone=zone, policy_version=policy_version)
    return Notice(
        is_past=issue_on < local_date(submitted_at, zone),
        is_short=deadline.is_over(submitted_at),
        deadline=deadline,
    )

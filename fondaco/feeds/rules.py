"""States of a batch and what may be done in them. Plain Python: facts in, decision out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

ROWS_PER_CHUNK = 2_000
"""Rows a chunk: long enough to make one database round trip cheap, short enough to repeat after a kill."""

RUNNERS_PER_SELLER = 3
"""How many chunks of one seller are worked off at once: a large file must not keep the others waiting."""

RULES_VERSION = 1
"""Goes into every digest of a checked chunk. Raise it whenever `check.py` may answer differently."""

LARGE_FILE_BYTES = 5 * 1024 * 1024
"""Where a file stops being small (B-IMG-13)."""


class Kind(StrEnum):
    """What was handed in."""

    INVENTORY = "INVENTORY"
    JSON_LISTINGS = "JSON_LISTINGS"


class BatchState(StrEnum):
    """SPEC 1.7: request submitted, in progress, done; `FATAL` and `CANCELLED` are the exits."""

    REQUEST_SUBMITTED = "REQUEST_SUBMITTED"
    IN_PROGRESS = "IN_PROGRESS"
    DONE = "DONE"
    FATAL = "FATAL"
    CANCELLED = "CANCELLED"


OPEN_STATES = (BatchState.REQUEST_SUBMITTED, BatchState.IN_PROGRESS)


class ChunkState(StrEnum):
    """A chunk is claimed by a worker for a while (its lease) and then done, or waits again."""

    WAITING = "WAITING"
    RUNNING = "RUNNING"
    DONE = "DONE"
    FAILED = "FAILED"
    CANCELLED = "CANCELLED"


class Stage(StrEnum):
    """The way of a row, in order."""

    PARSE = "PARSE"
    CHECK = "CHECK"
    UPSERT = "UPSERT"
    FETCH = "FETCH"
    INSPECT = "INSPECT"
    PUBLISH = "PUBLISH"
    REPORT = "REPORT"


@dataclass(frozen=True, slots=True, kw_only=True)
class StageProgress:
    """How far one stage is: `done` of `total` things of that stage; `total` 0 means nothing to do there."""

    stage: Stage
    done: int
    total: int

    @property
    def percent(self) -> int:
        """0…100; rounds down, so 100 means everything."""
        return 100 if self.total <= 0 else min(100, self.done * 100 // self.total)

    @property
    def is_complete(self) -> bool:
        return self.done >= self.total


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """What the page and the terminal show of a batch.

    `rows_total` counts records in the file; `rows_read`, `rows_checked` and `rows_written` those that are
    through the stage; `images_*` count pictures.
    """

    state: BatchState
    is_planned: bool
    rows_total: int
    rows_checked: int
    rows_written: int
    images_total: int
    images_fetched: int
    images_inspected: int
    images_published: int


def stages(*, progress: Progress) -> Sequence[StageProgress]:
    """The seven stages with their counts, in order."""
    p = progress
    over = p.state not in OPEN_STATES
    counts = (
        (Stage.PARSE, p.rows_total if p.is_planned else 0, p.rows_total or 1),
        (Stage.CHECK, p.rows_checked, p.rows_total),
        (Stage.UPSERT, p.rows_written, p.rows_total),
        (Stage.FETCH, p.images_fetched, p.images_total),
        (Stage.INSPECT, p.images_inspected, p.images_total),
        (Stage.PUBLISH, p.images_published, p.images_total),
        (Stage.REPORT, 1 if over else 0, 1),
    )
    return [StageProgress(stage=s, done=max(0, d), total=t) for s, d, t in counts]


@dataclass(frozen=True, slots=True, kw_only=True)
class StuckLimits:
    """After which time a batch counts as stuck (policy `feed.stuck`)."""

    small_after: timedelta = timedelta(hours=1)
    large_after: timedelta = timedelta(hours=8)
    large_from_bytes: int = LARGE_FILE_BYTES


def is_stuck(
    *, state: BatchState, size_bytes: int, submitted_at: datetime, at: datetime, limits: StuckLimits | None = None
) -> bool:
    """Whether support should cancel the batch: 1 h for small files, 8 h over 5 MB (B-IMG-13)."""
    limits = limits or StuckLimits()
    after = limits.large_after if size_bytes > limits.large_from_bytes else limits.small_after
    return state in OPEN_STATES and at - submitted_at > after


def may_cancel(*, state: BatchState) -> bool:
    """Only what is not over can be cancelled. Rows already written stay."""
    return state in OPEN_STATES


def may_retry(*, state: BatchState, rows_failed: int) -> bool:
    """Only a finished batch with failed rows can be tried again; a fatal file must be sent anew."""
    return state == BatchState.DONE and rows_failed > 0


def picks_up_again(*, attempts: int, max_attempts: int = 5) -> bool:
    """Whether a chunk whose worker died is tried once more. Attempts are counted when it is claimed."""
    return attempts < max_attempts

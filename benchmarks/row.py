"""One figure of a benchmark, beside what it is held against."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """`ratio` is value over limit (or the other way where less is better), `target` what it should reach.

    `ok` is None where a figure only informs.
    """

    name: str
    value: float
    unit: str
    limit_or_peer: str = ""
    ratio: float | None = None
    target: str = ""
    ok: bool | None = None

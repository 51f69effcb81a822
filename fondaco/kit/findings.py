"""Findings: faults as values.

A feed row or a picture can have many faults; they are collected, never raised. A finding carries a
stable code, so that pages, reports, the API and the log can all say the same thing in any language.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any


class Severity(StrEnum):
    """How much a finding weighs: `fatal` stops the whole file, `error` the row or picture."""

    FATAL = "fatal"
    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault.

    `code` is stable; `severity` depends on the profile or policy; `clause` names its requirement.
    `measured` and `limit` are plain JSON values in the unit that the catalogue of codes states.
    `region` is `(x, y, w, h)` in pixels of the upright image. `message` and `fix` are English
    sentences; other languages come from the catalogue of codes by `code` and the values.
    """

    code: str
    severity: Severity
    clause: str = ""
    measured: Any = None
    limit: Any = None
    region: tuple[int, int, int, int] | None = None
    message: str = ""
    fix: str = ""

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready, with `region` as a list or null."""
        d = asdict(self)
        d["severity"] = str(self.severity)
        d["region"] = list(self.region) if self.region else None
        return d

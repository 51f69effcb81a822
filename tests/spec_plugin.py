"""Writes down which requirement was proven by which test, and whether it passed (`fondaco spec` reads it)."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

RESULTS = Path(os.environ.get("FONDACO_SPEC_RESULTS", ".spec-last-run.json"))
_marks: dict[str, list[str]] = {}
_outcomes: dict[str, str] = {}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        ids = [i for mark in item.iter_markers("spec") for i in mark.args]
        if ids:
            _marks[item.nodeid] = ids
            item.user_properties.append(("spec", ids))


def pytest_runtest_logreport(report: Any) -> None:
    ids = dict(report.user_properties).get("spec")
    if not ids:
        return
    _marks.setdefault(report.nodeid, ids)
    if report.when == "call" or report.outcome != "passed":
        _outcomes[report.nodeid] = report.outcome


def pytest_sessionfinish(session: pytest.Session) -> None:
    if hasattr(session.config, "workerinput") or not _outcomes:
        return
    known: dict[str, Any] = {}
    if RESULTS.exists():
        known = json.loads(RESULTS.read_text())
    for nodeid, outcome in _outcomes.items():
        known[nodeid] = {"ids": _marks[nodeid], "outcome": outcome}
    RESULTS.write_text(json.dumps(known, indent=0, sort_keys=True))

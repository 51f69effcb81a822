"""The diagnosis engine: what it asks, where it stops, what it says."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from fondaco.kit.diagnosis import Check, FactMissing, Link, Mode, Outcome, State, failed, passed, run, unknown, waiting
from fondaco.kit.findings import Finding, Severity

NOW = datetime(2022, 3, 1, 12, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Facts:
    shown: bool = False
    method: str = "portal"
    submitted_at: datetime | None = None
    rejected: str = ""


def shown(facts: Facts) -> Outcome:
    return passed(ends=True) if facts.shown else failed(goes_on=True)


def had_time(facts: Facts) -> Outcome:
    if facts.submitted_at is None:
        raise FactMissing("submitted_at")
    due = facts.submitted_at + timedelta(hours=24)
    return passed() if due < NOW else waiting(until=due, evidence={"submitted_at": facts.submitted_at})


def report(facts: Facts) -> Outcome:
    return unknown(message="No report.")


def meets_standards(facts: Facts) -> Outcome:
    if not facts.rejected:
        return passed()
    fault = Finding(facts.rejected, Severity.ERROR, "IMG-20")
    return failed(finding=fault, fix="Convert the picture.", link=Link("images:manage", {"asin": "F0"}))


TREE = (
    Check("shown", "Is there a picture?", shown, clause="IMG-11"),
    Check("had_time", "More than 24 hours?", had_time, clause="IMG-12"),
    Check("report", "Any error in the report?", report, clause="IMG-23", applies=lambda facts: facts.method == "feed"),
    Check("standards", "Does it meet the standards?", meets_standards, clause="IMG-13"),
)


def asked(facts: Facts, mode: Mode = Mode.FIRST) -> list[str]:
    return [result.check.code for result in run(TREE, facts, mode=mode).results]


def test_a_passed_check_can_end_the_matter() -> None:
    diagnosis = run(TREE, Facts(shown=True))
    assert [result.check.code for result in diagnosis.results] == ["shown"]
    assert diagnosis.conclusion is not None
    assert diagnosis.conclusion.outcome.state is State.PASSED


def test_stops_where_only_waiting_helps_and_says_until_when() -> None:
    submitted = NOW - timedelta(hours=1)
    diagnosis = run(TREE, Facts(submitted_at=submitted))
    assert asked(Facts(submitted_at=submitted)) == ["shown", "had_time"]
    assert diagnosis.until == submitted + timedelta(hours=24)
    assert diagnosis.conclusion is diagnosis.results[-1]


def test_stops_at_the_first_fault_to_mend() -> None:
    diagnosis = run(TREE, Facts(submitted_at=NOW - timedelta(days=2), rejected="format_not_accepted"))
    assert diagnosis.conclusion is not None
    assert diagnosis.conclusion.check.code == "standards"
    assert diagnosis.conclusion.outcome.link == Link("images:manage", {"asin": "F0"})
    assert [result.check.code for result in diagnosis.faults] == ["shown", "standards"]


def test_asks_only_what_applies() -> None:
    old = NOW - timedelta(days=2)
    assert asked(Facts(submitted_at=old)) == ["shown", "had_time", "standards"]
    assert asked(Facts(submitted_at=old, method="feed")) == ["shown", "had_time", "report", "standards"]


def test_collects_everything_when_told_to() -> None:
    facts = Facts(shown=True, submitted_at=NOW, method="feed", rejected="png")
    assert asked(facts, Mode.ALL) == ["shown", "had_time", "report", "standards"]
    assert run(TREE, facts, mode=Mode.ALL).conclusion.check.code == "shown"  # type: ignore[union-attr]


def test_a_missing_fact_is_unknown_and_the_next_question_is_asked() -> None:
    diagnosis = run(TREE, Facts(rejected="png"))
    assert [result.check.code for result in diagnosis.unknown] == ["had_time"]
    assert diagnosis.unknown[0].outcome.evidence == {"missing": "submitted_at"}
    assert diagnosis.conclusion is not None


def test_nothing_found_is_not_explained() -> None:
    diagnosis = run(TREE, Facts(submitted_at=NOW - timedelta(days=2)))
    assert not diagnosis.is_explained
    assert diagnosis.as_dict()["conclusion"] is None


def test_a_bug_in_a_check_goes_up() -> None:
    def broken(facts: Facts) -> Outcome:
        raise KeyError("typo")

    with pytest.raises(KeyError):
        run([Check("broken", "?", broken)], Facts())


def test_is_plain_json_for_cases_and_logs() -> None:
    diagnosis = run(TREE, Facts(submitted_at=NOW - timedelta(days=2), rejected="png"))
    steps = json.loads(json.dumps(diagnosis.as_dict()))["steps"]
    assert steps[-1]["finding"]["code"] == "png"
    assert steps[-1]["link"] == {"name": "images:manage", "args": {"asin": "F0"}}
    assert [step["state"] for step in steps] == ["failed", "passed", "failed"]
    assert [result.number for result in diagnosis.results] == [1, 2, 3]

"""Diagnosis: an ordered list of questions about stored facts, answered one after another.

One engine serves the missing picture, the hidden badge, the handmade listing that nobody finds and the
refused imaging order: four lists of checks. A check looks at facts that the caller gathered and never asks
what the system already knows.

    @dataclass(frozen=True)
    class MissingImage:
        displayed: bool
        submitted_at: datetime | None
        due_at: datetime | None
        now: datetime

    def shown(facts: MissingImage) -> Outcome:
        return passed(ends=True) if facts.displayed else failed(goes_on=True)

    def had_time(facts: MissingImage) -> Outcome:
        if facts.submitted_at is None:
            return failed(fix="Add a picture in Manage Images.", link=Link("images:manage"))
        if facts.now <= facts.due_at:
            return waiting(until=facts.due_at, evidence={"submitted_at": facts.submitted_at})
        return passed()

    TREE = (
        Check("shown", "Is there a picture on the product page?", shown, clause="IMG-11"),
        Check("had_time", "Have 24 hours passed since it was submitted?", had_time, clause="IMG-12"),
    )
    diagnosis = run(TREE, facts)
    diagnosis.conclusion.check.code     # "had_time"
    diagnosis.until                     # when to look again

Every sentence (`question`, `fix`, `message`) is an English gettext msgid whose `%(name)s` placeholders are
filled from the evidence by the shell that shows it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from fondaco.kit.facts import plain
from fondaco.kit.findings import Finding


class State(StrEnum):
    """How a question was answered."""

    PASSED = "passed"
    FAILED = "failed"
    UNKNOWN = "unknown"
    WAITING = "waiting"


class Mode(StrEnum):
    """`FIRST` stops at the first answer that settles the matter; `ALL` asks everything."""

    FIRST = "first"
    ALL = "all"


class FactMissing(LookupError):
    """A check needs a fact that nobody has: its answer is unknown and the next check is asked."""


@dataclass(frozen=True, slots=True)
class Link:
    """Where to go to mend it: a URL name with its arguments, and what the link says."""

    name: str
    args: Mapping[str, str] = field(default_factory=dict)
    label: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """One answer.

    `decisive` means that the matter is settled here: by a fault to mend, a time to wait, or, for a passed
    check, because there is nothing to look for any more. `message` says what was found; `evidence` the
    facts it rests on, as plain JSON.
    """

    state: State
    decisive: bool = False
    message: str = ""
    evidence: Mapping[str, Any] = field(default_factory=dict)
    finding: Finding | None = None
    fix: str = ""
    link: Link | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Check[F]:
    """One question. `test` answers it from the facts; `applies` says for which facts it is asked at all.

    `clause` is the SPEC id the question comes from. `code` is stable and unique in its list.
    """

    code: str
    question: str
    test: Callable[[F], Outcome]
    clause: str = ""
    applies: Callable[[F], bool] | None = None
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Result:
    """A question together with its answer; `number` counts from 1 in the order of asking."""

    number: int
    check: Check[Any]
    outcome: Outcome

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready, for the API, the log and prefilled cases."""
        outcome = self.outcome
        return {
            "code": self.check.code,
            "state": str(outcome.state),
            "decisive": outcome.decisive,
            "question": self.check.question,
            "message": outcome.message,
            "fix": outcome.fix,
            "clause": self.check.clause,
            "until": outcome.until.isoformat() if outcome.until else None,
            "evidence": plain(outcome.evidence),
            "finding": plain(outcome.finding.as_dict()) if outcome.finding else None,
            "link": {"name": outcome.link.name, "args": dict(outcome.link.args)} if outcome.link else None,
        }


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """The answers in the order they were given."""

    results: tuple[Result, ...]

    @property
    def conclusion(self) -> Result | None:
        """The first decisive answer, or None when nothing explains the complaint."""
        return next((result for result in self.results if result.outcome.decisive), None)

    @property
    def faults(self) -> tuple[Result, ...]:
        """Every failed answer."""
        return tuple(result for result in self.results if result.outcome.state is State.FAILED)

    @property
    def unknown(self) -> tuple[Result, ...]:
        """Every question that the facts could not answer."""
        return tuple(result for result in self.results if result.outcome.state is State.UNKNOWN)

    @property
    def until(self) -> datetime | None:
        """The latest time that anything waits for."""
        return max((result.outcome.until for result in self.results if result.outcome.until), default=None)

    @property
    def is_explained(self) -> bool:
        """False: every step was taken and the cause is still open, so a person must look (IMG-28)."""
        return self.conclusion is not None

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        conclusion = self.conclusion
        return {
            "conclusion": conclusion.check.code if conclusion else None,
            "until": self.until.isoformat() if self.until else None,
            "steps": [result.as_dict() for result in self.results],
        }


def run[F](checks: Iterable[Check[F]], facts: F, *, mode: Mode = Mode.FIRST) -> Diagnosis:
    """Ask the checks that apply, in order, until one settles the matter (or all of them).

    A check that raises `FactMissing` counts as unknown; any other exception is a bug and goes up.
    """
    results: list[Result] = []
    for check in checks:
        if check.applies is not None and not check.applies(facts):
            continue
        outcome = _ask(check, facts)
        results.append(Result(len(results) + 1, check, outcome))
        if mode is Mode.FIRST and outcome.decisive:
            break
    return Diagnosis(tuple(results))


def passed(*, ends: bool = False, message: str = "", evidence: Mapping[str, Any] | None = None) -> Outcome:
    """Nothing wrong here. `ends`: and so there is nothing more to ask."""
    return Outcome(State.PASSED, decisive=ends, message=message, evidence=evidence or {})


def failed(
    *,
    message: str = "",
    fix: str = "",
    link: Link | None = None,
    finding: Finding | None = None,
    evidence: Mapping[str, Any] | None = None,
    goes_on: bool = False,
) -> Outcome:
    """Something is wrong. It settles the matter unless `goes_on`, which only leads to the next question."""
    return Outcome(
        State.FAILED,
        decisive=not goes_on,
        message=message,
        fix=fix,
        link=link,
        finding=finding,
        evidence=evidence or {},
    )


def waiting(*, until: datetime, message: str = "", fix: str = "", evidence: Mapping[str, Any] | None = None) -> Outcome:
    """Too early to tell: look again at `until` (aware UTC)."""
    return Outcome(State.WAITING, decisive=True, until=until, message=message, fix=fix, evidence=evidence or {})


def unknown(*, message: str = "", evidence: Mapping[str, Any] | None = None) -> Outcome:
    """The facts do not say."""
    return Outcome(State.UNKNOWN, message=message, evidence=evidence or {})


def _ask[F](check: Check[F], facts: F) -> Outcome:
    try:
        return check.test(facts)
    except FactMissing as missing:
        return unknown(evidence={"missing": str(missing)})

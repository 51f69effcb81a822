"""An application to sell handmade goods: its states, and what its answers must say. Plain Python.

The questions are policy (`handmade.application_fields`), so an answer is read by the kind of input that its question
names, never by the question itself.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

from fondaco.kit.errors import Refusal
from fondaco.kit.findings import Finding, Severity
from fondaco.kit.text import line, paragraphs


class State(StrEnum):
    """Where an application stands (SPEC 1.7)."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    IN_REVIEW = "in_review"
    INFO_REQUESTED = "info_requested"
    DECLINED = "declined"
    APPROVED = "approved"
    INVITED = "invited"
    REGISTERED = "registered"


MOVES: Mapping[State, frozenset[State]] = {
    State.DRAFT: frozenset({State.SUBMITTED}),
    State.SUBMITTED: frozenset({State.IN_REVIEW}),
    State.IN_REVIEW: frozenset({State.INFO_REQUESTED, State.DECLINED, State.APPROVED}),
    State.INFO_REQUESTED: frozenset({State.IN_REVIEW}),
    State.DECLINED: frozenset(),
    State.APPROVED: frozenset({State.INVITED}),
    State.INVITED: frozenset({State.REGISTERED}),
    State.REGISTERED: frozenset(),
}
"""From each state, where it may go. A re-issued invitation leaves the state as it is."""

UNDER_WAY = frozenset(State) - {State.DECLINED, State.REGISTERED}
"""A person has at most one application in these states."""

AT_DESK = (State.SUBMITTED, State.IN_REVIEW, State.INFO_REQUESTED)


class Option(StrEnum):
    """The account that an invitation sets up as a handmade store (HAND-11)."""

    NEW = "new"
    PROFESSIONAL = "professional"
    INDIVIDUAL = "individual"


class PhotoKind(StrEnum):
    """What a photo of an application shows; the value is the question's name without `_photos`."""

    WORKSPACE = "workspace"
    PROCESS = "process"


LINE_LIMIT, TEXT_LIMIT, MOST_LINKS, MOST_PHOTOS = 200, 10_000, 10, 8


@dataclass(frozen=True, slots=True)
class Question:
    """One question of the form: `name`, `label` (msgid), `input` (the kind of answer), whether it must be answered."""

    name: str
    label: str
    input: str
    required: bool


@dataclass(frozen=True, slots=True)
class Form:
    """The questions in force, and the choices that some of them offer.

    `makers`: code → whether documents about the organisation are needed. `countries`: those that a region serves.
    """

    questions: tuple[Question, ...]
    makers: Mapping[str, bool]
    categories: Collection[str]
    countries: Collection[str]
    max_team: int


def questions_of(rows: Sequence[Mapping[str, Any]]) -> tuple[Question, ...]:
    """The rows of `handmade.application_fields` as questions."""
    return tuple(Question(r["name"], r["label"], r["input"], r["required"]) for r in rows)


def may_move(*, state: State, to: State) -> bool:
    """Whether an application may go from one state to another."""
    return to in MOVES[state]


def read_answers(form: Form, given: Mapping[str, Any]) -> tuple[dict[str, Any], tuple[Finding, ...]]:
    """The answers as they are stored, and those that cannot be read; what is missing is no fault yet.

    `given`: question → text, or a list of texts for categories. Findings have the question's name in `measured`:
    `answer_not_valid`, `country_not_served`.
    """
    clean: dict[str, Any] = {}
    faults: list[Finding] = []
    for question in form.questions:
        if question.input == "photos" or question.name not in given:
            continue
        try:
            clean[question.name] = _READERS[question.input](given[question.name], form)
        except (Refusal, _Unreadable) as wrong:
            faults.append(fault(getattr(wrong, "code", "answer_not_valid"), question.name))
    return clean, tuple(faults)


def missing_answers(
    form: Form, answers: Mapping[str, Any], *, photos: Mapping[str, int], has_documents: bool
) -> tuple[Finding, ...]:
    """What still keeps the application from being sent: `answer_missing`, `documents_missing`."""
    found = []
    for question in form.questions:
        given = photos.get(question.name, 0) if question.input == "photos" else answers.get(question.name)
        if question.required and given in (None, "", [], 0, ()) and not (question.input == "percent" and given == 0):
            found.append(fault("answer_missing", question.name))
    if form.makers.get(str(answers.get("maker_type", ""))) and not has_documents:
        found.append(fault("documents_missing", "maker_type", clause="B-HAND-01"))
    return tuple(found)


def warnings(form: Form, answers: Mapping[str, Any]) -> tuple[Finding, ...]:
    """What a reviewer should look at and what does not keep anybody from applying."""
    found = []
    team = answers.get("team_size")
    if isinstance(team, int) and team > form.max_team:
        found.append(_warning("team_over_preference", team, form.max_team, "B-HAND-01"))
    share = answers.get("handmade_percent")
    if isinstance(share, int) and share < 100:
        found.append(_warning("not_all_by_hand", share, 100, "B-HAND-02"))
    return tuple(found)


def fault(code: str, question: str, *, clause: str = "HAND-07") -> Finding:
    """A finding about one question."""
    return Finding(code=code, severity=Severity.ERROR, clause=clause, measured=question)


def _warning(code: str, measured: int, limit: int, clause: str) -> Finding:
    return Finding(code=code, severity=Severity.WARNING, clause=clause, measured=measured, limit=limit)


class _Unreadable(Exception):
    def __init__(self, code: str = "answer_not_valid") -> None:
        self.code = code
        super().__init__(code)


def _text(value: Any, form: Form) -> str:
    return line(str(value or ""), limit=LINE_LIMIT)


def _long_text(value: Any, form: Form) -> str:
    return paragraphs(str(value or ""), limit=TEXT_LIMIT)


def _email(value: Any, form: Form) -> str:
    """As typed: the invitation is bound to it, letter case included (Q-43)."""
    text = line(str(value or ""), limit=254)
    if text and not re.fullmatch(r"[^@\s]{1,64}@[^@\s.]+(\.[^@\s.]+)+", text):
        raise _Unreadable
    return text


def _country(value: Any, form: Form) -> str:
    code = str(value or "").strip().upper()
    if code and code not in form.countries:
        raise _Unreadable("country_not_served")
    return code


def _maker_type(value: Any, form: Form) -> str:
    code = str(value or "").strip()
    if code and code not in form.makers:
        raise _Unreadable
    return code


def _number(least: int, most: int) -> Callable[[Any, Form], int | None]:
    def read(value: Any, form: Form) -> int | None:
        text = str(value if value is not None else "").strip().removesuffix("%").strip()
        if not text:
            return None
        if not (text.isascii() and text.isdigit() and len(text) < 8 and least <= int(text) <= most):
            raise _Unreadable
        return int(text)

    return read


def _categories(value: Any, form: Form) -> list[str]:
    chosen = [value] if isinstance(value, str) else [str(v) for v in _listed(value)]
    chosen = list(dict.fromkeys(code for code in chosen if code))
    if not set(chosen) <= set(form.categories):
        raise _Unreadable
    return chosen


def _listed(value: Any) -> list[Any]:
    """A list as it came from a form or a program; anything else that is not empty cannot be read."""
    if value and not isinstance(value, list | tuple):
        raise _Unreadable
    return list(value or ())


def _links(value: Any, form: Form) -> list[str]:
    lines = value.splitlines() if isinstance(value, str) else [str(v) for v in _listed(value)]
    links = [line(each, limit=500) for each in lines if each.strip()]
    if len(links) > MOST_LINKS:
        raise _Unreadable
    for each in links:
        parts = urlsplit(each)
        if parts.scheme not in ("http", "https") or "." not in (parts.hostname or ""):
            raise _Unreadable
    return links


_READERS: Mapping[str, Callable[[Any, Form], Any]] = {
    "text": _text,
    "long_text": _long_text,
    "email": _email,
    "country": _country,
    "maker_type": _maker_type,
    "number": _number(1, 100_000),
    "percent": _number(0, 100),
    "categories": _categories,
    "links": _links,
}

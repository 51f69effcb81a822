"""Bodies of the handmade endpoints."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from ninja import Schema


class ApplicationOut(Schema):
    """Where an application stands and why."""

    id: str
    state: str
    state_words: str
    why: str
    since: datetime
    email: str
    answers: dict[str, Any]
    workspace_photos: int
    process_photos: int
    policy_version: str
    submitted_at: datetime | None
    decided_at: datetime | None
    decision_reason: str


class ApplicationIn(Schema):
    """Answers by question; what is left out stays."""

    answers: dict[str, Any]


class SubmitIn(Schema):
    """The handmade terms have to be accepted."""

    accepts_terms: bool


class AnswerIn(Schema):
    """An answer to the review desk."""

    text: str


class ProfileOut(Schema):
    """The newest version of a maker's page."""

    number: int
    state: str
    content: dict[str, Any]
    reasons: list[str]
    submitted_at: datetime


class ProfileIn(Schema):
    """What is the same in every country, and texts: store → language → inspiration, story, process. Pictures are kept
    from the version before; new ones are sent on the page."""

    name: str
    slug: str
    portrait_alt: str = ""
    texts: dict[str, dict[str, dict[str, str]]]


class AnnouncementOut(Schema):
    """An announcement under review."""

    number: str
    maker: str
    state: str
    issue_date: date
    is_short_notice: bool
    author: str
    reviewer: str
    decision: str
    rounds: int
    submitted_at: datetime
    since: datetime


class IssueDateIn(Schema):
    """Another planned day."""

    issue_date: date

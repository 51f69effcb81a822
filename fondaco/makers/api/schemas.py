"""Bodies of the handmade endpoints."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from ninja import Schema


class PhotoOut(Schema):
    """A photo of an application."""

    id: str
    kind: str
    file_name: str


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
    photos: list[PhotoOut]
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


PictureKind = Literal["portrait", "workshop"]


class PictureOut(Schema):
    """A picture that was taken in: `picture` names it in a version of the profile."""

    picture: str
    width: int
    height: int


class PictureIn(Schema):
    """A workshop picture and what it shows."""

    picture: str
    alt: str = ""


class ProfileIn(Schema):
    """What is the same in every country, and texts: store → language → inspiration, story, process. Pictures are named by
    what handing them in gave back, or as the version before has them; those that are left out here stay."""

    name: str
    slug: str
    portrait: str = ""
    portrait_alt: str = ""
    pictures: list[PictureIn] | None = None
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


class RemarkOut(Schema):
    """A remark on a paragraph (from 0), or on the whole."""

    paragraph: int | None
    text: str
    author: str
    created_at: datetime


class PieceOut(Schema):
    """Words that stayed (`same`), came (`added`) or went (`taken`)."""

    kind: str
    text: str


class ChangeOut(Schema):
    """What became of a paragraph: `same`, `added`, `taken` or `changed`; `paragraph` counts in the later round."""

    kind: str
    paragraph: int | None
    pieces: list[PieceOut]


class RoundOut(Schema):
    """One round of a draft as text."""

    number: int
    file_name: str
    submitted_at: datetime
    paragraphs: list[str]
    remarks: list[RemarkOut]
    changes: list[ChangeOut]


class IssueDateIn(Schema):
    """Another planned day."""

    issue_date: date

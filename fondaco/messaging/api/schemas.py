"""What the API says about conversations."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from ninja import Schema
from pydantic import Field


class PhotoOut(Schema):
    """One photograph. The addresses are signed for the caller and good for ten minutes."""

    id: str
    label: str
    view: str
    format: str
    sha256: str = Field(description="Of the original, which is kept unaltered.")
    width: int
    height: int
    size_bytes: int
    preview_url: str
    copy_url: str
    findings: list[dict[str, Any]]


class MessageOut(Schema):
    id: str
    side: str = Field(description="buyer, seller or service")
    channel: str
    text: str
    written_at: datetime
    due_at: datetime | None = Field(description="Until when an answer is owed.")
    answered_at: datetime | None
    photos: list[PhotoOut]


class PhotoRequestOut(Schema):
    type: str
    state: str = Field(description="open, instructed, submitted, reviewed or resolved")
    asked_by: str
    instructions: str
    preferences: dict[str, Any]
    created_at: datetime
    policy_version: str


class ConversationOut(Schema):
    number: str
    subject: str
    audience: str
    order: str
    asin: str
    last_at: datetime
    due_at: datetime | None
    unread: bool
    outcome: str


class ThreadOut(ConversationOut):
    messages: list[MessageOut]
    photo_requests: list[PhotoRequestOut]


class BeginIn(Schema):
    """About an order (optionally one item or unit of it), or about a product before buying."""

    order: str = ""
    item: str = ""
    unit: int = 0
    asin: str = ""
    seller: str = ""
    subject: str
    text: str
    photos: str = Field("", description="ask: request instructions first; send: photographs follow at once")
    confirmed: bool = False


class SendIn(Schema):
    text: str
    uploads: list[dict[str, str]] = Field(default_factory=list, description="`upload`, `label` and `view` of each file")
    confirmed: bool = Field(False, description="Send although something should be looked at once more.")


class AskIn(Schema):
    type: str
    text: str
    preferences: dict[str, Any] = Field(default_factory=dict)
    confirmed: bool = False


class CloseIn(Schema):
    outcome: str
    text: str = ""


class RateOut(Schema):
    days: int
    counted: int
    late: int

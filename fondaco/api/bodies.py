"""What the API answers when it says no: always the same body, in the caller's language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ninja import Schema
from pydantic import Field


class Fault(Schema):
    """One thing that is wrong in the request, and where."""

    place: str = Field(description="For example `body.asin` or `query.limit`.")
    code: str
    words: str


class ErrorBody(Schema):
    """Why something was not done."""

    code: str = Field(description="Stable; act on this one.")
    words: str = Field(description="The reason, in the caller's language.")
    clause: str = Field(description="The requirement or policy it rests on, or empty.")
    fix: str = Field(description="What to do next, in the caller's language, or empty.")
    facts: dict[str, Any] = Field(description="What the words speak about, for programs.")
    faults: list[Fault] = Field(description="For `invalid`: each thing that is wrong.")
    request_id: str = Field(description="Also in the header X-Request-Id; tell it to support.")


ERRORS = frozenset({400, 401, 403, 404, 409, 422, 429, 503})


def answers(schema: Any, *, status: int = 200) -> Mapping[Any, Any]:
    """The `response=` of an endpoint: its own answer, and the error body for every refusal."""
    return {status: schema, ERRORS: ErrorBody}

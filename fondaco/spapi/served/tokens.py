"""Tokens, version 2021-03-01: restricted data tokens."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

from fondaco.spapi.door import Call, operation
from fondaco.spapi.door.errors import invalid
from fondaco.spapi.operations.access import restricted_token
from fondaco.spapi.rules.restricted import MOST_RESOURCES


class RestrictedResource(BaseModel):
    method: Literal["GET", "PUT", "POST", "DELETE"]
    path: Annotated[str, Field(min_length=1, max_length=500)]
    dataElements: list[str] | None = None


class CreateRestrictedDataTokenRequest(BaseModel):
    targetApplication: str | None = None
    restrictedResources: Annotated[list[RestrictedResource], Field(min_length=1, max_length=MOST_RESOURCES)]


@operation(
    "createRestrictedDataToken",
    "POST",
    "/tokens/2021-03-01/restrictedDataToken",
    rate=(1, 10),
    body=CreateRestrictedDataTokenRequest,
    differs="A token cannot be delegated to another application.",
)
def create_restricted_data_token(call: Call) -> dict[str, Any]:
    """A token that opens personal data at the named resources for an hour."""
    body: CreateRestrictedDataTokenRequest = call.body
    assert call.grant is not None
    if body.targetApplication and body.targetApplication not in (call.application.client_id, str(call.application.pk)):
        raise invalid("targetApplication is not supported.", "Ask for the token in the application that uses it.")
    token, seconds = restricted_token(call.grant, resources=[r.model_dump() for r in body.restrictedResources])
    return {"restrictedDataToken": token, "expiresIn": seconds}

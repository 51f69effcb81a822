"""Supply Sources, version 2020-07-01."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

from fondaco.spapi.door import Answer, Call, operation, paging, text, whole
from fondaco.spapi.models import SupplySource
from fondaco.spapi.operations import supply
from fondaco.spapi.rules.roles import ApiRole
from fondaco.spapi.served import forms

ROLES = (ApiRole.INVENTORY_AND_ORDERS,)
_RATE = (10, 20)
_ONE = "/supplySources/2020-07-01/supplySources/{supplySourceId}"
_DIFFERS = "The account's ship-from address is the source DEFAULT; its throughput cap is the daily Prime order limit."


class Address(BaseModel):
    name: Annotated[str, Field(min_length=1, max_length=120)]
    addressLine1: Annotated[str, Field(min_length=1, max_length=180)]
    addressLine2: str | None = None
    addressLine3: str | None = None
    city: str | None = None
    county: str | None = None
    district: str | None = None
    stateOrRegion: Annotated[str, Field(min_length=1, max_length=60)]
    postalCode: str | None = None
    countryCode: Annotated[str, Field(pattern="^[A-Z]{2}$")]
    phone: str | None = None


class CreateSupplySourceRequest(BaseModel):
    supplySourceCode: Annotated[str, Field(min_length=1, max_length=80)]
    alias: Annotated[str, Field(min_length=1, max_length=120)]
    address: Address


class UpdateSupplySourceRequest(BaseModel):
    alias: Annotated[str, Field(min_length=1, max_length=120)] | None = None
    configuration: dict[str, Any] | None = None
    capabilities: dict[str, Any] | None = None


class UpdateSupplySourceStatusRequest(BaseModel):
    status: Literal["Active", "Inactive"]


@operation(
    "getSupplySources",
    "GET",
    "/supplySources/2020-07-01/supplySources",
    rate=_RATE,
    roles=ROLES,
    query=(text("nextPageToken"), whole("pageSize", default=10, most=500)),
    differs=_DIFFERS,
)
def get_supply_sources(call: Call) -> dict[str, Any]:
    """The account's sources."""
    rows = supply.sources_of(call.seller)
    start, size = int(paging.position(call, "supplySources", call["nextPageToken"]) or 0), call["pageSize"]
    shown = [
        {"alias": r.alias, "supplySourceId": str(r.pk), "supplySourceCode": r.code, "address": r.address}
        for r in rows[start : start + size]
    ]
    more = {"nextPageToken": paging.token(call, "supplySources", start + size)} if start + size < len(rows) else {}
    return {"supplySources": shown, **more}


@operation(
    "createSupplySource",
    "POST",
    "/supplySources/2020-07-01/supplySources",
    rate=_RATE,
    roles=ROLES,
    body=CreateSupplySourceRequest,
)
def create_supply_source(call: Call) -> dict[str, Any]:
    """A source, inactive at first."""
    body: CreateSupplySourceRequest = call.body
    made = supply.create(
        call.caller, code=body.supplySourceCode, alias=body.alias, address=body.address.model_dump(exclude_none=True)
    )
    return {"supplySourceId": str(made.pk), "supplySourceCode": made.code}


@operation("getSupplySource", "GET", _ONE, rate=_RATE, roles=ROLES, differs=_DIFFERS)
def get_supply_source(call: Call) -> dict[str, Any]:
    """One source with its configuration."""
    return _source(supply.source_of(call.seller, call["supplySourceId"]))


@operation("updateSupplySource", "PUT", _ONE, rate=_RATE, roles=ROLES, body=UpdateSupplySourceRequest, differs=_DIFFERS)
def update_supply_source(call: Call) -> Answer:
    """Change alias, configuration or capabilities."""
    body: UpdateSupplySourceRequest = call.body
    supply.change(
        call.caller,
        source_id=call["supplySourceId"],
        alias=body.alias,
        configuration=body.configuration,
        capabilities=body.capabilities,
    )
    return Answer(204)


@operation("archiveSupplySource", "DELETE", _ONE, rate=_RATE, roles=ROLES)
def archive_supply_source(call: Call) -> Answer:
    """Put a source away."""
    supply.change(call.caller, source_id=call["supplySourceId"], status="Archived")
    return Answer(204)


@operation(
    "updateSupplySourceStatus", "PUT", f"{_ONE}/status", rate=_RATE, roles=ROLES, body=UpdateSupplySourceStatusRequest
)
def update_supply_source_status(call: Call) -> Answer:
    """Switch a source on or off."""
    supply.change(call.caller, source_id=call["supplySourceId"], status=call.body.status)
    return Answer(204)


def _source(row: SupplySource) -> dict[str, Any]:
    return {
        "supplySourceId": str(row.pk),
        "supplySourceCode": row.code,
        "alias": row.alias,
        "status": row.status,
        "address": row.address,
        "configuration": supply.configuration_of(row),
        "capabilities": row.capabilities,
        "createdAt": forms.moment(row.created_at),
        "updatedAt": forms.moment(row.updated_at),
    }

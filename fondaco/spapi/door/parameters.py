"""Query parameters: declared by each operation, read the way real clients send them.

Arrays come comma-joined, repeated, or both; unknown parameters are ignored (some clients add four spellings of the
marketplace to every request).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from typing import Any

from django.http import QueryDict

from fondaco.kit.text import storable
from fondaco.spapi.door.errors import invalid

MOST_CHARS = 4000


class Kind(Enum):
    TEXT = "text"
    MANY = "many"
    WHOLE = "whole"
    MOMENT = "moment"
    YES_NO = "yes_no"


@dataclass(frozen=True, slots=True)
class Parameter:
    """One query parameter: its name as published, its kind, and what it may be."""

    name: str
    kind: Kind
    required: bool = False
    choices: tuple[str, ...] = ()
    default: Any = None
    least: int = 0
    most: int | None = None


def text(name: str, *, required: bool = False, choices: tuple[str, ...] = (), default: str = "") -> Parameter:
    """One string."""
    return Parameter(name, Kind.TEXT, required, choices, default)


def many(
    name: str,
    *,
    required: bool = False,
    choices: tuple[str, ...] = (),
    default: tuple[str, ...] = (),
    most: int | None = None,
) -> Parameter:
    """A list of strings; at most `most`."""
    return Parameter(name, Kind.MANY, required, choices, default, most=most)


def whole(name: str, *, default: int | None = None, least: int = 1, most: int | None = None) -> Parameter:
    """A whole number from `least` to `most`."""
    return Parameter(name, Kind.WHOLE, default=default, least=least, most=most)


def moment(name: str, *, required: bool = False) -> Parameter:
    """An ISO 8601 moment; without a zone it is UTC."""
    return Parameter(name, Kind.MOMENT, required)


def yes_no(name: str, *, default: bool | None = None) -> Parameter:
    """`true` or `false`."""
    return Parameter(name, Kind.YES_NO, default=default)


def read(parameters: tuple[Parameter, ...], query: QueryDict) -> dict[str, Any]:
    """The values by published name. Raises ApiError (400) naming the parameter."""
    return {each.name: _one(each, query) for each in parameters}


def _one(wanted: Parameter, query: QueryDict) -> Any:
    # Some old clients number the members of a list: `marketplaceIds.1`, `marketplaceIds[0]`.
    given = [v for v in query.getlist(wanted.name) if v != ""] or _numbered(wanted.name, query)
    if not given:
        if wanted.required:
            raise invalid(f"Missing required parameter: {wanted.name}.", f"Send {wanted.name} in the query.")
        return list(wanted.default) if wanted.kind is Kind.MANY else wanted.default
    for each in given:
        if len(each) > MOST_CHARS or not storable(each):
            raise invalid(f"Invalid value for {wanted.name}.", "It is too long or holds control characters.")
    if wanted.kind is Kind.MANY:
        return _list(wanted, given)
    value = given[0].strip()
    if wanted.kind is Kind.WHOLE:
        return _whole(wanted, value)
    if wanted.kind is Kind.MOMENT:
        return moment_of(wanted.name, value)
    if wanted.kind is Kind.YES_NO:
        if value.lower() not in ("true", "false"):
            raise invalid(f"Invalid value for {wanted.name}.", "true or false")
        return value.lower() == "true"
    return _chosen(wanted, value)


def _numbered(name: str, query: Mapping[str, Any]) -> list[str]:
    keys = sorted(k for k in query if k.startswith((f"{name}.", f"{name}[")))
    return [str(query[k]) for k in keys[:100] if query[k]]


def _list(wanted: Parameter, given: list[str]) -> list[str]:
    values = list(dict.fromkeys(v.strip() for each in given for v in each.split(",") if v.strip()))
    if wanted.most is not None and len(values) > wanted.most:
        raise invalid(f"Too many values for {wanted.name}: {len(values)}.", f"At most {wanted.most}.")
    return [_chosen(wanted, v) for v in values]


def _chosen(wanted: Parameter, value: str) -> str:
    if wanted.choices and value not in wanted.choices:
        raise invalid(f"Invalid value for {wanted.name}: {value[:80]}.", "One of: " + ", ".join(wanted.choices))
    return value


def _whole(wanted: Parameter, value: str) -> int:
    most = wanted.most if wanted.most is not None else 10**9
    if not value.isascii() or not value.isdigit() or not wanted.least <= int(value[:12]) <= most:
        raise invalid(f"Invalid value for {wanted.name}: {value[:40]}.", f"A whole number, {wanted.least} to {most}.")
    return int(value)


def moment_of(name: str, value: str) -> datetime:
    """An ISO 8601 moment as clients write it. Raises ApiError."""
    try:
        found = datetime.fromisoformat(value.replace(" ", "+") if "T" in value else value)
    except ValueError:
        raise invalid(f"Invalid value for {name}: {value[:40]}.", "An ISO 8601 date and time.") from None
    try:
        return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except (OverflowError, ValueError):
        raise invalid(f"Invalid value for {name}: {value[:40]}.", "An ISO 8601 date and time.") from None

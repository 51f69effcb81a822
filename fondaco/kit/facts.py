"""Facts: JSON values that are kept as evidence on events, findings and decisions."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, is_dataclass
from datetime import date, datetime, time
from decimal import Decimal
from enum import Enum
from typing import Any
from uuid import UUID

from fondaco.kit.errors import Invalid
from fondaco.kit.text import require_storable

# JSON readers in browsers lose integers beyond 2^53, databases those beyond 2^63.
_MAX_INT = 2**63 - 1
_MAX_DEPTH = 32


class NotAFact(Invalid):
    """A value that JSON or one of the databases cannot keep."""

    CODE = "not_a_fact"
    WORDS = "A value of this kind cannot be recorded: %(kind)s."


def plain(value: Any) -> Any:
    """The value as plain JSON that both databases keep alike.

    Dates become ISO text, decimals and ids text, enums their value, dataclasses and mappings objects,
    sequences and sets lists. Refuses NaN and infinities, integers over 64 bits, NUL and lone surrogates,
    anything nested deeper than 32, and objects it does not know.
    """
    return _plain(value, _MAX_DEPTH)


def _plain(value: Any, depth: int) -> Any:
    if depth == 0:
        raise NotAFact(kind="nested too deeply")
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, Enum):
        return _plain(value.value, depth - 1)
    if isinstance(value, str):
        return require_storable(value)
    if isinstance(value, int | float):
        return _number(value)
    if isinstance(value, Mapping):
        return {require_storable(str(key)): _plain(item, depth - 1) for key, item in value.items()}
    if isinstance(value, set | frozenset):
        return sorted((_plain(item, depth - 1) for item in value), key=str)
    if isinstance(value, list | tuple):
        return [_plain(item, depth - 1) for item in value]
    return _object(value, depth)


def _number(value: int | float) -> int | float:
    if isinstance(value, float) and not math.isfinite(value):
        raise NotAFact(kind="not a number")
    if isinstance(value, int) and abs(value) > _MAX_INT:
        raise NotAFact(kind="integer over 64 bits")
    return value


def _object(value: Any, depth: int) -> Any:
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, Decimal):
        if not value.is_finite():
            raise NotAFact(kind="not a number")
        return format(value, "f")
    if isinstance(value, UUID):
        return str(value)
    if is_dataclass(value) and not isinstance(value, type):
        return _plain(asdict(value), depth - 1)
    raise NotAFact(kind=type(value).__name__)

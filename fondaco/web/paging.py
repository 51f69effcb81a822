"""Paging by key: a page is found by where the last one ended, so page 10,000 costs the same as page 1.

The cursor in the address is signed: it carries values of rows, and nobody may ask the database with made-up ones.
Nothing is counted; a list says whether there is more, not how much.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import reduce
from operator import or_
from typing import Any
from uuid import UUID

from django.core import signing
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest

from fondaco.kit.errors import Invalid

_SALT = "fondaco.web.paging"


class StaleCursor(Invalid):
    CODE = "stale_cursor"
    STATUS = 400
    WORDS = "This page of the list can no longer be found."
    FIX = "Begin again at the first page."


@dataclass(frozen=True, slots=True)
class Page[M: Model]:
    """One page. `previous` and `next` are cursors, empty at the ends."""

    items: list[M]
    previous: str = ""
    next: str = ""
    is_first: bool = True

    def __iter__(self):  # type: ignore[no-untyped-def]
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)


def page_of[M: Model](rows: QuerySet[M], *, request: HttpRequest, order: Sequence[str], size: int = 50) -> Page[M]:
    """The page of `rows` that `?cursor=` asks for, `size` rows at most.

    `order` names columns (with `-` for falling), none nullable, the last one unique; it replaces the queryset's
    own order. A foreign column is written `offer__sku`. Raises StaleCursor for a cursor that is not ours or was
    made for another order.
    """
    cursor = request.GET.get("cursor", "")
    backwards, values = _read(cursor, order) if cursor else (False, None)
    steps = _reversed(order) if backwards else tuple(order)
    found = list(_after(rows.order_by(*steps), steps, values)[: size + 1])
    more, found = len(found) > size, found[:size]
    if backwards:
        found.reverse()
    has_previous = more if backwards else values is not None
    has_next = values is not None if backwards else more
    return Page(
        items=found,
        previous=_write(found[0], order, backwards=True) if found and has_previous else "",
        next=_write(found[-1], order, backwards=False) if found and has_next else "",
        is_first=not has_previous,
    )


def _after[M: Model](rows: QuerySet[M], order: Sequence[str], values: Sequence[Any] | None) -> QuerySet[M]:
    """Rows behind `values` in this order: `a < x or (a = x and b < y) or …`."""
    if values is None:
        return rows
    names = [name.lstrip("-") for name in order]
    alternatives = []
    for i, name in enumerate(order):
        equal = Q(**dict(zip(names[:i], values[:i], strict=True)))
        alternatives.append(equal & Q(**{f"{names[i]}__{_beyond(name)}": values[i]}))
    # The same again for the first column alone: without it PostgreSQL does not begin inside the index.
    bound = Q(**{f"{names[0]}__{_beyond(order[0])}e": values[0]})
    return rows.filter(bound, reduce(or_, alternatives))


def _beyond(name: str) -> str:
    return "lt" if name.startswith("-") else "gt"


def _reversed(order: Sequence[str]) -> tuple[str, ...]:
    return tuple(name[1:] if name.startswith("-") else f"-{name}" for name in order)


def _write(row: Model, order: Sequence[str], *, backwards: bool) -> str:
    values = [_packed(_value(row, name.lstrip("-"))) for name in order]
    return signing.dumps([int(backwards), ",".join(order), values], salt=_SALT)


def _read(cursor: str, order: Sequence[str]) -> tuple[bool, list[Any]]:
    try:
        backwards, made_for, values = signing.loads(cursor, salt=_SALT)
    except signing.BadSignature:
        raise StaleCursor from None
    if made_for != ",".join(order):
        raise StaleCursor
    return bool(backwards), [_unpacked(value) for value in values]


def _value(row: Any, path: str) -> Any:
    return reduce(getattr, path.split("__"), row)


def _packed(value: Any) -> Any:
    if isinstance(value, datetime):
        return ["t", value.isoformat()]
    if isinstance(value, date):
        return ["d", value.isoformat()]
    if isinstance(value, UUID):
        return ["u", value.hex]
    return value


def _unpacked(value: Any) -> Any:
    if not isinstance(value, list):
        return value
    kind, text = value
    read: dict[str, Callable[[str], Any]] = {"t": datetime.fromisoformat, "d": date.fromisoformat, "u": UUID}
    return read[kind](text)

"""Lists come in pages, found by where the last one ended (`fondaco.web.paging.page_of` makes them)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Annotated, Any, Protocol

from ninja import Query, Schema
from pydantic import Field

Limit = Annotated[int, Query(ge=1, le=200, description="How many a page.")]


class PageOut[T](Schema):
    """One page of a list. Ask for the next one with `?cursor=` and `next`; an empty one means the end."""

    items: list[T]
    next: str = Field(description="Cursor of the next page, or empty.")
    previous: str = Field(description="Cursor of the page before, or empty.")


class _Page(Protocol):
    @property
    def items(self) -> Sequence[Any]: ...
    @property
    def next(self) -> str: ...
    @property
    def previous(self) -> str: ...


def paged(page: _Page, show: Callable[[Any], Any]) -> dict[str, Any]:
    """A page of rows as an answer; `show` makes a row's body."""
    return {"items": [show(row) for row in page.items], "next": page.next, "previous": page.previous}

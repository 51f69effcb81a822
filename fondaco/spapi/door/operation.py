"""The list of operations: each published path and method with the function that answers it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from fondaco.spapi.door.call import Call
from fondaco.spapi.door.parameters import Parameter
from fondaco.spapi.rules.buckets import Rate
from fondaco.spapi.rules.roles import ApiRole

Function = Callable[[Call], Any]


@dataclass(frozen=True, slots=True)
class Answer:
    """A reply that is not simply 200: `body` None sends none."""

    status: int
    body: Any = None


@dataclass(frozen=True, slots=True)
class Operation:
    """One published operation.

    `scope` names the grantless scope that may call it instead of a grant. `bare_errors`: its model publishes a refusal as the list
    of errors alone, without the object around it.
    """

    name: str
    method: str
    path: str
    function: Function
    rate: Rate
    roles: frozenset[ApiRole]
    query: tuple[Parameter, ...]
    body: type[BaseModel] | None
    scope: str = ""
    differs: str = ""
    bare_errors: bool = False

    @property
    def route(self) -> str:
        """The path as a regular expression for the URL configuration."""
        pattern = re.escape(self.path.lstrip("/")).replace(r"\{", "{").replace(r"\}", "}")
        return "^" + re.sub(r"\{([A-Za-z]+)\}", _group, pattern) + "/?$"


def _group(match: re.Match[str]) -> str:
    """A resource is a path of its own, and a SKU may hold slashes; every other parameter is one part."""
    return f"(?P<{match[1]}>{'.+?' if match[1] in ('resource', 'sku') else '[^/]+'})"


_operations: dict[tuple[str, str], Operation] = {}


def operation(
    name: str,
    method: str,
    path: str,
    *,
    rate: tuple[float, int],
    roles: tuple[ApiRole, ...] = (),
    query: tuple[Parameter, ...] = (),
    body: type[BaseModel] | None = None,
    scope: str = "",
    differs: str = "",
    bare_errors: bool = False,
) -> Callable[[Function], Function]:
    """Register the function that answers an operation.

    `rate` is the published usage plan: requests a second, burst. Any one of `roles` opens it; none: every application.
    `differs` says in a sentence how the answer differs from the published interface; it stands on the parity page.
    """

    def register(fn: Function) -> Function:
        assert (method, path) not in _operations, path
        _operations[method, path] = Operation(
            name, method, path, fn, Rate(*rate), frozenset(roles), query, body, scope, differs, bare_errors
        )
        return fn

    return register


def every() -> Iterator[Operation]:
    """All operations, in the order in which they were registered."""
    import fondaco.spapi.served  # noqa: F401  registers them

    yield from _operations.values()


def by_path() -> dict[str, dict[str, Operation]]:
    """Operations by path, then by method."""
    found: dict[str, dict[str, Operation]] = {}
    for each in every():
        found.setdefault(each.path, {})[each.method] = each
    return found

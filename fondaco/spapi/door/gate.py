"""Calls of the interface answered before anything that only pages need: sessions, forgery checks, sign-in, messages.

Programs bring a token with each call and no cookie. Headers of safety stand before this; addresses of the door stay in the URL
configuration too, where links to them are made.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponseBase

from fondaco.spapi.door.host import PREFIXES
from fondaco.spapi.door.operation import Operation, by_path
from fondaco.spapi.door.view import view_of

View = Callable[..., HttpResponseBase]


class Gate:
    """Stands after the headers of safety, and before sessions."""

    def __init__(self, get_response: Callable[[HttpRequest], Any]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> Any:
        if request.path_info.startswith(PREFIXES) and (found := view_at(request.path_info)):
            view, path = found
            return view(request, **path)
        return self.get_response(request)


def view_at(path: str) -> tuple[View, dict[str, str]] | None:
    """The view of a path and what stands in it; None when the door does not serve it."""
    for pattern, view in _views().get(_first(path), ()):
        if match := pattern.fullmatch(path[1:]):
            return view, match.groupdict()
    return None


def _first(path: str) -> str:
    return path[1:].partition("/")[0]


@cache
def _views() -> Mapping[str, list[tuple[re.Pattern[str], View]]]:
    """The views by the first part of their path; of two that fit, the one that says more in plain words comes first."""
    found: dict[str, list[tuple[re.Pattern[str], View]]] = {}
    for path, methods in sorted(by_path().items(), key=lambda pair: pair[0].count("{")):
        found.setdefault(_first(path), []).append((re.compile(_route(methods)), view_of(methods)))
    return found


def _route(methods: Mapping[str, Operation]) -> str:
    return next(iter(methods.values())).route

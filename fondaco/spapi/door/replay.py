"""Static replay: the published sandbox cases, answered by subset match, the most specific first.

For integrations whose tests rely on the magic values of the published sandbox (`TEST_CASE_200`). It says nothing of the
store's state, and is on only where an installation names the folder of the published models (`FONDACO_SPAPI_MODELS`)
and a request asks for it: by a host that begins with `sandbox.`, or by the header `x-fondaco-sandbox: static`.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict

from fondaco.kit.ids import new_id

HEADER = "x-fondaco-sandbox"
_METHODS = ("get", "post", "put", "patch", "delete")
_NAMES = ("x-amzn-api-sandbox", "x-amazon-spds-sandbox-behaviors")


@dataclass(frozen=True, slots=True)
class Case:
    """One published case: what a request must hold, and what is answered."""

    wanted: Mapping[str, Any]
    status: int
    body: Any

    @property
    def weight(self) -> int:
        """How much it asks for; the case that asks for most is the most specific."""
        return sum(_leaves(value) for value in self.wanted.values())


@dataclass(frozen=True, slots=True)
class Replayed:
    """One published operation with its cases, the most specific first."""

    method: str
    pattern: re.Pattern[str]
    parameters: int
    cases: tuple[Case, ...]


class StaticReplay:
    """Answers in place of the store where static replay is asked for."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not _asked(request) or not (folder := os.environ.get("FONDACO_SPAPI_MODELS")):
            return self.get_response(request)
        response = answer(request, operations(folder))
        if response is None:
            return self.get_response(request)
        response.headers["x-amzn-RequestId"] = str(new_id())
        return response


def answer(request: HttpRequest, known: Sequence[Replayed]) -> HttpResponse | None:
    """The case that fits best; the published refusal when none does; None for a path that is not published."""
    fits = [(o, m) for o in known if o.method == request.method and (m := o.pattern.fullmatch(request.path))]
    if not fits:
        return None
    operation, match = min(fits, key=lambda pair: pair[0].parameters)
    given = _given(request, match.groupdict())
    for case in operation.cases:
        if all(_holds(wanted, given.get(name)) for name, wanted in case.wanted.items()):
            if case.body is None or case.status == 204:
                return HttpResponse(status=case.status)
            return JsonResponse(case.body, safe=False, status=case.status)
    error = {"code": "InvalidInput", "message": "Could not match input arguments", "details": ""}
    return JsonResponse({"errors": [error]}, status=400)


@cache
def operations(folder: str) -> tuple[Replayed, ...]:
    """The operations of all models in a folder."""
    found: list[Replayed] = []
    for file in sorted(Path(folder).glob("*.json")):
        model = json.loads(file.read_text(encoding="utf-8"))
        for path, methods in model.get("paths", {}).items():
            for method in _METHODS:
                if method in methods:
                    found.append(_replayed(method.upper(), path, methods[method]))
    return tuple(found)


def _replayed(method: str, path: str, spec: Mapping[str, Any]) -> Replayed:
    cases = []
    for status, response in spec["responses"].items():
        told = next((response[name] for name in _NAMES if name in response), None)
        for each in (told or {}).get("static") or []:
            asked = (each.get("request") or {}).get("parameters") or {}
            wanted = {
                name: value["value"] for name, value in asked.items() if isinstance(value, dict) and "value" in value
            }
            cases.append(Case(wanted, int(status), each.get("response")))
    # Of two that ask for as much, a good answer comes before a refusal.
    cases.sort(key=lambda case: (-case.weight, case.status))
    pattern = re.sub(r"\{([A-Za-z]+)\}", r"(?P<\1>[^/]*)", path)
    return Replayed(method, re.compile(pattern), path.count("{"), tuple(cases))


def _asked(request: HttpRequest) -> bool:
    return request.headers.get(HEADER) == "static" or request.META.get("HTTP_HOST", "").startswith("sandbox.")


def _given(request: HttpRequest, path: Mapping[str, str]) -> dict[str, Any]:
    given: dict[str, Any] = {**_query(request.GET), **path}
    try:
        body = json.loads(request.body or b"null")
    except ValueError:
        body = None
    # A body parameter has a name of its own in some models.
    return given | dict.fromkeys(("body", "payload"), body)


def _query(query: QueryDict) -> dict[str, list[str]]:
    return {name: [part for value in query.getlist(name) for part in value.split(",")] for name in query}


def _holds(wanted: Any, given: Any) -> bool:
    """Whether `given` holds everything of `wanted`. From a query, everything is text."""
    if isinstance(wanted, dict):
        return isinstance(given, dict) and all(_holds(value, given.get(key)) for key, value in wanted.items())
    if isinstance(wanted, list):
        if not isinstance(given, list) or len(given) != len(wanted):
            return False
        return all(_holds(w, g) for w, g in zip(wanted, given, strict=True))
    if isinstance(given, list):
        return ",".join(map(str, given)) == _text(wanted)
    return given is not None and _text(given) == _text(wanted)


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _leaves(value: Any) -> int:
    if isinstance(value, dict):
        return 1 + sum(_leaves(each) for each in value.values())
    if isinstance(value, list):
        return 1 + sum(_leaves(each) for each in value)
    return 1

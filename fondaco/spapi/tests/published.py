"""The published models, read where they stand: every reply of every test is held against them.

They stay outside the project: `FONDACO_SPAPI_MODELS` names the folder, or it stands beside the checkout (or beside the
repository that this is a clone of). Without it the tests that need it say so and are left out; with `CI=true`, or when a
folder is named that is not there, that is a failure. Every reply is also parsed by `typed_models`, with the folder or without.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from jsonschema import Draft4Validator, FormatChecker

from fondaco.spapi.door.host import PREFIXES
from fondaco.spapi.tests import typed_models
from fondaco.spapi.tests.models_folder import NOT_HERE, folder

#: Published answers that break their own model (operation, status): nothing of ours, only the static replay meets them.
BAD_ANSWERS = frozenset(
    {
        ("getAccount", 200),
        ("getEligibleShipmentServices", 200),
        ("cancelShipment", 200),
        ("getSupplySources", 200),
        ("createSupplySource", 200),
        ("getSupplySource", 200),
        ("updateSupplySource", 204),
        ("updateSupplySourceStatus", 204),
        ("archiveSupplySource", 204),
        ("listBalances", 200),
        ("listSummary", 200),
    }
)


def must_be_here() -> bool:
    """With `CI=true`, or where a folder is named, their absence is a failure."""
    return os.environ.get("CI") == "true" or bool(os.environ.get("FONDACO_SPAPI_MODELS"))


def here() -> bool:
    """Whether replies can be held against them; fails the test where they must be here and are not."""
    if folder() is None and must_be_here():
        pytest.fail(NOT_HERE)
    return folder() is not None


def require() -> Path:
    """The folder; leaves the test out without it, or fails it where they must be here."""
    found = folder() if here() else None
    if found is None:
        pytest.skip(NOT_HERE)
    return found


@dataclass(frozen=True, slots=True)
class Published:
    """One operation of a model."""

    name: str
    method: str
    path: str
    model: str
    responses: dict[str, Any]
    spec: dict[str, Any]

    @property
    def pattern(self) -> re.Pattern[str]:
        return re.compile(re.sub(r"\{[A-Za-z]+\}", "[^/]+", self.path) + "/?")


@cache
def models() -> dict[str, dict[str, Any]]:
    """The models by file name."""
    return {p.name: json.loads(p.read_text(encoding="utf-8")) for p in sorted(require().glob("*.json"))}


@cache
def operations() -> dict[tuple[str, str], Published]:
    """Every published operation by method and path (two versions share some names)."""
    found = {}
    for model, document in models().items():
        for path, methods in document["paths"].items():
            for method, spec in methods.items():
                if method in ("get", "post", "put", "patch", "delete"):
                    name = spec["operationId"]
                    found[method.upper(), path] = Published(name, method.upper(), path, model, spec["responses"], spec)
    return found


def static_cases(operation: Published) -> Iterator[tuple[int, dict[str, Any], dict[str, Any]]]:
    """The published sandbox cases of an operation: status, what is asked by parameter, and the case."""
    for status, response in operation.responses.items():
        told = response.get("x-amzn-api-sandbox") or response.get("x-amazon-spds-sandbox-behaviors") or {}
        for case in told.get("static") or []:
            given = (case.get("request") or {}).get("parameters") or {}
            asked = {k: v["value"] for k, v in given.items() if isinstance(v, dict) and "value" in v}
            yield int(status), asked, case


def query_text(value: Any) -> str:
    """A value as a query writes it."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def operation_at(method: str, path: str) -> Published | None:
    """The published operation that this request asks for; the path with the fewest parameters wins."""
    fits = [o for o in operations().values() if o.method == method and o.pattern.fullmatch(path)]
    return min(fits, key=lambda o: o.path.count("{"), default=None)


_formats = FormatChecker(formats=())


@_formats.checks("date-time", raises=ValueError)
def _date_time(value: object) -> bool:
    if isinstance(value, str):
        if "T" not in value:
            raise ValueError(value)
        if datetime.fromisoformat(value).tzinfo is None:
            raise ValueError(value)
    return True


def faults(operation: Published, status: int, body: Any) -> list[str]:
    """What is wrong with a reply by its model: nothing is []."""
    response = operation.responses.get(str(status))
    if response is None:
        # Every model has the shape of errors, but not every model lists every status of the gateway before it.
        return [] if status in (401, 403, 404, 405, 413, 415, 429, 503) and _is_error(body) else [f"status {status}"]
    schema = response.get("schema")
    if status == 204:
        # Three models give a 204 a schema; HTTP gives it no body.
        return [] if body is None else ["a body with 204"]
    if schema is None:
        return [] if body is None else ["a body where the model has none"]
    document = models()[operation.model]
    whole = {**schema, "definitions": document["definitions"]} if "$ref" not in schema else _joined(schema, document)
    found = Draft4Validator(whole, format_checker=_formats).iter_errors(body)
    return [f"{'/'.join(str(p) for p in e.absolute_path)}: {e.message[:200]}" for e in found]


def _joined(schema: dict[str, Any], document: dict[str, Any]) -> dict[str, Any]:
    return {"allOf": [{"$ref": schema["$ref"]}], "definitions": document["definitions"]}


def _is_error(body: Any) -> bool:
    return isinstance(body, dict) and isinstance(body.get("errors"), list) and all("code" in e for e in body["errors"])


def check(response: Any) -> None:
    """Hold a reply of the test client against the model of what was asked."""
    request = response.wsgi_request
    path = urlsplit(request.get_full_path()).path
    body = json.loads(response.content) if response.content else None
    if path.startswith(PREFIXES):
        typed = typed_models.faults(request.method, path, response.status_code, body)
        assert not typed, f"{request.method} {path} {response.status_code}: {typed}\n{json.dumps(body)[:2000]}"
    operation = operation_at(request.method, path) if here() else None
    if operation is None:
        return
    wrong = faults(operation, response.status_code, body)
    assert not wrong, f"{operation.name} {response.status_code}: {wrong}\n{json.dumps(body)[:2000]}"
    assert response.headers["x-amzn-RequestId"]

"""Replies parsed by independent typed models of the package index: the official client's, and pydantic ones.

Both were made by others from the published models, so they also hold where those models are not at hand. A reply must be
taken without complaint, and no name of it may be unknown to them. What a package itself has wrong stands, with its reason, in
`typed_exceptions.txt`, which may only shrink.
"""

from __future__ import annotations

import importlib
import json
import re
import typing
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from pydantic import BaseModel, TypeAdapter, ValidationError

EXCEPTIONS = Path(__file__).with_name("typed_exceptions.txt")
OFFICIAL, PYDANTIC = "amzn-sp-api", "amzn-selling-partner"


@dataclass(frozen=True, slots=True)
class Typed:
    """What one package makes of an operation's replies: a class (or its name) for good ones and for errors; None: no body."""

    package: str
    method: str
    path: str
    module: str
    good: Any
    error: Any

    @property
    def pattern(self) -> re.Pattern[str]:
        return re.compile(re.sub(r"\\\{[A-Za-z]+\\\}", "[^/]+", re.escape(self.path)) + "/?")


_CALL = re.compile(
    r"call_api\(\s*'(?P<path>[^']+)', '(?P<method>[A-Z]+)',.*?response_type=(?P<type>None|'[^']+')", re.S
)


@cache
def official() -> list[Typed]:
    """Read from the sources of the client's operations, which name path, method and type in one call."""
    import spapi.api

    found = []
    for source in sorted(Path(spapi.api.__file__).parent.glob("*/*_api.py")):
        text = source.read_text(encoding="utf-8")
        module = f"spapi.models.{source.parent.name}"
        for call in _CALL.finditer(text):
            good = None if call["type"] == "None" else call["type"].strip("'")
            found.append(Typed(OFFICIAL, call["method"], call["path"], module, good, "ErrorList"))
    return found


@cache
def pydantic_models() -> list[Typed]:
    """From the client's own table of operations and the annotations of its methods."""
    from amzn_selling_partner.sdk.resources import OPERATIONS, SERVICES

    found = []
    for key, (name, method, path, *_rest) in OPERATIONS.items():
        service = key.partition(".")[0]
        resource = importlib.import_module(f"amzn_selling_partner.sdk.resources.{service}")
        function = getattr(getattr(resource, SERVICES[service][0]), name)
        good = typing.get_type_hints(function)["return"]
        models = importlib.import_module(f"amzn_selling_partner.sdk.models.{service}")
        error = getattr(models, "ErrorList", None)
        found.append(Typed(PYDANTIC, method, path, service, None if good is type(None) else good, error))
    return found


@cache
def _at(method: str, path: str) -> tuple[Typed, ...]:
    fits = [t for t in (*official(), *pydantic_models()) if t.method == method and t.pattern.fullmatch(path)]
    best = {}
    for each in sorted(fits, key=lambda t: t.path.count("{"), reverse=True):
        best[each.package] = each
    return tuple(best.values())


@cache
def exceptions() -> frozenset[str]:
    """The lines `PACKAGE METHOD PATH STATUS NAME` of the file, without their reasons."""
    lines = EXCEPTIONS.read_text(encoding="utf-8").splitlines()
    return frozenset(line.partition("  #")[0].strip() for line in lines if line.strip() and not line.startswith("#"))


def faults(method: str, path: str, status: int, body: Any) -> list[str]:
    """What the packages' models do not take of a reply, but for the exceptions: nothing is []."""
    wrong = []
    for typed in _at(method, path):
        for name, words in _complaints(typed, status, body):
            line = f"{typed.package} {typed.method} {typed.path} {status} {name}"
            if line not in exceptions():
                wrong.append(f"{line}  # {words}")
    return wrong


def _complaints(typed: Typed, status: int, body: Any) -> Iterator[tuple[str, str]]:
    if body is None:
        return
    if status >= 400 and (not isinstance(body, dict) or set(body) != {"errors"} or typed.error is None):
        return  # errors within a payload are the payload's type
    wanted = typed.error if status >= 400 else typed.good
    if wanted is None:
        yield "-", "a body where the model has none"
    elif typed.package == OFFICIAL:
        yield from _by_official(typed, wanted, body)
    else:
        yield from _by_pydantic(wanted, body)


# --- the official client ----------------------------------------------------------------------------------------------


@cache
def _client() -> Any:
    from spapi import ApiClient

    made = ApiClient.__new__(ApiClient)  # only what reads replies: no connection, no credentials
    made._pool = None
    return made


def _by_official(typed: Typed, wanted: str, body: Any) -> Iterator[tuple[str, str]]:
    client, models = _client(), importlib.import_module(typed.module)
    if wanted == "ErrorList" and not hasattr(models, "ErrorList"):
        return
    client.api_models_module = typed.module
    try:
        read = client.deserialize(SimpleNamespace(data=json.dumps(body)), wanted)
    except Exception as error:
        yield "*", f"{type(error).__name__}: {str(error)[:200]}"
        return
    yield from ((name, "unknown to the model") for name in sorted(_lost(body, read, "")))


def _lost(body: Any, read: Any, where: str) -> set[str]:
    """Names of a reply that the model did not take."""
    if isinstance(body, list) and isinstance(read, list):
        return {name for a, b in zip(body, read, strict=True) for name in _lost(a, b, f"{where}[]")}
    if not isinstance(body, dict) or not hasattr(read, "attribute_map"):
        return set()
    if not read.swagger_types:
        return set()
    taken = {wire: attribute for attribute, wire in read.attribute_map.items()}
    lost = {f"{where}/{name}" for name in body if name not in taken}
    for name, value in body.items():
        if name in taken:
            lost |= _lost(value, getattr(read, taken[name]), f"{where}/{name}")
    return lost


# --- pydantic -----------------------------------------------------------------------------------------------------------


@cache
def _adapter(wanted: Any) -> TypeAdapter[Any]:
    return TypeAdapter(wanted)


def _by_pydantic(wanted: Any, body: Any) -> Iterator[tuple[str, str]]:
    try:
        read = _adapter(wanted).validate_json(json.dumps(body))
    except ValidationError as error:
        for each in error.errors(include_url=False):
            where = "".join("[]" if isinstance(part, int) else f"/{part}" for part in each["loc"])
            yield where, f"{each['type']}: {each['msg'][:160]}"
        return
    yield from ((name, "unknown to the model") for name in sorted(_extra(read, "")))


def _extra(read: Any, where: str) -> set[str]:
    if isinstance(read, list):
        return {name for each in read for name in _extra(each, f"{where}[]")}
    if not isinstance(read, BaseModel):
        return set()
    found = {f"{where}/{name}" for name in read.model_extra or ()} if type(read).model_fields else set()
    for name, info in type(read).model_fields.items():
        found |= _extra(getattr(read, name), f"{where}/{info.alias or name}")
    return found

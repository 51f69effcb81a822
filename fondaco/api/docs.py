"""The page that documents the API, made from its OpenAPI description in the house's own look and without a script."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from ninja import NinjaAPI
from ninja.openapi.docs import DocsBase


@dataclass(frozen=True, slots=True)
class Field:
    """One value that goes in or comes out."""

    name: str
    kind: str
    required: bool
    about: str
    where: str = ""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One verb of the API."""

    anchor: str
    method: str
    tone: str
    path: str
    title: str
    about: str
    takes: tuple[Field, ...]
    gives: tuple[Field, ...]
    status: str


class Pages(DocsBase):
    """`/api/docs`."""

    def render_page(self, request: HttpRequest, api: NinjaAPI, **kwargs: Any) -> HttpResponse:
        schema = api.get_openapi_schema()
        parts: dict[str, list[Endpoint]] = {}
        for path, verbs in schema["paths"].items():
            for method, verb in verbs.items():
                tag = (verb.get("tags") or ["other"])[0]
                parts.setdefault(tag, []).append(_endpoint(schema, path, method, verb))
        context = {
            "parts": sorted(parts.items()),
            "error": _fields(schema, {"$ref": "#/components/schemas/ErrorBody"}),
            "openapi_url": self.get_openapi_url(api, kwargs),
        }
        return render(request, "api/docs.html", context)


def _endpoint(schema: Mapping[str, Any], path: str, method: str, verb: Mapping[str, Any]) -> Endpoint:
    takes = [
        Field(p["name"], _kind(schema, p["schema"]), p.get("required", False), p.get("description", ""), p["in"])
        for p in verb.get("parameters", [])
    ]
    for content in verb.get("requestBody", {}).get("content", {}).values():
        takes += _fields(schema, content.get("schema", {}), where="body")
    status, answer = next(iter(dict(verb.get("responses") or {"200": {}}).items()))
    gives = [
        field for content in answer.get("content", {}).values() for field in _fields(schema, content.get("schema", {}))
    ]
    return Endpoint(
        anchor=verb["operationId"],
        method=method.upper(),
        tone="progress" if method == "get" else "good",
        path=path,
        title=verb.get("summary", ""),
        about=verb.get("description", ""),
        takes=tuple(takes),
        gives=tuple(gives),
        status=str(status),
    )


def _fields(schema: Mapping[str, Any], part: Mapping[str, Any], *, where: str = "") -> list[Field]:
    part = _resolved(schema, part)
    if part.get("type") == "array":
        return _fields(schema, part.get("items", {}), where=where)
    needed = set(part.get("required", ()))
    return [
        Field(name, _kind(schema, value), name in needed, _resolved(schema, value).get("description", ""), where)
        for name, value in part.get("properties", {}).items()
    ]


def _resolved(schema: Mapping[str, Any], part: Mapping[str, Any]) -> Mapping[str, Any]:
    name = str(part.get("$ref", "")).rsplit("/", 1)[-1]
    return schema["components"]["schemas"][name] if name else part


def _kind(schema: Mapping[str, Any], part: Mapping[str, Any]) -> str:
    """`string`, `list of Shot`, `string or null` …"""
    if "$ref" in part:
        found = _resolved(schema, part)
        return " | ".join(map(str, found["enum"])) if "enum" in found else str(part["$ref"]).rsplit("/", 1)[-1]
    if "anyOf" in part:
        return " or ".join(_kind(schema, choice) for choice in part["anyOf"])
    if part.get("type") == "array":
        return f"list of {_kind(schema, part.get('items', {}))}"
    if "enum" in part:
        return " | ".join(map(str, part["enum"]))
    return str(part.get("format") or part.get("type", "any"))

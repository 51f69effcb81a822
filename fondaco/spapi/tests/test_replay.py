"""The published static cases come back as themselves."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from django.test import Client

from fondaco.spapi.tests import models_folder, published

#: Cases that share their whole request with another one of the same operation: no server can tell them apart.
SAME_REQUEST = {("getAccount", 400)}


def _cases() -> list[Any]:
    if models_folder.folder() is None:
        return []
    found = []
    for operation in published.operations().values():
        numbers: Counter[int] = Counter()
        for status, asked, case in published.static_cases(operation):
            name = f"{operation.model[:-5]}-{operation.name}-{status}-{numbers[status]}"
            found.append(pytest.param(operation, status, asked, case, id=name))
            numbers[status] += 1
    return found


def test_there_are_as_many_cases_as_published():
    published.require()
    assert len(_cases()) == 170


@pytest.mark.parametrize(("operation", "status", "asked", "case"), _cases())
def test_each_case_is_answered_as_published(operation, status, asked, case, monkeypatch):
    if (operation.name, status) in SAME_REQUEST:
        pytest.skip("its request is that of another case")
    monkeypatch.setenv("FONDACO_SPAPI_MODELS", str(published.require()))
    asked = dict(asked)
    body = asked.pop("body", asked.pop("payload", None))
    path = operation.path
    for part in [p.strip("{}") for p in path.split("/") if p.startswith("{")]:
        path = path.replace("{" + part + "}", quote(str(asked.pop(part, "any")), safe=""))
    query = urlencode(
        {k: ",".join(map(str, v)) if isinstance(v, list) else published.query_text(v) for k, v in asked.items()}
    )
    response = Client().generic(
        operation.method,
        f"{path}?{query}",
        json.dumps(body) if body is not None else "",
        content_type="application/json",
        headers={"x-fondaco-sandbox": "static"},
    )
    assert response.status_code == status, response.content
    if status != 204 and case.get("response") is not None:
        assert json.loads(response.content or b"null") == case["response"]


def test_what_no_case_asks_is_refused_as_published(monkeypatch):
    monkeypatch.setenv("FONDACO_SPAPI_MODELS", str(published.require()))
    response = Client().get("/feeds/2021-06-30/feeds/nothing-known", HTTP_HOST="sandbox.localhost")
    assert (response.status_code, response.json()["errors"][0]["message"]) == (400, "Could not match input arguments")


def test_replay_is_off_unless_asked_for(monkeypatch, db):
    monkeypatch.setenv("FONDACO_SPAPI_MODELS", str(published.require()))
    assert Client().get("/sellers/v1/account").status_code == 403
    monkeypatch.delenv("FONDACO_SPAPI_MODELS")
    assert Client().get("/sellers/v1/account", headers={"x-fondaco-sandbox": "static"}).status_code == 403

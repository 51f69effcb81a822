"""The published answers loaded as state come back equal; writes answer equal.

Order, generated ids and times are set aside (`state/compare.py`). Where an answer tells what this store does not know, the difference stands with its
reason in `state/exceptions.toml`. That file may only shrink: a difference that is not in it fails, and so does one in it that is gone.
"""

from __future__ import annotations

import json
import os
import tomllib
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from fondaco.spapi.tests import published
from fondaco.spapi.tests.state.cases import Case, good_cases
from fondaco.spapi.tests.state.compare import differences
from fondaco.spapi.tests.state.loaders import Ask, loader_of

pytestmark = pytest.mark.django_db
FILE = Path(__file__).parent / "state" / "exceptions.toml"
EXCEPTIONS: dict[str, dict[str, str]] = tomllib.loads(FILE.read_text(encoding="utf-8"))
#: Lower it when the file shrinks; never raise it.
MOST_EXCEPTIONS = 470


@pytest.fixture(autouse=True)
def _no_limits(settings: Any) -> None:
    settings.FONDACO_SPAPI_LIMITS = 0
    settings.FONDACO_SQS_ENDPOINT = "http://127.0.0.1:9"  # nothing is sent in these tests


def test_every_published_good_answer_is_a_case():
    published.require()
    cases = good_cases()
    assert (sum(c.is_read for c in cases), sum(not c.is_read for c in cases)) == (53, 42)
    assert set(EXCEPTIONS) <= {c.id for c in cases}


def test_the_exceptions_only_shrink_and_have_reasons():
    assert sum(map(len, EXCEPTIONS.values())) <= MOST_EXCEPTIONS
    assert all(reason.endswith(".") for ways in EXCEPTIONS.values() for reason in ways.values())


@pytest.mark.parametrize("case", [pytest.param(c, id=c.id) for c in good_cases()])
def test_what_was_loaded_is_answered(case: Case, client_of):
    ask = loader_of(case)(client_of, case)
    response = _send(client_of, case, ask)
    status = {"status"} if response.status_code != case.status else set()
    body = json.loads(response.content) if response.content else None
    found = status or differences(case.answer or None, body or None)
    if target := os.environ.get("FONDACO_SHOW_DIFFERENCES"):
        with Path(target).open("a") as out:
            said = response.content.decode()[:300] if status else ""
            out.write(json.dumps({"case": case.id, "found": sorted(found), "said": said}) + "\n")
    assert found == set(EXCEPTIONS.get(case.id, {})), response.content[:3000]


def _send(client: Any, case: Case, ask: Ask) -> Any:
    path = case.operation.path
    asked = {k: v for k, v in case.asked.items() if k not in ("body", "payload") and v is not None}
    for part in [p.strip("{}") for p in path.split("/") if p.startswith("{")]:
        path = path.replace("{" + part + "}", quote(str(ask.path.get(part, asked.get(part, ""))), safe=""))
        asked.pop(part, None)
    query = {k: v for k, v in (asked | ask.query).items() if v is not None}
    token = None
    if ask.is_restricted:
        resource = {"method": case.operation.method, "path": path}
        made = client.ok("POST", "/tokens/2021-03-01/restrictedDataToken", body={"restrictedResources": [resource]})
        token = made["restrictedDataToken"]
    return client.call(case.operation.method, path, body=ask.body, token=token, **query)

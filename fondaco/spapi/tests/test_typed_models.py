"""Every served operation is known to two independent packages of typed models, and they do refuse what is wrong."""

from __future__ import annotations

import pytest

from fondaco.spapi.door.operation import every
from fondaco.spapi.tests import typed_models
from fondaco.spapi.tests.typed_models import OFFICIAL, PYDANTIC

MOST_EXCEPTIONS = 0
ORDER = "/orders/2026-01-01/orders/114-7291830-1827364"


@pytest.mark.parametrize("served", list(every()), ids=lambda o: f"{o.method} {o.path}")
def test_both_packages_know_each_operation(served):
    asked = served.path.replace("{", "").replace("}", "")
    assert {typed.package for typed in typed_models._at(served.method, asked)} == {OFFICIAL, PYDANTIC}


def test_the_exceptions_may_only_shrink():
    assert len(typed_models.exceptions()) <= MOST_EXCEPTIONS


@pytest.mark.parametrize(
    ("method", "path", "status", "body", "packages"),
    [
        ("GET", ORDER, 200, {}, {OFFICIAL, PYDANTIC}),
        ("GET", ORDER, 200, {"order": {"orderId": 5}}, {OFFICIAL, PYDANTIC}),
        ("GET", ORDER, 404, {"errors": [{"message": "no code"}]}, {OFFICIAL, PYDANTIC}),
        ("GET", "/feeds/2021-06-30/feeds/1", 200, {"feedId": "1", "stranger": 1}, {OFFICIAL, PYDANTIC}),
    ],
)
def test_a_wrong_reply_is_refused(method, path, status, body, packages):
    found = typed_models.faults(method, path, status, body)
    assert {line.split(" ")[0] for line in found} == packages


def test_a_right_reply_is_taken():
    body = {"errors": [{"code": "NotFound", "message": "No such order.", "details": ""}]}
    assert typed_models.faults("GET", ORDER, 404, body) == []

"""What is served stands where it is published, at the published rate."""

from __future__ import annotations

import re

import pytest

from fondaco.spapi.door.operation import every
from fondaco.spapi.tests import models_folder, published

_RATE = re.compile(r"\|\s*([0-9.]+)\s*\|\s*([0-9]+)\s*\|")


@pytest.fixture(autouse=True)
def _models() -> None:
    published.require()


@pytest.mark.parametrize("served", list(every()), ids=lambda o: f"{o.method} {o.path}")
def test_each_operation_has_the_published_path_and_method(served):
    assert published.operations()[served.method, served.path].name == served.name


@pytest.mark.parametrize("served", list(every()), ids=lambda o: f"{o.method} {o.path}")
def test_each_operation_has_the_published_usage_plan(served):
    told = _RATE.search(published.operations()[served.method, served.path].spec.get("description", ""))
    if told is None:
        pytest.skip("the model states no usage plan")
    assert (served.rate.per_s, served.rate.burst) == (float(told[1]), int(told[2]))


@pytest.mark.parametrize("served", list(every()), ids=lambda o: f"{o.method} {o.path}")
def test_each_operation_reads_the_published_query(served):
    known = published.operations()[served.method, served.path]
    document = published.models()[known.model]
    told = [
        document["parameters"][p["$ref"].rsplit("/", 1)[-1]] if "$ref" in p else p
        for p in known.spec.get("parameters", [])
    ]
    query = {p["name"]: p for p in told if p.get("in") == "query"}
    ours = {p.name: p for p in served.query}
    assert set(query) == set(ours)
    for name, parameter in query.items():
        assert ours[name].required == bool(parameter.get("required")), name
        choices = parameter.get("enum") or (parameter.get("items") or {}).get("enum")
        if choices and ours[name].choices:
            assert set(ours[name].choices) == set(choices), name
    assert (served.body is not None) == any(p.get("in") == "body" for p in told)


def test_the_parity_page_is_what_the_door_serves():
    """Proven here, so that an operation cannot be added without the page saying so."""
    import subprocess
    import sys

    done = subprocess.run(
        [sys.executable, "scripts/parity.py", "--check"],
        cwd=models_folder.ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr

"""The plugin as an integrator meets it: their own tests, run by pytest, alone and in parallel."""

from __future__ import annotations

import pytest

pytest_plugins = ["pytester"]

TESTS = """
import pytest
from fondaco.sandbox.tests.speaking import Program

@pytest.mark.parametrize("number", range(4))
def test_the_store_is_this_tests_own(fondaco_server, number):
    program = Program(fondaco_server)
    path = f"/listings/2021-08-01/items/{program.seller}/MUG-1?marketplaceIds=ATVPDKIKX0DER"
    assert program.call("GET", path)[0] == 404
    program.list_mug()
    assert program.call("GET", path)[0] == 200
    assert fondaco_server.control.place_order("MUG-1")["status"] == "placed"
    fondaco_server.control.advance(days=1)

def test_typed_handle(fondaco_server):
    assert fondaco_server.url.startswith("http://127.0.0.1:")
    assert fondaco_server.credentials.seller_id.startswith("A")
    assert fondaco_server.control.now.isoformat() == "{at}"
"""
AT = "2026-03-02T12:00:00+00:00"


def _run(pytester: pytest.Pytester, *arguments: str) -> pytest.RunResult:
    pytester.makepyfile(TESTS.replace("{at}", AT))
    pytester.makeini(f"[pytest]\nfondaco_at = {AT}\n")
    return pytester.runpytest_subprocess("-p", "no:django", "-p", "no:cacheprovider", *arguments, timeout=280)


def test_each_of_an_integrators_tests_has_its_own_store(pytester):
    _run(pytester).assert_outcomes(passed=5)


def test_workers_beside_each_other_do_not_meet(pytester):
    _run(pytester, "-n", "2").assert_outcomes(passed=5)


def test_tests_that_do_not_ask_for_it_start_and_import_nothing(pytester):
    pytester.makepyfile(
        """
        import sys

        def test_nothing_of_the_store_is_here():
            assert not {"django", "numpy", "fondaco.sandbox.client"} & set(sys.modules)
        """
    )
    result = pytester.runpytest_subprocess("-p", "no:django", "-p", "no:playwright", "-p", "no:cacheprovider")
    result.assert_outcomes(passed=1)

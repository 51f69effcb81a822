"""`fondaco decide`: facts in, decision out, refusals as answers."""

from __future__ import annotations

import json

import pytest

from fondaco.config import decide

FACTS = {
    "window": {"delivered_at": "2022-06-01T17:00:00Z"},
    "received_on": "2022-06-20",
    "label_minor": 725,
    "units": [{"reason": 10, "price_minor": 4000}],
}


@pytest.fixture
def ask(tmp_path, capsys):
    def _ask(rule: str, facts: dict, *more: str) -> dict:
        path = tmp_path / "facts.json"
        path.write_text(json.dumps(facts))
        assert decide.run([rule, str(path), *more]) == 0
        return json.loads(capsys.readouterr().out)

    return _ask


def test_plans_a_refund_with_clauses(ask) -> None:
    got = ask("refund", FACTS)
    assert got["refund_minor"] == 3275
    assert {c["kind"]: c["clause"] for c in got["units"][0]["components"]} == {"item": "PRIME-37", "label": "PRIME-43"}


def test_tries_another_policy(ask, tmp_path) -> None:
    other = tmp_path / "policy.json"
    other.write_text(json.dumps({"late_max_pct": 40}))
    late = {
        **FACTS,
        "received_on": "2022-08-01",
        "units": [{"reason": 10, "price_minor": 4000, "deduct_pct": 40, "photo": True}],
    }
    assert ask("refund", late)["refused"] == "deduction_above_cap"
    assert ask("refund", late, "--policy", str(other))["refund_minor"] == 4000 - 1600 - 725


def test_decides_a_return(ask) -> None:
    got = ask("return", {"reason": "defective", "requested_on": "2022-06-13", "window": FACTS["window"]})
    assert (got["answer"], got["payment"]["payer"]) == ("authorised", "seller")


def test_promises_and_badges(ask) -> None:
    facts = {
        "member": True,
        "address": {"country": "US", "state": "OH", "zip": "43004", "lines": ["12 Elm St"]},
        "options": [{"speed": "two_day", "transit_days": 2, "price_minor": 799}],
        "ordered_at": "2022-03-01T15:00:00Z",
    }
    assert ask("promise", facts)["options"][0]["promised_date"] == "2022-03-03"
    assert ask("badge", {"member": False, "delivery_days": 1})["shown"] is False


@pytest.mark.parametrize("rule", decide.RULES)
def test_prints_a_schema(rule: str, capsys) -> None:
    assert decide.run([rule, "--schema"]) == 0
    assert json.loads(capsys.readouterr().out)["type"] == "object"


@pytest.mark.parametrize("text", ["", "{", "[]", '{"units": 3}', '{"surprise": 1}'])
def test_unreadable_facts_are_a_usage_error(text: str, tmp_path, capsys) -> None:
    path = tmp_path / "facts.json"
    path.write_text(text)
    assert decide.run(["refund", str(path)]) == 2
    assert "fondaco decide:" in capsys.readouterr().err


@pytest.mark.spec("Q-21")
def test_refuses_a_delivery_at_a_time_that_the_clocks_skipped(ask) -> None:
    skipped = {**FACTS, "window": {"delivered_at": "2022-03-13T02:30:00"}}
    got = ask("refund", skipped)
    assert (got["refused"], got["clause"]) == ("time_skipped", "Q-21")
    read_there = {**FACTS, "window": {"delivered_at": "2022-05-01T23:30:00"}, "received_on": "2022-06-15"}
    assert ask("refund", read_there)["lateness"] == "in_time"  # 1 May in Chicago, whatever day it is in UTC
    assert ask("refund", {**read_there, "received_on": "2022-06-16"})["lateness"] == "late"
    assert ask("refund", {**FACTS, "window": {"delivered_at": "2022-05-01T23:30:00", "zone": "Mars/Base"}})["refused"]

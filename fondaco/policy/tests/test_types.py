"""What may stand in a value: every fault is found, with its place."""

from __future__ import annotations

import copy
import json
import pickle
from contextlib import suppress
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fondaco.kit.money import Money
from fondaco.policy.shipped import shipped
from fondaco.policy.types import Frozen, WrongValue, build

ROW = {
    "code": {"kind": "slug"},
    "price": {"kind": "amount"},
    "days": {"kind": "optional", "of": {"kind": "int", "max": 9}},
}
TABLE = build({"kind": "table", "key": ["code"], "columns": ROW})

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=True) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


def faults(spec: dict[str, Any], raw: Any) -> list[str]:
    with pytest.raises(WrongValue) as wrong:
        build(spec).read(raw)
    return [str(problem) for problem in wrong.value.problems]


@pytest.mark.parametrize(
    ("spec", "raw", "value"),
    [
        ({"kind": "int", "min": 1, "max": 24}, 24, 24),
        ({"kind": "percent"}, 0, 0),
        ({"kind": "rate"}, "93.50", Decimal("93.5")),
        ({"kind": "rate"}, "100.00", Decimal("100")),
        ({"kind": "bool"}, False, False),
        ({"kind": "choice", "options": ["a", "b"]}, "b", "b"),
        ({"kind": "day"}, "2026-02-16", "2026-02-16"),
        ({"kind": "clock"}, "23:59", "23:59"),
        ({"kind": "amount"}, {"minor": 0, "currency": "VND"}, Money(0, "VND")),
        ({"kind": "optional", "of": {"kind": "int"}}, None, None),
        ({"kind": "list", "of": {"kind": "slug"}}, ["a", "b"], ("a", "b")),
        ({"kind": "map", "of": {"kind": "int"}}, {"baby": 90}, {"baby": 90}),
    ],
)
def test_reads_what_fits(spec: dict[str, Any], raw: Any, value: Any) -> None:
    of = build(spec)
    assert of.read(raw) == value
    assert of.read(json.loads(json.dumps(of.write(value)))) == value


@pytest.mark.parametrize(
    ("spec", "raw"),
    [
        ({"kind": "int", "min": 1, "max": 24}, 25),
        ({"kind": "int"}, True),
        ({"kind": "int"}, 1.0),
        ({"kind": "int"}, "1"),
        ({"kind": "percent"}, 101),
        ({"kind": "rate"}, "100.01"),
        ({"kind": "rate"}, "93.555"),
        ({"kind": "rate"}, 93.5),
        ({"kind": "rate"}, "NaN"),
        ({"kind": "bool"}, 1),
        ({"kind": "choice", "options": ["a"]}, "A"),
        ({"kind": "choice", "options": ["a"]}, ["a"]),
        ({"kind": "slug"}, "A b"),
        ({"kind": "label"}, " "),
        ({"kind": "label"}, "a\x00"),
        ({"kind": "label"}, "\ud800"),
        ({"kind": "text", "limit": 3}, "abcd"),
        ({"kind": "day"}, "2026-02-30"),
        ({"kind": "clock"}, "24:00"),
        ({"kind": "amount"}, {"minor": -1, "currency": "USD"}),
        ({"kind": "amount"}, {"minor": 1.5, "currency": "USD"}),
        ({"kind": "amount"}, {"minor": 1}),
        ({"kind": "list", "of": {"kind": "slug"}}, ["a", "a"]),
        ({"kind": "list", "min": 1, "of": {"kind": "slug"}}, []),
        ({"kind": "list", "of": {"kind": "slug"}}, "abc"),
        ({"kind": "map", "of": {"kind": "int"}}, {"A B": 1}),
    ],
)
def test_refuses_what_does_not_fit(spec: dict[str, Any], raw: Any) -> None:
    assert len(faults(spec, raw)) == 1


def test_names_the_place_of_every_fault() -> None:
    rows = [
        {"code": "a", "price": {"minor": 1, "currency": "USD"}, "days": 10},
        {"code": "B", "price": 5},
        {"price": {"minor": 1, "currency": "USD"}, "colour": "red"},
    ]
    assert faults({"kind": "table", "columns": ROW}, rows) == [
        "[0].days: It must be from 0 to 9.",
        "[1].code: B is not written in the form needed here.",
        "[1].price: An amount is needed: whole minor units and a currency.",
        "[2].colour: There is no such field.",
        "[2].code: This field is missing.",
    ]


def test_a_row_stands_in_a_table_once() -> None:
    row = {"code": "a", "price": {"minor": 1, "currency": "USD"}}
    with pytest.raises(WrongValue) as wrong:
        TABLE.read([row, row])
    assert str(wrong.value.problems[0]) == "[1]: a stands here twice."


@given(json_values)
def test_nonsense_is_refused_and_never_crashes(raw: Any) -> None:
    for key in shipped().keys.values():
        with suppress(WrongValue):
            value = key.type.read(raw)
            assert key.type.read(key.type.write(value)) == value


def test_a_value_cannot_be_changed_by_whoever_gets_it() -> None:
    row = TABLE.read([{"code": "a", "price": {"minor": 1, "currency": "USD"}}])[0]
    for change in (
        lambda: row.update(code="b"),
        lambda: row.__setitem__("code", "b"),
        lambda: row.pop("code"),
        lambda: row.clear(),
        lambda: row.setdefault("x", 1),
        lambda: row.__ior__({"x": 1}),
    ):
        with pytest.raises(TypeError):
            change()
    assert isinstance(row, Frozen)
    assert pickle.loads(pickle.dumps(row)) == copy.copy(row) == row

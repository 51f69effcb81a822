"""Facts that both databases and every JSON reader keep alike."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fondaco.kit.errors import Invalid
from fondaco.kit.facts import NotAFact, plain
from fondaco.kit.money import Money


class Colour(Enum):
    RED = "red"


@dataclass
class Box:
    sides: tuple[int, int]
    colour: Colour


def test_makes_plain_json_of_what_rules_hold() -> None:
    facts = {
        "at": datetime(2022, 3, 1, tzinfo=UTC),
        "day": date(2022, 3, 1),
        "rate": Decimal("93.50"),
        "id": UUID(int=1),
        "box": Box((1, 2), Colour.RED),
        "tags": {"b", "a"},
        "price": Money(5, "USD"),
    }
    assert plain(facts) == {
        "at": "2022-03-01T00:00:00+00:00",
        "day": "2022-03-01",
        "rate": "93.50",
        "id": "00000000-0000-0000-0000-000000000001",
        "box": {"sides": [1, 2], "colour": "red"},
        "tags": ["a", "b"],
        "price": {"minor": 5, "currency": "USD"},
    }


@pytest.mark.parametrize(
    "value", [float("nan"), float("inf"), Decimal("NaN"), 2**63, object(), b"bytes", "a\x00", {"\ud800": 1}, [["\x00"]]]
)
def test_refuses_what_one_of_the_databases_would_lose(value: object) -> None:
    with pytest.raises(Invalid):
        plain(value)


def test_refuses_endless_nesting() -> None:
    endless: list[object] = []
    endless.append(endless)
    with pytest.raises(NotAFact):
        plain(endless)


@given(
    st.recursive(
        st.none()
        | st.booleans()
        | st.integers(-(2**63) + 1, 2**63 - 1)
        | st.floats(allow_nan=False, allow_infinity=False),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abc"), inner, max_size=3),
        max_leaves=10,
    )
)
def test_plain_json_stays_as_it_is(value: object) -> None:
    assert plain(value) == value
    assert json.loads(json.dumps(plain(value))) == value

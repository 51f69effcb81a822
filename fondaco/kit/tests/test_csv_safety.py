"""Reports that people open in a spreadsheet."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fondaco.kit.csv_safety import safe_cell, tab_line


@pytest.mark.parametrize(
    "text", ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "  =1", "＝1", "\r=1", "-1-1", '=HYPERLINK("x")']
)
def test_what_would_run_is_shown_instead(text: str) -> None:
    assert safe_cell(text) == "'" + text


@pytest.mark.parametrize("text", ["-5", "+12.50", "-0,5", "20%", "plain", "a=b", "", "1-2"])
def test_numbers_and_words_stay(text: str) -> None:
    assert safe_cell(text) == text


@given(st.lists(st.text() | st.none() | st.integers(), min_size=1, max_size=6))
def test_a_line_has_one_cell_for_each_value_and_no_break(cells: list[object]) -> None:
    written = tab_line(cells)
    assert written.count("\t") == len(cells) - 1
    assert not {"\n", "\r", "\x85", "\u2028"} & set(written)
    assert not any(cell.startswith(("=", "@")) for cell in written.split("\t"))

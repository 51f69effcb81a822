"""Cells of tables that people open in a spreadsheet: text from sellers must not become a formula."""

from __future__ import annotations

import re
from collections.abc import Iterable

_STARTS_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_PLAIN_NUMBER = re.compile(r"[+-]?\d+([.,]\d+)?%?")
_BREAKS = re.compile(r"[\t\r\n\v\f\x85\u2028\u2029]+")


def safe_cell(value: object) -> str:
    """The value as text that a spreadsheet shows instead of running.

    What would start a formula gets an apostrophe before it; numbers, also negative ones, stay as they are.
    None is the empty cell.
    """
    text = "" if value is None else str(value)
    if _PLAIN_NUMBER.fullmatch(text) or not text.lstrip(" ").startswith(_STARTS_FORMULA):
        return text
    return "'" + text


def tab_line(cells: Iterable[object]) -> str:
    """One line of a tab-delimited report, without its line end; tabs and breaks inside a cell become a space."""
    return "\t".join(safe_cell(_BREAKS.sub(" ", "" if cell is None else str(cell)).strip()) for cell in cells)

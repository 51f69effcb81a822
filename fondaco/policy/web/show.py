"""Values as pages show them: by their type, in the reader's language. No template decides what a value means."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from fondaco.kit.money import Money
from fondaco.policy import types
from fondaco.web import dates

_SHORT_TABLE = 5


@dataclass(frozen=True, slots=True)
class Shown:
    """A value ready for `policy/value.html`.

    `kind` is `text`, `code`, `list` (of Shown), `terms` (pairs of name and Shown) or `table` (`columns`, rows of
    Shown). `text` is the whole value on one line, cut for lists of keys.
    """

    kind: str
    text: str = ""
    items: tuple[Shown, ...] = ()
    terms: tuple[tuple[str, Shown], ...] = ()
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[Shown, ...], ...] = ()


def shown(of: types.Type, value: Any) -> Shown:
    """A value of that type, ready to be shown."""
    if value is None:
        return Shown("text", _("none"))
    if isinstance(of, types.Optional):
        return shown(of.of, value)
    if isinstance(of, types.Table):
        return _table(of, value)
    if isinstance(of, types.Record):
        return _terms([(name, shown(field, value[name])) for name, field in of.fields.items()])
    if isinstance(of, types.Map):
        return _terms([(name, shown(of.of, item)) for name, item in value.items()])
    if isinstance(of, types.Items):
        items = tuple(shown(of.of, item) for item in value)
        return Shown("list", ", ".join(item.text for item in items) or _("none"), items=items)
    return _scalar(of, value)


def place(path: str) -> str:
    """A place in a value as people read it; empty for the value itself."""
    return path or _("value")


def plain(value: Any) -> str:
    """One end of a difference: a piece of plain JSON on one line."""
    if value is None:
        return "—"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, Mapping):
        if set(value) == {"minor", "currency"}:
            return dates.money(Money(value["minor"], value["currency"]))
        return ", ".join(f"{name}: {plain(item)}" for name, item in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(plain(item) for item in value) or _("none")
    return _(value) if isinstance(value, str) and value else str(value)


def _scalar(of: types.Type, value: Any) -> Shown:
    if isinstance(value, bool):
        return Shown("text", _("yes") if value else _("no"))
    if isinstance(value, Money):
        return Shown("text", dates.money(value))
    if isinstance(of, types.Choice) or (isinstance(of, types.Text) and not of.label):
        return Shown("code", str(value))
    if isinstance(value, int | Decimal):
        return Shown("text", with_unit(value, of.unit))
    return Shown("text", _(value))


def with_unit(value: int | Decimal, unit: str) -> str:
    """`24 hours`, `85 %`, `10 MB`: a number with what it counts."""
    if unit == "bytes":
        return dates.size(int(value))
    number = dates.number(value)  # type: ignore[arg-type]
    return f"{number} {_(unit)}" if unit else number


def _terms(pairs: list[tuple[str, Shown]]) -> Shown:
    line = " · ".join(f"{name} {item.text}" for name, item in pairs)
    return Shown("terms", line, terms=tuple(pairs))


def _table(of: types.Table, value: Any) -> Shown:
    rows = tuple(tuple(shown(column, row[name]) for name, column in of.columns.items()) for row in value)
    line = _on_one_line(rows)
    return Shown("table", line, columns=tuple(of.columns), rows=rows)


def _on_one_line(rows: tuple[tuple[Shown, ...], ...]) -> str:
    """A short table by the first cell of each row, a long one by its length."""
    if not rows:
        return _("empty table")
    if len(rows) <= _SHORT_TABLE:
        return ", ".join(row[0].text for row in rows)
    return ngettext("%(n)s row", "%(n)s rows", len(rows)) % {"n": dates.number(len(rows))}

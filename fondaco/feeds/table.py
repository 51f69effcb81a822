"""Tab-delimited tables: header lines, records, quoting. Works on text; `plan.py` finds the byte offsets.

A field is quoted when it begins with `"` and its closing `"` stands before a tab or the end of the record; inside, `""`
is one quotation mark and tabs and line breaks are text. Any other quotation mark is a letter, so `24" monitor` is sound.
A quoted field may run over lines, but not for ever: after `MAX_RECORD_CHARS` the opening mark is taken as a letter,
because a mark that is never closed must not swallow the rest of the file.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from fondaco.feeds.columns import ATTRIBUTE, CLEAR, column_named, key_of
from fondaco.feeds.errors import Issue, quoted

HEADER_LINES = 2
"""Line 1 is the template's, line 2 names the columns; record 1 is line 3 (B-IMG-12)."""

MAX_RECORD_CHARS = 40_000
MAX_QUOTED_LINES = 100

SETTINGS = ("templatetype", "version", "decimal", "encoding", "operation", "refetch")


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What line 1 of a file may set for the whole file."""

    template: str = ""
    version: str = ""
    decimal: str = "."
    encoding: str = ""
    operation: str = "update"
    refetch: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Where which column stands. `places[key]` is an index into a record; `width` how many fields one has."""

    width: int
    places: dict[str, int]
    settings: Settings = field(default_factory=Settings)
    issues: tuple[Issue, ...] = ()

    @property
    def is_usable(self) -> bool:
        from fondaco.feeds.errors import ErrorType, fault

        return not any(fault(i.fault).type is ErrorType.FATAL for i in self.issues)

    def as_json(self) -> dict[str, object]:
        """The form that is stored with a batch: everything a worker needs to read its chunk."""
        s = self.settings
        return {
            "width": self.width,
            "places": self.places,
            "decimal": s.decimal,
            "operation": s.operation,
            "refetch": s.refetch,
        }

    @classmethod
    def from_json(cls, stored: dict[str, object]) -> Layout:
        """The layout that `as_json` described; without its issues, which are reported once."""
        settings = Settings(
            decimal=str(stored.get("decimal", ".")),
            operation=str(stored.get("operation", "update")),
            refetch=bool(stored.get("refetch")),
        )
        places = {str(k): int(v) for k, v in dict(stored["places"]).items()}  # type: ignore[call-overload]
        return cls(width=int(str(stored["width"])), places=places, settings=settings)


# --- header -----------------------------------------------------------------------------------------------------------


def read_layout(*, lines: Sequence[str], attributes: Iterable[str] = ()) -> Layout:
    """The layout that the first two lines of a file describe; its issues stand at record 0.

    `attributes` are what products can state beside our own columns (`material`).
    """
    first, second = (list(split_record(lines[i])[0]) if len(lines) > i else [] for i in (0, 1))
    if not any(cell.strip() for cell in first + second):
        return Layout(width=0, places={}, issues=(Issue(0, "", "file-empty"),))
    if _names_columns(first) and not _names_columns(second):
        return Layout(width=len(first), places={}, issues=(Issue(0, "", "file-header-missing"),))
    if wrong := _separator(lines):
        return Layout(width=0, places={}, issues=(Issue(0, "", "file-separator", args={"separator": wrong}),))
    settings, setting_issues = read_settings(cells=first)
    places, column_issues = _places(second, tuple(attributes))
    issues = [*setting_issues, *column_issues]
    if "sku" not in places and not any(i.fault == "file-column-twice" for i in issues):
        issues.insert(0, Issue(0, "", "file-columns-missing", args={"missing": "sku"}))
    width = max((i + 1 for i, cell in enumerate(second) if cell.strip()), default=0)
    return Layout(width=width, places=places, settings=settings, issues=tuple(issues))


def _names_columns(cells: Sequence[str]) -> bool:
    known = {c.key for cell in cells if (c := column_named(cell))}
    return "sku" in known and len(known) >= min(2, len(cells))


def _separator(lines: Sequence[str]) -> str:
    """`,` `;` or `|` when line 2 is surely separated by that and not by tabs."""
    line = lines[1] if len(lines) > 1 else lines[0]
    if "\t" in line:
        return ""
    for mark in (",", ";", "|"):
        if _names_columns([cell.strip('" ') for cell in line.split(mark)]) and mark in line:
            return mark
    return ""


def read_settings(*, cells: Sequence[str]) -> tuple[Settings, list[Issue]]:
    """`Name=value` cells of line 1. Cells without `=` are notes for people and are left alone."""
    found: dict[str, str] = {}
    issues: list[Issue] = []
    for cell in cells:
        name, equals, value = cell.strip().partition("=")
        key = name.strip().lower()
        if not equals:
            continue
        if key in SETTINGS and _setting_fits(key, value.strip()):
            found[key] = value.strip()
        else:
            issues.append(Issue(0, "", "file-setting-unknown", sent=quoted(cell.strip())))
    return (
        Settings(
            template=found.get("templatetype", ""),
            version=found.get("version", ""),
            decimal=found.get("decimal", "."),
            encoding=found.get("encoding", ""),
            operation=found.get("operation", "update").lower(),
            refetch=found.get("refetch", "").lower() in ("yes", "true", "1"),
        ),
        issues,
    )


def _setting_fits(key: str, value: str) -> bool:
    if key == "decimal":
        return value in (".", ",")
    if key == "operation":
        return value.lower() in ("update", "partial", "delete")
    if key == "refetch":
        return value.lower() in ("yes", "no", "true", "false", "1", "0")
    return True


def _places(cells: Sequence[str], attributes: Sequence[str]) -> tuple[dict[str, int], list[Issue]]:
    places: dict[str, int] = {}
    issues: list[Issue] = []
    for index, cell in enumerate(cells):
        key = key_of(cell, attributes=attributes)
        if key is None:
            if cell.strip():
                issues.append(Issue(0, "", "file-column-unknown", column=quoted(cell.strip())))
        elif key in places:
            issues.append(Issue(0, "", "file-column-twice", column=key.removeprefix(ATTRIBUTE)))
        else:
            places[key] = index
    return places, issues


# --- records ----------------------------------------------------------------------------------------------------------


def split_record(text: str) -> tuple[list[str], list[int]]:
    """The fields of one record, and which of them (indices) begin with a quotation mark that is never closed."""
    if '"' not in text:
        return text.split("\t"), []
    cells: list[str] = []
    unclosed: list[int] = []
    at = 0
    while True:
        end = closing_quote(text, at) if text.startswith('"', at) else -1
        if end >= 0:
            cells.append(text[at + 1 : end].replace('""', '"'))
            end += 1
        else:
            if text.startswith('"', at) and text.count('"', at, _field_end(text, at)) % 2:
                unclosed.append(len(cells))
            end = _field_end(text, at)
            cells.append(text[at:end])
        if end >= len(text):
            return cells, unclosed
        at = end + 1


def _field_end(text: str, at: int) -> int:
    end = text.find("\t", at)
    return len(text) if end < 0 else end


def closing_quote(text: str, at: int) -> int:
    """Where the quoted field that opens at `at` closes; -1 when no mark stands before a tab or the end."""
    position = at + 1
    while True:
        position = text.find('"', position)
        if position < 0:
            return -1
        if text.startswith('"', position + 1):
            position += 2
            continue
        if position + 1 == len(text) or text[position + 1] == "\t":
            return position
        return -1


def open_field(text: str, at: int = 0) -> int:
    """Where the quoted field begins that `text` ends inside of (so that the record may go on in the next line), or -1.

    `at` is the start of a field to look from.
    """
    while True:
        end = -1
        if text.startswith('"', at):
            end = closing_quote(text, at)
            if end < 0 and '"' not in text[at + 1 :].replace('""', ""):
                return at
            end = end + 1 if end >= 0 else -1
        if end < 0:
            end = _field_end(text, at)
        if end >= len(text):
            return -1
        at = end + 1


def records(text: str) -> Iterator[str]:
    """The records of `text` (lines end in a line feed); a quoted field may hold line breaks."""
    lines = text.split("\n")
    if lines and not lines[-1]:
        lines.pop()
    if '"' not in text:
        yield from lines
        return
    at = 0
    while at < len(lines):
        taken = lines_of_record(lines, at)
        yield "\n".join(lines[at : at + taken])
        at += taken


def lines_of_record(lines: Sequence[str], at: int) -> int:
    """How many of `lines`, from `at` on, make up one record: 1 unless a quoted field runs on and closes in time."""
    text = lines[at]
    start = open_field(text) if '"' in text else -1
    if start < 0:
        return 1
    for more in range(1, min(MAX_QUOTED_LINES, len(lines) - at)):
        text += "\n" + lines[at + more]
        if len(text) > MAX_RECORD_CHARS:
            return 1
        if '"' not in lines[at + more]:
            continue
        end = closing_quote(text, start)
        if end >= 0:
            start = open_field(text, end + 2) if end + 2 <= len(text) else -1
            if start < 0:
                return more + 1
        elif '"' in text[start + 1 :].replace('""', ""):
            return 1  # a stray mark further on is not the end of a text that began here
    return 1


STRAY = re.compile("[\x00-\x08\x0b-\x1f\x7f\x80-\x9f\u2028\u2029\ufffe\uffff\ud800-\udfff]")
_LOOSE = re.compile("[ \u00a0\u3000\ufeff\u200b][\t\n]|[\t\n][ \u00a0\u3000\ufeff\u200b]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """Records of one chunk. `numbers` are record numbers; `plain` tells that no cell holds a control character, a
    damaged byte or a space at its edge, so that the cells need not be looked at one by one; `clears` that some cell may
    hold the mark that empties a value."""

    cells: list[list[str]]
    numbers: list[int]
    plain: bool
    issues: list[Issue]
    clears: bool = False


_CLEAR_BYTES = CLEAR.encode()
_CONTROL_BYTES = bytes([*range(9), 11, 12, *range(14, 32), 127])
_LOOSE_BYTES = (b" \t", b"\t ", b" \n", b"\n ")


def read_rows(*, raw: bytes, first_record: int, width: int) -> Rows:
    """The records of a chunk (UTF-8, as planned) as lists of `width` cells. Blank records count, but are not returned."""
    if b"\r" in raw:
        raw = raw.replace(b"\r\n", b"\n").removesuffix(b"\r")
    text, plain = _text_and_looks(raw)
    clears = _CLEAR_BYTES in raw
    if '"' in text:
        return _fitted((split_record(r) for r in records(text)), first_record, width, False, clears)
    lines = text.split("\n")
    if not lines[-1]:
        lines.pop()
    cells = [line.split("\t") for line in lines]
    if all(lines) and {*map(len, cells)} <= {width}:
        numbers = list(range(first_record, first_record + len(cells)))
        return Rows(cells=cells, numbers=numbers, plain=plain, issues=[], clears=clears)
    return _fitted(((c, ()) for c in cells), first_record, width, plain, clears)


def _text_and_looks(raw: bytes) -> tuple[str, bool]:
    """The text, composed (NFC), and whether no cell needs tidying. On ASCII, where most files are, both are asked of
    the bytes: a regular expression took more time than the rest of the reading."""
    if raw.isascii():
        loose = any(pair in raw for pair in _LOOSE_BYTES) or raw.startswith(b" ") or raw.endswith(b" ")
        return raw.decode("ascii"), not loose and len(raw.translate(None, _CONTROL_BYTES)) == len(raw)
    text = unicodedata.normalize("NFC", raw.decode("utf-8", "surrogateescape"))
    return text, not (STRAY.search(text) or _LOOSE.search(f"\n{text}\n"))


def _fitted(
    split: Iterator[tuple[list[str], Sequence[int]]], first_record: int, width: int, plain: bool, clears: bool
) -> Rows:
    """Brings every record to `width` cells. Missing ones at the end are empty; superfluous ones must be empty."""
    cells: list[list[str]] = []
    numbers: list[int] = []
    issues: list[Issue] = []
    for number, (row, unclosed) in enumerate(split, first_record):
        if not any(row) or not "".join(row).strip():
            continue
        if len(row) > width:
            if any(cell.strip() for cell in row[width:]):
                issues.append(Issue(number, "", "row-too-many-fields", args={"fields": len(row), "columns": width}))
            row = row[:width]
        elif len(row) < width:
            row = row + [""] * (width - len(row))
        issues += [
            Issue(number, "", "row-quote", args={"place": i}, sent=quoted(row[i])) for i in unclosed if i < width
        ]
        cells.append(row)
        numbers.append(number)
    return Rows(cells=cells, numbers=numbers, plain=plain, issues=issues, clears=clears)

"""Blocks of an article that are made from data: error tables, return reasons, speed targets, columns.

What an article shows as `{{ table:NAME }}` or `{{ labels:POLICY-KEY }}` is built here, so that a page can never say
something else than the check, the fetcher, the file reader or the policy.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib import import_module
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext as translated  # for words that other catalogues own

from fondaco import policy
from fondaco.help import reference
from fondaco.kit.errors import NotFound


@dataclass(frozen=True, slots=True)
class Reader:
    """For whom a block is built: store, instant, and the operator's names of the programmes."""

    store: str
    at: datetime
    language: str
    names: Mapping[str, str]

    def value(self, path: str) -> Any:
        """A policy value by key, or a part of one by key and names of its parts; None where there is none."""
        return _part(path, self.store, self.at)[0]

    def unit(self, path: str) -> str:
        return _part(path, self.store, self.at)[1]


class NoSuchBlock(LookupError):
    """An article asks for a block that nobody builds."""


def build(kind: str, name: str, reader: Reader) -> SafeString:
    """The HTML of a block. Translations must be active in the reader's language."""
    if kind == "labels":
        return _labels(name, reader)
    try:
        return TABLES[name](reader)
    except KeyError:
        raise NoSuchBlock(name) from None


def _part(path: str, store: str, at: datetime) -> tuple[Any, str]:
    """The longest known key that begins the path, then the named parts of its value; with the unit of that part."""
    names = path.split(".")
    for cut in range(len(names), 0, -1):
        try:
            key = policy.key_of(".".join(names[:cut]))
        except NotFound:
            continue
        value, kind = policy.value(key.key, store, at=at).value, _bare(key.type)
        for name in names[cut:]:
            value = value.get(name) if isinstance(value, Mapping) else None
            kind = _bare(getattr(kind, "fields", {}).get(name))
        return value, getattr(kind, "unit", "")
    return None, ""


def _bare(kind: Any) -> Any:
    """What an optional type may hold."""
    return kind.of if getattr(kind, "kind", "") == "optional" else kind


def _table(head: Sequence[str], rows: Iterable[Sequence[Any]], label: str) -> SafeString:
    cells = [list(zip(head, row, strict=True)) for row in rows]
    return render_to_string("help/blocks/table.html", {"head": head, "rows": cells, "label": label})


def _labels(path: str, reader: Reader) -> SafeString:
    """The labels of a policy table as a list; exceptions stand behind theirs."""
    rows = reader.value(path) or ()
    items = [(translated(row["label"]), [translated(text) for text in row.get("except", ())]) for row in rows]
    return render_to_string("help/blocks/labels.html", {"items": items})


def image_checks(reader: Reader) -> SafeString:
    rows = [(translated(e.title), reference.readable(translated(e.why)), e) for e in reference.pictures()]
    return render_to_string("help/blocks/checks.html", {"rows": rows})


def image_errors(reader: Reader) -> SafeString:
    return errors(reference.pictures())


def fetch_faults(reader: Reader) -> SafeString:
    return errors(reference.fetching())


def feed_errors(reader: Reader) -> SafeString:
    return errors(reference.feeds())


def errors(entries: Iterable[reference.Entry]) -> SafeString:
    """Code, what it means and what to do, one row an entry."""
    return render_to_string("help/blocks/errors.html", {"rows": [shown(entry) for entry in entries]})


def shown(entry: reference.Entry) -> dict[str, Any]:
    """An entry in the reader's language, values that only a case knows left as a gap."""
    return {
        "entry": entry,
        "title": translated(entry.title) if entry.title else "",
        "message": reference.readable(translated(entry.message)) if entry.message else "",
        "fix": reference.readable(translated(entry.fix)) if entry.fix else "",
        "why": reference.readable(translated(entry.why)) if entry.why else "",
    }


def return_reasons(reader: Reader) -> SafeString:
    """Table C: every reason with its payer (PRIME-44)."""
    payers = {"buyer": _("Buyer"), "seller": _("Seller")}
    rows = [
        (row["number"], translated(row["label"]), payers[row["payer"]]) for row in reader.value("return.reason_codes")
    ]
    return _table((_("No."), _("Reason"), _("Return shipping paid by")), rows, _("Return reasons"))


def speed_targets(reader: Reader) -> SafeString:
    """The share of members' page views per size that must show delivery within 1, 2 and 5 days (B-PRIME-06)."""
    sizes = (("standard", _("Standard")), ("oversize", _("Oversize")), ("extra_large", _("Extra-large")))
    rows = []
    for key, name in sizes:
        target = reader.value(f"prime.speed_targets.{key}") or {}
        rows.append((name, *(_percent(target.get(days)) for days in ("one_day", "two_day", "five_day"))))
    head = (_("Size"), _("Within 1 day"), _("Within 2 days"), _("Within 5 days"))
    return _table(head, rows, _("Speed targets"))


def _percent(value: Any) -> str:
    return "–" if value is None else f"{value:f} %"


def inventory_columns(reader: Reader) -> SafeString:
    """The columns of an inventory file: name, what people call it, an example."""
    try:
        columns = import_module("fondaco.feeds.columns").COLUMNS
    except ModuleNotFoundError:
        return SafeString("")
    named = [column for column in columns if column.title(reader.language)]
    rows = [(Code(column.key), column.title(reader.language), column.example) for column in named]
    return _table((_("Column"), _("Meaning"), _("Example")), rows, _("Columns of an inventory file"))


class Code(str):
    """Text that stands in a table as code."""

    is_code = True


TABLES: Mapping[str, Callable[[Reader], SafeString]] = {
    "image-checks": image_checks,
    "image-errors": image_errors,
    "fetch-faults": fetch_faults,
    "feed-errors": feed_errors,
    "return-reasons": return_reasons,
    "speed-targets": speed_targets,
    "inventory-columns": inventory_columns,
}

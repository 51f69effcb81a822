"""Issues in people's words: the sentence, what to do, the help page and the clause, in the language that is active."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as translated
from django.utils.translation import gettext_noop as _

from fondaco.engine.fetch import every_fault
from fondaco.feeds import errors
from fondaco.feeds.errors import CATALOGUE, Issue
from fondaco.feeds.models import RowIssue
from fondaco.feeds.picture_faults import DIRECT_RULE, FETCH, FINDING
from fondaco.feeds.report import Line
from fondaco.images.pipeline.findings import CATALOGUE as FINDINGS
from fondaco.images.pipeline.findings import spoken
from fondaco.web import dates

THE_DIRECT_RULE = _("The URL must be direct: it must answer with the picture itself, without redirect, page or pop-up.")
TYPES = {"fatal": _("Stops the file"), "error": _("Error"), "warning": _("Warning")}
INVALID_URL = _("Invalid image URL.")
NO_ACCESS = _("The image cannot be accessed.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One issue, ready to be shown. `help` is the slug of a help page, `clause` a requirement, both may be empty."""

    record: int
    sku: str
    code: str
    type: str
    type_words: str
    column: str
    sent: str
    message: str
    fix: str
    help: str
    clause: str


def said(row: RowIssue) -> Said:
    """The issue in the active language."""
    message, fix, help_page, clause = _words(row)
    return Said(
        record=row.record,
        sku=row.sku,
        code=row.code,
        type=row.type,
        type_words=type_words(row.type),
        column=row.attribute,
        sent=row.sent,
        message=message,
        fix=fix,
        help=help_page,
        clause=clause,
    )


def type_words(type: str) -> str:
    """`fatal`, `error` or `warning` in the active language."""
    return translated(TYPES[type])


def lines(rows: Iterable[RowIssue]) -> Iterator[Line]:
    """The issues as lines of a report."""
    for row in rows:
        message, fix, _help, _clause = _words(row)
        yield Line(
            record=row.record,
            sku=row.sku,
            code=row.code,
            type=row.type,
            message=f"{message} {fix}".strip(),
            attribute=row.attribute,
        )


def title_of(code: str, fault: str) -> str:
    """A short name for a kind of fault, for the list of what happened how often."""
    if fault.startswith(FINDING) and fault.removeprefix(FINDING) in FINDINGS:
        return translated(FINDINGS[fault.removeprefix(FINDING)].title)
    if fault.startswith(FETCH):
        kind = every_fault().get(fault.removeprefix(FETCH))
        return _PLACE.sub("…", translated(kind.WORDS)) if kind else code
    entry = CATALOGUE.get(fault)
    return _PLACE.sub("…", translated(entry.message)) if entry else code


_PLACE = re.compile(r"%\(\w+\)s")


def _words(row: RowIssue) -> tuple[str, str, str, str]:
    if row.fault.startswith(FETCH):
        return _fetch_words(row.fault.removeprefix(FETCH), row.args)
    if row.fault.startswith(FINDING):
        return _finding_words(row.fault.removeprefix(FINDING), row.args)
    entry = CATALOGUE[row.fault]
    args = dict(row.args)
    if "looks_like" in args:
        args["looks_like"] = translated(args["looks_like"])
    if "until" in args:
        args["until"] = dates.at(datetime.fromisoformat(args["until"]))
    issue = Issue(row.record, row.sku, row.fault, row.attribute, row.sent, args)
    message = errors.words(issue, message=translated(entry.message))
    fix = errors.words(issue, message=translated(entry.fix))
    return message, fix, entry.help, entry.clause


def _fetch_words(code: str, args: dict[str, object]) -> tuple[str, str, str, str]:
    kind = every_fault().get(code)
    if kind is None:
        return translated(NO_ACCESS), "", "invalid-image-urls", "IMG-18"
    start = INVALID_URL if str(kind.FEED_CODE) == "15" else NO_ACCESS
    facts = {"limit_s": "?", "host": "?", "status": "?", "limit_bytes": "?", "scheme": "?", "port": "?", **args}
    parts = [translated(start), _filled(translated(kind.WORDS), facts)]
    clause = kind.CLAUSE
    if code in DIRECT_RULE:
        parts.append(translated(THE_DIRECT_RULE))
        clause = "IMG-22"
    return " ".join(parts), _filled(translated(kind.FIX), facts), "invalid-image-urls", clause


def _finding_words(code: str, args: dict[str, object]) -> tuple[str, str, str, str]:
    kind = FINDINGS.get(code)
    if kind is None:
        entry = CATALOGUE["image-rejected"]
        return translated(entry.message) % {"reason": code}, translated(entry.fix), entry.help, entry.clause
    facts = {"measured": spoken(kind.unit, args.get("measured")), "limit": spoken(kind.unit, args.get("limit"))}
    return (
        _filled(translated(kind.message), facts),
        _filled(translated(kind.fix), facts),
        "image-requirements",
        kind.clause,
    )


def _filled(sentence: str, facts: Mapping[str, object]) -> str:
    try:
        return sentence % facts
    except (KeyError, TypeError, ValueError):
        return sentence

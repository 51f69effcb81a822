"""Cases as the templates take them."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.urls import reverse

from fondaco.cases.models import Case, CaseMessage
from fondaco.cases.rules import CONTENTS, CaseType, Item, Kind, Side
from fondaco.cases.web import words
from fondaco.sellers.access import Caller
from fondaco.web import dates


def row_of(case: Case, *, at_desk: bool) -> dict[str, Any]:
    """One line of a list."""
    states, tones = (words.DESK_STATES, words.DESK_TONES) if at_desk else (words.STATES, words.STATE_TONES)
    return {
        "case": case,
        "type": words.TYPES[case.type],
        "state": states[case.state],
        "tone": tones[case.state],
        "outcome": words.OUTCOMES.get(case.outcome, ""),
        "url": reverse("cases:desk_case" if at_desk else "cases:case", args=[case.number]),
    }


def contents_of(case: Case) -> list[dict[str, Any]]:
    """What the case says, item by item, in the order of its type."""
    return [
        {"label": words.ITEMS[item.name], **_value(case, item, case.contents[item.name])}
        for item in CONTENTS[CaseType(case.type)]
        if item.name in case.contents
    ]


def thread(messages: list[CaseMessage], caller: Caller) -> list[dict[str, Any]]:
    """The letters of a thread (`web/components/letter.html`), each with the outcome if it closed the case."""
    return [
        {
            "by": str(message.author),
            "is_support": message.side == Side.SUPPORT,
            "own": bool(caller.person and message.author_id == caller.person.pk),
            "at": message.created_at,
            "text": message.text,
            "outcome": words.OUTCOMES.get(message.outcome, ""),
        }
        for message in messages
    ]


def _value(case: Case, item: Item, value: Any) -> dict[str, Any]:
    if item.kind is Kind.DOCUMENT:
        url = reverse("cases:document", args=[case.number, value["sha256"]])
        return {"text": f"{value['name']} ({dates.size(value['size_bytes'])})", "url": url}
    if item.kind is Kind.ASINS:
        return {"codes": value}
    if item.kind in (Kind.ASIN, Kind.BATCH):
        return {"codes": [value]}
    if item.kind is Kind.METHOD:
        return {"text": words.METHODS[value]}
    if item.kind is Kind.AUTHOR:
        return {"text": words.AUTHORS[value]}
    if item.kind is Kind.SHEET:
        return {"text": words.SHEETS[value]}
    if item.kind is Kind.DATE:
        return {"text": dates.day(date.fromisoformat(value))}
    return {"text": value}

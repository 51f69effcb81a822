"""Lines and statements as the templates take them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from fondaco.ledger import queries, reasons
from fondaco.ledger.models import Due, Entry, Period
from fondaco.ledger.rules import AccountKind, PostingKind
from fondaco.ledger.web import words


def tabs(current: str) -> list[dict[str, Any]]:
    """Statement View and Transaction View."""
    return [
        {"label": _("Statement View"), "url": reverse("ledger:statement"), "current": current == "statement"},
        {"label": _("Transaction View"), "url": reverse("ledger:transactions"), "current": current == "transactions"},
    ]


def period_url(period: Period) -> str:
    return reverse("ledger:statement_period", args=[period.pk])


def sections_of(statement: queries.Statement) -> list[dict[str, Any]]:
    """The sections with their reasons; each reason leads to its lines."""
    listing = reverse("ledger:transactions")
    return [
        {
            "title": words.SECTIONS[part.section],
            "sums": part,
            "url": f"{listing}?period={statement.period.pk}&section={part.section}",
            "rows": [
                {
                    "title": reasons.words_of(row.reason),
                    "sums": row,
                    "url": f"{listing}?period={statement.period.pk}&section={part.section}&reason={row.reason}",
                }
                for row in part.rows
            ],
        }
        for part in statement.sections
    ]


def lines_of(entries: Sequence[Entry]) -> list[dict[str, Any]]:
    """Each line with its reason, its cause and where the money came from or went."""
    dues = queries.dues_of(entries)
    cards = queries.card_names_of(e.posting.key for e in entries if e.posting.kind == PostingKind.CARD_PAYMENT)
    return [
        {
            "entry": entry,
            "posting": entry.posting,
            "reason": reasons.words_of(entry.posting.reason),
            "is_reversal": entry.posting.kind == PostingKind.REVERSAL,
            "cause": entry.posting.cause_label or entry.posting.cause_id,
            "url": reasons.url_of(entry.posting.cause_kind, entry.posting.cause_id),
            "way": _way(entry, cards.get(entry.posting.key, "")),
            "due": _state_of(dues.get(entry.posting_id)) if entry.account.kind == AccountKind.SELLER_DUE else None,
        }
        for entry in entries
    ]


def unpaid(dues: Sequence[Due]) -> list[dict[str, Any]]:
    """What is owed, why the card did not pay, and when it is asked again."""
    return [
        {
            "due": due,
            "reason": reasons.words_of(due.posting.reason),
            "cause": due.posting.cause_label or due.posting.cause_id,
            "why": words.CARD_REASONS.get(due.last_reason, due.last_reason),
        }
        for due in dues
    ]


def _way(entry: Entry, card: str) -> str:
    if entry.account.kind == AccountKind.SELLER_PROCEEDS:
        return _("Deducted from sales proceeds") if entry.amount_minor < 0 else _("Added to your proceeds")
    if entry.amount_minor < 0:
        return _("Not covered by proceeds")
    if entry.posting.kind == PostingKind.CARD_PAYMENT:
        return _("Charged to the card on file (%(card)s)") % {"card": card}
    return _("No longer owed")


def _state_of(due: Due | None) -> dict[str, Any] | None:
    if due is None:
        return None
    if due.open_minor:
        return {"words": _("unpaid"), "tone": "warn"}
    return {"words": _("collected"), "tone": "good"}

"""Drafts that were handed in: judged by content, kept, and refused in words (Q-48)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_noop as N_

from fondaco import policy
from fondaco.engine import files
from fondaco.kit.errors import Invalid
from fondaco.kit.text import line
from fondaco.makers.rules.word import Draft, Limits, WrongDocument, read_draft


class DraftRefused(Invalid):
    CODE = "draft_refused"
    WORDS = N_("The draft cannot be taken: it is no Word document.")
    FIX = N_("Save it in Word as .docx, without macros and without anything embedded, and send that file.")
    CLAUSE = "Q-48"


class _NotWord(DraftRefused):
    CODE = "draft_not_word"
    WORDS = N_("The draft is no Word document: its content is %(found)s, whatever its name says.")


class _Empty(DraftRefused):
    CODE = "draft_empty"
    WORDS = N_("The file is empty.")


class _TooLarge(DraftRefused):
    CODE = "draft_too_large"
    STATUS = 413
    WORDS = N_("The file has %(size_bytes)s bytes; at most %(limit_bytes)s are taken.")


class _WrongFormat(DraftRefused):
    CODE = "draft_format_not_allowed"
    WORDS = N_("Files of the format .%(found)s are not taken.")


class _Broken(DraftRefused):
    CODE = "draft_broken"
    WORDS = N_("The file is damaged and cannot be read.")


class _Macros(DraftRefused):
    CODE = "draft_has_macros"
    WORDS = N_("The document holds macros (%(part)s).")


class _Program(DraftRefused):
    CODE = "draft_has_program"
    WORDS = N_("The document has a program or another file embedded (%(part)s).")


class _Fetches(DraftRefused):
    CODE = "draft_fetches"
    WORDS = N_("The document would fetch something from elsewhere when it is opened (%(part)s).")


class _Entities(DraftRefused):
    CODE = "draft_declares_entities"
    WORDS = N_("The document declares entities, which no word processor writes.")


class _Bomb(DraftRefused):
    CODE = "draft_unpacks_too_large"
    WORDS = N_("The document unpacks to far more than a draft needs.")


class _TooLong(DraftRefused):
    CODE = "draft_too_long"
    WORDS = N_("The draft is too long: at most %(pages)s pages are reviewed.")


class _Encrypted(DraftRefused):
    CODE = "draft_encrypted"
    WORDS = N_("The document is protected by a password.")


_REFUSALS: dict[str, type[DraftRefused]] = {
    kind.CODE: kind
    for kind in (
        _NotWord, _Empty, _TooLarge, _WrongFormat, _Broken, _Macros, _Program, _Fetches, _Entities, _Bomb, _TooLong, _Encrypted,
    )
}  # fmt: skip


def judged(data: bytes, *, at: datetime) -> tuple[Draft, str]:
    """The draft in these bytes under the policy of that moment, and its version. Raises a DraftRefused."""
    formats, limits = policy.value("pr.formats", at=at), policy.value("pr.draft_limits", at=at)
    bounds = Limits(
        formats=frozenset(formats.value),
        max_bytes=limits.value["max_bytes"],
        max_pages=limits.value["max_pages"],
        page_characters=limits.value["page_characters"],
    )
    try:
        return read_draft(data, limits=bounds), f"{formats.version} {limits.version}"
    except WrongDocument as wrong:
        facts: dict[str, Any] = {"pages": bounds.max_pages, "found": "?", "part": "", **wrong.facts}
        raise _REFUSALS[wrong.code](**facts) from None


def kept(data: bytes, name: str) -> dict[str, Any]:
    """The file in the store of documents: what a round says of it."""
    shown = line(name, limit=10_000)[-200:] or "draft"
    return {"sha256": files.put("documents", data), "file_name": shown, "size_bytes": len(data)}

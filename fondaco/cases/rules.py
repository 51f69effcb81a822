"""What a case must contain, and the state that its messages leave it in. Plain Python.

The table of contents is SPEC §1.7, "Support cases"; `OTHER` is ours, for what the table does not foresee.
What stands above cases (batches, products, imaging orders) is asked through `Checks`, which the caller supplies.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from fondaco.kit.errors import Refusal
from fondaco.kit.findings import Finding, Severity
from fondaco.kit.text import line, paragraphs


class CaseType(StrEnum):
    """What a case is about; decides what it must contain."""

    MISSING_IMAGE = "missing_image"
    IMAGING_QUALITY = "imaging_quality"
    IMAGING_CANCELLATION = "imaging_cancellation"
    NO_MODEL_IMAGING = "no_model_imaging"
    IMAGING_DELAYED = "imaging_delayed"
    HAZMAT_DISPUTE = "hazmat_dispute"
    LOST_INVITATION = "lost_invitation"
    PR_REVIEW = "pr_review"
    OTHER = "other"


class State(StrEnum):
    """Whose turn it is. `open`: nobody of support has answered yet."""

    OPEN = "open"
    WAITING_SELLER = "waiting_seller"
    WAITING_SUPPORT = "waiting_support"
    CLOSED = "closed"


class Outcome(StrEnum):
    """How a case ended."""

    SOLVED = "solved"
    EXPLAINED = "explained"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"  # by who opened it


SUPPORT_OUTCOMES = frozenset(Outcome) - {Outcome.WITHDRAWN}


class Side(StrEnum):
    """Who wrote a message."""

    SELLER = "seller"
    SUPPORT = "support"


class Method(StrEnum):
    """How the seller manages products (IMG-30)."""

    PORTAL = "portal"
    INVENTORY_DATA = "inventory_data"


class Author(StrEnum):
    """Who wrote an announcement."""

    OWN = "own"
    AGENCY = "agency"


class Sheet(StrEnum):
    """What kind of document disputes a hazard class (B-PRIME-26); the codes of policy `hazmat.dispute.documents`."""

    SAFETY_DATA_SHEET = "safety_data_sheet"
    EXEMPTION_SHEET = "exemption_sheet"


class Kind(StrEnum):
    """The shape of one item of a case's contents."""

    LINE = "line"
    TEXT = "text"
    ASIN = "asin"
    ASINS = "asins"  # one or more
    METHOD = "method"
    AUTHOR = "author"
    SHEET = "sheet"
    BATCH = "batch"
    EMAIL = "email"
    DATE = "date"
    DOCUMENT = "document"


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that a case says. `documents` are the kinds of file that may be attached for it."""

    name: str
    kind: Kind
    is_required: bool = True
    documents: frozenset[str] = frozenset()


WORD = frozenset({"docx", "doc"})
EVIDENCE = frozenset({"pdf", "jpeg", "png", "docx", "doc"})

CONTENTS: Mapping[CaseType, tuple[Item, ...]] = {
    CaseType.MISSING_IMAGE: (
        Item("steps_taken", Kind.TEXT),
        Item("method", Kind.METHOD),
        Item("batch_id", Kind.BATCH, is_required=False),  # required for inventory data: see `_check_method`
        Item("asins", Kind.ASINS),
    ),
    CaseType.IMAGING_QUALITY: (Item("asin", Kind.ASIN), Item("problems", Kind.TEXT)),
    CaseType.IMAGING_CANCELLATION: (Item("asin", Kind.ASIN), Item("reason", Kind.TEXT)),
    CaseType.NO_MODEL_IMAGING: (
        Item("no_model_request", Kind.TEXT),
        Item("account_name", Kind.LINE),
        Item("asins", Kind.ASINS),
    ),
    CaseType.IMAGING_DELAYED: (
        Item("asin", Kind.ASIN, is_required=False),  # one of the two: see `_check_delayed`
        Item("order", Kind.LINE, is_required=False),
    ),
    CaseType.HAZMAT_DISPUTE: (
        Item("asin", Kind.ASIN),
        Item("grounds", Kind.TEXT),
        # If there is a document, what it is must be said too: see `_check_sheet`.
        Item("document", Kind.DOCUMENT, is_required=False, documents=EVIDENCE),
        Item("document_kind", Kind.SHEET, is_required=False),
        Item("document_date", Kind.DATE, is_required=False),
        Item("document_product", Kind.LINE, is_required=False),
        Item("document_brand", Kind.LINE, is_required=False),
    ),
    CaseType.LOST_INVITATION: (Item("application_email", Kind.EMAIL),),
    CaseType.PR_REVIEW: (
        Item("draft", Kind.DOCUMENT, documents=WORD),
        Item("issue_date", Kind.DATE),
        Item("author", Kind.AUTHOR),
    ),
    CaseType.OTHER: (
        Item("subject", Kind.LINE),
        Item("details", Kind.TEXT),
        Item("document", Kind.DOCUMENT, is_required=False, documents=EVIDENCE),
    ),
}

CLAUSES: Mapping[CaseType, str] = {
    CaseType.MISSING_IMAGE: "IMG-29",
    CaseType.IMAGING_QUALITY: "IMG-SVC-31",
    CaseType.IMAGING_CANCELLATION: "IMG-SVC-54",
    CaseType.NO_MODEL_IMAGING: "IMG-SVC-47",
    CaseType.IMAGING_DELAYED: "IMG-SVC-38",
    CaseType.HAZMAT_DISPUTE: "PRIME-50",
    CaseType.LOST_INVITATION: "HAND-12",
    CaseType.PR_REVIEW: "HAND-25",
    CaseType.OTHER: "PLAT-06",
}

ITEM_CLAUSES: Mapping[str, str] = {
    "steps_taken": "IMG-29",
    "method": "IMG-30",
    "batch_id": "IMG-30",
    "asins": "IMG-31",
    "document_kind": "B-PRIME-26",
    "document_date": "B-PRIME-26",
    "document_product": "B-PRIME-26",
    "document_brand": "B-PRIME-26",
}


class Queue(StrEnum):
    """The desk's queues: by what a case is about, so that those who know the matter find it."""

    IMAGES = "images"
    IMAGING = "imaging"
    RETURNS = "returns"
    HANDMADE = "handmade"
    OTHER = "other"


QUEUES: Mapping[Queue, frozenset[CaseType]] = {
    Queue.IMAGES: frozenset({CaseType.MISSING_IMAGE}),
    Queue.IMAGING: frozenset(
        {
            CaseType.IMAGING_QUALITY,
            CaseType.IMAGING_CANCELLATION,
            CaseType.NO_MODEL_IMAGING,
            CaseType.IMAGING_DELAYED,
        }
    ),
    Queue.RETURNS: frozenset({CaseType.HAZMAT_DISPUTE}),
    Queue.HANDMADE: frozenset({CaseType.LOST_INVITATION, CaseType.PR_REVIEW}),
    Queue.OTHER: frozenset({CaseType.OTHER}),
}
"""Every type stands in one queue."""

NEEDS_SUPPORT = frozenset({State.OPEN, State.WAITING_SUPPORT})
"""The states in which it is support's turn."""

WITHOUT_SELLER = frozenset({CaseType.LOST_INVITATION, CaseType.OTHER})
"""What somebody without a seller account may write about."""

ASIN = re.compile(r"[0-9A-Z]{10}")
MOST_ASINS = 500
TEXT_LIMIT = 20_000
LINE_LIMIT = 200


@dataclass(frozen=True, slots=True)
class Checks:
    """Questions that only a domain above can answer; one that is missing is not asked.

    `known_batch`: is this batch ID one of the seller's. `known_asin`: is there such a product.
    `can_cancel_imaging`: is the imaging order of this ASIN still Order placed. `sheet_date_fits`: is a document of this
    kind and date (`safety_data_sheet:2020-05-31`) young enough. `draft_fault`: what is wrong with the kept document of
    this sha-256, and `issue_date_fault` with this day (ISO), in words; empty when nothing is.
    """

    known_batch: Callable[[str], bool] | None = None
    known_asin: Callable[[str], bool] | None = None
    can_cancel_imaging: Callable[[str], bool] | None = None
    sheet_date_fits: Callable[[str], bool] | None = None
    draft_fault: Callable[[str], str] | None = None
    issue_date_fault: Callable[[str], str] | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """A file that was handed in: its content's hash and what the content is (`docx`, `pdf`, …, empty: unknown)."""

    name: str
    sha256: str
    kind: str
    size_bytes: int


def check_contents(
    *, case_type: CaseType, given: Mapping[str, Any], checks: Checks = Checks()
) -> tuple[dict[str, Any], tuple[Finding, ...]]:
    """The contents as they are stored (JSON), and every item that is missing or wrong.

    `given`: item name → text, a list of texts for ASINS, `date` or ISO text for DATE, `Document`. Findings have
    the item's name in `measured`: `case_item_missing`, `case_item_not_valid`, `case_batch_unknown`,
    `case_asin_unknown`, `case_document_refused`, `case_document_too_old`, `case_not_cancellable`. Unknown names are left out.
    """
    clean: dict[str, Any] = {}
    faults: list[Finding] = []
    for item in CONTENTS[case_type]:
        value, fault = _READERS[item.kind](given.get(item.name), item)
        if fault:
            faults.append(_fault(fault, item.name))
        elif value:
            clean[item.name] = value
        elif item.is_required:
            faults.append(_fault("case_item_missing", item.name))
    for further in _FURTHER.get(case_type, ()):
        faults += further(clean, checks)
    faults += _unknown_asins(clean, checks)
    return clean, tuple(faults)


def state_of(messages: Iterable[tuple[Side, Outcome | None]]) -> State:
    """The state that a thread leaves a case in: each message's side, and the outcome if it closed the case.

    The first message is the opening. Writing again opens a closed case again.
    """
    state = State.OPEN
    for side, outcome in messages:
        if outcome:
            state = State.CLOSED
        elif side is Side.SUPPORT:
            state = State.WAITING_SELLER
        elif state is not State.OPEN:
            state = State.WAITING_SUPPORT
    return state


type _Read = tuple[Any, str]
"""A value as it is stored (falsy: nothing given) and the code of what is wrong with it, or empty."""


def _line(value: Any, item: Item) -> _Read:
    return _words(value, LINE_LIMIT, line)


def _text(value: Any, item: Item) -> _Read:
    return _words(value, TEXT_LIMIT, paragraphs)


def _words(value: Any, limit: int, clean: Callable[..., str]) -> _Read:
    try:
        return clean(str(value or ""), limit=limit), ""
    except Refusal:
        return None, "case_item_not_valid"


def _asin(value: Any, item: Item) -> _Read:
    text = str(value or "").strip().upper()
    return (text, "") if not text or ASIN.fullmatch(text) else (None, "case_item_not_valid")


def _asins(value: Any, item: Item) -> _Read:
    """A list, or text with spaces, commas or line breaks between; each once, in order."""
    parts = re.split(r"[\s,;]+", value) if isinstance(value, str) else [str(v) for v in value or ()]
    asins = list(dict.fromkeys(part.strip().upper() for part in parts if part.strip()))
    if len(asins) > MOST_ASINS or not all(ASIN.fullmatch(asin) for asin in asins):
        return None, "case_item_not_valid"
    return asins, ""


def _one_of(words: type[StrEnum]) -> Callable[[Any, Item], _Read]:
    def read(value: Any, item: Item) -> _Read:
        text = str(value or "").strip()
        return (text, "") if not text or text in {str(w) for w in words} else (None, "case_item_not_valid")

    return read


def _email(value: Any, item: Item) -> _Read:
    """As typed: an invitation is bound to the letter case of the application (Q-43)."""
    text = str(value or "").strip()
    fine = not text or re.fullmatch(r"[^@\s]{1,64}@[^@\s]{1,190}", text)
    return (text, "") if fine else (None, "case_item_not_valid")


def _date(value: Any, item: Item) -> _Read:
    if isinstance(value, date):
        return value.isoformat(), ""
    text = str(value or "").strip()
    if not text:
        return "", ""
    try:
        return date.fromisoformat(text).isoformat(), ""
    except ValueError:
        return None, "case_item_not_valid"


def _document(value: Any, item: Item) -> _Read:
    if not isinstance(value, Document):
        return None, ""
    if value.kind not in item.documents:
        return None, "case_document_refused"
    name = line(value.name, limit=TEXT_LIMIT)[-LINE_LIMIT:]
    return {"name": name, "sha256": value.sha256, "kind": value.kind, "size_bytes": value.size_bytes}, ""


_READERS: Mapping[Kind, Callable[[Any, Item], _Read]] = {
    Kind.LINE: _line,
    Kind.TEXT: _text,
    Kind.ASIN: _asin,
    Kind.ASINS: _asins,
    Kind.METHOD: _one_of(Method),
    Kind.AUTHOR: _one_of(Author),
    Kind.SHEET: _one_of(Sheet),
    Kind.BATCH: _line,
    Kind.EMAIL: _email,
    Kind.DATE: _date,
    Kind.DOCUMENT: _document,
}


def _check_method(clean: dict[str, Any], checks: Checks) -> list[Finding]:
    """The batch ID belongs to inventory data only, and must be the seller's own (Q-20)."""
    if clean.get("method") != Method.INVENTORY_DATA:
        clean.pop("batch_id", None)
        return []
    batch = clean.get("batch_id")
    if not batch:
        return [_fault("case_item_missing", "batch_id")]
    if checks.known_batch and not checks.known_batch(batch):
        return [_fault("case_batch_unknown", "batch_id")]
    return []


def _check_delayed(clean: dict[str, Any], checks: Checks) -> list[Finding]:
    return [] if clean.get("asin") or clean.get("order") else [_fault("case_item_missing", "asin")]


def _check_cancellable(clean: dict[str, Any], checks: Checks) -> list[Finding]:
    asin = clean.get("asin")
    if not asin or not checks.can_cancel_imaging or checks.can_cancel_imaging(asin):
        return []
    return [_fault("case_not_cancellable", "asin")]


def _check_sheet(clean: dict[str, Any], checks: Checks) -> list[Finding]:
    """A document without kind, date and names cannot be judged; one without a document says nothing (B-PRIME-26)."""
    about = ("document_kind", "document_date", "document_product", "document_brand")
    if not clean.get("document"):
        for name in about:
            clean.pop(name, None)
        return []
    needed = [n for n in about if n != "document_date" or clean.get("document_kind") == Sheet.SAFETY_DATA_SHEET]
    missing = [_fault("case_item_missing", name) for name in needed if not clean.get(name)]
    dated = f"{clean.get('document_kind')}:{clean.get('document_date')}"
    if clean.get("document_date") and checks.sheet_date_fits and not checks.sheet_date_fits(dated):
        missing.append(_fault("case_document_too_old", "document_date"))
    return missing


def _check_announcement(clean: dict[str, Any], checks: Checks) -> list[Finding]:
    """A draft that looks like Word from outside may still hold what no draft may hold (Q-48)."""
    found = []
    if (draft := clean.get("draft")) and checks.draft_fault and (words := checks.draft_fault(draft["sha256"])):
        found.append(_fault("case_document_refused", "draft", limit=[words]))
    if (day := clean.get("issue_date")) and checks.issue_date_fault and (words := checks.issue_date_fault(day)):
        found.append(_fault("case_date_refused", "issue_date", limit=[words]))
    return found


_FURTHER: Mapping[CaseType, tuple[Callable[[dict[str, Any], Checks], list[Finding]], ...]] = {
    CaseType.MISSING_IMAGE: (_check_method,),
    CaseType.IMAGING_DELAYED: (_check_delayed,),
    CaseType.IMAGING_CANCELLATION: (_check_cancellable,),
    CaseType.HAZMAT_DISPUTE: (_check_sheet,),
    CaseType.PR_REVIEW: (_check_announcement,),
}


def _unknown_asins(clean: dict[str, Any], checks: Checks) -> list[Finding]:
    if not checks.known_asin:
        return []
    found = []
    for name in ("asin", "asins"):
        value = clean.get(name) or []
        unknown = [a for a in ([value] if isinstance(value, str) else value) if not checks.known_asin(a)]
        if unknown:
            found.append(_fault("case_asin_unknown", name, limit=unknown))
    return found


def _fault(code: str, item: str, *, limit: Any = None) -> Finding:
    clause = ITEM_CLAUSES.get(item, "Q-20")
    return Finding(code=code, severity=Severity.ERROR, clause=clause, measured=item, limit=limit)

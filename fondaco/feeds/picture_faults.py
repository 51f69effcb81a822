"""What became of a picture, as issues of its record. Codes of hosts and of contents come from their own catalogues."""

from __future__ import annotations

from typing import Any

from fondaco.catalogue.models import ListingImage
from fondaco.catalogue.rules.states import ImageState
from fondaco.engine.fetch import every_fault
from fondaco.feeds.errors import CATALOGUE, quoted
from fondaco.feeds.models import Batch, RowIssue
from fondaco.images.pipeline.findings import CATALOGUE as FINDINGS

FETCH, FINDING = "fetch:", "finding:"
STILL_TRYING, REJECTED = "image-still-trying", "image-rejected"
PICTURE_KEYS = (STILL_TRYING, REJECTED)
MOST_A_PICTURE = 5
DIRECT_RULE = frozenset({"redirect_refused", "html_not_image"})
"""Faults of an address that is not direct (IMG-22): it leads on, or shows a page around the picture."""


def rows_of(batch: Batch, image: ListingImage, sku: str, *, column: str) -> list[RowIssue]:
    """The issues of one picture that was rejected, or that still waits."""
    record = image.batch_record or 0
    sent = quoted(image.source_url)
    if image.state != ImageState.REJECTED:
        entry = CATALOGUE[STILL_TRYING]
        facts: dict[str, Any] = {"until": image.due_at.isoformat()}
        return [_row(batch, record, sku, entry.key, entry.code, entry.type.value, column, sent, facts)]
    reasons = image.reasons[:MOST_A_PICTURE] or [{"code": ""}]
    return [_row(batch, record, sku, *_named(reason), column, sent, _facts(reason)) for reason in reasons]


def _named(reason: dict[str, Any]) -> tuple[str, str, str]:
    """Key, printed code and type of a reason."""
    code = str(reason.get("code", ""))
    faults = every_fault()
    if code in faults and code not in FINDINGS:
        return FETCH + code, str(faults[code].FEED_CODE), "error"
    if code in FINDINGS:
        kind = "warning" if reason.get("severity") == "warning" else "error"
        return FINDING + code, f"LOCAL-IMG-{code.upper().replace('_', '-')}"[:60], kind
    entry = CATALOGUE[REJECTED]
    return entry.key, entry.code, entry.type.value


def _facts(reason: dict[str, Any]) -> dict[str, Any]:
    facts = reason.get("facts")
    kept = {name: reason[name] for name in ("measured", "limit", "clause") if reason.get(name) is not None}
    return {**(facts if isinstance(facts, dict) else {}), **kept, "reason": str(reason.get("code", ""))}


def _row(
    batch: Batch, record: int, sku: str, key: str, code: str, type: str, column: str, sent: str, args: dict[str, Any]
) -> RowIssue:
    return RowIssue(
        batch=batch,
        record=record,
        sku=sku[:80],
        fault=key[:60],
        code=code,
        type=type,
        attribute=column,
        args=args,
        sent=sent[:200],
    )

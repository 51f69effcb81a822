"""The part `items` of a JSON report: what became of each message, in the form in which a single listing is answered."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from fondaco.catalogue.models import Offer
from fondaco.engine import files
from fondaco.feeds import words
from fondaco.feeds.failed import parents_of, read_chunk
from fondaco.feeds.models import Batch, Chunk, FamilySku, RowIssue
from fondaco.feeds.report import issue_of
from fondaco.feeds.rules import ChunkState
from fondaco.feeds.table import Layout
from fondaco.policy import store_of

KNOWN = ("identifiers", "issues")


def items_of(batch: Batch) -> Iterator[dict[str, Any]] | None:
    """One for each message, with what the feed's header asked for under `includedData`; None when it asked for nothing
    that there is. In the language that is active."""
    asked = [name for name in KNOWN if name in batch.feed_header.get("includedData", ())]
    if not asked or not batch.table:
        return None
    return _items(batch, asked)


def _items(batch: Batch, asked: Sequence[str]) -> Iterator[dict[str, Any]]:
    layout = Layout.from_json(batch.layout)
    parents, seen = parents_of(batch), set[int]()
    with files.open_file("documents", batch.table) as source:
        for chunk in Chunk.objects.filter(batch=batch).order_by("number").iterator():
            messages: list[tuple[int, str]] = []
            for rows in read_chunk(source, chunk, layout):
                for number, cells in zip(rows.numbers, rows.cells, strict=True):
                    if chunk.phase == 1 and number in parents:
                        continue
                    place = layout.places.get("message-id")
                    named = cells[place] if place is not None else ""
                    messages.append((int(named) if named.isdecimal() else number, cells[layout.places["sku"]]))
            seen |= {number for number, _ in messages}
            yield from _told(batch, messages, asked, failed=chunk.state == ChunkState.FAILED)
    rowless = RowIssue.objects.filter(batch=batch, record__gt=0).order_by("record").values_list("record", "sku")
    unread = {number: sku for number, sku in rowless.iterator() if number not in seen}
    yield from _told(batch, list(unread.items()), asked, failed=True)


def _told(
    batch: Batch, messages: Sequence[tuple[int, str]], asked: Sequence[str], *, failed: bool
) -> Iterator[dict[str, Any]]:
    found = RowIssue.objects.filter(batch=batch, record__in=[number for number, _ in messages]).order_by("record", "id")
    wrong: defaultdict[int, list[dict[str, Any]]] = defaultdict(list)
    for line in words.lines(found):
        wrong[line.record].append(issue_of(line))
    asins = _asins(batch, {sku for _, sku in messages}) if "identifiers" in asked else {}
    marketplace = store_of(batch.store).marketplace_id
    for number, sku in messages:
        is_wrong = failed or any(issue["severity"] == "ERROR" for issue in wrong[number])
        item: dict[str, Any] = {"messageId": number, "sku": sku, "status": "INVALID" if is_wrong else "ACCEPTED"}
        if "identifiers" in asked:
            item["identifiers"] = [{"marketplaceId": marketplace, "asin": asins[sku]}] if sku in asins else []
        if "issues" in asked:
            item["issues"] = wrong[number]
        yield item


def _asins(batch: Batch, skus: set[str]) -> dict[str, str]:
    families = FamilySku.objects.filter(seller_id=batch.seller_id, sku__in=skus)
    offers = Offer.objects.filter(seller_id=batch.seller_id, sku__in=skus)
    return dict([*families.values_list("sku", "product__asin"), *offers.values_list("sku", "product__asin")])

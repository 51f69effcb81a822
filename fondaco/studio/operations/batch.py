"""Ordering imaging for many products at once: taken in whole, worked off in pieces, each line with its answer."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from fondaco import history
from fondaco.catalogue import locks as catalogue_locks
from fondaco.catalogue.models import Offer, Product
from fondaco.engine import clock
from fondaco.engine.rows import update_rows
from fondaco.kit.errors import Invalid, NotFound, Refusal
from fondaco.kit.facts import plain
from fondaco.sellers.access import Caller, caller_for
from fondaco.sellers.models import SellerAccount
from fondaco.sellers.rules import Capability
from fondaco.studio import nudges
from fondaco.studio.models import Batch, BatchLine, LineState
from fondaco.studio.models.order import Door
from fondaco.studio.operations.place import drawn_up, lock_capacity, offer_ids, write_all
from fondaco.studio.queries.asking import ask, standing_of
from fondaco.studio.rules.marked import N_

TOGETHER = 100
MOST = 50_000
_ASIN = re.compile(r"[0-9A-Z]{10}")


class NothingListed(Invalid):
    CODE = "imaging_batch_empty"
    WORDS = N_("Name at least one ASIN.")


class TooManyListed(Invalid):
    CODE = "imaging_batch_too_long"
    WORDS = N_("A list has at most %(most)s ASINs.")
    FIX = N_("Order the rest with a second list.")


def submit_batch(caller: Caller, *, asins: Iterable[str] | str, request_key: str) -> Batch:
    """Order imaging for every ASIN of a list (or text with one a line). The same key again answers the same batch.

    Each line is answered for itself; double ones count once. Raises NothingListed, TooManyListed, Denied.
    """
    seller = caller.require_seller(Capability.ORDER_IMAGING)
    parts = re.split(r"[\s,;]+", asins) if isinstance(asins, str) else asins
    wanted = list(dict.fromkeys(part.strip().upper()[:40] for part in parts if part.strip()))
    if not wanted:
        raise NothingListed
    if len(wanted) > MOST:
        raise TooManyListed(most=MOST)
    at = clock.now()
    with transaction.atomic():
        SellerAccount.objects.select_for_update(no_key=True).get(pk=seller.pk)
        if earlier := Batch.objects.filter(seller=seller, request_key=request_key).first():
            return earlier
        batch = Batch.objects.create(
            seller=seller, by=caller.require_person(), lines_count=len(wanted), request_key=request_key, at=at
        )
        BatchLine.objects.bulk_create(
            [_line(batch, number, asin) for number, asin in enumerate(wanted, start=1)], batch_size=1000
        )
        history.record(actor=caller, verb="imaging_batch.submitted", subject=batch, about={"lines": len(wanted)}, at=at)
        nudges.work_off(batch.pk)
    return batch


def work_off(batch_id: UUID) -> bool:
    """Place the next orders of a batch, in one transaction; returns whether any are left. Safe to repeat and to kill."""
    at = clock.now()
    batch = Batch.objects.select_related("seller", "by").filter(pk=batch_id, done_at=None).first()
    if batch is None:
        return False
    caller = caller_for(batch.by, seller_number=batch.seller.number)
    with transaction.atomic():
        Batch.objects.select_for_update().get(pk=batch.pk)
        waiting = batch.lines.filter(state=LineState.WAITING).order_by("number")
        lines = list(waiting[: TOGETHER + 1])
        is_last, lines = len(lines) <= TOGETHER, lines[:TOGETHER]
        lock_capacity(batch.seller.store, at)
        _place_lines(caller, batch.seller, lines, at=at)
        update_rows(lines, ["state", "refusal", "facts", "order"])
        if is_last:
            batch.done_at = at
            batch.save(update_fields=["done_at"])
            ordered = batch.lines.filter(state=LineState.ORDERED).count()
            about = {"ordered": ordered, "refused": batch.lines_count - ordered}
            history.record(actor=None, verb="imaging_batch.done", subject=batch, about=about, at=at)
        else:
            nudges.work_off(batch.pk)
    return not is_last


def _line(batch: Batch, number: int, asin: str) -> BatchLine:
    """A line, answered at once when it is no ASIN at all."""
    if _ASIN.fullmatch(asin):
        return BatchLine(batch=batch, number=number, asin=asin)
    facts = {"asin": asin}
    return BatchLine(
        batch=batch, number=number, asin=asin[:10], state=LineState.REFUSED, refusal="not_found", facts=facts
    )


def _place_lines(caller: Caller, seller: SellerAccount, lines: Sequence[BatchLine], *, at: datetime) -> None:
    """Draw up an order for each line, or note the refusal; then write all of them together."""
    products = {p.asin: p for p in Product.objects.filter(asin__in=[each.asin for each in lines])}
    offers: dict[UUID, list[Offer]] = {}
    for offer in catalogue_locks.offers(offer_ids(seller, [p.pk for p in products.values()])):
        offers.setdefault(offer.product_id, []).append(offer)
    standing = standing_of(seller, [p.pk for p in products.values()], at=at)
    orders = []
    for each in lines:
        try:
            caller.require(Capability.ORDER_IMAGING, seller=seller)
            product = products.get(each.asin)
            if product is None:
                raise NotFound
            asked = ask(seller, product, offers.get(product.pk, []), at=at, standing=standing)
            order = drawn_up(caller, asked, door=Door.BATCH, request_key=f"batch:{each.pk}", at=at)
        except Refusal as refusal:
            each.state, each.refusal, each.facts = LineState.REFUSED, refusal.CODE[:60], plain(dict(refusal.facts))
            continue
        standing.count(order)
        orders.append(order)
        each.state, each.order = LineState.ORDERED, order
    write_all(caller, orders, at=at)

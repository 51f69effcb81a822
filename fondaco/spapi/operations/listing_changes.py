"""Changes of listings, for programs that asked to hear of them.

The change itself leaves a mark in its own transaction (`mark`); a task compares what the listing says now with what was
last told of it, and tells the difference. Marks are only ever added, and taken off by the ids that were read: one that
comes while its listing is being compared stays for the next time.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from fondaco.catalogue.models import Offer
from fondaco.engine import clock
from fondaco.policy import stores
from fondaco.sellers.models import SellerAccount
from fondaco.spapi import nudges
from fondaco.spapi.models import ListingChange, ListingTold, ListingWatch
from fondaco.spapi.operations import notices
from fondaco.spapi.rules.notices import ISSUES_CHANGE, QUANTITY_CHANGE, STATUS_CHANGE

_TOGETHER = 500


@dataclass(frozen=True, slots=True)
class Said:
    """What a listing says that notifications are about. Lists are sorted; `issues` are code, severity and attribute."""

    status: list[str]
    severities: list[str]
    actions: list[str]
    issues: list[str]
    quantity: int


Reader = Callable[[Sequence[Offer]], dict[UUID, Said]]
"""Reads many offers of one seller at once; `fondaco.spapi.listens` gives it."""


def mark(*, offers: Collection[UUID | str], products: Collection[UUID | str]) -> None:
    """Note that these offers, and those on these products, may say something else: of watched sellers only."""
    watched = list(ListingWatch.objects.filter(active=True).values_list("seller_id", flat=True))
    if not watched:
        return
    found = Offer.objects.filter(seller_id__in=watched)
    rows = list(found.filter(pk__in=offers).values_list("pk", "seller_id")) if offers else []
    if products:
        rows += found.filter(product_id__in=products).values_list("pk", "seller_id")
    at = clock.now()
    ListingChange.objects.bulk_create(
        [ListingChange(offer_id=offer_id, seller_id=seller_id, at=at) for offer_id, seller_id in rows], batch_size=2000
    )
    for seller_id in sorted({seller_id for _, seller_id in rows}):
        nudges.compare_listings(seller_id)


def compare(seller_id: UUID, *, read: Reader) -> int:
    """Compare the marked listings of a seller and tell what is different; returns how many were. Until no mark is left."""
    told = 0
    while True:
        with transaction.atomic():
            watch = (
                ListingWatch.objects.select_for_update(of=("self",))
                .select_related("seller")
                .filter(pk=seller_id)
                .first()
            )
            marks = list(
                ListingChange.objects.filter(seller_id=seller_id)
                .order_by("id")
                .values_list("pk", "offer_id", "at")[:_TOGETHER]
            )
            if watch is None or not marks:
                return told
            if watch.active:
                last = {offer_id: (pk, at) for pk, offer_id, at in marks}
                told += _compare(watch, last, read)
            ListingChange.objects.filter(pk__in=[pk for pk, _, _ in marks]).delete()


def _compare(watch: ListingWatch, marks: Mapping[UUID, tuple[UUID, datetime]], read: Reader) -> int:
    offers = list(_offers(watch.seller).filter(pk__in=list(marks)))
    now = read(offers)
    before = ListingTold.objects.in_bulk([o.pk for o in offers])
    rows, changed = [], 0
    for offer in offers:
        said, was = now[offer.pk], before.get(offer.pk)
        if was is not None and was.round != watch.round:
            was = None
        changed += _tell(offer, said, was, key=str(marks[offer.pk][0]), at=marks[offer.pk][1])
        if was is None or _of(was) != said:
            rows.append(_row(offer, said, watch.round))
    _write(rows)
    return changed


def _tell(offer: Offer, said: Said, was: ListingTold | None, *, key: str, at: datetime) -> bool:
    market = stores.store_of(offer.store).marketplace_id
    seller_number = offer.seller.number
    base = {"SellerId": seller_number, "MarketplaceId": market, "Asin": offer.product.asin, "Sku": offer.sku}
    wanted: list[tuple[str, dict[str, Any]]] = []
    if was is None or was.status != said.status:
        created = offer.created_at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
        wanted.append((STATUS_CHANGE, {**base, "CreatedDate": created, "Status": said.status}))
    if was is None or was.issues != said.issues or was.actions != said.actions:
        actions = {"EnforcementActions": said.actions} if said.actions else {}
        wanted.append((ISSUES_CHANGE, {**base, "Severities": said.severities or ["NONE"], **actions}))
    if offer.channel == "seller" and (was is None or was.quantity != said.quantity):
        quantity = {"FulfillmentChannelCode": "DEFAULT", "Sku": offer.sku, "Quantity": said.quantity}
        wanted.append((QUANTITY_CHANGE, {"SellerId": seller_number, **quantity}))
    for kind, payload in wanted:
        notices.tell(
            offer.seller_id,
            kind,
            event_key=f"{offer.pk}:{key}",
            at=at,
            payload=lambda payload=payload: payload,  # type: ignore[misc]
            marketplace_id=market,
        )
    return bool(wanted)


def look_over(seller_id: UUID, *, read: Reader) -> bool:
    """See some more of a seller's listings as they are now, so that only later changes are told; whether more are left.

    What was marked since is left to `compare`, which tells it.
    """
    with transaction.atomic():
        watch = (
            ListingWatch.objects.select_for_update(of=("self",)).select_related("seller").filter(pk=seller_id).first()
        )
        if watch is None or not watch.active or watch.is_looked_over:
            return False
        found = _offers(watch.seller).order_by("pk")
        if watch.looked_until:
            found = found.filter(pk__gt=watch.looked_until)
        offers = list(found[:_TOGETHER])
        if not offers:
            watch.is_looked_over = True
            watch.save(update_fields=["is_looked_over"])
            return False
        ids = [o.pk for o in offers]
        known = set(ListingTold.objects.filter(pk__in=ids, round=watch.round).values_list("pk", flat=True))
        known |= set(ListingChange.objects.filter(offer_id__in=ids).values_list("offer_id", flat=True))
        fresh = [o for o in offers if o.pk not in known]
        said = read(fresh)
        _write([_row(o, said[o.pk], watch.round) for o in fresh])
        watch.looked_until = ids[-1]
        watch.save(update_fields=["looked_until"])
    return True


def due() -> tuple[list[UUID], list[UUID]]:
    """Sellers with marks, and sellers whose listings were not all looked over: what the sweep nudges."""
    marked = ListingChange.objects.order_by().values_list("seller_id", flat=True).distinct()
    unseen = ListingWatch.objects.filter(active=True, is_looked_over=False).values_list("seller_id", flat=True)
    return list(marked[:500]), list(unseen[:500])


def _offers(seller: SellerAccount) -> Any:
    return Offer.objects.filter(seller=seller).select_related("seller", "product__main_picture", "product__parent")


def _of(row: ListingTold) -> Said:
    return Said(row.status, row.severities, row.actions, row.issues, row.quantity)


def _row(offer: Offer, said: Said, round_: int) -> ListingTold:
    return ListingTold(
        offer=offer,
        round=round_,
        status=said.status,
        severities=said.severities,
        actions=said.actions,
        issues=said.issues,
        quantity=said.quantity,
    )


def _write(rows: Sequence[ListingTold]) -> None:
    ListingTold.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["offer"],
        update_fields=["round", "status", "severities", "actions", "issues", "quantity"],
    )

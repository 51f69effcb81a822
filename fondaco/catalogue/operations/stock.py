"""Units that move between buckets: the offer's counts and the movement in one transaction."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction

from fondaco.catalogue import locks, watchers
from fondaco.catalogue.models import Offer, StockMovement
from fondaco.catalogue.rules import stock
from fondaco.catalogue.rules.stock import Bucket, Movement, MovementKind
from fondaco.engine import clock, rows


def move_units(
    *,
    offer_id: UUID,
    kind: MovementKind,
    units: int,
    from_bucket: Bucket | None = None,
    cause: str = "",
    key: str | None = None,
) -> StockMovement:
    """Move units of an offer. With a `key` the same movement happens once, however often it is asked for.

    Called by operations of domains above, which have asked about access. Raises NotEnoughUnits, NotFound.
    """
    at = clock.now()
    with transaction.atomic():
        offer = locks.offer(offer_id)
        done = StockMovement.objects.filter(key=key).first() if key else None
        if done:
            return done
        return move(offer, stock.movement(kind, units=units, from_bucket=from_bucket), cause=cause, key=key, at=at)


def set_quantity(offer: Offer, *, quantity: int, cause: str, at: datetime) -> StockMovement | None:
    """Make `quantity` units of a locked offer sellable, as the seller states; None when they are already."""
    moved = stock.count_to(offer.units, quantity=quantity)
    return move(offer, moved, cause=cause, at=at) if moved else None


def move(offer: Offer, moved: Movement, *, cause: str, at: datetime, key: str | None = None) -> StockMovement:
    """Write one movement of a locked offer and its new counts."""
    row, is_turned = _applied(offer, moved, cause=cause, key=key, at=at)
    rows.update(offer, *_COUNTS)
    if is_turned:
        watchers.changed(offer, at=at)
    else:
        watchers.touched(offers=[offer.pk])
    rows.insert(row)
    return row


def move_one_each(
    moves: Iterable[tuple[Offer, str, str]], *, kind: MovementKind, units: int, at: datetime
) -> list[StockMovement]:
    """The same movement of many locked offers, each named once, with its cause and key; in a few statements.

    Raises NotEnoughUnits, and then nothing is written.
    """
    offers, moved, turned = [], [], []
    for offer, cause, key in moves:
        row, is_turned = _applied(offer, stock.movement(kind, units=units), cause=cause, key=key, at=at)
        offers.append(offer)
        moved.append(row)
        if is_turned:
            turned.append(offer)
    rows.update_rows(offers, _COUNTS)
    for offer in turned:
        watchers.changed(offer, at=at)
    watchers.touched(offers=[offer.pk for offer in offers])
    return StockMovement.objects.bulk_create(moved)


def _applied(offer: Offer, moved: Movement, *, cause: str, key: str | None, at: datetime) -> tuple[StockMovement, bool]:
    """The offer with its new counts and the movement, neither written yet; and whether it came on or went off sale."""
    before, after = offer.units_sellable, stock.apply(offer.units, moved)
    offer.units_sellable, offer.units_reserved, offer.units_away = after.sellable, after.reserved, after.away
    row = StockMovement(
        offer=offer,
        kind=moved.kind.value,
        from_bucket=moved.from_bucket.value,
        to_bucket=moved.to_bucket.value,
        units=moved.units,
        cause=cause[:80],
        key=key,
        at=at,
    )
    return row, (before > 0) != (after.sellable > 0)


_COUNTS = ["units_sellable", "units_reserved", "units_away"]

"""Units that move between buckets: the offer's counts and the movement in one transaction."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from fondaco.catalogue import locks, watchers
from fondaco.catalogue.models import Offer, StockMovement
from fondaco.catalogue.rules import stock
from fondaco.catalogue.rules.stock import Bucket, Movement, MovementKind
from fondaco.engine import clock


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
    before, after = offer.units_sellable, stock.apply(offer.units, moved)
    offer.units_sellable, offer.units_reserved, offer.units_away = after.sellable, after.reserved, after.away
    offer.save(update_fields=["units_sellable", "units_reserved", "units_away"])
    if (before > 0) != (after.sellable > 0):
        watchers.changed(offer, at=at)
    return StockMovement.objects.create(
        offer=offer,
        kind=moved.kind.value,
        from_bucket=moved.from_bucket.value,
        to_bucket=moved.to_bucket.value,
        units=moved.units,
        cause=cause[:80],
        key=key,
        at=at,
    )

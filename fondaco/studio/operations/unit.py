"""The unit's way: each movement once, the seller's stock with it (IMG-SVC-01, Q-03)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from fondaco.catalogue.operations import move_units
from fondaco.catalogue.rules.stock import Bucket, MovementKind
from fondaco.studio.models import ImagingOrder, Movement
from fondaco.studio.rules import states
from fondaco.studio.rules.states import Leg, Where


def go(order: ImagingOrder, leg: Leg, *, by: Any, at: datetime, unscanned: bool = False) -> None:
    """Write one movement of a locked order's unit. Raises UnitElsewhere.

    The seller's stock changes where the unit leaves it and where it comes back or is gone: everything between is
    "at imaging".
    """
    came_from = order.where if leg is not Leg.RESERVED else ""
    order.where = Where.SHELF.value if leg is Leg.RESERVED else states.leads_to(leg, where=order.where).value
    if order.pk and leg is not Leg.RESERVED:
        ImagingOrder.objects.filter(pk=order.pk).update(where=order.where)
    Movement.objects.create(
        order=order, leg=leg.value, from_where=came_from, to_where=order.where, unscanned=unscanned, by=by, at=at
    )
    moved = _STOCK.get(leg)
    if moved:
        kind, bucket = moved
        move_units(
            offer_id=order.offer_id,
            kind=kind,
            units=1,
            from_bucket=bucket,
            cause=f"imaging {order.label}",
            key=f"imaging:{order.pk}:{'out' if leg is Leg.RESERVED else 'end'}",
        )


_STOCK: dict[Leg, tuple[MovementKind, Bucket | None]] = {
    Leg.RESERVED: (MovementKind.TO_STUDIO, None),
    Leg.CHECKED_IN: (MovementKind.FROM_STUDIO, None),
    Leg.FOUND: (MovementKind.FROM_STUDIO, None),
    Leg.GIVEN_UP: (MovementKind.LOST, Bucket.AWAY),
    Leg.LOST: (MovementKind.LOST, Bucket.AWAY),
    Leg.DAMAGED: (MovementKind.LOST, Bucket.AWAY),
}


def catch_up(order: ImagingOrder, *, before: Leg, by: Any, at: datetime) -> None:
    """Write the movements that nobody scanned: the unit is here, so it came here."""
    for leg in states.unscanned(where=order.where, before=before):
        go(order, leg, by=by, at=at, unscanned=True)

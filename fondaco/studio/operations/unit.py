"""The unit's way: each movement once, the seller's stock with it (IMG-SVC-01, Q-03)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from fondaco.catalogue.operations import move_one_each, move_units
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
            cause=_cause(order),
            key=_key(order, leg),
        )


def reserve(orders: Sequence[ImagingOrder], *, by: Any, at: datetime) -> None:
    """The first movement of many new orders together: their offers are locked, each stands for one order."""
    for order in orders:
        order.where = Where.SHELF.value
    Movement.objects.bulk_create(
        Movement(order=order, leg=Leg.RESERVED.value, to_where=order.where, by=by, at=at) for order in orders
    )
    move_one_each(
        [(order.offer, _cause(order), _key(order, Leg.RESERVED)) for order in orders],
        kind=MovementKind.TO_STUDIO,
        units=1,
        at=at,
    )


def _cause(order: ImagingOrder) -> str:
    return f"imaging {order.label}"


def _key(order: ImagingOrder, leg: Leg) -> str:
    return f"imaging:{order.pk}:{'out' if leg is Leg.RESERVED else 'end'}"


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

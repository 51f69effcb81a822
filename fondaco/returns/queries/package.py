"""How big and heavy a return parcel will be, before anybody has packed it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from fondaco import policy
from fondaco.fulfilment.models import Label
from fondaco.fulfilment.rules.parcels import MOST_GRAMS, Package
from fondaco.orders.models import OrderUnit
from fondaco.returns.models import Return, ReturnUnit

_SIDES_MM = (300, 200, 150)


def package_of(row: Return) -> Package:
    """How big the parcel of a return will be."""
    units = [u.unit for u in ReturnUnit.objects.filter(parcel=row).select_related("unit__parcel", "unit__item")]
    return package_for(units, row.store, row.requested_at)


def package_for(units: Sequence[OrderUnit], store: str, at: datetime) -> Package:
    """How big a parcel of these units will be: as they came, in proportion to what goes back; else by policy's
    assumed weights."""
    weight, sides = 0, _SIDES_MM
    for parcel in {u.parcel.pk: u.parcel for u in units if u.parcel}.values():
        label = Label.objects.filter(pk=parcel.label_id).first() if parcel.label_id else None
        mine = [u for u in units if u.parcel_id == parcel.pk]
        if label is None:
            weight += sum(_assumed_g(store, u, at) for u in mine)
        else:
            weight += -(-label.weight_g * len(mine) // max(1, parcel.units.count()))
            sides = (label.length_mm, label.width_mm, label.height_mm)
    return Package(min(max(1, weight), MOST_GRAMS), *sides)


def _assumed_g(store: str, unit: OrderUnit, at: datetime) -> int:
    found = policy.value("return.assumed_weight_g", store, at=at).value
    own = [found["by_category"][c] for c in unit.item.categories if c in found["by_category"]]
    return max(own) if own else found["default"]

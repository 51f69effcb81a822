"""The one order of locks: the order, then the return, then the ledger's own (`ledger.locks`).

Whatever happens to a return is written under both, so that two returns, a refund by customer service and a
cancellation of one order never pass each other.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import F, QuerySet

from fondaco.engine.slots import prepared
from fondaco.kit.errors import NotFound
from fondaco.orders import locks as orders
from fondaco.orders.models import Order
from fondaco.returns.facts import parcel_of
from fondaco.returns.models import Return, ReturnUnit
from fondaco.returns.rules import life


@dataclass(slots=True)
class Held:
    """A locked return with its units in order, as rows and as the rules see it."""

    order: Order
    row: Return
    units: list[ReturnUnit]
    parcel: life.Parcel

    def unit(self, number: int) -> ReturnUnit:
        """Raises UnknownUnit."""
        self.parcel.unit(number)
        return next(u for u in self.units if u.number == number)


def hold(return_id: UUID, *, order_id: UUID | None = None) -> Held:
    """Lock it until the transaction ends. Raises NotFound."""
    found = order_id or Return.objects.filter(pk=return_id).values_list("order_id", flat=True).first()
    if found is None:
        raise NotFound(what="return")
    order = orders.order(found)
    row = _return.first(return_id)
    if row is None:
        raise NotFound(what="return")
    row.order, row.seller, row.buyer = order, order.seller, order.buyer
    return held_of(row)


def held_of(row: Return) -> Held:
    """The return as operations hold it; without a lock, for reading only."""
    units = _units.all(row.pk)
    refunded = {unit.pk for unit in units if getattr(unit, "refund_id")}  # noqa: B009 - the query's own name
    return Held(row.order, row, units, parcel_of(row, units, refunded))


@prepared
def _return(pk: Any) -> QuerySet[Return]:
    return Return.objects.select_for_update(no_key=True, of=("self",)).filter(pk=pk)


@prepared
def _units(parcel: Any) -> QuerySet[ReturnUnit]:
    # The bought unit comes with each: a refund is held to what was paid for it.
    rows = ReturnUnit.objects.filter(parcel=parcel).select_related("unit").order_by("number")
    return rows.annotate(refund_id=F("refund__id"))

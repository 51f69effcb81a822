"""How many sold units of a product came back: the figure that others ask the catalogue for (IMG-SVC-09)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from fondaco.catalogue.returned import Sold
from fondaco.orders.models import OrderUnit
from fondaco.returns.models import ReturnUnit


def sold_and_returned(product_id: UUID, since: datetime, until: datetime) -> Sold:
    """Units ordered from `since` (included) to `until` (excluded) and not cancelled, and those of them that arrived back."""
    units = OrderUnit.objects.filter(
        item__product_id=product_id, item__order__placed_at__gte=since, item__order__placed_at__lt=until
    ).exclude(state="cancelled")
    back = ReturnUnit.objects.filter(unit__in=units, is_live=True, arrived_at__isnull=False)
    return Sold(units.count(), back.count())

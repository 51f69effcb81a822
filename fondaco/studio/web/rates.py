"""What studio pictures did to returns, as a chart (IMG-SVC-09)."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from fondaco.catalogue.returned import Sold
from fondaco.studio.models import ImagingOrder
from fondaco.studio.queries.seller import RATE_DAYS, return_rates
from fondaco.web import charts


def shown_rates(order: ImagingOrder) -> dict[str, Any]:
    """The chart of one order's product, None while nothing was sold; and whether anybody counts."""
    figures = return_rates(order)
    if figures is None:
        return {"is_counted": False, "chart": None, "rate_days": RATE_DAYS}
    rows: list[tuple[str, float]] = [
        (_("Before (%(returned)s of %(units)s)") % _counts(figures.before), _percent(figures.before)),
        (_("After (%(returned)s of %(units)s)") % _counts(figures.after), _percent(figures.after)),
    ]
    is_sold = figures.before.units or figures.after.units
    drawn = charts.bars(rows, title=_("Share of sold units that came back"), written=lambda value: f"{value} %")
    return {"is_counted": True, "chart": drawn if is_sold else None, "rate_days": RATE_DAYS}


def _percent(sold: Sold) -> float:
    return round((sold.rate or 0) * 100, 1)


def _counts(sold: Sold) -> dict[str, int]:
    return {"returned": sold.returned, "units": sold.units}

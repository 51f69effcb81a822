"""The tasks of orders by name: operations nudge them without importing the tasks, which call operations."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils.module_loading import import_string

from fondaco.engine.tasks import nudge


def settle(checkout_id: Any, *, after: timedelta | None = None) -> None:
    """Ask the card of a checkout, and make its orders."""
    nudge(import_string("fondaco.orders.tasks.settle_checkout"), str(checkout_id), after=after)


def pay_back(payback_id: Any) -> None:
    """Tell the gateway about money that goes back."""
    nudge(import_string("fondaco.orders.tasks.give_back"), str(payback_id))

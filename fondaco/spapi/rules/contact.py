"""When a program may write to a buyer about an order, and when it may ask for a review."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

SOLICIT_FROM = timedelta(days=5)
SOLICIT_UNTIL = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Standing:
    """What counts about an order. `delivered_at` is set once all of it has arrived."""

    is_by_marketplace: bool
    is_cancelled: bool
    has_custom_items: bool
    has_waiting: bool
    delivered_at: datetime | None
    solicited: bool = False


def actions(standing: Standing) -> list[str]:
    """The messages that make sense now, as the interface names them."""
    if standing.is_cancelled:
        return ["invoice"]
    found = ["legalDisclosure", "unexpectedProblem", "invoice", "warranty"]
    if not standing.is_by_marketplace and standing.delivered_at is None:
        found += ["confirmDeliveryDetails"]
    if standing.has_waiting:
        found += ["confirmOrderDetails"]
        found += ["confirmCustomizationDetails"] if standing.has_custom_items else []
    return sorted(found)


def may_solicit(standing: Standing, *, at: datetime) -> bool:
    """Once, from five to thirty days after everything has arrived."""
    if standing.solicited or standing.delivered_at is None:
        return False
    return standing.delivered_at + SOLICIT_FROM <= at <= standing.delivered_at + SOLICIT_UNTIL

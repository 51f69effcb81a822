"""What an account would have to show before joining (B-PRIME-01), measured; informational unless an operator enforces it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import F

from fondaco import policy
from fondaco.orders.models import OrderUnit, Parcel
from fondaco.orders.models.order import Order
from fondaco.sellers.models import SellerAccount


@dataclass(frozen=True, slots=True)
class Measured:
    """One requirement: `value` as measured, `target` as published, both as text; `passes` None: nothing to measure yet."""

    code: str
    value: str
    target: str
    passes: bool | None
    clause: str
    policy_version: str


@dataclass(frozen=True, slots=True)
class Prequalification:
    """All requirements, with the window they were measured over."""

    days: int
    rows: tuple[Measured, ...]

    @property
    def passes(self) -> bool:
        return all(row.passes is not False for row in self.rows)


def prequalification_of(seller: SellerAccount, *, at: datetime) -> Prequalification:
    """Over the last days that policy names: plan, ship-from, packages, cancellations, tracking, late shipments."""
    days = policy.value("prime.prequalify.days", seller.store, at=at)
    targets = policy.value("prime.prequalify.targets", seller.store, at=at)
    want, version = targets.value, targets.version
    counts = _counts(seller, at - timedelta(days=days.value))
    country = seller.ship_from.country if seller.ship_from else ""
    rows = (
        Measured("plan", seller.plan, want["plan"], want["plan"] in ("any", seller.plan), "B-PRIME-01", version),
        Measured(
            "ship_from",
            country or "–",
            want["ship_from_country"],
            country == want["ship_from_country"],
            "B-PRIME-01",
            version,
        ),
        Measured(
            "packages",
            str(counts["packages"]),
            f"≥ {want['min_packages']}",
            counts["packages"] >= want["min_packages"],
            "B-PRIME-01",
            version,
        ),
        _rate("cancellations", counts["cancelled"], counts["orders"], below=want["cancellations_below"], by=version),
        _rate("tracking", counts["tracked"], counts["packages"], above=want["valid_tracking_above"], by=version),
        _rate("late_shipment", counts["late"], counts["packages"], below=want["late_shipment_below"], by=version),
    )
    return Prequalification(days.value, rows)


def _counts(seller: SellerAccount, since: datetime) -> dict[str, int]:
    orders = Order.objects.filter(seller=seller, placed_at__gte=since)
    parcels = Parcel.objects.filter(order__seller=seller, confirmed_at__gte=since)
    late = OrderUnit.objects.filter(
        item__order__seller=seller, parcel__confirmed_at__gte=since, parcel__shipped_at__date__gt=F("item__ship_by")
    )
    return {
        "orders": orders.count(),
        "cancelled": orders.filter(status="cancelled").count(),
        "packages": parcels.count(),
        "tracked": parcels.filter(shipped_at__isnull=False).exclude(tracking_number="").count(),
        "late": late.values("parcel").distinct().count(),
    }


def _rate(code: str, part: int, whole: int, *, by: str, below: Any = None, above: Any = None) -> Measured:
    target = Decimal(str(below if above is None else above))
    words = f"< {target} %" if above is None else f"> {target} %"
    if not whole:
        return Measured(code, "–", words, None, "B-PRIME-01", by)
    rate = Decimal(part * 100) / whole
    passes = rate < target if above is None else rate > target
    return Measured(code, f"{rate:.1f} %", words, passes, "B-PRIME-01", by)

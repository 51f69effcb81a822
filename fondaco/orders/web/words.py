"""Words of the pages."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from fondaco.orders.operations.cancel import CancelReason
from fondaco.orders.operations.goodwill import RefundReason
from fondaco.orders.rules.states import OrderStatus, ScanKind, Speed, UnitState

SPEEDS = {
    Speed.SAME_DAY.value: _("Same-day delivery"),
    Speed.ONE_DAY.value: _("One-day delivery"),
    Speed.TWO_DAY.value: _("Two-day delivery"),
    Speed.STANDARD.value: _("Standard delivery"),
    Speed.ECONOMY.value: _("Economy delivery"),
}

STATUSES = {
    OrderStatus.PLACED.value: _("Ordered"),
    OrderStatus.SHIPPED.value: _("On its way"),
    OrderStatus.DELIVERED.value: _("Delivered"),
    OrderStatus.CANCELLED.value: _("Cancelled"),
}
SELLER_STATUSES = {**STATUSES, OrderStatus.PLACED.value: _("To be sent"), OrderStatus.SHIPPED.value: _("Sent")}
TONES = {
    OrderStatus.PLACED.value: "progress",
    OrderStatus.SHIPPED.value: "progress",
    OrderStatus.DELIVERED.value: "good",
    OrderStatus.CANCELLED.value: "neutral",
}

UNITS = {
    UnitState.ORDERED.value: _("ordered"),
    UnitState.SHIPPED.value: _("on its way"),
    UnitState.DELIVERED.value: _("delivered"),
    UnitState.LOST.value: _("lost on the way"),
    UnitState.CANCELLED.value: _("cancelled"),
}

SCANS = {
    ScanKind.ACCEPTED.value: _("The carrier has the parcel"),
    ScanKind.IN_TRANSIT.value: _("On its way"),
    ScanKind.OUT_FOR_DELIVERY.value: _("Out for delivery"),
    ScanKind.DELIVERED.value: _("Delivered"),
    ScanKind.EXCEPTION.value: _("Something delays the parcel"),
    ScanKind.LOST.value: _("The carrier lost the parcel"),
}
SCAN_TONES = {"delivered": "good", "exception": "warn", "lost": "bad"}

CANCEL = {
    CancelReason.BUYER_CHANGED_MIND.value: _("Not wanted any more"),
    CancelReason.BUYER_WRONG_ADDRESS.value: _("The address is wrong"),
    CancelReason.NO_STOCK.value: _("Not in stock"),
    CancelReason.PRICING_ERROR.value: _("The price was wrong"),
    CancelReason.CANNOT_SHIP.value: _("It cannot be sent to this address"),
    CancelReason.MARKETPLACE.value: _("Decided by the marketplace"),
}

REFUNDS = {
    RefundReason.ADJUSTMENT.value: _("Goodwill"),
    RefundReason.DIFFERENT_ITEM.value: _("Another item was sent"),
    RefundReason.PRICE_ERROR.value: _("The price was wrong"),
    RefundReason.UNDELIVERABLE.value: _("It could not be delivered"),
    RefundReason.REFUSED.value: _("The parcel was refused"),
    RefundReason.CARRIER_CREDIT.value: _("The carrier pays for damage or loss"),
}

PROBLEMS = {
    "gone": _("This cannot be bought now."),
    "too_many": _("Fewer are left than you want."),
    "not_served": _("This cannot be sent to the address you chose."),
}

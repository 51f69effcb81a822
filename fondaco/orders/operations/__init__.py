"""Verbs of orders. Each owns its transaction and may be repeated. Locks: order, then offers by id, then the ledger's."""

from fondaco.orders.operations.cancel import CancelReason, NotCancellable, cancel_order
from fondaco.orders.operations.payback import give_back, pay_back
from fondaco.orders.operations.place import (
    AddressNotServed,
    CardDeclined,
    CardNeeded,
    DeliveryChanged,
    Line,
    NotSellable,
    OtherCurrency,
    OwnOffer,
    PaymentPending,
    PriceChanged,
    SpeedNotOffered,
    WrongQuantity,
    place_order,
    settle,
)
from fondaco.orders.operations.ship import (
    LabelElsewhere,
    NothingToShip,
    record_delivered,
    record_lost,
    record_scan,
    record_shipment,
    void_shipment,
)

__all__ = [
    "AddressNotServed",
    "CancelReason",
    "CardDeclined",
    "CardNeeded",
    "DeliveryChanged",
    "LabelElsewhere",
    "Line",
    "NotCancellable",
    "NotSellable",
    "NothingToShip",
    "OtherCurrency",
    "OwnOffer",
    "PaymentPending",
    "PriceChanged",
    "SpeedNotOffered",
    "WrongQuantity",
    "cancel_order",
    "give_back",
    "pay_back",
    "place_order",
    "record_delivered",
    "record_lost",
    "record_scan",
    "record_shipment",
    "settle",
    "void_shipment",
]

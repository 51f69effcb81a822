"""Tables of the orders domain."""

from fondaco.orders.models.cart import Cart, CartLine
from fondaco.orders.models.checkout import Checkout
from fondaco.orders.models.order import Order, OrderItem, OrderUnit
from fondaco.orders.models.parcel import Parcel, ParcelScan
from fondaco.orders.models.payback import PayBack

__all__ = ["Cart", "CartLine", "Checkout", "Order", "OrderItem", "OrderUnit", "Parcel", "ParcelScan", "PayBack"]

"""Reads of orders. What the caller may not see is not found."""

from fondaco.orders.queries.access import order_for, order_of_buyer, order_of_seller
from fondaco.orders.queries.lists import orders_of_buyer, orders_of_seller

__all__ = ["order_for", "order_of_buyer", "order_of_seller", "orders_of_buyer", "orders_of_seller"]

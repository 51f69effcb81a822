"""The orders app."""

from django.apps import AppConfig


class OrdersConfig(AppConfig):
    name = "fondaco.orders"
    label = "orders"

"""The orders app."""

from django.apps import AppConfig


class OrdersConfig(AppConfig):
    name = "fondaco.orders"
    label = "orders"

    def ready(self) -> None:
        from fondaco.orders import sentences

        sentences.teach()

"""The orders app."""

from django.apps import AppConfig


class OrdersConfig(AppConfig):
    name = "fondaco.orders"
    label = "orders"

    def ready(self) -> None:
        from fondaco.catalogue.web import tiles
        from fondaco.orders import sentences
        from fondaco.orders.web import buybox, goodwill, panels, seller

        sentences.teach()
        tiles.tile(seller.waiting_tile)
        panels.provider(goodwill.button)
        assert buybox  # registers itself with the product page

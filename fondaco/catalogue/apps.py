"""The catalogue app."""

from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    name = "fondaco.catalogue"
    label = "catalogue"

    def ready(self) -> None:
        from fondaco.cases import checks
        from fondaco.catalogue import sentences

        sentences.teach()
        checks.provide(known_asin=_known_asin)


def _known_asin(seller: object, asin: str) -> bool:
    from fondaco.catalogue.models import Product

    return Product.objects.filter(asin=asin).exists()

"""The catalogue app."""

from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    name = "fondaco.catalogue"
    label = "catalogue"

    def ready(self) -> None:
        from fondaco.catalogue import sentences

        sentences.teach()

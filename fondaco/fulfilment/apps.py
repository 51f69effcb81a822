"""The fulfilment app."""

from django.apps import AppConfig


class FulfilmentConfig(AppConfig):
    name = "fondaco.fulfilment"
    label = "fulfilment"

    def ready(self) -> None:
        from fondaco.fulfilment import sentences

        sentences.teach()

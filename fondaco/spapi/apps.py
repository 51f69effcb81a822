"""The spapi app."""

from django.apps import AppConfig


class SpApiConfig(AppConfig):
    name = "fondaco.spapi"
    label = "spapi"

    def ready(self) -> None:
        from fondaco.spapi import listens, sentences
        from fondaco.spapi.operations import order_feeds

        assert order_feeds  # registers its feed types
        sentences.teach()
        listens.listen()

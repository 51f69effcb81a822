"""The spapi app."""

from django.apps import AppConfig


class SpApiConfig(AppConfig):
    name = "fondaco.spapi"
    label = "spapi"

    def ready(self) -> None:
        from fondaco.spapi import sentences

        sentences.teach()

"""The feeds app."""

from django.apps import AppConfig


class FeedsConfig(AppConfig):
    name = "fondaco.feeds"
    label = "feeds"

    def ready(self) -> None:
        from fondaco.cases import checks
        from fondaco.feeds import sentences

        sentences.teach()
        checks.provide(known_batch=sentences.knows_batch)

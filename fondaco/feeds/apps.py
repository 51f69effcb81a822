"""The feeds app."""

from django.apps import AppConfig


class FeedsConfig(AppConfig):
    name = "fondaco.feeds"
    label = "feeds"

    def ready(self) -> None:
        from fondaco.cases import checks
        from fondaco.catalogue import batches
        from fondaco.catalogue.web import tiles
        from fondaco.feeds import sentences, told

        sentences.teach()
        checks.provide(known_batch=sentences.knows_batch)
        batches.provide(told.newest_facts)
        tiles.tile(told.files_in_progress)

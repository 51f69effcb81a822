"""The makers app."""

from django.apps import AppConfig


class MakersConfig(AppConfig):
    name = "fondaco.makers"
    label = "makers"

    def ready(self) -> None:
        from fondaco.makers import handmade, in_cases, sentences

        sentences.teach()
        handmade.register()
        in_cases.register()

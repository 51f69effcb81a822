"""The Django application of support cases."""

from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "fondaco.cases"
    label = "cases"

    def ready(self) -> None:
        from fondaco.cases import sentences

        sentences.teach()

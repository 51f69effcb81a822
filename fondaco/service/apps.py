"""The Django application of customer service."""

from django.apps import AppConfig


class ServiceConfig(AppConfig):
    name = "fondaco.service"
    label = "service"

    def ready(self) -> None:
        from fondaco.service import sentences
        from fondaco.service.web import panels

        sentences.teach()
        panels.show_all()

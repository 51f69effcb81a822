"""The Django application of customer service."""

from django.apps import AppConfig


class ServiceConfig(AppConfig):
    name = "fondaco.service"
    label = "service"

    def ready(self) -> None:
        from fondaco.service import photos, sentences
        from fondaco.service.queries import facts, neighbours
        from fondaco.service.web import panels

        sentences.teach()
        panels.show_all()
        photos.provide()
        facts.ask_for_contacts(neighbours.first_message)
        facts.ask_for_contacts(neighbours.first_return)
        facts.ask_about_returns(neighbours.refund_of_return)

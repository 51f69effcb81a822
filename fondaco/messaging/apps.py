"""The Django application of conversations."""

from django.apps import AppConfig


class MessagingConfig(AppConfig):
    name = "fondaco.messaging"
    label = "messaging"

    def ready(self) -> None:
        from fondaco.messaging import sentences

        sentences.teach()

"""The Django application of conversations."""

from django.apps import AppConfig


class MessagingConfig(AppConfig):
    name = "fondaco.messaging"
    label = "messaging"

    def ready(self) -> None:
        from fondaco.messaging import sentences
        from fondaco.messaging.mail import provider
        from fondaco.messaging.web import order_panels

        sentences.teach()
        order_panels.provide()
        provider.provide()

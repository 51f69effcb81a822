"""The fulfilment app."""

from django.apps import AppConfig


class FulfilmentConfig(AppConfig):
    name = "fondaco.fulfilment"
    label = "fulfilment"

    def ready(self) -> None:
        from fondaco.fulfilment import programme, sentences
        from fondaco.fulfilment.operations import buying
        from fondaco.fulfilment.web import panels

        sentences.teach()
        buying.follow_orders()
        panels.show()
        programme.register()

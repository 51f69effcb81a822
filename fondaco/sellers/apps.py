"""The Django application of the sellers domain."""

from django.apps import AppConfig


class SellersConfig(AppConfig):
    name = "fondaco.sellers"
    label = "sellers"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from fondaco.api import callers
        from fondaco.sellers import access, factors, sentences
        from fondaco.web import refusals

        factors.connect()
        sentences.teach()
        callers.provide(caller_of_token=access.caller_of_token, speak=refusals.spoken)

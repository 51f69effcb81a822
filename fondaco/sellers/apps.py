"""The Django application of the sellers domain."""

from django.apps import AppConfig


class SellersConfig(AppConfig):
    name = "fondaco.sellers"
    label = "sellers"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from fondaco.sellers import factors, sentences

        factors.connect()
        sentences.teach()

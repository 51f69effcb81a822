"""The Django application of the ledger."""

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "fondaco.ledger"
    label = "ledger"

    def ready(self) -> None:
        from fondaco.ledger import sentences

        sentences.teach()

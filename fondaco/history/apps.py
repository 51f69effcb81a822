"""The history app."""

from django.apps import AppConfig


class HistoryConfig(AppConfig):
    name = "fondaco.history"
    label = "history"

    def ready(self) -> None:
        from django.db.backends.signals import connection_created

        from fondaco.history.guards import prepare_connection

        connection_created.connect(prepare_connection, dispatch_uid="fondaco.history.guards")

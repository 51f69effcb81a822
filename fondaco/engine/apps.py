"""The engine's app: tables of the plumbing (clock, job failures, outbox)."""

from django.apps import AppConfig


class EngineConfig(AppConfig):
    name = "fondaco.engine"
    label = "engine"

    def ready(self) -> None:
        from fondaco.engine import outbox  # noqa: F401 - registers its sweep

"""The sandbox app: no tables, only words. Its pages exist in a sandbox only."""

from django.apps import AppConfig


class SandboxConfig(AppConfig):
    name = "fondaco.sandbox"
    label = "sandbox"

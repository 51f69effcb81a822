"""The operator app: pages only, no tables."""

from django.apps import AppConfig


class OperatorConfig(AppConfig):
    name = "fondaco.operator"
    label = "operator"

"""The returns app."""

from django.apps import AppConfig


class ReturnsConfig(AppConfig):
    name = "fondaco.returns"
    label = "returns"

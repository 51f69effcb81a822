"""The makers app."""

from django.apps import AppConfig


class MakersConfig(AppConfig):
    name = "fondaco.makers"
    label = "makers"

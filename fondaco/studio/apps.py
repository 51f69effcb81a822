"""The studio app."""

from django.apps import AppConfig


class StudioConfig(AppConfig):
    name = "fondaco.studio"
    label = "studio"

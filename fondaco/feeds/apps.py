"""The feeds app."""

from django.apps import AppConfig


class FeedsConfig(AppConfig):
    name = "fondaco.feeds"
    label = "feeds"

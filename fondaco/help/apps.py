"""The help app."""

from django.apps import AppConfig


class HelpConfig(AppConfig):
    name = "fondaco.help"
    label = "help"

"""The spapi app."""

from django.apps import AppConfig


class SpApiConfig(AppConfig):
    name = "fondaco.spapi"
    label = "spapi"

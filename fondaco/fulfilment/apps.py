"""The fulfilment app."""

from django.apps import AppConfig


class FulfilmentConfig(AppConfig):
    name = "fondaco.fulfilment"
    label = "fulfilment"

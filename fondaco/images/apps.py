"""The images app."""

from django.apps import AppConfig


class ImagesConfig(AppConfig):
    name = "fondaco.images"
    label = "images"

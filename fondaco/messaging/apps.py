"""The messaging app."""

from django.apps import AppConfig


class MessagingConfig(AppConfig):
    name = "fondaco.messaging"
    label = "messaging"

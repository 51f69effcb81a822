"""The policy app."""

from django.apps import AppConfig
from django.utils.translation import gettext_noop


class PolicyConfig(AppConfig):
    name = "fondaco.policy"
    label = "policy"

    def ready(self) -> None:
        from fondaco.history import Sentence, speak

        speak(
            {
                "policy.published": Sentence(gettext_noop("Version %(version)s was published"), "good"),
                "policy.withdrawn": Sentence(gettext_noop("Version %(version)s was withdrawn"), "warn"),
            }
        )

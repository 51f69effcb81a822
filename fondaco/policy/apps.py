"""The policy app."""

from django.apps import AppConfig


class PolicyConfig(AppConfig):
    name = "fondaco.policy"
    label = "policy"

    def ready(self) -> None:
        from fondaco.policy.sentences import teach

        teach()

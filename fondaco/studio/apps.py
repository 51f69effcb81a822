"""The studio app."""

from django.apps import AppConfig


class StudioConfig(AppConfig):
    name = "fondaco.studio"
    label = "studio"

    def ready(self) -> None:
        from django.urls import reverse

        from fondaco.cases import checks, hooks
        from fondaco.cases.rules import CaseType
        from fondaco.ledger import reasons
        from fondaco.studio import sentences
        from fondaco.studio.operations import support

        sentences.teach()
        checks.provide(can_cancel_imaging=support.can_cancel)
        hooks.when_opened(CaseType.IMAGING_CANCELLATION, support.note_request)
        reasons.link("studio.order", lambda pk: reverse("studio:order", args=[pk]))

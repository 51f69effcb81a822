"""How the timeline tells what happened to a case."""

from __future__ import annotations

from django.utils.translation import gettext_noop as N_

from fondaco.history import Sentence, speak


def teach() -> None:
    """Called once, when the application is ready."""
    speak(
        {
            "case.opened": N_("Opened the case."),
            "case.seller_replied": N_("The seller wrote."),
            "case.support_replied": Sentence(N_("Support answered."), "progress"),
            "case.assigned": N_("Given to %(to)s."),
            "case.released": N_("Put back for anybody of support."),
            "case.closed": Sentence(N_("Closed the case."), "good"),
        }
    )

"""How timelines tell what happened to labels and parcels."""

from __future__ import annotations

from django.utils.translation import gettext_noop as N_

from fondaco.history import Sentence, speak


def teach() -> None:
    """Called once, when the application is ready."""
    speak(
        {
            "label.asked": Sentence(N_("Asked the carrier for a label: %(service)s, for %(for)s."), "progress"),
            "label.bought": Sentence(N_("Bought the label %(tracking)s for %(price)s, for %(for)s."), "good"),
            "label.refused": Sentence(N_("The carrier refused the label for %(for)s: %(reason)s."), "bad"),
            "label.printed": N_("Printed the label for the first time (%(format)s)."),
            "label.void_asked": N_("Asked for the label to be voided."),
            "label.voided": Sentence(N_("The label %(tracking)s is voided."), "warn"),
            "label.void_refused": Sentence(N_("The carrier did not void the label: %(reason)s."), "warn"),
            "label.scanned": Sentence(N_("The carrier reported on the parcel."), "progress"),
            "label.terms_accepted": N_("Accepted the terms %(version)s."),
            "carriers.moved": N_("Moved a simulated parcel by hand: %(what)s."),
            "carriers.fault_set": Sentence(N_("Let the simulated carriers fail: %(kind)s."), "warn"),
            "carriers.healed": N_("Mended the simulated carriers."),
        }
    )

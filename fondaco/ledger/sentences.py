"""Sentences said by the plain-Python rules of the ledger, and how the timeline tells what happened."""

from __future__ import annotations

from django.utils.translation import gettext_noop as N_

from fondaco.history import Sentence, speak

REFUSALS = (
    N_("A posting needs lines that sum to zero in %(currency)s; these sum to %(sum)s."),
    N_("An amount above zero is needed."),
    N_("This amount is beyond what one posting may move."),
    N_("An account of the kind %(kind)s does not belong to that owner."),
    N_("There is not enough money for this: %(available)s available, %(needed)s needed."),
)


def teach() -> None:
    """Called once, when the application is ready."""
    speak(
        {
            "charge.made": N_("Charged %(amount)s: %(from_proceeds)s from proceeds, %(due)s due from the card."),
            "charge.reversed": Sentence(N_("Took the charge back: %(why_code)s."), "good"),
            "due.paid_by_card": Sentence(N_("Charged %(amount)s to the card %(card)s."), "good"),
            "due.declined": Sentence(N_("The card %(card)s was declined: %(reason)s."), "bad"),
            "due.settled": Sentence(N_("Took %(amount)s of the unpaid balance from proceeds."), "good"),
            "due.tried_again": N_("Asked for the card to be tried again."),
            "payout.made": Sentence(N_("Paid out %(amount)s."), "good"),
            "period.closed": N_("Closed statement %(number)s with %(closing)s."),
        }
    )

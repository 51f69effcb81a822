"""How the timeline tells what happened to a return, and what the ledger's lines of it read like."""

from __future__ import annotations

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_noop as N_

from fondaco.history import Sentence, speak
from fondaco.ledger import reasons


def teach() -> None:
    """Called once, when the application is ready."""
    speak(
        {
            "return.authorised_at_once": Sentence(N_("Return asked for, and authorised at once."), "good"),
            "return.requested": Sentence(N_("Return asked for; it waits for the seller."), "progress"),
            "return.out_of_window": Sentence(
                N_("Return asked for outside the window; it waits for customer service."), "warn"
            ),
            "return.accepted": Sentence(N_("The seller authorised the return."), "good"),
            "return.exception_accepted": Sentence(N_("Customer service accepted the return as an exception."), "good"),
            "return.declined": Sentence(N_("The return was declined."), "bad"),
            "return.cancelled": N_("The buyer cancelled the return."),
            "return.blocked": Sentence(N_("The item is now classed as hazardous: the return was stopped."), "bad"),
            "return.reason_changed": N_("Reason of unit %(unit)s changed from %(before)s to %(after)s."),
            "return.disputed": Sentence(N_("The seller disputes the reason of unit %(unit)s."), "progress"),
            "return.dispute_declined": Sentence(N_("Customer service keeps the reason of unit %(unit)s."), "neutral"),
            "return.recoded": Sentence(
                N_("Customer service changed the reason of unit %(unit)s from %(before)s to %(after)s."), "warn"
            ),
            "return.scanned": Sentence(N_("The carrier has the parcel."), "progress"),
            "return.delivered": Sentence(N_("The carrier delivered the parcel."), "progress"),
            "return.stray_scanned": Sentence(N_("The carrier has the parcel, although the return is over."), "bad"),
            "return.stray_delivered": Sentence(N_("The parcel arrived, although the return is over."), "bad"),
            "return.checked_in": Sentence(N_("Checked in at the warehouse: unit %(units)s."), "progress"),
            "return.unit_missing": Sentence(N_("Not in the parcel: unit %(units)s."), "bad"),
            "return.unit_dropped": Sentence(N_("Customer service closed unit %(unit)s without a refund."), "warn"),
            "return.graded": Sentence(N_("Unit %(unit)s graded: %(grade)s."), "progress"),
            "return.photographed": N_("%(photos)s photos of unit %(unit)s added."),
            "return.refunded_seller": Sentence(N_("Unit %(unit)s refunded: %(amount)s."), "good"),
            "return.refunded_due_time": Sentence(
                N_(
                    "The due time passed: the marketplace refunded unit %(unit)s with %(amount)s and charged the seller."
                ),
                "bad",
            ),
            "return.refunded_first_scan": Sentence(
                N_("Unit %(unit)s refunded at the carrier's first scan: %(amount)s."), "good"
            ),
            "return.refunded_service": Sentence(N_("Customer service refunded unit %(unit)s: %(amount)s."), "good"),
            "return.refund_overdue": Sentence(N_("The refund of unit %(unit)s is overdue."), "bad"),
            "hazmat.cleared": Sentence(N_("The hazard class of %(asin)s was cleared."), "good"),
            "what_if.started": N_("A what-if was started."),
        }
    )
    reasons.link("returns.return", _seller_page)


def _seller_page(identity: str) -> str:
    """The seller's page of a return by its id."""
    try:
        return reverse("returns:seller_return_by_id", args=[identity])
    except NoReverseMatch:  # an installation without these pages
        return ""

"""How the timeline tells what happened to an order, and what the ledger's lines of it read like."""

from __future__ import annotations

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_noop as N_

from fondaco.history import Sentence, speak
from fondaco.ledger import reasons


def teach() -> None:
    """Called once, when the application is ready."""
    speak(
        {
            "order.placed": Sentence(N_("Ordered for %(total)s."), "good"),
            "order.shipped": Sentence(N_("Sent with %(carrier)s, tracking number %(tracking)s."), "progress"),
            "order.shipment_voided": Sentence(N_("The shipment %(tracking)s was taken back."), "warn"),
            "order.scanned": Sentence(N_("The carrier has the parcel %(tracking)s."), "progress"),
            "order.delivered": Sentence(N_("Delivered: parcel %(tracking)s."), "good"),
            "order.lost": Sentence(N_("The carrier lost the parcel %(tracking)s."), "bad"),
            "order.cancelled_by_buyer": Sentence(N_("The buyer cancelled; %(amount)s go back."), "bad"),
            "order.cancelled_by_seller": Sentence(N_("The seller cancelled; %(amount)s go back."), "bad"),
            "order.cancelled_by_staff": Sentence(N_("The marketplace cancelled; %(amount)s go back."), "bad"),
            "checkout.declined": Sentence(N_("The card was declined: %(reason)s."), "bad"),
        }
    )
    reasons.teach({"order_cancelled": N_("Cancelled order")})
    reasons.link("orders.order", _seller_page)


def _seller_page(identity: str) -> str:
    """The seller's page of an order by its id."""
    try:
        return reverse("orders:seller_order_by_id", args=[identity])
    except NoReverseMatch:  # an installation without these pages
        return ""

"""What the codes of postings read like, and where their causes are: domains above teach both, once, when ready.

reasons.teach({"imaging_service": N_("Imaging services")})
reasons.link("studio.order", lambda identity: reverse("studio:order", args=[identity]))
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as N_

_words: dict[str, str] = {
    "imaging_service": N_("Imaging services"),
    "sale": N_("Sale"),
    "refund": N_("Refund to a buyer"),
    "return_label": N_("Return label"),
    "shipping_label": N_("Shipping label"),
    "referral_fee": N_("Referral fee"),
    "referral_fee_returned": N_("Referral fee given back"),
    "discretionary_refund": N_("Refund granted by customer service"),
    "late_delivery_refund": N_("Refund for a late delivery"),
    "concession": N_("Concession to a buyer"),
    "guarantee_claim": N_("Guarantee claim of a buyer"),
    "reimbursement": N_("Reimbursement by the marketplace"),
    "adjustment": N_("Adjustment"),
    "card_payment": N_("Payment by your card"),
    "due_settled": N_("Unpaid balance taken from proceeds"),
    "payout": N_("Payout"),
}
_links: dict[str, Callable[[str], str]] = {}


def teach(words: Mapping[str, str]) -> None:
    """Words (English msgids) for reason codes."""
    _words.update(words)


def link(kind: str, url_of: Callable[[str], str]) -> None:
    """Where the cause of this kind with an id can be looked at by the seller."""
    _links[kind] = url_of


def words_of(reason: str) -> str:
    """A reason in the reader's language; one that nobody taught by its code."""
    return gettext(_words[reason]) if reason in _words else reason


def url_of(kind: str, identity: str) -> str:
    """The page of a cause; empty where no domain has named one."""
    return _links[kind](identity) if kind in _links else ""

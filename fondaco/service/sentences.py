"""How timelines tell what customer service did, and what the ledger's lines of it read like."""

from __future__ import annotations

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_noop as N_

from fondaco.history import Sentence, speak
from fondaco.ledger import reasons

#: Words of refusals that stand in `rules`, which know no translation.
_OF_RULES = (
    N_("Everything that was paid for this has gone back already."),
    N_("This was promised for %(promised)s and is not late."),
    N_("More would go back than was paid: %(left)s can still be refunded."),
    N_("Lower the amount."),
)


def teach() -> None:
    """Called once, when the application is ready."""
    speak(
        {
            "service.refunded": Sentence(N_("Customer service refunded %(amount)s; %(charged)s bears it."), "good"),
            "service.nothing_to_refund": N_("Customer service looked at it: %(amount)s to refund."),
            "service.address_changed": Sentence(
                N_("Customer service changed the address from %(before)s to %(after)s."), "warn"
            ),
            "reimbursement.filed": Sentence(N_("The seller claims %(asked)s back."), "progress"),
            "reimbursement.asked": Sentence(N_("Customer service asked the seller a question."), "warn"),
            "reimbursement.replied": Sentence(N_("The seller answered."), "progress"),
            "reimbursement.photos_added": Sentence(N_("The seller added %(photos)s photos of the buyer."), "progress"),
            "return.evidence_added": N_(
                "%(photos)s photos of the buyer were put here from conversation %(conversation)s."
            ),
            "reimbursement.granted": Sentence(N_("Granted: %(granted)s."), "good"),
            "reimbursement.declined": Sentence(N_("Declined."), "bad"),
            "reimbursement.unanswered": Sentence(N_("Declined, because the seller did not answer in time."), "bad"),
            "reimbursement.appealed": Sentence(N_("The seller asked for a second look."), "progress"),
            "guarantee.opened": Sentence(N_("The buyer opened the guarantee claim %(claim)s."), "warn"),
            "guarantee.photos_added": N_("Photos of the buyer were added to the claim: %(photos)s."),
            "guarantee.answered": Sentence(N_("The seller answered the claim; customer service decides."), "progress"),
            "guarantee.unanswered": Sentence(
                N_("The seller did not answer in time; customer service decides."), "warn"
            ),
            "guarantee.seller_refunds": Sentence(N_("The seller refunds the claim."), "good"),
            "guarantee.withdrawn": N_("The buyer withdrew the claim."),
            "guarantee.granted": Sentence(N_("The claim was granted."), "good"),
            "guarantee.declined": Sentence(N_("The claim was declined."), "bad"),
            "guarantee.appealed": Sentence(N_("The decision on the claim was appealed."), "progress"),
        }
    )
    reasons.teach(
        {
            "not_received_refund": N_("Refund for a parcel that did not arrive"),
            "non_returnable_refund": N_("Refund for an item that cannot be returned"),
        }
    )
    reasons.link("service.remedy", _remedy_page)
    reasons.link("service.reimbursement", lambda pk: _claim_page("seller_claim", pk))
    reasons.link("service.guarantee", lambda pk: _claim_page("guarantee", pk))


def _remedy_page(_pk: str) -> str:
    try:
        return reverse("service:seller_claims")
    except NoReverseMatch:
        return ""


def _claim_page(name: str, pk: str) -> str:
    from fondaco.service.models import GuaranteeClaim, Reimbursement

    model = Reimbursement if name == "seller_claim" else GuaranteeClaim
    number = model.objects.filter(pk=pk).values_list("number", flat=True).first()
    return reverse(f"service:{name}", args=[number]) if number else ""

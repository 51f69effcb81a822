"""What customer service refuses."""

from __future__ import annotations

from django.utils.translation import gettext_noop as N_

from fondaco.kit.errors import Invalid, Refusal


class WhyNeeded(Invalid):
    CODE = "why_needed"
    WORDS = N_("Say why: the seller reads it.")
    CLAUSE = "Q-34"


class SellerNotCharged(Refusal):
    CODE = "seller_cannot_be_charged"
    WORDS = N_("Only what concerns programme items can be charged to the seller at discretion.")
    FIX = N_("Let the marketplace bear it, or decide a guarantee claim of the buyer.")
    CLAUSE = "PRIME-23"


class LabelProtects(Refusal):
    CODE = "label_protects_seller"
    WORDS = N_("The seller’s label was protected and scanned in time: the marketplace bears this.")
    FIX = N_("Give the refund without charging the seller.")
    CLAUSE = "B-PRIME-25"


class NotForLate(Refusal):
    CODE = "late_refund_needs_programme_item"
    WORDS = N_("The shipping cost of a late delivery is given back for programme items.")
    FIX = N_("Give a concession instead.")
    CLAUSE = "PRIME-26"


class LateRefundGiven(Refusal):
    CODE = "late_refund_given"
    WORDS = N_("The late delivery of this item was settled before.")
    CLAUSE = "PRIME-26"


class CannotBeClaimed(Refusal):
    """`code` says why: see `rules.claims`."""

    CODE = "cannot_be_claimed"
    WORDS = N_("This cannot be claimed: %(why)s")


class EvidenceMissing(Invalid):
    CODE = "claim_evidence_missing"
    WORDS = N_("Evidence is missing: %(missing)s.")
    CLAUSE = "B-PRIME-22"


class NotThatState(Refusal):
    CODE = "claim_not_in_that_state"
    WORDS = N_("The claim does not wait for this now.")


class TooLateToAppeal(Refusal):
    CODE = "claim_appeal_over"
    WORDS = N_("This decision can no longer be appealed.")
    CLAUSE = "B-PRIME-23"


class AmountBeyondClaim(Invalid):
    CODE = "claim_amount_beyond"
    WORDS = N_("At most %(most)s can be granted here.")


class AlreadyShipped(Refusal):
    CODE = "order_address_fixed"
    WORDS = N_("Parcels of this order are on their way, or have a label: the address can no longer be changed.")
    FIX = N_("Void the labels first, or ask the carrier.")
    CLAUSE = "B-PRIME-04"

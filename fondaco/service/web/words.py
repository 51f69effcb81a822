"""Words of customer service's pages."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from fondaco.service.rules.claims import ClaimState, Fault, Ground, GuaranteeState, Verdict
from fondaco.service.rules.remedies import RemedyKind

KINDS: dict[str, Any] = {
    RemedyKind.REFUND: _("Refund at discretion"),
    RemedyKind.NOT_RECEIVED: _("Not received, although tracking says delivered"),
    RemedyKind.NON_RETURNABLE: _("Item that cannot be returned"),
    RemedyKind.LATE_DELIVERY: _("Late delivery: shipping cost"),
    RemedyKind.CONCESSION: _("Concession"),
    RemedyKind.GUARANTEE: _("Guarantee claim"),
}

GROUNDS: dict[str, Any] = {
    Ground.POLICY_ABUSE: _("The buyer abused the return policy"),
    Ground.UNSELLABLE_OR_DIFFERENT: _("It came back unsellable or different, and not by our fault"),
    Ground.NOT_RETURNED: _("It was not returned"),
    Ground.DELIVERED_CLAIMED_LOST: _("Delivered with a label bought here, but claimed as lost"),
    Ground.OUTSIDE_WINDOW: _("The refund was given outside the return window"),
}

CLAIM_STATES: dict[str, Any] = {
    ClaimState.AWAITING_SELLER: _("Awaiting seller"),
    ClaimState.UNDER_INVESTIGATION: _("Under investigation"),
    ClaimState.RESOLVED: pgettext_lazy("claim", "Resolved"),
}
CLAIM_TONES = {
    ClaimState.AWAITING_SELLER: "warn",
    ClaimState.UNDER_INVESTIGATION: "progress",
    ClaimState.RESOLVED: "neutral",
}

GUARANTEE_STATES: dict[str, Any] = {
    GuaranteeState.AWAITING_SELLER: _("Waiting for the seller’s answer"),
    GuaranteeState.UNDER_REVIEW: _("Customer service decides"),
    GuaranteeState.RESOLVED: pgettext_lazy("claim", "Resolved"),
    GuaranteeState.WITHDRAWN: pgettext_lazy("claim", "Withdrawn"),
}
GUARANTEE_TONES = {
    GuaranteeState.AWAITING_SELLER: "warn",
    GuaranteeState.UNDER_REVIEW: "progress",
    GuaranteeState.RESOLVED: "neutral",
    GuaranteeState.WITHDRAWN: "neutral",
}

VERDICTS: dict[str, Any] = {
    Verdict.GRANTED: pgettext_lazy("claim", "Granted"),
    Verdict.DECLINED: pgettext_lazy("claim", "Declined"),
}
VERDICT_TONES = {Verdict.GRANTED: "good", Verdict.DECLINED: "bad"}

FAULTS: dict[str, Any] = {
    Fault.NOT_RECEIVED: _("I have not received it"),
    Fault.NOT_AS_DESCRIBED: _("It is not as described, or damaged"),
}

ACTS: dict[str, Any] = {
    "filed": _("Filed the claim"),
    "asked": _("Asked"),
    "replied": pgettext_lazy("claim", "Answered"),
    "added": _("Added photos of the buyer"),
    "granted": pgettext_lazy("claim", "Granted"),
    "declined": pgettext_lazy("claim", "Declined"),
    "appealed": _("Asked for a second look"),
}

EVIDENCE: dict[str, Any] = {
    "item_photos": _("Photo of the item"),
    "packaging_photos": _("Photo of the packaging"),
    "documents": _("Document"),
}

#: Why something cannot be claimed: the codes of `rules.claims`.
WHY_NOT: dict[str, Any] = {
    "seller_refunded": _("You refunded it yourself, so there is nothing that the marketplace took."),
    "not_charged": _("It was not charged to your account."),
    "claimed_before": _("It was claimed before."),
    "guarantee_claim_granted": _("A guarantee claim of the buyer was granted for it."),
    "no_delivery_by_our_label": _("There is no delivery with a label that was bought here."),
    "was_returned": _("It was returned."),
    "never_returned": _("It never came back."),
    "too_late": _("The time to claim is over."),
    "cancelled": _("It was cancelled before it was sent."),
    "refunded_already": _("Everything that was paid for it has gone back already."),
    "not_due_yet": _("It may still arrive: the promised day is not over."),
    "not_delivered": _("It has not been delivered."),
    "write_first": _("Write to the seller first: most things are solved there."),
    "notice_too_late": _("It was made for you, and its fault was not told the maker within two weeks of its arrival."),
    "wait": _("The seller still has time to answer your message."),
}

UNIT_STATES: dict[str, Any] = {
    "ordered": pgettext_lazy("unit", "Ordered"),
    "shipped": pgettext_lazy("unit", "Shipped"),
    "delivered": pgettext_lazy("unit", "Delivered"),
    "lost": pgettext_lazy("unit", "Lost"),
    "cancelled": pgettext_lazy("unit", "Cancelled"),
}

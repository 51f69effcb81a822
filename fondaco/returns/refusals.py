"""Refusals of the operations; those of the rules stand beside the rules."""

from __future__ import annotations

from django.utils.translation import gettext_noop as N_

from fondaco.kit.errors import Invalid, Refusal


class NothingChosen(Invalid):
    CODE = "return_nothing_chosen"
    WORDS = N_("Choose at least one item to return.")
    CLAUSE = "PRIME-44"


class UnitNotInOrder(Invalid):
    CODE = "return_unit_not_in_order"
    WORDS = N_("One of these units does not belong to this order.")
    FIX = N_("Open the return from the order that the item came with.")
    CLAUSE = "PRIME-44"


class UnitChosenTwice(Invalid):
    CODE = "return_unit_chosen_twice"
    WORDS = N_("One of these units was chosen twice.")
    CLAUSE = "PRIME-44"


class UnitInReturn(Refusal):
    CODE = "unit_in_a_return_already"
    WORDS = N_("%(title)s is in return %(number)s already.")
    FIX = N_("Look at that return, or cancel it first.")
    CLAUSE = "PRIME-44"


class NotReturnable(Refusal):
    CODE = "return_not_possible"
    WORDS = N_("%(title)s cannot be returned, because it is or may be hazardous.")
    FIX = N_("Call customer service about a refund.")
    CLAUSE = "PRIME-47"


class KindNotReturnable(Refusal):
    CODE = "return_kind_not_possible"
    WORDS = N_("%(title)s is of a kind that cannot be returned.")
    FIX = N_("Call customer service about a refund.")
    CLAUSE = "B-PRIME-14"


class MadeForTheBuyer(Refusal):
    CODE = "return_personalised"
    WORDS = N_("%(title)s was made for you: it can be returned only when it is wrong, damaged or not as described.")
    FIX = N_("If that is so, choose the reason that says it; else ask the maker.")
    CLAUSE = "B-HAND-15"


class NotDelivered(Refusal):
    CODE = "return_not_delivered"
    WORDS = N_("%(title)s has not been delivered yet.")
    FIX = N_("If tracking says it was delivered and it is not there, ask customer service.")
    CLAUSE = "PRIME-41"


class NoReturnAddress(Refusal):
    CODE = "return_address_missing"
    WORDS = N_("The seller has no return address yet, so no label can be made.")
    FIX = N_("Ask customer service; they will contact the seller.")
    CLAUSE = "PRIME-34"


class WithinPolicy(Refusal):
    CODE = "return_within_policy"
    WORDS = N_("This request is inside the return window, so it cannot be declined.")
    FIX = N_("Authorise it, or write to the buyer first.")
    CLAUSE = "PRIME-30"


class ReasonSame(Refusal):
    CODE = "return_reason_same"
    WORDS = N_("This is the reason already.")
    CLAUSE = "Q-31"


class WhyNeeded(Invalid):
    CODE = "return_why_needed"
    WORDS = N_("Say why: the others see it.")
    CLAUSE = "PRIME-32"


class NothingLeft(Refusal):
    CODE = "refund_over_already"
    WORDS = N_("The due time has passed; the marketplace refunds this unit now.")
    CLAUSE = "Q-22"


class OtherCurrency(Invalid):
    CODE = "refund_in_another_currency"
    WORDS = N_("This order was paid in %(paid)s; nothing can be refunded in %(given)s.")
    CLAUSE = "Q-26"


class PlanMoved(Refusal):
    CODE = "refund_plan_changed"
    WORDS = N_("The amount is another one than you saw: it is %(now)s now.")
    FIX = N_("Look at it again and confirm.")
    CLAUSE = "PRIME-37"


class TooManyPhotos(Invalid):
    CODE = "return_too_many_photos"
    WORDS = N_("A unit takes %(most)s photos at most.")
    FIX = N_("Keep the photos that show its condition best.")
    CLAUSE = "B-PRIME-16"


class NotAPhoto(Invalid):
    CODE = "return_not_a_photo"
    WORDS = N_("%(name)s is not a picture that can be used: %(why)s")
    FIX = N_("Take it again as a JPEG and add it once more.")
    CLAUSE = "B-PRIME-16"


class TooEarlyForService(Refusal):
    CODE = "missing_unit_too_early"
    WORDS = N_("Customer service looks into a missing unit from %(on)s on.")
    CLAUSE = "Q-30"


# Words of the rules, which know no translation.
_WORDS_OF_RULES = (
    N_("%(given)s is not one of the return reasons."),
    N_("Use a reason's key or its number, as the list of reasons gives them."),
    N_("A deduction of %(asked)s %% is not allowed here; the highest is %(cap)s %%."),
    N_("Lower the percentage, or dispute the return with customer service."),
    N_("A deduction of %(limit)s %% or more needs a photo and a grade."),
    N_("Grade the item and add a photo of its condition."),
    N_("%(field)s of %(given)s is not possible."),
    N_("Give whole minor units, not negative, and percentages from 0 to 100."),
    N_("A label of %(asked)s cannot be deducted: %(left)s is left to refund."),
    N_("Leave the label out: the plan deducts it as far as the refund reaches, and the rest stays with you."),
    N_("A label of %(asked)s cannot be deducted here: it is %(planned)s by the reason of the return."),
    N_("Leave the label out, or state what the preview says."),
    N_("The carrier has the parcel already. Only customer service can change the return now."),
    N_("Contact customer service."),
    N_("This return is not authorised."),
    N_("This return has been decided already."),
    N_("This unit has been refunded already."),
    N_("This unit has not arrived yet."),
    N_("Check it in first."),
    N_("This unit was checked in, so it cannot be missing."),
    N_("This unit is not missing."),
    N_("This return has no unit number %(given)s."),
)


class DisputeIncomplete(Invalid):
    CODE = "return_dispute_incomplete"
    WORDS = N_("A dispute says what is wrong with the reason, and shows it on at least one photo of the item.")
    FIX = N_("Fill in both.")
    CLAUSE = "Q-25"


class NotDisputable(Refusal):
    CODE = "return_not_disputable"
    WORDS = N_("The reason of a unit can be disputed from its arrival until its refund.")
    FIX = N_("After a refund that was charged to you, file a reimbursement claim.")
    CLAUSE = "Q-32"


class NoDispute(Refusal):
    CODE = "return_dispute_none"
    WORDS = N_("No dispute of this unit waits for a decision.")
    CLAUSE = "Q-32"

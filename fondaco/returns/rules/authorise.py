"""May it come back? Authorised at once, blocked, or a matter for customer service.

Sources: PRIME-30…33, 42, 46…48; B-HAND-15; Q-33. "At once" means that nobody needs to act.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from fondaco.returns.rules.reasons import BUYER_PAID, FOR_PERSONALISED, FREE_CATEGORIES, Payment, who_pays
from fondaco.returns.rules.window import Window


class Answer(StrEnum):
    """What a return request becomes (SPEC 1.7, "Return")."""

    AUTHORISED = "authorised"
    WAITS_FOR_SELLER = "waits_for_seller"
    BLOCKED = "blocked"
    OUT_OF_WINDOW = "out_of_window"
    NOT_DELIVERED = "not_delivered"


@dataclass(frozen=True, slots=True)
class ReturnFacts:
    """One unit and the request. `requested_on` is the day at the return address."""

    reason: str
    requested_on: date
    window: Window | None
    categories: frozenset[str] = frozenset()
    hazmat_class: str = "none"
    hazmat_exception: bool = False
    accepted_by_cs: bool = False
    is_prime: bool = True
    not_returnable: bool = False
    personalised: bool = False


@dataclass(frozen=True, slots=True)
class ReturnDecision:
    """The answer, its clause, who pays the label, and what the buyer does next."""

    answer: Answer
    clause: str
    payment: Payment | None
    next_step: str


def decide_return(
    facts: ReturnFacts,
    *,
    blocked_classes: frozenset[str] = frozenset({"hazmat", "potential"}),
    free: frozenset[str] = FREE_CATEGORIES,
    buyer_paid: frozenset[str] = BUYER_PAID,
    auto_authorise: bool = True,
) -> ReturnDecision:
    """In order: dangerous goods, kinds that are never returnable, what was made for the buyer, delivery, window, and then who pays.

    `auto_authorise` is policy `return.auto_authorise`; an item outside the programme waits for its seller (PRIME-31).
    """
    if facts.hazmat_class in blocked_classes and not facts.hazmat_exception:
        return ReturnDecision(Answer.BLOCKED, "PRIME-47", None, "Call customer service about a refund.")
    if facts.not_returnable:
        return ReturnDecision(Answer.BLOCKED, "B-PRIME-14", None, "Call customer service about a refund.")
    if facts.personalised and facts.reason not in FOR_PERSONALISED:
        return ReturnDecision(Answer.BLOCKED, "B-HAND-15", None, "Ask the maker.")
    if facts.window is None:
        return ReturnDecision(Answer.NOT_DELIVERED, "PRIME-41", None, "Ask customer service where the parcel is.")
    payment = who_pays(reason=facts.reason, categories=facts.categories, buyer_paid=buyer_paid, free=free)
    if facts.window.holds(facts.requested_on):
        if not (facts.is_prime and auto_authorise):
            return ReturnDecision(Answer.WAITS_FOR_SELLER, "PRIME-31", payment, "Wait for the seller's answer.")
        return ReturnDecision(Answer.AUTHORISED, "PRIME-31", payment, "Print the prepaid label.")
    if facts.accepted_by_cs:
        return ReturnDecision(Answer.AUTHORISED, "PRIME-32", payment, "Print the prepaid label.")
    return ReturnDecision(Answer.OUT_OF_WINDOW, "PRIME-32", payment, "Ask customer service for an exception.")

"""The states of enrolment and of enrolled items, and what suspends an item (PRIME-27, 28, 51…54; Q-39…Q-41, Q-53)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class EnrolmentState(StrEnum):
    """A seller in the programme. `trial`: its offers are in, without a badge, until the trial is judged (B-PRIME-02);
    `disabled`: the seller left; `ineligible`: the marketplace took eligibility away, or targets were missed."""

    APPLIED = "applied"
    TRIAL = "trial"
    ACTIVE = "active"
    DISABLED = "disabled"
    INELIGIBLE = "ineligible"


RUNNING = (EnrolmentState.ACTIVE, EnrolmentState.TRIAL)
"""The states in which enrolled offers are sold by the programme's rules."""


class ItemState(StrEnum):
    """One offer in the programme."""

    ENROLLED = "enrolled"
    SUSPENDED = "suspended"
    REMOVED = "removed"


class Suspension(StrEnum):
    """Why an enrolled item is not Prime for the moment. It comes back by itself when the reason is gone (Q-41)."""

    OUT_OF_STOCK = "out_of_stock"
    RESTOCK_DATE = "restock_date"
    LIMIT_REACHED = "limit_reached"
    DUPLICATE = "duplicate"
    ALL_OFF = "all_off"
    SELLER_NOT_ACTIVE = "seller_not_active"
    OFFER_CLOSED = "offer_closed"


class SanctionKind(StrEnum):
    """The three separate actions of PRIME-03, as policy `sanction.actions` names them."""

    OFFERS = "remove_offers"
    ELIGIBILITY = "remove_eligibility"
    SELLING = "remove_selling_privileges"


CLAUSES = {
    Suspension.OUT_OF_STOCK: "PRIME-54",
    Suspension.RESTOCK_DATE: "PRIME-53",
    Suspension.LIMIT_REACHED: "B-PRIME-10",
    Suspension.DUPLICATE: "PRIME-51",
    Suspension.ALL_OFF: "B-PRIME-10",
    Suspension.SELLER_NOT_ACTIVE: "PRIME-28",
    Suspension.OFFER_CLOSED: "PRIME-01",
}


@dataclass(frozen=True, slots=True)
class ItemFacts:
    """One enrolled offer as it stands. `taken` orders count towards `limit` on the day that would ship now."""

    units_sellable: int
    today: date
    restock_date: date | None = None
    offer_active: bool = True
    is_duplicate: bool = False
    seller_active: bool = True
    all_off: bool = False
    limit: int | None = None
    taken: int = 0


def suspensions(facts: ItemFacts) -> tuple[Suspension, ...]:
    """Every reason why the item is not Prime now, the lasting ones first; none: it is."""
    tests = (
        (not facts.seller_active, Suspension.SELLER_NOT_ACTIVE),
        (not facts.offer_active, Suspension.OFFER_CLOSED),
        (facts.is_duplicate, Suspension.DUPLICATE),
        (facts.units_sellable <= 0, Suspension.OUT_OF_STOCK),
        (facts.restock_date is not None and facts.restock_date > facts.today, Suspension.RESTOCK_DATE),
        (facts.all_off, Suspension.ALL_OFF),
        (facts.limit is not None and facts.taken >= facts.limit, Suspension.LIMIT_REACHED),
    )
    return tuple(reason for applies, reason in tests if applies)


#: What is kept on the item's row; the rest changes by the hour and is worked out when asked.
KEPT = (Suspension.OUT_OF_STOCK, Suspension.RESTOCK_DATE, Suspension.DUPLICATE)

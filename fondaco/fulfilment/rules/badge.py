"""Does this buyer see the badge on this offer, and if not, every reason why (PRIME-14, 18; B-PRIME-11; Q-39, Q-41)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class BadgeFacts:
    """The state of one offer as one buyer sees it. `delivery_days` is the fastest promise at the buyer's address."""

    member: bool
    delivery_days: int
    seller_active: bool = True
    in_trial: bool = False
    item_enrolled: bool = True
    units_sellable: int = 1
    restock_date_set: bool = False
    limit_reached: bool = False
    offer_removed: bool = False
    duplicate_offer: bool = False
    address_eligible: bool = True


@dataclass(frozen=True, slots=True)
class BadgePolicy:
    """From policy: `prime.badge.max_delivery_days`, `prime.badge.audience`."""

    max_delivery_days: int = 2
    audience: str = "members"
    version: str = "defaults"


@dataclass(frozen=True, slots=True)
class Hidden:
    """One reason why the badge is not shown, with what would mend it."""

    code: str
    clause: str
    fix: str


@dataclass(frozen=True, slots=True)
class Badge:
    """`shown` is true exactly when there is no reason against it."""

    shown: bool
    reasons: tuple[Hidden, ...]
    policy_version: str


def badge(facts: BadgeFacts, policy: BadgePolicy) -> Badge:
    """All reasons, not only the first: the seller mends them in one go."""
    tests = [
        (not facts.seller_active, Hidden("seller_not_active", "PRIME-28", "Finish enrolment: set a daily order limit.")),
        (facts.in_trial, Hidden("in_trial", "B-PRIME-02", "No badge is shown during the trial.")),
        (facts.offer_removed, Hidden("offer_removed", "PRIME-03", "Read the notice and appeal.")),
        (not facts.item_enrolled, Hidden("item_not_enrolled", "PRIME-01", "Enrol the item.")),
        (facts.duplicate_offer, Hidden("duplicate_offer", "PRIME-51", "Close the identical offer.")),
        (facts.units_sellable <= 0, Hidden("out_of_stock", "PRIME-54", "Set the stock above zero.")),
        (facts.restock_date_set, Hidden("restock_date", "PRIME-53", "Remove the future restock date.")),
        (facts.limit_reached, Hidden("limit_reached", "B-PRIME-10", "Wait for the order cut-off or raise the limit.")),
        (not facts.address_eligible, Hidden("address_not_eligible", "PRIME-08", "The buyer's address is not served.")),
        (
            facts.delivery_days > policy.max_delivery_days,
            Hidden("too_slow", "PRIME-14", "Offer delivery within two days: later cut-off, weekend pick-up, more regions."),
        ),
        (
            policy.audience == "members" and not facts.member,
            Hidden("buyer_not_member", "B-PRIME-11", "Only members see the badge."),
        ),
    ]  # fmt: skip
    reasons = tuple(hidden for applies, hidden in tests if applies)
    return Badge(not reasons, reasons, policy.version)

"""What customer service gives back, and who bears it. Facts in, decision out; amounts are whole minor units.

Sources: PRIME-22, 23, 26, 41, 48, 49; B-PRIME-25; Q-34, Q-37.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from fondaco.kit.errors import Refusal


class RemedyKind(StrEnum):
    """What is given. `concession`: good will, without a fault behind it."""

    REFUND = "refund"
    NOT_RECEIVED = "not_received"
    NON_RETURNABLE = "non_returnable"
    LATE_DELIVERY = "late_delivery"
    CONCESSION = "concession"
    GUARANTEE = "guarantee"


CLAUSES = {
    RemedyKind.REFUND: "PRIME-22",
    RemedyKind.NOT_RECEIVED: "PRIME-41",
    RemedyKind.NON_RETURNABLE: "PRIME-48",
    RemedyKind.LATE_DELIVERY: "PRIME-26",
    RemedyKind.CONCESSION: "PRIME-23",
    RemedyKind.GUARANTEE: "B-PRIME-24",
}

REASONS = {
    RemedyKind.REFUND: "discretionary_refund",
    RemedyKind.NOT_RECEIVED: "not_received_refund",
    RemedyKind.NON_RETURNABLE: "non_returnable_refund",
    RemedyKind.LATE_DELIVERY: "late_delivery_refund",
    RemedyKind.CONCESSION: "concession",
    RemedyKind.GUARANTEE: "guarantee_claim",
}
"""The ledger's codes."""

ABOUT_DELIVERY = frozenset({RemedyKind.NOT_RECEIVED, RemedyKind.LATE_DELIVERY, RemedyKind.GUARANTEE})
"""Only what went wrong on the way is covered by a protected label."""


class NothingLeftToRefund(Refusal):
    CODE = "nothing_left_to_refund"
    WORDS = "Everything that was paid for this has gone back already."


class NotLate(Refusal):
    """`promised` and `delivered` are days at the destination."""

    CODE = "delivery_not_late"
    WORDS = "This was promised for %(promised)s and is not late."
    CLAUSE = "PRIME-26"


class AboveWhatIsLeft(Refusal):
    CODE = "refund_above_paid"
    WORDS = "More would go back than was paid: %(left)s can still be refunded."
    FIX = "Lower the amount."
    CLAUSE = "PRIME-37"


@dataclass(frozen=True, slots=True)
class Share:
    """One unit's part of a refund."""

    unit: str
    minor: int


def shares(left: Sequence[tuple[str, int]], *, amount: int | None) -> tuple[Share, ...]:
    """An amount over units, each up to what is left of it, in the order given; None: everything that is left.

    The parts sum to the amount. Raises NothingLeftToRefund, AboveWhatIsLeft.
    """
    most = sum(minor for _unit, minor in left)
    rest = most if amount is None else amount
    if rest <= 0 or most <= 0:
        raise NothingLeftToRefund
    if rest > most:
        raise AboveWhatIsLeft(left=most)
    found = []
    for unit, minor in left:
        part = min(minor, rest)
        rest -= part
        if part:
            found.append(Share(unit, part))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class LateFacts:
    """An item as it arrived, or not yet. Days are the destination's; `shipping_minor` was paid for the whole item."""

    is_prime: bool
    promised: date
    delivered: date | None
    today: date
    shipping_minor: int
    refunded_minor: int = 0


@dataclass(frozen=True, slots=True)
class LatePlan:
    """The full shipping cost less what went back of it before; zero is an answer too (Q-37)."""

    refund_minor: int
    days_late: int
    clause: str


def late_refund(facts: LateFacts) -> LatePlan:
    """The remedy for late delivery: late is a delivered date after the promise, or none yet by today (Q-36).

    Raises NotLate.
    """
    arrived = facts.delivered or facts.today
    if arrived <= facts.promised:
        raise NotLate(promised=facts.promised.isoformat(), delivered=arrived.isoformat())
    left = max(0, facts.shipping_minor - facts.refunded_minor)
    return LatePlan(left, (arrived - facts.promised).days, "PRIME-26" if facts.shipping_minor else "Q-37")


@dataclass(frozen=True, slots=True)
class ProtectionFacts:
    """The label of the parcel in question, if it was bought here."""

    has_label: bool = False
    is_protected: bool = False
    has_late_risk: bool = False
    first_scan_on_time: bool = False


@dataclass(frozen=True, slots=True)
class Protection:
    """Whether the marketplace bears it because of its label; `missing` names what the label lacks."""

    marketplace_bears: bool
    missing: tuple[str, ...]
    clause: str = "B-PRIME-25"


def protection(
    facts: ProtectionFacts, *, kind: RemedyKind, needs: Iterable[str], excluded: Iterable[str]
) -> Protection:
    """By policy `claim.label_protection`: every need is met and no excluded mark is on the label."""
    met = {
        "claims_protected_label": facts.has_label and facts.is_protected,
        "first_scan_on_time": facts.has_label and facts.first_scan_on_time,
        "refunded_by_marketplace": True,  # what is asked here is a refund by the marketplace
    }
    missing = [need for need in needs if not met.get(need, False)]
    if kind not in ABOUT_DELIVERY:
        missing.append("not_about_delivery")
    if facts.has_late_risk and "late_delivery_risk" in set(excluded):
        missing.append("late_delivery_risk")
    return Protection(not missing, tuple(missing))

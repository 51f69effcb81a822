"""What is refunded for a parcel that came back: one plan, used by every page, the API and the operation.

Sources: PRIME-35…45, Q-23…Q-29. Amounts are whole minor units of one currency; percentages are of the item price
paid per unit, without shipping and tax (Q-26). Rounded half up, once per component; a refund is never below zero,
and with what was refunded for the unit before never above what was paid.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from fondaco.kit.errors import Invalid, Refusal
from fondaco.kit.money import Money
from fondaco.returns.rules.reasons import (
    BUYER_PAID,
    FREE_CATEGORIES,
    NOT_THE_BUYERS_FAULT,
    Payer,
    Reason,
    who_pays,
)
from fondaco.returns.rules.window import Lateness, Window, lateness

MOST_MINOR = 10**15
"""The largest amount that the books take in one entry."""


class Grade(StrEnum):
    """What the warehouse found. Anything but `original` may allow a deduction (PRIME-39, PRIME-40)."""

    ORIGINAL = "original"
    DAMAGED = "damaged"
    MISSING_PARTS = "missing_parts"
    NOT_ORIGINAL = "not_original"
    USED = "used"
    OPENED = "opened"


CONDITION_GRADES = frozenset({Grade.DAMAGED, Grade.MISSING_PARTS, Grade.NOT_ORIGINAL, Grade.USED})
"""PRIME-39: damaged, missing parts, not in original condition, or obviously used."""


class Combination(StrEnum):
    """How several allowances for one unit combine (policy `refund.combination`, Q-24)."""

    HIGHEST_CAP = "highest_cap"
    SUM_OF_CAPS = "sum_of_caps"


@dataclass(frozen=True, slots=True)
class RefundPolicy:
    """The numbers, from policy (`refund.*`, `return.*`)."""

    late_after_days: int = 15
    late_max_pct: int = 20
    condition_max_pct: int = 50
    opened_software_max_pct: int = 100
    photo_required_from_pct: int = 20
    exception_grace_days: int = 15
    buyer_paid: frozenset[str] = BUYER_PAID
    free_categories: frozenset[str] = FREE_CATEGORIES
    at_fault: frozenset[str] = NOT_THE_BUYERS_FAULT
    combination: Combination = Combination.HIGHEST_CAP
    version: str = "defaults"


@dataclass(frozen=True, slots=True)
class UnitFacts:
    """One unit in the parcel. `deduct_pct` is what the seller asks for; 0 unless the seller says otherwise.

    `grade`: None while nobody has looked. `shipping_minor`: outbound shipping that goes back with it (B-PRIME-21).
    `refunded_before_minor`: what the buyer has had for this unit already. `window`, `received_on` and `accepted_on`
    are the parcel's unless the unit has its own: goods of several windows may travel together, and arrive one by one.
    """

    reason: str
    price_minor: int
    tax_minor: int = 0
    categories: frozenset[str] = frozenset()
    grade: Grade | None = Grade.ORIGINAL
    photo: bool = False
    deduct_pct: int = 0
    unit: str = ""
    shipping_minor: int = 0
    refunded_before_minor: int = 0
    window: Window | None = None
    received_on: date | None = None
    accepted_on: date | None = None

    @property
    def paid_minor(self) -> int:
        """What the buyer paid for it."""
        return self.price_minor + self.tax_minor + self.shipping_minor


@dataclass(frozen=True, slots=True)
class RefundFacts:
    """A parcel of units, their window, and the days (at the return address) on which things happened."""

    currency: str
    window: Window
    received_on: date
    units: Sequence[UnitFacts]
    label_minor: int = 0
    accepted_on: date | None = None


@dataclass(frozen=True, slots=True)
class Component:
    """One line of the sum: positive is paid to the buyer, negative is kept from the refund."""

    kind: str  # item | tax | shipping | deduction | tax_on_deduction | refunded_before | label
    minor: int
    clause: str


@dataclass(frozen=True, slots=True)
class Cap:
    """The highest deduction that the facts allow, and why. `clause` names the allowance that gives it."""

    pct: int
    clause: str
    photo_and_grade_from_pct: int


@dataclass(frozen=True, slots=True)
class UnitPlan:
    """What one unit's buyer gets, line by line; `label_on_seller_minor` is the share that the seller bears."""

    unit: str
    refund_minor: int
    payer: Payer
    cap: Cap
    label_share_minor: int
    label_on_seller_minor: int
    components: tuple[Component, ...]
    lateness: Lateness = Lateness.IN_TIME


@dataclass(frozen=True, slots=True)
class RefundPlan:
    """The whole parcel. `refund_minor` is the sum of the units' refunds; `lateness` that of the parcel's own days."""

    currency: str
    refund_minor: int
    label_on_seller_minor: int
    lateness: Lateness
    policy_version: str
    units: tuple[UnitPlan, ...] = field(default=())


class DeductionTooHigh(Refusal):
    CODE = "deduction_above_cap"
    STATUS = 422
    WORDS = "A deduction of %(asked)s %% is not allowed here; the highest is %(cap)s %%."
    FIX = "Lower the percentage, or dispute the return with customer service."
    CLAUSE = "PRIME-37"


class PhotoAndGradeNeeded(Refusal):
    CODE = "photo_and_grade_needed"
    STATUS = 422
    WORDS = "A deduction of %(limit)s %% or more needs a photo and a grade."
    FIX = "Grade the item and add a photo of its condition."
    CLAUSE = "B-PRIME-16"


class LabelAboveRefund(Refusal):
    CODE = "label_above_refund"
    STATUS = 422
    WORDS = "A label of %(asked)s cannot be deducted: %(left)s is left to refund."
    FIX = "Leave the label out: the plan deducts it as far as the refund reaches, and the rest stays with you."
    CLAUSE = "Q-27"


class LabelNotAsPlanned(Refusal):
    CODE = "label_not_as_planned"
    STATUS = 422
    WORDS = "A label of %(asked)s cannot be deducted here: it is %(planned)s by the reason of the return."
    FIX = "Leave the label out, or state what the preview says."
    CLAUSE = "PRIME-43"


class ImpossibleAmount(Invalid):
    CODE = "amount_impossible"
    WORDS = "%(field)s of %(given)s is not possible."
    FIX = "Give whole minor units, not negative, and percentages from 0 to 100."
    CLAUSE = "Q-26"


def plan_refund(facts: RefundFacts, policy: RefundPolicy) -> RefundPlan:
    """The plan, or a refusal (DeductionTooHigh, PhotoAndGradeNeeded, ImpossibleAmount)."""
    _check_amounts(facts)
    shares = split_label(facts.label_minor, len(facts.units))
    units = tuple(
        _unit(unit, share, _lateness(facts, unit, policy), policy)
        for unit, share in zip(facts.units, shares, strict=True)
    )
    return RefundPlan(
        currency=facts.currency,
        refund_minor=sum(u.refund_minor for u in units),
        label_on_seller_minor=sum(u.label_on_seller_minor for u in units),
        lateness=_lateness(facts, None, policy),
        policy_version=policy.version,
        units=units,
    )


def check_stated_label(plan: UnitPlan, *, currency: str, stated_minor: int) -> None:
    """A deduction for the label that somebody states by hand. The plan itself never takes more than is left (Q-27); a
    person who states more is told so. Raises LabelAboveRefund, LabelNotAsPlanned, ImpossibleAmount."""
    if isinstance(stated_minor, bool) or not isinstance(stated_minor, int) or not 0 <= stated_minor <= MOST_MINOR:
        raise ImpossibleAmount(field="label_minor", given=str(stated_minor)[:20])
    deducted = -sum(c.minor for c in plan.components if c.kind == "label")
    left, asked = plan.refund_minor + deducted, Money(stated_minor, currency)
    if stated_minor > left:
        raise LabelAboveRefund(asked=asked, left=Money(left, currency))
    if stated_minor != deducted:
        raise LabelNotAsPlanned(asked=asked, planned=Money(deducted, currency))


def highest_cap(unit: UnitFacts, late: Lateness, policy: RefundPolicy) -> Cap:
    """The highest single cap holds; caps do not add up (Q-24), unless the operator's policy says they do."""
    caps = [(0, "PRIME-37")]
    if late is Lateness.LATE:
        caps.append((policy.late_max_pct, "PRIME-38"))
    if unit.grade in CONDITION_GRADES and unit.reason not in policy.at_fault:
        caps.append((policy.condition_max_pct, "PRIME-39"))
    if unit.grade is Grade.OPENED and "software" in unit.categories and unit.reason != Reason.DEFECTIVE:
        caps.append((policy.opened_software_max_pct, "PRIME-40"))
    pct, clause = max(caps)
    if policy.combination is Combination.SUM_OF_CAPS:
        pct = min(100, sum(allowed for allowed, _clause in caps))
    return Cap(pct, clause, policy.photo_required_from_pct)


def split_label(label_minor: int, units: int) -> list[int]:
    """Equal shares; the cents that remain go to the last unit (Q-29)."""
    if units == 0:
        return []
    each = label_minor // units
    return [each] * (units - 1) + [label_minor - each * (units - 1)]


def half_up(numerator: int, denominator: int) -> int:
    """A whole number from a fraction of non-negative integers, halves up."""
    return (2 * numerator + denominator) // (2 * denominator)


def _lateness(facts: RefundFacts, unit: UnitFacts | None, policy: RefundPolicy) -> Lateness:
    return lateness(
        of=(unit and unit.window) or facts.window,
        received_on=(unit and unit.received_on) or facts.received_on,
        accepted_on=(unit and unit.accepted_on) or facts.accepted_on,
        late_after_days=policy.late_after_days,
        grace_days=policy.exception_grace_days,
    )


def _unit(unit: UnitFacts, share: int, late: Lateness, policy: RefundPolicy) -> UnitPlan:
    cap = highest_cap(unit, late, policy)
    _check_deduction(unit, cap)
    kept = half_up(unit.price_minor * unit.deduct_pct, 100)
    tax_kept = half_up(unit.tax_minor * unit.deduct_pct, 100)
    left = unit.paid_minor - kept - tax_kept
    before = min(unit.refunded_before_minor, left)
    payment = who_pays(
        reason=unit.reason, categories=unit.categories, buyer_paid=policy.buyer_paid, free=policy.free_categories
    )
    from_buyer = min(share, left - before) if payment.payer is Payer.BUYER else 0
    lines = [
        Component("item", unit.price_minor, "PRIME-37"),
        Component("tax", unit.tax_minor, "Q-26"),
        Component("shipping", unit.shipping_minor, "B-PRIME-21"),
        Component("deduction", -kept, cap.clause),
        Component("tax_on_deduction", -tax_kept, "Q-26"),
        Component("refunded_before", -before, "Q-34"),
        Component("label", -from_buyer, payment.clause if from_buyer == share else "Q-27"),
    ]
    return UnitPlan(
        unit=unit.unit,
        refund_minor=left - before - from_buyer,
        payer=payment.payer,
        cap=cap,
        label_share_minor=share,
        label_on_seller_minor=share - from_buyer,
        components=tuple(c for c in lines if c.minor or c.kind == "item"),
        lateness=late,
    )


def _check_amounts(facts: RefundFacts) -> None:
    if not 0 <= facts.label_minor <= MOST_MINOR:
        raise ImpossibleAmount(field="label_minor", given=facts.label_minor)
    for unit in facts.units:
        for name in ("price_minor", "tax_minor", "shipping_minor", "refunded_before_minor"):
            if not 0 <= getattr(unit, name) <= MOST_MINOR:
                raise ImpossibleAmount(field=name, given=getattr(unit, name))
        if not 0 <= unit.deduct_pct <= 100:
            raise ImpossibleAmount(field="deduct_pct", given=unit.deduct_pct)


def _check_deduction(unit: UnitFacts, cap: Cap) -> None:
    if unit.deduct_pct > cap.pct:
        raise DeductionTooHigh(asked=unit.deduct_pct, cap=cap.pct)
    needs = cap.photo_and_grade_from_pct
    if unit.deduct_pct >= max(1, needs) and not (unit.photo and unit.grade is not None):
        raise PhotoAndGradeNeeded(limit=needs)

"""The 18 reason codes and who pays the return label (SPEC Table C, PRIME-35, 43…45)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

from fondaco.kit.errors import Invalid


class Payer(StrEnum):
    """Who pays the return label."""

    BUYER = "buyer"
    SELLER = "seller"


class Reason(StrEnum):
    """Table C, in its order: the number of a reason is its place."""

    ACCIDENTAL_ORDER = "ACCIDENTAL_ORDER"
    BETTER_PRICE = "BETTER_PRICE"
    ITEM_DAMAGED_BOX_OK = "ITEM_DAMAGED_BOX_OK"
    MISSED_DELIVERY_DATE = "MISSED_DELIVERY_DATE"
    MISSING_PARTS = "MISSING_PARTS"
    BOX_AND_ITEM_DAMAGED = "BOX_AND_ITEM_DAMAGED"
    WRONG_ITEM = "WRONG_ITEM"
    DEFECTIVE = "DEFECTIVE"
    EXTRA_ITEM = "EXTRA_ITEM"
    NO_LONGER_NEEDED = "NO_LONGER_NEEDED"
    UNAUTHORIZED = "UNAUTHORIZED"
    INACCURATE_DESCRIPTION = "INACCURATE_DESCRIPTION"
    DAMAGED_IN_TRANSIT = "DAMAGED_IN_TRANSIT"
    QUALITY = "QUALITY"
    NOT_COMPATIBLE = "NOT_COMPATIBLE"
    BAD_PACKAGING = "BAD_PACKAGING"
    PART_NOT_COMPATIBLE = "PART_NOT_COMPATIBLE"
    INSTALLATION = "INSTALLATION"

    @property
    def number(self) -> int:
        """1…18, as Table C counts them."""
        return list(Reason).index(self) + 1


BUYER_PAID = frozenset(
    {
        Reason.ACCIDENTAL_ORDER,
        Reason.BETTER_PRICE,
        Reason.NO_LONGER_NEEDED,
        Reason.QUALITY,
        Reason.NOT_COMPATIBLE,
        Reason.PART_NOT_COMPATIBLE,
        Reason.INSTALLATION,
    }
)

#: Q-25: reasons that say the fault was the seller's or the way's; no deduction for condition.
NOT_THE_BUYERS_FAULT = frozenset(
    {
        Reason.ITEM_DAMAGED_BOX_OK,
        Reason.MISSING_PARTS,
        Reason.BOX_AND_ITEM_DAMAGED,
        Reason.WRONG_ITEM,
        Reason.DEFECTIVE,
        Reason.DAMAGED_IN_TRANSIT,
        Reason.BAD_PACKAGING,
    }
)

#: B-HAND-15: what was made for one buyer comes back for an error, damage, or a difference from what was ordered.
FOR_PERSONALISED = NOT_THE_BUYERS_FAULT | {Reason.INACCURATE_DESCRIPTION, Reason.EXTRA_ITEM}

FREE_CATEGORIES = frozenset({"apparel", "jewelry", "loose_gemstones", "shoes", "watches", "baby"})


class UnknownReason(Invalid):
    CODE = "return_reason_unknown"
    WORDS = "%(given)s is not one of the return reasons."
    FIX = "Use a reason's key or its number, as the list of reasons gives them."
    CLAUSE = "PRIME-44"


@dataclass(frozen=True, slots=True)
class Payment:
    """Who pays one unit's return label, and by which clause."""

    payer: Payer
    clause: str


def read_reason(given: str | int, known: Mapping[int, str] | None = None) -> str:
    """A reason's key from its key (any case) or its number. Raises UnknownReason.

    `known`: the store's own table by number (`return.reason_codes`); without it Table C. Other stores have other
    tables, with other reasons and more of them (B-PRIME-13).
    """
    table = known or {reason.number: reason.value for reason in Reason}
    text = str(given).strip().upper()[:60]
    if text.isascii() and text.isdigit() and int(text) in table:
        return str(table[int(text)])
    if text in table.values():
        return text
    raise UnknownReason(given=str(given)[:60])


def who_pays(
    *,
    reason: str,
    categories: Collection[str],
    buyer_paid: Collection[str] = BUYER_PAID,
    free: Collection[str] = FREE_CATEGORIES,
) -> Payment:
    """One free category among several suffices (Q-28); otherwise the reason decides (Table C)."""
    if set(categories) & set(free):
        return Payment(Payer.SELLER, "PRIME-45")
    return Payment(Payer.BUYER, "PRIME-43") if reason in buyer_paid else Payment(Payer.SELLER, "PRIME-35")

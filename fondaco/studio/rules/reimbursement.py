"""Whether a unit that was lost or damaged is reimbursed, and with how much (IMG-SVC-52, IMG-SVC-53, Q-12)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from fondaco.kit.money import Money


@dataclass(frozen=True, slots=True)
class Reimbursement:
    """`amount` is zero when nothing is due; `excluded` names the categories that exclude it."""

    amount: Money
    excluded: tuple[str, ...] = ()
    clause: str = "IMG-SVC-52"


def reimburse(
    *, is_loss: bool, categories: frozenset[str], excluded: Iterable[str], offer_price: Money
) -> Reimbursement:
    """Loss always; damage unless one of the product's categories is on the list."""
    hit = () if is_loss else tuple(sorted(categories & set(excluded)))
    if hit:
        return Reimbursement(Money(0, offer_price.currency), hit, "IMG-SVC-53")
    return Reimbursement(offer_price)

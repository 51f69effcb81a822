"""Gates before a product type: another domain may refuse it to a seller (HAND-05: handmade before approval).

A gate is asked inside the operation's transaction, before anything is written, and refuses by raising. Domains above
register theirs when they are loaded:

    @restrictions.gate
    def handmade_needs_approval(*, seller, product_type, store, at): ...
"""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from fondaco.catalogue.product_types import ProductType
from fondaco.sellers.models import SellerAccount


class Gate(Protocol):
    """Raises a Refusal when this seller may not list goods of this type in this store now."""

    def __call__(self, *, seller: SellerAccount, product_type: ProductType, store: str, at: datetime) -> None: ...


_gates: list[Gate] = []


def gate(fn: Gate) -> Gate:
    """Register a gate. Registering the same one again does nothing."""
    if fn not in _gates:
        _gates.append(fn)
    return fn


def lift(fn: Gate) -> None:
    """Take a gate away again; for tests."""
    _gates.remove(fn)


def require_allowed(*, seller: SellerAccount, product_type: ProductType, store: str, at: datetime) -> None:
    """Asks every gate, in the order they were registered; the first refusal goes up."""
    for each in _gates:
        each(seller=seller, product_type=product_type, store=store, at=at)
